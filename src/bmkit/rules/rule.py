"""What a rule is: a function over content, with its severity and the examples that explain and test it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from bmkit.issue import Issue, Place, Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bmkit.content import Content

Fault = tuple[Place, str] | tuple[Place, str, str]
"""What a rule yields: where, what, and perhaps a hint."""
Faults = Iterator[Fault]
Check = Callable[["Content"], Faults]
Scrap = Mapping[str, Any]
"""A piece of content as an example: records by kind, with only the fields that matter; see examples.py."""


class Rule:
    """A rule of content; its id is the names of its family and function, "limits.inverted".

    A family is a module of rules/, or a folder of it.  `source` names who found out that the fault is one,
    `fix` says how any fault of its sort is put right; "" where the hints of its issues say that.
    """

    __slots__ = ("_run", "across", "bad", "fix", "good", "id", "severity", "source")

    def __init__(  # noqa: PLR0913  a rule is made in one place
        self,
        run: Check,
        severity: Severity,
        good: list[Scrap],
        bad: list[Scrap],
        *,
        across: bool,
        source: str,
        fix: str,
    ) -> None:
        self._run = run
        self.severity = severity
        self.good = good
        self.bad = bad
        self.across = across
        self.source = source
        self.fix = fix
        family = run.__module__.removeprefix(f"{__package__}.").removeprefix("medication.").partition(".")[0]
        self.id = f"{family}.{run.__name__}".replace("_", "-")

    def __repr__(self) -> str:
        return f"Rule({self.id!r})"

    def __call__(self, content: Content) -> list[Issue]:
        """Give an issue for each place where the rule does not hold."""
        return [
            Issue(fault[0], self.id, self.severity, fault[1], fault[2] if len(fault) > 2 else "")  # noqa: PLR2004
            for fault in self._run(content)
        ]

    @property
    def family(self) -> str:
        """The group that the rule belongs to, the first half of its id."""
        return self.id.partition(".")[0]

    @property
    def title(self) -> str:
        """The fault in one sentence, from the first line of the docstring."""
        return (self._run.__doc__ or "").strip().partition("\n")[0]

    @property
    def why(self) -> str:
        """What goes wrong for the reader of the fact, from the rest of the docstring."""
        rest = (self._run.__doc__ or "").strip().partition("\n")[2]
        return "\n".join(line.strip() for line in rest.strip().split("\n"))


def rule(  # noqa: PLR0913  all that there is to say of a rule
    severity: Severity,
    *,
    good: Scrap | list[Scrap],
    bad: Scrap | list[Scrap],
    across: bool = False,
    source: str = "",
    fix: str = "",
) -> Callable[[Check], Rule]:
    """Make a function a rule; its docstring says the fault, then what it does to a reader.

    `good` and `bad` are scraps of content that the rule accepts and refuses.  A rule sees some articles and
    the shared terms at a time, and judges each record by its own article and the terms: it looks up what is
    `near` the record, and keeps what it counts or compares by folder.  With `across` it sees the whole
    content at once, and should then look at nothing but ids and references.  `source` is the publication that
    the rule rests on, if it rests on one.  `fix` says how a fault of its sort is put right, where the hints
    that the function yields speak of one fault only.
    """

    def made(run: Check) -> Rule:
        return Rule(
            run,
            severity,
            good if isinstance(good, list) else [good],
            bad if isinstance(bad, list) else [bad],
            across=across,
            source=source,
            fix=fix,
        )

    return made


def issues_of(rules: Sequence[Rule], content: Content) -> Iterator[Issue]:
    """Give the issues that the rules find, each seeing as much of the content at once as it is made for."""
    across = [rule for rule in rules if rule.across]
    others = [rule for rule in rules if not rule.across]
    for view in content.batches() if others else ():
        for rule in others:
            yield from rule(view)
    for rule in across:
        yield from rule(content)
