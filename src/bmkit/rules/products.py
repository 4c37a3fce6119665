"""Products: in how many forms they exist."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bmkit.issue import Severity
from bmkit.rules.derived.amounts import find_quantity, find_text, locate_upper_end
from bmkit.rules.rule import Faults, rule
from bmkit.wording import format_quantity

if TYPE_CHECKING:
    from bmkit.content import Content, Record


def _make_form_count_fact(count: int, route: str) -> dict[str, Any]:
    return {"id": route, "product": "bondronat", "of_forms": {"value": count, "unit": "1"}, "route": route}


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
