"""Sites: where tumours start and spread, and in what order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bmkit.issue import Severity
from bmkit.rules.derived.amounts import find_text, has_value
from bmkit.rules.derived.facts import is_contradiction_explained
from bmkit.rules.derived.hierarchy import belongs_to
from bmkit.rules.rule import Faults, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Content, Record
    from bmkit.issue import Place

# The kinds of fact that state where a tumour spreads to.
_SPREAD_KINDS = ("metastatic-site", "suspected-primary", "site-involvement")
_RANKED_KINDS = ("metastatic-site", "site-involvement")
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
    for kind in _SPREAD_KINDS:
        for record in content.list_records(kind):
            tumour = content.find_record("tumour", find_text(record, "tumour"), record)
            origin = find_text(tumour, "origin") if tumour is not None else ""
            if tumour is None or not origin or not _is_single_place(origin, record, content):
                continue
            for place, site in _list_sites(record):
                if belongs_to(content, "site", site, origin, record):
                    message = f'"{tumour.id}" comes from "{origin}" and cannot spread to "{site}"'
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
    for record in content.list_records("tumour"):
        parent = content.find_record("tumour", find_text(record, "parent"), record)
        if parent is None or not has_value(record, "origin") or not has_value(parent, "origin"):
            continue
        origin, parent_origin = find_text(record, "origin"), find_text(parent, "origin")
        if not belongs_to(content, "site", origin, parent_origin, record) and content.is_complete(
            record, "site"
        ):
            message = f'"{origin}" is no part of "{parent_origin}", where "{parent.id}" comes from'
            yield record.locate_field("origin"), message, "correct the origin or the parent"


@rule(
    Severity.ERROR,
    good=_make_involvement_example({"site": "orbit", "within": "skull"}),
    bad=_make_involvement_example({"site": "spine", "within": "skull"}),
)
def outside_region(content: Content) -> Faults:
    """A fact places a site in a part of the body that it does not belong to.

    The hierarchy of sites states where each site lies; either it or the fact is wrong.
    """
    for record in content.list_records("site-involvement"):
        containing_site = find_text(record, "within")
        if not containing_site or not content.is_complete(record, "site"):
            continue
        for place, site in _list_sites(record):
            if not belongs_to(content, "site", site, containing_site, record):
                message = f'"{site}" is no part of "{containing_site}"'
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
        first_record = first_by_site.setdefault((*_identify_ranking(record), site), record)
        if record["rank"] != first_record["rank"] and not is_contradiction_explained(
            record, first_record, content
        ):
            message = (
                f'"{site}" has rank {record["rank"]} here, and '
                f'rank {first_record["rank"]} in "{first_record.id}"'
            )
            yield record.locate_field("rank"), message, "correct one of the two"


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
        (*_identify_ranking(record), site): record["rank"] for record, site in _iter_ranked_sites(content)
    }
    for record in _list_ranked_facts(content):
        preceding_site = find_text(record, "after_site") if has_value(record, "after_site") else None
        preceding_rank = (
            ranks_by_site.get((*_identify_ranking(record), preceding_site))
            if preceding_site is not None
            else None
        )
        if preceding_rank is not None and preceding_rank >= record["rank"]:
            message = f'rank {record["rank"]} is not after rank {preceding_rank} of "{preceding_site}"'
            yield record.locate_field("rank"), message, "correct a rank, or what comes before"


def _is_single_place(site: str, near_record: Record, content: Content) -> bool:
    site_term = content.find_record("site", site, near_record)
    return site_term is not None and site_term.value.get("category") in _SINGLE_PLACE_CATEGORIES


def _list_sites(record: Record) -> list[tuple[Place, str]]:
    """Return the sites that a fact is about, with their places."""
    field = record.kind.find_role_field("site")
    return [
        (record.locate_field(*parts), site)
        for parts, site in (record.list_values_with_paths(field) if field is not None else ())
    ]


def _iter_ranked_sites(content: Content) -> Iterator[tuple[Record, str]]:
    for record in _list_ranked_facts(content):
        for _, site in _list_sites(record):
            yield record, site


def _list_ranked_facts(content: Content) -> list[Record]:
    return [
        record
        for kind in _RANKED_KINDS
        for record in content.list_records(kind)
        if isinstance(record.value.get("rank"), int)
    ]


def _identify_ranking(record: Record) -> tuple[str, str, str]:
    """Return the ranking of a fact: its article, its kind and its subject."""
    scope_parts = [
        f"{field_name} {record[field_name]}"
        for field_name in ("tumour", "within", "age_group")
        if has_value(record, field_name)
    ]
    return record.folder, record.kind.name, ", ".join(scope_parts)
