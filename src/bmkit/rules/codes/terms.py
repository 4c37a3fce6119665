"""Codes that are right, on terms that they are not the codes of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bmkit.issue import Severity
from bmkit.rules.derived.codings import Coding, find_codings
from bmkit.rules.derived.hierarchy import find_lineage
from bmkit.rules.rule import Faults, rule
from bmkit.wording import join_phrases

if TYPE_CHECKING:
    from bmkit.content import Content, Record

# Where tumours start is told twice: by the site and by the code of its topography.
_TOPOGRAPHY = "ICD-O-3"
_CATEGORY = 3


def _term(name: str, code: str, display: str, note: str = "", system: str = "UBERON") -> dict[str, Any]:
    made = {"system": system, "code": code, "display": display}
    return {"id": name, "label": name, "codes": [{**made, "note": note} if note else made]}


def _origin(code: str) -> dict[str, Any]:
    return {
        "site": [_term("breast", "C50.9", "Breast, NOS", system=_TOPOGRAPHY)],
        "tumour": [{**_term("cancer", code, "a place", system=_TOPOGRAPHY), "origin": "breast"}],
    }


@rule(
    Severity.ERROR,
    good={
        "site": [
            _term("spine", "UBERON:0001130", "vertebral column"),
            _term("vertebra", "UBERON:0001130", "vertebral column", "broader"),
        ]
    },
    bad={
        "site": [
            _term("spine", "UBERON:0001130", "vertebral column"),
            _term("rib", "UBERON:0001130", "vertebral column"),
        ]
    },
)
def shared(content: Content) -> Faults:
    """Two terms of a kind have the same code, and neither says that it only comes near.

    To a machine the two are one, and at least one has the code of the other.
    """
    exact: dict[tuple[str, ...], Coding] = {}
    for one in find_codings(content):
        if not one.note:
            key = (one.record.folder, one.record.kind.name, one.system, one.code)
            first = exact.setdefault(key, one)
            if first.record is not one.record:
                message = f'{one.system} {one.code} is the code of "{first.record.id}" already'
                yield (
                    one.locate_member("code"),
                    message,
                    "correct one of them, or say in a note how they differ",
                )


@rule(
    Severity.ERROR,
    good={
        "site": [
            _term("femur", "UBERON:0000981", "femur"),
            _term("thigh bone", "UBERON:0000981", "femur", "the same bone"),
        ]
    },
    bad={
        "site": [
            _term("femur", "UBERON:0000976", "humerus"),
            {"id": "humerus", "label": "humerus"},
        ]
    },
)
def of_another(content: Content) -> Faults:
    """A term has the code of another term: its terminology calls the code what the other term is called.

    A line was copied or slipped in a table; all that is counted by the code is counted for the wrong term.
    Where the lock says for which terms a code is, names are not asked.
    """
    for one in find_codings(content):
        locked = content.code_lock.find_code(one.system, one.code)
        if not one.note and (locked is None or locked.terms is None):
            key = (one.record.folder, one.record.kind.name, one.display.casefold())
            others = content.compute_once(_called).get(key, [])
            if others and one.record not in others:
                message = (
                    f'{one.system} {one.code} is "{one.display}", which is what "{others[0].id}" is called'
                )
                yield one.locate_member("code"), message, "correct the code, or say in a note why it is right"


_LOCK = {
    "UBERON": {
        "UBERON:0000981": ["femur", "site/femur", "site/thigh-bone"],
        "UBERON:0000976": ["humerus", "site/humerus"],
        "UBERON:0002398": ["manus"],
    }
}


@rule(
    Severity.ERROR,
    good=[
        {"site": [_term("femur", "UBERON:0000981", "femur")], "lock": _LOCK},
        {"site": [_term("thigh-bone", "UBERON:0000981", "femur", "broader")], "lock": _LOCK},
        {
            "site": [_term("ulna", "UBERON:0000976", "humerus")],
            "lock": {"UBERON": {"UBERON:0000976": "humerus"}},
        },
    ],
    bad=[
        {"site": [_term("femur", "UBERON:0000976", "humerus")], "lock": _LOCK},
        {"site": [_term("femur", "UBERON:0000976", "humerus", "nearest")], "lock": _LOCK},
        {"site": [_term("hand", "UBERON:0002398", "manus")], "lock": _LOCK},
    ],
    fix="give the term its own code, or add it to the terms of the code in content/codes.lock.tsv",
)
def wrong_term(content: Content) -> Faults:
    """A term has a code that the lock gives to other terms only.

    Code and name go together, and still machines count one thing for another.  Which terms a code is of
    stands in the column terms of the lock; a lock without it says nothing of that.
    """
    for one in find_codings(content):
        locked = content.code_lock.find_code(one.system, one.code)
        mine = f"{one.record.kind.name}/{one.record.id}"
        if locked is not None and locked.terms is not None and mine not in locked.terms:
            others = join_phrases([f'"{term}"' for term in locked.terms]) or "no term yet"
            yield (
                one.locate_member("code"),
                f'{one.system} {one.code}, "{locked.display}", is locked for {others}',
                f'correct it, or add "{mine}" to its terms in content/codes.lock.tsv',
            )


@rule(
    Severity.WARNING,
    good=[_origin("C50.9"), _origin("C50.1")],
    bad=_origin("C61.9"),
    source="World Health Organization, International Classification of Diseases for Oncology, third edition",
)
def unlike_origin(content: Content) -> Faults:
    """The code of a tumour's topography is not that of the site where the tumour starts.

    One of the two is wrong: registries count the tumour by the code, readers see the site.
    """
    for one in find_codings(content):
        record = one.record
        origin = record["origin"] if "origin" in record.kind else None
        if one.system == _TOPOGRAPHY and "/" not in one.code and isinstance(origin, str):
            kind = record.kind.get_field("origin").target_kind
            known = [
                code
                for name in find_lineage(content, kind, origin, record)
                for folder in content.list_reachable_folders(record.folder)
                for code in content.compute_once(_topography).get((folder, kind, name), ())
            ]
            if not known or not content.is_complete(record, kind):
                continue
            if not any(code[:_CATEGORY] == one.code[:_CATEGORY] for code in known):
                message = f'{one.code} is not where "{origin}" is, {known[0]}'
                yield one.locate_member("code"), message, "correct the code or the origin"


def _topography(content: Content) -> dict[tuple[str, str, str], list[str]]:
    """Give the codes of topography by folder, kind and id of their terms."""
    found: dict[tuple[str, str, str], list[str]] = {}
    for one in find_codings(content):
        if one.system == _TOPOGRAPHY:
            key = (one.record.folder, one.record.kind.name, one.record.id)
            found.setdefault(key, []).append(one.code)
    return found


def _called(content: Content) -> dict[tuple[str, str, str], list[Record]]:
    """Give the terms by folder, kind and name."""
    found: dict[tuple[str, str, str], list[Record]] = {}
    for kind in content.list_kinds():
        if "codes" in kind and "label" in kind:
            for record in content.list_records(kind.name):
                listed = record.value.get("synonyms")
                names = [record["label"], *(listed if isinstance(listed, list) else ())]
                for name in {name.casefold() for name in names if isinstance(name, str)}:
                    found.setdefault((record.folder, kind.name, name), []).append(record)
    return found
