"""Products: what they contain, to which class they belong, and in what strengths they exist."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bmkit.content import per_content
from bmkit.issue import Severity
from bmkit.quoting import quote_value
from bmkit.rules.derived.amounts import normalize_size
from bmkit.rules.derived.facts import find_facts
from bmkit.rules.derived.roles import (
    agree_on_role,
    find_role_amount,
    find_role_term,
    find_role_text,
    format_role_quantity,
    list_role_texts,
    locate_role,
    locate_role_end,
)
from bmkit.rules.rule import Faults, rule

if TYPE_CHECKING:
    from bmkit.content import Content, Record
    from bmkit.rules.derived.amounts import Amount
    from bmkit.schema import Kind

_PRODUCT, _PRESENTATION = "product", "presentation"
# So many strengths of a product are named.
_MAX_STRENGTHS = 10


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
        presented = _find_presented_strengths(record, content)
        if presented.sizes and normalize_size(strength) not in presented.sizes:
            if not content.has_all_of_roles(record, _PRESENTATION):
                continue
            message = (
                f'"{find_role_text(record, _PRODUCT)}" exists in {presented.text}, '
                f"not in {format_role_quantity(record, 'strength')}"
            )
            hint = "correct the strength, or add the presentation"
            yield locate_role_end(record, "strength"), message, hint, (presented.all_texts,)


class _PresentedStrengths(NamedTuple):
    """The strengths in which a product exists; `text` names the first of many."""

    sizes: frozenset[Amount]
    text: str
    all_texts: str


def _find_presented_strengths(record: Record, content: Content) -> _PresentedStrengths:
    """Return the strengths of the product of a record, in its form if it has one."""
    product = find_role_text(record, _PRODUCT)
    key = (record.folder, product, repr(record.find_value("form")))
    strengths = _get_strengths_cache(content)
    if key not in strengths:
        presentations = [
            presentation
            for presentation in _group_presentations(content).get(product, ())
            if presentation.folder in content.list_reachable_folders(record.folder)
            and agree_on_role(presentation, record, "form")
        ]
        texts = sorted({format_role_quantity(presentation, "strength") for presentation in presentations})
        shown_texts = texts[:_MAX_STRENGTHS]
        more_texts = [f"{len(texts) - _MAX_STRENGTHS} others"] if len(texts) > _MAX_STRENGTHS else []
        amounts = (find_role_amount(presentation, "strength") for presentation in presentations)
        strengths[key] = _PresentedStrengths(
            frozenset(normalize_size(amount) for amount in amounts if amount is not None),
            " and ".join([*shown_texts, *more_texts]),
            ", ".join(
                sorted({quote_value(presentation.find_value("strength")) for presentation in presentations})
            ),
        )
    return strengths[key]


@per_content
def _get_strengths_cache(_: Content) -> dict[tuple[str, str, str], _PresentedStrengths]:
    """Return a place to keep the strengths of products, by folder, product and form."""
    return {}


@per_content
def _group_presentations(content: Content) -> dict[str, list[Record]]:
    """Return the presentations with a strength, by product."""
    presentations: dict[str, list[Record]] = {}
    for record in content.iter_reachable_records_of_role(_PRESENTATION):
        if record.is_valid and find_role_amount(record, "strength") is not None:
            presentations.setdefault(find_role_text(record, _PRODUCT), []).append(record)
    return presentations


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
        listed_forms = ", ".join(sorted(find_role_text(record, "form") for record in presentations))
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
                yield place, message, hint, (listed_forms,)
