"""From content to a report, as several commands need it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.cli.project import folder, unusable
from bmkit.cli.status import WrongUseError
from bmkit.report import Report, located

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bmkit.content import Content
    from bmkit.issue import Issue
    from bmkit.shape import Shapes

# What the engines are called as Python modules.
_ENGINES = ("jsonschema", "jsonschema_rs")


def issues_of(
    content: Content,
    engine: str = "auto",
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    *,
    suppress: bool = True,
    schemas: bool = True,
    shapes: Shapes | None = None,
) -> list[Issue]:
    """Check the content; `select` and `ignore` are names of rules and families, with or without commas.

    `suppress`, `schemas` and `shapes` are as for check.  WrongUseError for a name that is none, for an engine
    that is not installed, and for a broken schema.
    """
    from bmkit.check import check
    from bmkit.schema import SchemaError
    from bmkit.today import TodayError

    try:
        return check(
            content,
            engine,
            _names(select),
            _names(ignore),
            suppress=suppress,
            schemas=schemas,
            shapes=shapes,
        )
    except ImportError as missing:
        if missing.name not in _ENGINES:
            raise
        raise WrongUseError(f"the engine {engine} is not installed") from None
    except SchemaError as wrong:
        raise unusable(wrong) from None
    except TodayError as wrong:
        raise WrongUseError(str(wrong)) from None


def report_of(issues: Sequence[Issue], content: Content, wanted: set[str] | None = None) -> Report:
    """Locate the issues, and count the files and records they were looked for in."""
    files = {file.path: len(file.records) for file in content.files}
    for issue in content.issues:  # a file that could not be read was looked at too
        if issue.place.file.endswith(".json"):
            files.setdefault(issue.place.file, 0)
    if wanted is not None:
        files = {path: count for path, count in files.items() if path in wanted}
    # As the text has them; the order of issues goes by pointer, and members are not in alphabetical order.
    found = sorted(located(issues, content.text), key=lambda one: (one.file, one.start, one.end))
    return Report(tuple(found), tuple(files), sum(files.values()), folder(content.root))


def _names(given: Sequence[str]) -> list[str]:
    """Give the single names of rules and families; WrongUseError for one that there is not."""
    names = [name.strip() for part in given for name in part.split(",") if name.strip()]
    if names:
        # Only who asks for rules by name pays for this import.
        from bmkit.cli.rule_names import refuse_unknown

        refuse_unknown(names)
    return names
