"""Sites: where tumours start and spread, and in what order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bmkit.issue import Severity
from bmkit.rules.derived.facts import is_contradiction_explained
from bmkit.rules.derived.hierarchy import find_lineage
from bmkit.rules.derived.roles import (
    find_role_lineage,
    find_role_term,
    find_role_text,
    locate_role,
)
from bmkit.rules.rule import Faults, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Content, Record
    from bmkit.issue import Place

# The roles of the kinds of fact that state where a tumour spreads to.
_RANKED_ROLES = ("metastatic-site", "site-involvement")
_SPREAD_ROLES = (*_RANKED_ROLES, "suspected-primary")
_PARENT_FIELD = "parent"
# A tumour of a whole system may spread to another part of it.
_SINGLE_PLACE_CATEGORIES = ("organ", "bone", "joint")

_EXAMPLE_SITES = [
    {"id": "skeleton", "category": "organ system"},
    {"id": "skull", "category": "group of bones", "parent": "skeleton"},
    {"id": "orbit", "category": "bone", "parent": "skull"},
    {"id": "spine", "category": "group of bones", "parent": "skeleton"},
    {"id": "liver", "category": "organ"},
    {"id": "left-lobe", "category": "organ", "parent": "liver"},
]


def _make_spread_example(site: str) -> dict[str, Any]:
    return {
        "site": _EXAMPLE_SITES,
        "tumour": [{"id": "liver-cancer", "origin": "liver"}],
        "metastatic-site": [{"id": "one", "tumour": "liver-cancer", "site": site}],
    }


def _make_involvement_example(*facts: dict[str, Any]) -> dict[str, Any]:
    return {
        "site": _EXAMPLE_SITES,
        "site-involvement": [
            {"id": f"fact-{index}", **{name: value for name, value in fact.items() if name != "site"}}
            | {"sites": [fact["site"]]}
            for index, fact in enumerate(facts)
        ],
    }


@rule(
    Severity.ERROR,
    good=_make_spread_example("spine"),
    bad=[_make_spread_example("liver"), _make_spread_example("left-lobe")],
)
def spread_to_origin(content: Content) -> Faults:
    """A fact states that a tumour spreads to the organ of its origin.

    What lies there is the tumour itself.  The origin, and everything that belongs to it, is taken from the
    hierarchy of sites; origins that are a whole system or a tissue are not compared.  If the other organ of a
    pair is meant, suppress the issue with that reason.
    """
    for role in _SPREAD_ROLES:
        for record in content.list_records_of_role(role):
            for tumour, origin in _list_origins(record, content):
                for place, site, regions in _list_sites(record, content):
                    if origin.id in regions:
                        message = f'"{tumour.id}" comes from "{origin.id}" and cannot spread to "{site}"'
                        yield place, message, "correct the tumour or the site"


@rule(
    Severity.ERROR,
    good={
        "site": _EXAMPLE_SITES,
        "tumour": [
            {"id": "liver-cancer", "origin": "liver"},
            {"id": "lobe-cancer", "origin": "left-lobe", "parent": "liver-cancer"},
        ],
    },
    bad={
        "site": _EXAMPLE_SITES,
        "tumour": [
            {"id": "liver-cancer", "origin": "liver"},
            {"id": "spine-cancer", "origin": "spine", "parent": "liver-cancer"},
        ],
    },
)
def origin_outside(content: Content) -> Faults:
    """A tumour has another origin than the tumours that it belongs to.

    A fact about those tumours would be taken for a fact about this one.
    """
    for record in content.list_records_of_role("condition"):
        parent_id = record.value.get(_PARENT_FIELD)
        parent = (
            content.find_record(record.kind.name, parent_id, record) if isinstance(parent_id, str) else None
        )
        origin = find_role_text(record, "site")
        parent_origin = find_role_text(parent, "site") if parent is not None else ""
        if parent is None or not origin or not parent_origin:
            continue
        if parent_origin not in find_role_lineage(record, "site", content) and content.has_all_of_roles(
            record, "site"
        ):
            message = f'"{origin}" is no part of "{parent_origin}", where "{parent.id}" comes from'
            yield locate_role(record, "site"), message, "correct the origin or the parent"


@rule(
    Severity.ERROR,
    good=_make_involvement_example({"site": "orbit", "within": "skull"}),
    bad=_make_involvement_example({"site": "spine", "within": "skull"}),
)
def outside_region(content: Content) -> Faults:
    """A fact places a site in a part of the body that it does not belong to.

    The hierarchy of sites states where each site lies; either it or the fact is wrong.
    """
    for record in content.list_records_of_role("site-involvement"):
        region = find_role_text(record, "region")
        if not region or not content.has_all_of_roles(record, "site"):
            continue
        for place, site, regions in _list_sites(record, content):
            if region not in regions:
                message = f'"{site}" is no part of "{region}"'
                yield place, message, "correct the fact, or the parents of the site"


@rule(
    Severity.ERROR,
    good=_make_involvement_example(
        {"site": "spine", "rank": 1}, {"site": "skull", "rank": 2}, {"site": "orbit", "rank": 2}
    ),
    bad=[
        _make_involvement_example({"site": "spine", "rank": 1}, {"site": "spine", "rank": 2}),
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
    first_by_site: dict[tuple[str, ...], Record] = {}
    for record, site in _iter_ranked_sites(content):
        rank = record.find_value("rank")
        first_record = first_by_site.setdefault((*_identify_ranking(record), site), record)
        first_rank = first_record.find_value("rank")
        if rank != first_rank and not is_contradiction_explained(record, first_record, content):
            message = f'"{site}" has rank {rank} here, and rank {first_rank} in "{first_record.id}"'
            yield locate_role(record, "rank"), message, "correct one of the two"


@rule(
    Severity.ERROR,
    good=_make_involvement_example(
        {"site": "spine", "rank": 1}, {"site": "skull", "rank": 2, "after_site": "spine"}
    ),
    bad=[
        _make_involvement_example(
            {"site": "spine", "rank": 2}, {"site": "skull", "rank": 2, "after_site": "spine"}
        ),
        _make_involvement_example({"site": "spine", "rank": 2, "after_site": "spine"}),
    ],
)
def out_of_order(content: Content) -> Faults:
    """A site comes after another site whose rank is not before its own.

    The order in words and the order in numbers contradict each other.
    """
    ranks_by_site = {
        (*_identify_ranking(record), site): record.find_value("rank")
        for record, site in _iter_ranked_sites(content)
    }
    for record in _list_ranked_facts(content):
        preceding_site, rank = find_role_text(record, "after-site"), record.find_value("rank")
        preceding_rank = ranks_by_site.get((*_identify_ranking(record), preceding_site))
        if preceding_site and preceding_rank is not None and preceding_rank >= rank:
            message = f'rank {rank} is not after rank {preceding_rank} of "{preceding_site}"'
            yield locate_role(record, "rank"), message, "correct a rank, or what comes before"


def _is_single_place(site: Record) -> bool:
    return find_role_text(site, "category") in _SINGLE_PLACE_CATEGORIES


def _list_origins(record: Record, content: Content) -> list[tuple[Record, Record]]:
    """Return the tumours of a fact that come from a single place, with that."""
    tumours = [
        content.find_record(field.target_kind, tumour_id, record)
        for field in record.kind.reference_fields
        if content.schemas.get_kind_role(field.target_kind) == "condition"
        for tumour_id in record.list_values(field)
    ]
    return [
        (tumour, origin)
        for tumour in tumours
        if tumour is not None
        and (origin := find_role_term(tumour, "site", content)) is not None
        and _is_single_place(origin)
    ]


def _list_sites(record: Record, content: Content) -> list[tuple[Place, str, list[str]]]:
    """Return the sites that a fact is about, with their places, and each with all that it lies in."""
    field = record.kind.find_role_field("site")
    return [
        (record.locate_field(*parts), site, find_lineage(content, field.target_kind, site, record))
        for parts, site in (record.list_values_with_paths(field) if field is not None else ())
        if field is not None and isinstance(site, str)
    ]


def _iter_ranked_sites(content: Content) -> Iterator[tuple[Record, str]]:
    for record in _list_ranked_facts(content):
        for _, site, _ in _list_sites(record, content):
            yield record, site


def _list_ranked_facts(content: Content) -> list[Record]:
    return [
        record
        for role in _RANKED_ROLES
        for record in content.list_records_of_role(role)
        if isinstance(record.find_value("rank"), int)
    ]


def _identify_ranking(record: Record) -> tuple[str, str, str]:
    """Return the ranking of a fact: its article, its kind and its subject."""
    scope_parts = [
        f"{field.name} {record.value[field.name]}"
        for field in record.kind.fields
        if (field.part == "population" or field.role == "region") and field.name in record.value
    ]
    return record.folder, record.kind.name, ", ".join(scope_parts)
