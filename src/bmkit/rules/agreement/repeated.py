"""Facts that are recorded twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.issue import Severity
from bmkit.rules.derived.facts import find_facts, find_statement
from bmkit.rules.rule import Faults, rule

if TYPE_CHECKING:
    from bmkit.content import Content, Record


@rule(Severity.WARNING)
def repeated(content: Content) -> Faults:
    """A fact repeats another fact with the same source.

    It was copied and not changed, or recorded twice: it counts twice, and a correction of one misses the
    other.  What the article states in two places may be two facts.
    """
    records_by_source: dict[tuple[str, str, str], list[Record]] = {}
    for record in find_facts(content):
        # Without a source two different things may agree in all their fields.
        if "source" in record.kind:
            source_text = str(record.value.get("source"))
            records_by_source.setdefault((record.folder, record.kind.name, source_text), []).append(record)
    for records in records_by_source.values():
        first_by_statement: dict[frozenset[tuple[str, str]], Record] = {}
        for record in records if len(records) > 1 else ():
            first_record = first_by_statement.setdefault(find_statement(record), record)
            if first_record.id != record.id:
                message = f'repeats "{first_record.id}" with the same source'
                yield (
                    record.locate_field("id"),
                    message,
                    "remove one, or correct one from the article",
                    (first_record,),
                )
