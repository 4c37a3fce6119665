"""Products: what they contain, to which class they belong, and in what strengths they exist."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.issue import Severity
from bmkit.rules.derived.amounts import are_equal_amounts
from bmkit.rules.derived.facts import find_facts
from bmkit.rules.derived.roles import (
    agree_on_role,
    find_role_amount,
    find_role_term,
    find_role_text,
    format_role_quantity,
    iter_visible_records_of_role,
    list_role_texts,
    locate_role,
    locate_role_end,
)
from bmkit.rules.rule import Faults, rule

if TYPE_CHECKING:
    from bmkit.content import Content, Record
    from bmkit.schema import Kind

_PRODUCT, _PRESENTATION = "product", "presentation"


@rule(Severity.ERROR, guards_dose=True)
def wrong_substance(content: Content) -> Faults:
    """A fact states a substance that its product does not contain.

    Brands are easily confused, and then the dose of one substance is stated for another.
    """
    for record in find_facts(content):
        role = "substance" if _names_own_substance(record.kind) else "active-substance"
        stated_substances = list_role_texts(record, role)
        product = find_role_term(record, _PRODUCT, content) if stated_substances else None
        product_substances = list_role_texts(product, "substance") if product is not None else []
        wrong_substances = [name for name in stated_substances if name not in product_substances]
        if product_substances and wrong_substances:
            substance_phrase = " and ".join(f'"{substance}"' for substance in product_substances)
            message = (
                f'"{find_role_text(record, _PRODUCT)}" contains '
                f'{substance_phrase}, not "{wrong_substances[0]}"'
            )
            against = (product,) if product is not None else ()
            yield locate_role(record, role), message, "correct the product or the substance", against


def _names_own_substance(kind: Kind) -> bool:
    """Return whether the substance of such facts is what the product contains, and not what comes with it."""
    is_classification = kind.role != "caution" and kind.find_role_field("drug-class") is not None
    return kind.role == _PRESENTATION or is_classification


@rule(Severity.ERROR, guards_dose=True)
def unknown_strength(content: Content) -> Faults:
    """A fact states a strength in which the product does not exist.

    Either the strength is mistyped, or a presentation of the product is missing.
    """
    for record in find_facts(content):
        strength = find_role_amount(record, "strength")
        if strength is None or record.kind.role == _PRESENTATION:
            continue
        presentations = [
            presentation
            for presentation in iter_visible_records_of_role(content, _PRESENTATION, record)
            if find_role_text(presentation, _PRODUCT) == find_role_text(record, _PRODUCT)
            and agree_on_role(presentation, record, "form")
            and find_role_amount(presentation, "strength")
        ]
        if not presentations or not content.has_all_of_roles(record, _PRESENTATION):
            continue
        presented_strengths = [
            presented
            for presentation in presentations
            if (presented := find_role_amount(presentation, "strength")) is not None
        ]
        if not any(are_equal_amounts(strength, presented) for presented in presented_strengths):
            strength_phrase = " and ".join(
                sorted({format_role_quantity(presentation, "strength") for presentation in presentations})
            )
            message = (
                f'"{find_role_text(record, _PRODUCT)}" exists in {strength_phrase}, '
                f"not in {format_role_quantity(record, 'strength')}"
            )
            hint = "correct the strength, or add the presentation"
            against = tuple(locate_role(presentation, "strength") for presentation in presentations)
            yield locate_role_end(record, "strength"), message, hint, against


@rule(Severity.WARNING)
def form_count_differs(content: Content) -> Faults:
    """A fact states another number of forms of a product than are listed.

    A form is missing, or the number is wrong.
    """
    presentations_by_product: dict[tuple[str, str], list[Record]] = {}
    for record in content.list_records_of_role(_PRESENTATION):
        if find_role_amount(record, "form-count"):
            presentations_by_product.setdefault((record.folder, find_role_text(record, _PRODUCT)), []).append(
                record
            )
    for (_, product), presentations in presentations_by_product.items():
        for record in presentations:
            form_count = find_role_amount(record, "form-count")
            if (
                form_count is None
                or form_count.is_bounded()
                or not content.has_all_of_roles(record, _PRESENTATION)
            ):
                continue
            if form_count.high != len(presentations):
                listed_phrase = f"{len(presentations)} {'is' if len(presentations) == 1 else 'are'} listed"
                message = (
                    f'"{product}" is said to exist in '
                    f"{format_role_quantity(record, 'form-count')} forms, but {listed_phrase}"
                )
                place = locate_role_end(record, "form-count")
                hint = "add the form that is missing, or correct the number"
                yield place, message, hint, tuple(presentations)
