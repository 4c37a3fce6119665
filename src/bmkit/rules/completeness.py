"""Completeness: what is there without what belongs to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bmkit.content import CONTENT, TERMS
from bmkit.issue import Severity
from bmkit.rules.derived.facts import facts
from bmkit.rules.derived.hierarchy import known, lineage, related
from bmkit.rules.derived.value import has, text
from bmkit.rules.medication.regimens import DOSES, dosed, routes_of
from bmkit.rules.rule import Faults, rule

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bmkit.content import Content, Record

_ARTICLE = "article"
_DOSE = {"id": "one", "product": "zometa", "dose": {"value": 4, "unit": "mg"}}
_DOSED = {"product": [{"id": "zometa"}], "dosing": [{**_DOSE, "route": "intravenous"}]}
_TABLET = {"id": "one", "product": "zometa", "form": "tablet", "route": "oral"}
_SOURCE = {"section": "zometa", "spans": [{"start": 0, "end": 10}]}
_ANY_SOURCE = {"$ref": "common/source.schema.json#/$defs/source"}
_LOOSE = {"opinion": {"text": {"type": "string"}, "source": _ANY_SOURCE}}


def _range(route: str) -> dict[str, Any]:
    dose = {"value": 4, "unit": "mg"}
    return {"id": route, "label": "Zometa", "product": "zometa", "route": route, "dose": dose}


@rule(
    Severity.ERROR,
    good=[
        {"dosing": [_DOSE], "article": [{"id": "bone-metastasis"}]},
        {"product": [{"id": "zometa"}]},
    ],
    bad=[
        {"dosing": [_DOSE]},
        {"dosing": [_DOSE], "article": []},
    ],
    fix="add the record of the article to its folder, or move the facts to the folder of their article",
)
def no_article(content: Content) -> Faults:
    """A folder has facts, but no record of the article that they are of.

    Every export leaves out what the article is called, in which language and text it was read, and who
    reviewed it when; and nothing holds the spans of its facts against its length.
    """
    told: set[str] = set()
    for record in facts(content) if _ARTICLE in content.schemas else ():
        folder = content.folders[record.folder]
        if record.folder in told or record.folder == TERMS or _ARTICLE in folder.unread:
            continue
        told.add(record.folder)
        if not folder.records.get(_ARTICLE):
            message = f'the folder "{record.folder}" has facts and no article, of which there should be 1'
            yield record.at(), message, f"add its record in {CONTENT}/{record.folder}/{_ARTICLE}.json"


@rule(
    Severity.ERROR,
    good=[
        {"article": [{"id": "bone-metastasis"}]},
        {"articles": {"one": {"article": [{"id": "one"}]}, "two": {"article": [{"id": "two"}]}}},
    ],
    bad={"article": [{"id": "bone-metastasis"}, {"id": "bone-metastases"}]},
)
def several_articles(content: Content) -> Faults:
    """A folder has more than one record of an article.

    Of which of them its facts are nobody can tell, and an export takes the one that comes first.
    """
    first: dict[str, Record] = {}
    for record in content.of(_ARTICLE):
        other = first.setdefault(record.folder, record)
        if other is not record:
            message = f'"{record.id}" is another article in the folder "{record.folder}" than "{other.id}"'
            yield record.at("id"), message, "give each article a folder of its own"


@rule(
    Severity.WARNING,
    good=[
        {"product": [{"id": "zometa"}], "dosing": [{**_DOSE, "route": "intravenous"}]},
        {"product": [{"id": "zometa"}]},
    ],
    bad={
        "product": [{"id": "zometa"}],
        "product-presentation": [{"id": "vial", "product": "zometa", "strength": {"value": 4, "unit": "mg"}}],
    },
    across=True,
)
def no_route(content: Content) -> Faults:
    """A product has doses or strengths, but no fact says by which route it is given.

    Its reader has to guess whether it is swallowed or injected.
    """
    about = [record for record in facts(content) if has(record, "product")]
    routed = {text(record, "product") for record in about if has(record, "route")}
    dosed = {
        text(record, "product")
        for record in about
        for field in record.kind.quantities
        if field.dimension in {"mass", "mass-rate"} and has(record, field.path[0])
    }
    for record in content.of("product"):
        if record.id in dosed - routed and content.whole(record):
            message = f'nothing says by which route "{record.id}" is given'
            yield record.at("id"), message, "add its presentation"


@rule(
    Severity.WARNING,
    good={
        "tumour": [{"id": "lung-cancer"}, {"id": "small-cell-lung-cancer", "parent": "lung-cancer"}],
        "incidence": [{"id": "one", "tumour": "small-cell-lung-cancer"}],
    },
    bad={
        "tumour": [{"id": "lung-cancer"}],
        "population": [{"id": "patients", "tumours": ["lung-cancer"]}],
        "incidence": [{"id": "one", "tumour": "melanoma"}],
    },
    across=True,
)
def no_fact(content: Content) -> Faults:
    """A tumour is in the list of tumours, but no fact speaks of it.

    It is named by other terms only, so its page is empty.  A fact about patients with the tumour, or about a
    form of it, counts.
    """
    if any(folder.partial for folder in content.folders.values()) or not facts(content):
        return
    said = [mention for mention in content.mentions() if mention.kind.group == "fact"]
    told = {(mention.field.ref, target) for mention in said for target in mention.targets}
    # Patients with a tumour are spoken of by a term, and the tumour by that term.
    told |= {
        (reference.field.ref, reference.target)
        for mention in content.mentions()
        if mention.kind.group == "term" and mention.field.name != "parent"
        for reference in mention.references()
        if (mention.kind.name, reference.record.id) in told
    }
    tumours = {above for kind, name in told if kind == "tumour" for above in lineage(content, kind, name)}
    for record in content.of("tumour"):
        if record.id not in tumours:
            yield record.at("id"), f'no fact speaks of "{record.id}"', "add the fact, or take the tumour out"


@rule(
    Severity.WARNING,
    good=[
        {"product": [{"id": "zometa", "drug_class": "bisphosphonates"}]},
        {
            "product": [{"id": "zometa"}],
            "drug-classification": [{"id": "one", "product": "zometa", "drug_class": "bisphosphonates"}],
        },
    ],
    bad={"product": [{"id": "zometa"}]},
    across=True,
)
def no_class(content: Content) -> Faults:
    """A product belongs to no class of medicines.

    What is said of a class, its dangers above all, does not reach it.
    """
    classed = {
        text(record, "product") for record in content.of("drug-classification") if has(record, "drug_class")
    }
    for record in content.of("product"):
        unclassed = not has(record, "drug_class") and record.id not in classed
        if unclassed and content.whole(record, "drug-classification"):
            yield record.at("id"), f'"{record.id}" belongs to no drug class', "give its drug_class"


@rule(
    Severity.ERROR,
    good={"schemas": _LOOSE, "opinion": [{"id": "one", "text": "rest helps", "source": _SOURCE}]},
    bad={"schemas": _LOOSE, "opinion": [{"id": "one", "text": "rest helps"}]},
)
def no_source(content: Content) -> Faults:
    """A fact does not say where it comes from.

    Nobody can check it against the article.  Where the schema of a kind demands a source the check of the
    shape has said so already.
    """
    for record in facts(content):
        if "source" in record.kind and not has(record, "source") and not record.kind.field("source").required:
            yield record.at("id"), f'the fact "{record.id}" has no source', "give its section and spans"


@rule(
    Severity.WARNING,
    good=[
        {**_DOSED, "dose-range": [_range("intravenous")]},
        {**_DOSED, "product": [{"id": "aredia"}], "dose-range": [_range("oral")]},
        # That the product exists for another route only is the graver fault.
        {**_DOSED, "dose-range": [_range("oral")], "product-presentation": [_TABLET]},
    ],
    bad=[
        {**_DOSED, "dose-range": [_range("oral")]},
        {
            "product": [{"id": "zometa"}],
            "dose-range": [_range("oral")],
            "dose-limit": [{"id": "most", "product": "zometa", "route": "rectal", "maximum": _DOSE["dose"]}],
        },
        _DOSED,
    ],
)
def no_usual_range(content: Content) -> Faults:
    """A product is dosed by a route for which the list of dose ranges has no entry.

    Without a usual range no slip of a decimal point or unit in its doses, or in their limits, is noticed.
    Without the whole list none is noticed at all; of that it is told once a product.
    """
    seen: set[tuple[str, str, str]] = set()
    is_listed = any(content.every("dose-range"))
    for record, name in dosed(content) if "dose-range" in content.schemas else ():
        route = text(record, "route") if is_listed else ""
        key = (record.folder, text(record, "product"), route)
        dangles = content.find("product", text(record, "product"), record) is None
        if key in seen or dangles or not content.whole(record, "dose-range", "route"):
            continue
        seen.add(key)
        own = [
            text(one, "route")
            for one in known(content, "dose-range", record)
            if text(one, "product") == text(record, "product") and any(has(one, name) for name in DOSES)
        ]
        if not own or (route and not _is_one(route, own, record, content)):
            # Where the product does not exist for the route, that is what is wrong.
            exists = routes_of(record, content) if route else []
            if not exists or _is_one(route, exists, record, content):
                by = f" by the route {route}" if route else ""
                message = f'there is no usual range for the doses of "{text(record, "product")}"{by}'
                other = (
                    f"correct the route, as {' and '.join(sorted(set(own)))} has one, or " if any(own) else ""
                )
                yield record.at(name), message, f"{other}add a dose-range"


def _is_one(route: str, routes: Iterable[str], near: Record, content: Content) -> bool:
    """Say whether a route is one of others, or belongs to one."""
    return any(related(content, "route", one, route, near) for one in routes)
