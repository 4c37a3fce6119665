"""What a rule is: a function over content, with its severity and examples."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from bmkit.issue import Hint, Issue, Place, Severity
from bmkit.rule_doc import RuleDoc
from bmkit.rules.examples import read_examples

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bmkit.content import Content, Record
    from bmkit.rules.examples import Example

Against = tuple["Place | Record | str", ...]
"""Places of what a value was held against, records for all they state, and words that stand in no record."""


class Fault(NamedTuple):
    """What a rule yields, as it is or as a plain tuple of its first parts: place, message, hint.

    `against` has what the value at the place was held against, besides all that its own record states.  What
    is known or allowed is that very fault: what changes the words of the message, but for a count and for
    names, must be among it.  `group` has the places of all facts of a group that do not agree.
    """

    place: Place
    message: str
    hint: Hint = ""
    against: Against = ()
    group: tuple[Place, ...] = ()


AnyFault = Fault | tuple[Place, str] | tuple[Place, str, Hint] | tuple[Place, str, Hint, Against]
Faults = Iterator[AnyFault]
RuleFunction = Callable[["Content"], Faults]

_PACKS = ("medication",)
"""Folders of several families, each with its modules; any other folder of rules is one family."""
_DOSE_GUARDING_MODULES = ("medication", "limits", "relations", "units")
"""The packs and families whose every rule guards a dose."""
_LONE_VALUE_MODULES = ("codes", "limits", "text", "writing")
"""The families whose rules judge a value by itself, whatever else its record states."""


def name_family(module_name: str) -> str:
    """Return the family that a module of rules belongs to: "slip" of `bmkit.rules.medication.slip`."""
    parts = module_name.removeprefix(f"{__package__}.").split(".")
    family = parts[1] if parts[0] in _PACKS else parts[0]
    return family.replace("_", "-")


def guards_doses(module_name: str) -> bool:
    """Return whether a module of rules is of those whose every rule guards a dose."""
    return _name_top_folder(module_name) in _DOSE_GUARDING_MODULES


def _name_top_folder(module_name: str) -> str:
    return module_name.removeprefix(f"{__package__}.").split(".")[0]


class Rule:
    """A rule of content; its id is its family and the name of its function, "limits.inverted".

    `source` is the publication that the rule is based on, "" if there is none.  `fix` is the correction that
    holds for all its issues, "" if their hints give it.  A rule that `guards_dose` can be neither ignored nor
    lowered, only suppressed at a place.  One that `judges_value_alone` asks for nothing else of its record.
    """

    __slots__ = (
        "_find_faults",
        "across_articles",
        "family",
        "fix",
        "guards_dose",
        "id",
        "judges_value_alone",
        "severity",
        "source",
    )

    def __init__(  # noqa: PLR0913  a rule is constructed in one place only
        self,
        find_faults: RuleFunction,
        severity: Severity,
        *,
        across_articles: bool,
        source: str,
        fix: str,
        guards_dose: bool,
    ) -> None:
        self._find_faults = find_faults
        self.severity = severity
        self.across_articles = across_articles
        self.source = source
        self.fix = fix
        self.guards_dose = guards_dose or guards_doses(find_faults.__module__)
        self.judges_value_alone = _name_top_folder(find_faults.__module__) in _LONE_VALUE_MODULES
        self.family = name_family(find_faults.__module__)
        self.id = f"{self.family}.{find_faults.__name__}".replace("_", "-")

    def __repr__(self) -> str:
        return f"Rule({self.id!r})"

    def __call__(self, content: Content) -> list[Issue]:
        """Return an issue for each place where the rule does not hold."""
        return [self._make_issue(Fault(*fault)) for fault in self._find_faults(content)]

    def _make_issue(self, fault: Fault) -> Issue:
        place, message, hint, against, group = fault
        held_against = [
            part if isinstance(part, Place | str) else part.locate_field() for part in against if part
        ]
        if not self.judges_value_alone:
            held_against.append(place.record)
        issue = Issue(place, self.id, self.severity, message, held_against=tuple(held_against), group=group)
        return issue.with_hint(hint)

    @property
    def title(self) -> str:
        """The fault in one sentence, from the first line of the docstring."""
        return (self._find_faults.__doc__ or "").strip().partition("\n")[0]

    @property
    def why(self) -> str:
        """What goes wrong for the reader of the fact, from the rest of the docstring."""
        body = (self._find_faults.__doc__ or "").strip().partition("\n")[2]
        return "\n".join(line.strip() for line in body.strip().split("\n"))

    @property
    def good(self) -> list[Example]:
        """Examples that the rule accepts."""
        return self._list_examples("good")

    @property
    def bad(self) -> list[Example]:
        """Examples that the rule rejects."""
        return self._list_examples("bad")

    def _list_examples(self, side: str) -> list[Example]:
        module_file = sys.modules[self._find_faults.__module__].__file__
        return read_examples(module_file or "").get(self.id, {}).get(side, [])

    @property
    def doc(self) -> RuleDoc:
        """The rule as the handbook shows it."""
        return RuleDoc(
            self.id,
            self.severity.value,
            self.title,
            self.why,
            self.fix,
            tuple(self.bad),
            tuple(self.good),
            self.source,
            guards_dose=self.guards_dose,
        )


def rule(
    severity: Severity,
    *,
    across_articles: bool = False,
    source: str = "",
    fix: str = "",
    guards_dose: bool = False,
) -> Callable[[RuleFunction], Rule]:
    """Return a decorator that makes a rule of a function; its docstring states the fault and then its harm.

    Its examples stand in a file beside its module (see `read_examples`).  It is given some articles and the
    shared terms at a time and judges each record by its own article and the terms: it looks up only what can
    be reached from the record, and groups what it counts or compares by folder.  With `across_articles` it is
    given the whole content at once, and should then read only ids and references.  `source` is the
    publication that the rule is based on, if any.  `fix` is the correction that holds for all its issues,
    where their hints are about a single one.  With `guards_dose`, as for every rule of medication/ and of the
    families limits, relations and units, no setting and no option ignores or lowers it: a wrong dose could
    pass then.
    """

    def make_rule(find_faults: RuleFunction) -> Rule:
        return Rule(
            find_faults,
            severity,
            across_articles=across_articles,
            source=source,
            fix=fix,
            guards_dose=guards_dose,
        )

    return make_rule


def run_rules(rules: Sequence[Rule], content: Content) -> Iterator[Issue]:
    """Yield the issues of the rules, each run on batches of articles or on the whole content."""
    article_spanning_rules = [rule for rule in rules if rule.across_articles]
    batch_rules = [rule for rule in rules if not rule.across_articles]
    for batch in content.iter_batches() if batch_rules else ():
        for rule in batch_rules:
            yield from rule(batch)
    for rule in article_spanning_rules:
        yield from rule(content)
