"""Facts that an article has twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bmkit.issue import Severity
from bmkit.rules.derived.facts import find_facts, find_statement
from bmkit.rules.rule import Faults, rule

if TYPE_CHECKING:
    from bmkit.content import Content, Record


def _survival(name: str, tumour: str, **fields: Any) -> dict[str, Any]:
    time = {"value": 6, "unit": "mo"}
    return {"id": name, "tumour": tumour, "statistic": "median", "time": time, **fields}


def _at(start: int) -> dict[str, Any]:
    return {"section": "prognosis", "spans": [{"start": start, "end": 9}]}


@rule(
    Severity.WARNING,
    good=[
        {"survival": [_survival("one", "lung-cancer"), _survival("two", "melanoma")]},
        {"survival": [_survival("one", "melanoma"), _survival("two", "melanoma", counted_from="diagnosis")]},
        {
            "survival": [
                _survival("one", "melanoma", source=_at(1)),
                _survival("two", "melanoma", source=_at(2)),
            ]
        },
    ],
    bad={"survival": [_survival("one", "lung-cancer"), _survival("two", "lung-cancer", notes=["style"])]},
)
def repeated(content: Content) -> Faults:
    """A fact says all that another says, of the same place in the article.

    It was copied and not changed, or recorded twice; it counts twice, and whoever mends one misses the other.
    What the article says in two places may be two facts.
    """
    places: dict[tuple[str, str, str], list[Record]] = {}
    for record in find_facts(content):
        # Where nothing tells the place, two things may be alike in all but their names.
        if "source" in record.kind:
            place = str(record.value.get("source"))
            places.setdefault((record.folder, record.kind.name, place), []).append(record)
    for records in places.values():
        seen: dict[frozenset[tuple[str, str]], Record] = {}
        for record in records if len(records) > 1 else ():
            first = seen.setdefault(find_statement(record), record)
            if first.id != record.id:
                hint = "remove one, or say what the article says"
                yield record.locate_field("id"), f'it says what "{first.id}" says, and nothing else', hint
