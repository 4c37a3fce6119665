"""Products: what they contain, what they are, and in what strengths they exist."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bmkit.issue import Severity
from bmkit.rules.derived.amounts import peak, unlike
from bmkit.rules.derived.facts import facts
from bmkit.rules.derived.hierarchy import known, related
from bmkit.rules.derived.value import has, quantity_of, text
from bmkit.rules.rule import Faults, rule
from bmkit.wording import quantity

if TYPE_CHECKING:
    from bmkit.content import Content, Record

# The fields in which a fact names what its own product contains; other substances are what it meets.
_OWN_SUBSTANCE = {
    "drug-classification": "substance",
    "interaction": "of_substance",
    "product-presentation": "substance",
}
_PRODUCT = {"id": "zometa", "substances": ["zoledronic-acid"], "drug_class": "bisphosphonates"}
_CLASSES = [
    {"id": "bisphosphonates"},
    {"id": "intravenous-bisphosphonates", "parent": "bisphosphonates"},
    {"id": "opioids"},
]


def _classified(**fields: Any) -> dict[str, Any]:
    fact = {"id": "one", "product": "zometa", **fields}
    return {"product": [_PRODUCT], "drug-class": _CLASSES, "drug-classification": [fact]}


def _tablet(name: str, value: int, **fields: Any) -> dict[str, Any]:
    made = {"id": name, "product": "bonefos", "form": "tablet", "strength": {"value": value, "unit": "mg"}}
    return {**made, **fields}


def _one_of(count: int, route: str) -> dict[str, Any]:
    return {"id": route, "product": "bondronat", "of_forms": {"value": count, "unit": "1"}, "route": route}


@rule(
    Severity.ERROR,
    good=_classified(substance="zoledronic-acid"),
    bad=_classified(substance="ibandronic-acid"),
)
def foreign_substance(content: Content) -> Faults:
    """A fact speaks of a substance that its product does not contain.

    Brands are easily taken for each other, and then a dose of one substance is given of another.
    """
    for kind, name in _OWN_SUBSTANCE.items():
        for record in content.of(kind):
            product = _product(record, content)
            own = product["substances"] if product is not None and has(product, "substances") else []
            if own and has(record, name) and record[name] not in own:
                shown = " and ".join(f'"{one}"' for one in own)
                message = f'"{text(record, "product")}" contains {shown}, not "{record[name]}"'
                yield record.at(name), message, "correct the product or the substance"


@rule(
    Severity.ERROR,
    good=_classified(drug_class="intravenous-bisphosphonates"),
    bad=_classified(drug_class="opioids"),
)
def foreign_class(content: Content) -> Faults:
    """A fact counts a product among a class that it does not belong to.

    Effects and dangers of a class are read as those of its products.
    """
    for record in facts(content):
        product = _product(record, content)
        if product is None or not has(record, "drug_class") or not has(product, "drug_class"):
            continue
        said, own = text(record, "drug_class"), text(product, "drug_class")
        if not related(content, "drug-class", said, own, record) and content.whole(record, "drug-class"):
            message = f'"{product.id}" belongs to "{own}", not to "{said}"'
            yield record.at("drug_class"), message, "correct the product or the class"


@rule(
    Severity.ERROR,
    good={
        "product-presentation": [_tablet("a", 400), _tablet("b", 800)],
        "instruction": [_tablet("c", 400, activity="swallowing-whole")],
    },
    bad={
        "product-presentation": [_tablet("a", 400), _tablet("b", 800)],
        "instruction": [_tablet("c", 40, activity="swallowing-whole")],
    },
)
def foreign_strength(content: Content) -> Faults:
    """A fact speaks of a strength in which the product does not exist.

    Either the strength is mistyped, or a presentation of the product is missing.
    """
    for record in facts(content):
        if record.kind.name == "product-presentation" or not quantity_of(record, "strength"):
            continue
        own = [
            one["strength"]
            for one in known(content, "product-presentation", record)
            if text(one, "product") == text(record, "product")
            and _same_form(one, record)
            and quantity_of(one, "strength")
        ]
        if not own or not content.whole(record, "product-presentation"):
            continue
        if all(unlike(record["strength"], one) for one in own):
            shown = " and ".join(sorted({quantity(one) for one in own}))
            message = f'"{text(record, "product")}" exists in {shown}, not in {quantity(record["strength"])}'
            hint = "correct the strength, or add the presentation"
            yield record.at("strength", peak(record["strength"])), message, hint


@rule(
    Severity.WARNING,
    good={"product-presentation": [_one_of(2, "oral"), _one_of(2, "intravenous")]},
    bad={"product-presentation": [_one_of(3, "oral"), _one_of(3, "intravenous")]},
)
def forms_missing(content: Content) -> Faults:
    """A product is said to exist in another number of forms than are given.

    A form is missing, or the number is wrong.
    """
    stated: dict[tuple[str, str], list[Record]] = {}
    for record in content.of("product-presentation"):
        if quantity_of(record, "of_forms"):
            stated.setdefault((record.folder, text(record, "product")), []).append(record)
    for (_, product), records in stated.items():
        for record in records:
            count = quantity_of(record, "of_forms")
            if count is None or count.bounded() or not content.whole(record, "product-presentation"):
                continue
            if count.high != len(records):
                given = f"{len(records)} {'is' if len(records) == 1 else 'are'} given"
                message = f'"{product}" is said to exist in {quantity(record["of_forms"])} forms, and {given}'
                place = record.at("of_forms", peak(record["of_forms"]))
                yield place, message, "add the form that is missing, or correct the number"


def _product(record: Record, content: Content) -> Record | None:
    return content.find("product", text(record, "product"), record)


def _same_form(one: Record, other: Record) -> bool:
    return not has(one, "form") or not has(other, "form") or text(one, "form") == text(other, "form")
