"""Products: what they contain, to which class they belong, and in what strengths they exist."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bmkit.issue import Severity
from bmkit.rules.derived.amounts import are_unequal, find_quantity, find_text, has_value, locate_upper_end
from bmkit.rules.derived.facts import find_facts
from bmkit.rules.derived.hierarchy import are_related, iter_visible_records
from bmkit.rules.rule import Faults, rule
from bmkit.wording import format_quantity

if TYPE_CHECKING:
    from bmkit.content import Content, Record

# The fields in which a fact names what its own product contains; other substances interact with it.
_SUBSTANCE_FIELDS_BY_KIND = {
    "drug-classification": "substance",
    "interaction": "of_substance",
    "presentation": "substance",
}
_ZOMETA_PRODUCT = {"id": "zometa", "substances": ["zoledronic-acid"], "drug_class": "bisphosphonates"}
_EXAMPLE_DRUG_CLASSES = [
    {"id": "bisphosphonates"},
    {"id": "intravenous-bisphosphonates", "parent": "bisphosphonates"},
    {"id": "opioids"},
]


def _make_classification_example(**fields: Any) -> dict[str, Any]:
    fact = {"id": "one", "product": "zometa", **fields}
    return {"product": [_ZOMETA_PRODUCT], "drug-class": _EXAMPLE_DRUG_CLASSES, "drug-classification": [fact]}


def _make_bonefos_tablet(record_id: str, milligrams: int, **fields: Any) -> dict[str, Any]:
    presentation = {
        "id": record_id,
        "product": "bonefos",
        "form": "tablet",
        "strength": {"value": milligrams, "unit": "mg"},
    }
    return {**presentation, **fields}


def _make_form_count_fact(count: int, route: str) -> dict[str, Any]:
    return {"id": route, "product": "bondronat", "of_forms": {"value": count, "unit": "1"}, "route": route}


@rule(
    Severity.ERROR,
    good=_make_classification_example(substance="zoledronic-acid"),
    bad=_make_classification_example(substance="ibandronic-acid"),
    guards_dose=True,
)
def wrong_substance(content: Content) -> Faults:
    """A fact states a substance that its product does not contain.

    Brands are easily confused, and then the dose of one substance is stated for another.
    """
    for kind, field_name in _SUBSTANCE_FIELDS_BY_KIND.items():
        for record in content.list_records(kind):
            product = _find_product_of(record, content)
            product_substances = (
                product["substances"] if product is not None and has_value(product, "substances") else []
            )
            if (
                product_substances
                and has_value(record, field_name)
                and record[field_name] not in product_substances
            ):
                substance_phrase = " and ".join(f'"{substance}"' for substance in product_substances)
                message = (
                    f'"{find_text(record, "product")}" contains '
                    f'{substance_phrase}, not "{record[field_name]}"'
                )
                yield record.locate_field(field_name), message, "correct the product or the substance"


@rule(
    Severity.ERROR,
    good=_make_classification_example(drug_class="intravenous-bisphosphonates"),
    bad=_make_classification_example(drug_class="opioids"),
)
def wrong_class(content: Content) -> Faults:
    """A fact counts a product among a class that it does not belong to.

    Readers take the effects and dangers of a class for those of its products.
    """
    for record in find_facts(content):
        product = _find_product_of(record, content)
        if product is None or not has_value(record, "drug_class") or not has_value(product, "drug_class"):
            continue
        stated_class, product_class = find_text(record, "drug_class"), find_text(product, "drug_class")
        if not are_related(
            content, "drug-class", stated_class, product_class, record
        ) and content.is_complete(record, "drug-class"):
            message = f'"{product.id}" belongs to "{product_class}", not to "{stated_class}"'
            yield record.locate_field("drug_class"), message, "correct the product or the class"


@rule(
    Severity.ERROR,
    good={
        "presentation": [_make_bonefos_tablet("a", 400), _make_bonefos_tablet("b", 800)],
        "instruction": [_make_bonefos_tablet("c", 400, activity="swallowing-whole")],
    },
    bad={
        "presentation": [_make_bonefos_tablet("a", 400), _make_bonefos_tablet("b", 800)],
        "instruction": [_make_bonefos_tablet("c", 40, activity="swallowing-whole")],
    },
    guards_dose=True,
)
def unknown_strength(content: Content) -> Faults:
    """A fact states a strength in which the product does not exist.

    Either the strength is mistyped, or a presentation of the product is missing.
    """
    for record in find_facts(content):
        if record.kind.name == "presentation" or not find_quantity(record, "strength"):
            continue
        presented_strengths = [
            presentation["strength"]
            for presentation in iter_visible_records(content, "presentation", record)
            if find_text(presentation, "product") == find_text(record, "product")
            and _can_share_form(presentation, record)
            and find_quantity(presentation, "strength")
        ]
        if not presented_strengths or not content.is_complete(record, "presentation"):
            continue
        if all(are_unequal(record["strength"], strength) for strength in presented_strengths):
            strength_phrase = " and ".join(
                sorted({format_quantity(strength) for strength in presented_strengths})
            )
            message = (
                f'"{find_text(record, "product")}" exists in {strength_phrase}, '
                f"not in {format_quantity(record['strength'])}"
            )
            hint = "correct the strength, or add the presentation"
            yield locate_upper_end(record, "strength"), message, hint


@rule(
    Severity.WARNING,
    good={"presentation": [_make_form_count_fact(2, "oral"), _make_form_count_fact(2, "intravenous")]},
    bad={"presentation": [_make_form_count_fact(3, "oral"), _make_form_count_fact(3, "intravenous")]},
)
def form_count_differs(content: Content) -> Faults:
    """A fact states another number of forms of a product than are listed.

    A form is missing, or the number is wrong.
    """
    presentations_by_product: dict[tuple[str, str], list[Record]] = {}
    for record in content.list_records("presentation"):
        if find_quantity(record, "of_forms"):
            presentations_by_product.setdefault((record.folder, find_text(record, "product")), []).append(
                record
            )
    for (_, product), presentations in presentations_by_product.items():
        for record in presentations:
            form_count = find_quantity(record, "of_forms")
            if (
                form_count is None
                or form_count.is_bounded()
                or not content.is_complete(record, "presentation")
            ):
                continue
            if form_count.high != len(presentations):
                listed_phrase = f"{len(presentations)} {'is' if len(presentations) == 1 else 'are'} listed"
                message = (
                    f'"{product}" is said to exist in '
                    f"{format_quantity(record['of_forms'])} forms, but {listed_phrase}"
                )
                place = locate_upper_end(record, "of_forms")
                yield place, message, "add the form that is missing, or correct the number"


def _find_product_of(record: Record, content: Content) -> Record | None:
    return content.find_record("product", find_text(record, "product"), record)


def _can_share_form(record: Record, other: Record) -> bool:
    return (
        not has_value(record, "form")
        or not has_value(other, "form")
        or find_text(record, "form") == find_text(other, "form")
    )
