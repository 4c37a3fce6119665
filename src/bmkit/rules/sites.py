"""Sites: where tumours can be, and in what order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bmkit.issue import Severity
from bmkit.rules.derived.facts import is_explained
from bmkit.rules.derived.hierarchy import belongs
from bmkit.rules.derived.value import has, text
from bmkit.rules.rule import Faults, rule

if TYPE_CHECKING:
    from bmkit.content import Content, Record

# The kinds of fact that say where a tumour spreads to.
_SPREAD = ("metastatic-site", "suspected-primary", "site-involvement")
_RANKED = ("metastatic-site", "site-involvement")
# A tumour of a whole system may well spread to another part of it.
_ONE_PLACE = ("organ", "bone", "joint")

_SITES = [
    {"id": "skeleton", "category": "organ system"},
    {"id": "skull", "category": "group of bones", "parent": "skeleton"},
    {"id": "orbit", "category": "bone", "parent": "skull"},
    {"id": "spine", "category": "group of bones", "parent": "skeleton"},
    {"id": "liver", "category": "organ"},
    {"id": "left-lobe", "category": "organ", "parent": "liver"},
]


def _spread(site: str) -> dict[str, Any]:
    return {
        "site": _SITES,
        "tumour": [{"id": "liver-cancer", "origin": "liver"}],
        "metastatic-site": [{"id": "one", "tumour": "liver-cancer", "site": site}],
    }


def _involved(*facts: dict[str, Any]) -> dict[str, Any]:
    return {
        "site": _SITES,
        "site-involvement": [{"id": f"fact-{at}", **fact} for at, fact in enumerate(facts)],
    }


@rule(Severity.ERROR, good=_spread("spine"), bad=[_spread("liver"), _spread("left-lobe")])
def own_origin(content: Content) -> Faults:
    """A tumour is said to spread to the organ that it comes from.

    What lies there is the tumour itself.  The origin of a tumour, and what belongs to it, are told by the
    hierarchy of sites; origins that are a whole system or a tissue are let be.  Where the other organ of a
    pair is meant, allow it with that reason.
    """
    for kind in _SPREAD:
        for record in content.of(kind):
            tumour = content.find("tumour", text(record, "tumour"), record)
            origin = text(tumour, "origin") if tumour is not None else ""
            if tumour is None or not origin or not _is_one_place(origin, record, content):
                continue
            if belongs(content, "site", text(record, "site"), origin, record):
                message = f'"{tumour.id}" comes from "{origin}" and cannot spread to "{text(record, "site")}"'
                yield record.at("site"), message, "correct the tumour or the site"


@rule(
    Severity.ERROR,
    good={
        "site": _SITES,
        "tumour": [
            {"id": "liver-cancer", "origin": "liver"},
            {"id": "lobe-cancer", "origin": "left-lobe", "parent": "liver-cancer"},
        ],
    },
    bad={
        "site": _SITES,
        "tumour": [
            {"id": "liver-cancer", "origin": "liver"},
            {"id": "spine-cancer", "origin": "spine", "parent": "liver-cancer"},
        ],
    },
)
def origin_outside(content: Content) -> Faults:
    """A tumour comes from another place than the tumours that it is counted among.

    A fact about those tumours would be read as one about it.
    """
    for record in content.of("tumour"):
        parent = content.find("tumour", text(record, "parent"), record)
        if parent is None or not has(record, "origin") or not has(parent, "origin"):
            continue
        own, its = text(record, "origin"), text(parent, "origin")
        if not belongs(content, "site", own, its, record) and content.whole(record, "site"):
            message = f'"{own}" is no part of "{its}", where "{parent.id}" comes from'
            yield record.at("origin"), message, "correct the origin or the parent"


@rule(
    Severity.ERROR,
    good=_involved({"site": "orbit", "within": "skull"}),
    bad=_involved({"site": "spine", "within": "skull"}),
)
def outside_whole(content: Content) -> Faults:
    """A fact places a site in a part of the body that it does not belong to.

    The hierarchy of sites says where everything lies; either it or the fact is wrong.
    """
    for record in content.of("site-involvement"):
        site, whole = text(record, "site"), text(record, "within")
        if not whole or not content.whole(record, "site"):
            continue
        if not belongs(content, "site", site, whole, record):
            message = f'"{site}" is no part of "{whole}"'
            yield record.at("site"), message, "correct the fact, or the parents of the site"


@rule(
    Severity.ERROR,
    good=_involved({"site": "spine", "rank": 1}, {"site": "skull", "rank": 2}, {"site": "orbit", "rank": 2}),
    bad=[
        _involved({"site": "spine", "rank": 1}, {"site": "spine", "rank": 2}),
        {
            "metastatic-site": [
                {"id": "one", "tumour": "lung-cancer", "site": "spine", "rank": 1},
                {"id": "two", "tumour": "lung-cancer", "site": "spine", "rank": 3},
            ]
        },
    ],
)
def ranked_twice(content: Content) -> Faults:
    """A site has two ranks in one order.

    It cannot be both the first and the second; sites may share a rank, but a site has one.
    """
    seen: dict[tuple[str, ...], Record] = {}
    for record in _ranked(content):
        first = seen.setdefault((*_order(record), text(record, "site")), record)
        if record["rank"] != first["rank"] and not is_explained(record, first, content):
            site = text(record, "site")
            message = f'"{site}" has rank {record["rank"]} here, and rank {first["rank"]} in "{first.id}"'
            yield record.at("rank"), message, "correct one of the two"


@rule(
    Severity.ERROR,
    good=_involved({"site": "spine", "rank": 1}, {"site": "skull", "rank": 2, "after_site": "spine"}),
    bad=[
        _involved({"site": "spine", "rank": 2}, {"site": "skull", "rank": 2, "after_site": "spine"}),
        _involved({"site": "spine", "rank": 2, "after_site": "spine"}),
    ],
)
def out_of_order(content: Content) -> Faults:
    """A site comes after another whose rank is not before its own.

    The order in words and the order in numbers contradict each other.
    """
    ranks = {(*_order(record), text(record, "site")): record["rank"] for record in _ranked(content)}
    for record in _ranked(content):
        before = text(record, "after_site") if has(record, "after_site") else None
        rank = ranks.get((*_order(record), before)) if before is not None else None
        if rank is not None and rank >= record["rank"]:
            message = f'rank {record["rank"]} is not after rank {rank} of "{before}"'
            yield record.at("rank"), message, "correct a rank, or what comes before"


def _is_one_place(site: str, near: Record, content: Content) -> bool:
    term = content.find("site", site, near)
    return term is not None and term.value.get("category") in _ONE_PLACE


def _ranked(content: Content) -> list[Record]:
    return [
        record for kind in _RANKED for record in content.of(kind) if isinstance(record.value.get("rank"), int)
    ]


def _order(record: Record) -> tuple[str, str, str]:
    """Give the order that a rank is one of: in which article, of which kind of fact, and for what."""
    about = [f"{name} {record[name]}" for name in ("tumour", "within", "age_group") if has(record, name)]
    return record.folder, record.kind.name, ", ".join(about)
