"""Data types of FHIR: Quantity, Range and Ratio with a UCUM code and a unit for people, and Narrative."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Any

from bmkit.ucum.dimensions import convert_between
from bmkit.ucum.names import to_uncounted_code
from bmkit.wording import format_unit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bmkit.export.fhir.ids import Json


UCUM = "http://unitsofmeasure.org"
# FHIR has no comparator for "about", which becomes words beside the quantity.
FHIR_COMPARATORS = frozenset({"<", "<=", ">=", ">"})


def build_quantity(number: Any, unit_code: str, comparator: str = "", counted_unit: str = "") -> Json:
    """A Quantity in a UCUM unit; `counted_unit` is the unit for people of what is only counted.

    What UCUM has no unit for is counted: 2 {puff} have the code 1 and the unit "puffs".
    """
    unit_text = format_unit(unit_code, is_singular=number == 1) or counted_unit or "1"
    comparator_element = {"comparator": comparator} if comparator in FHIR_COMPARATORS else {}
    code = to_uncounted_code(unit_code)
    return {"value": number, **comparator_element, "unit": unit_text, "system": UCUM, "code": code}


def build_quantity_or_range(prefix: str, amount: Json, counted_unit: str = "") -> Json:
    """An amount as `prefix`Quantity or, if it is a range, as `prefix`Range."""
    if "value" in amount:
        return {
            f"{prefix}Quantity": build_quantity(
                amount["value"], amount["unit"], amount.get("comparator", ""), counted_unit
            )
        }
    return {f"{prefix}Range": build_range(amount, counted_unit)}


def build_simple_value(prefix: str, amount: Json) -> Json:
    """An amount where FHIR allows no comparator: "at most 7" becomes a Range with only an upper end."""
    comparator = amount.get("comparator", "")
    if "value" in amount and comparator in FHIR_COMPARATORS:
        end = "high" if comparator in ("<", "<=") else "low"
        return {f"{prefix}Range": {end: build_quantity(amount["value"], amount["unit"])}}
    return build_quantity_or_range(
        prefix,
        {field_name: field_value for field_name, field_value in amount.items() if field_name != "comparator"},
    )


def build_range(amount: Json, counted_unit: str = "") -> Json:
    """An amount with two ends as Range; both have one text for their unit, or servers take them for two."""
    ends = {
        end: build_quantity(amount[end], amount["unit"], counted_unit=counted_unit) for end in ("low", "high")
    }
    return {end: {**quantity, "unit": ends["high"]["unit"]} for end, quantity in ends.items()}


def to_range(amount: Json, counted_unit: str = "") -> Json:
    """An amount as Range: of a bound one end, of a single number both."""
    if "value" not in amount:
        return build_range(amount, counted_unit)
    quantity = build_quantity(amount["value"], amount["unit"], counted_unit=counted_unit)
    comparator = amount.get("comparator", "")
    if comparator in FHIR_COMPARATORS:
        return {"high" if comparator in ("<", "<=") else "low": quantity}
    return {"low": quantity, "high": quantity}


def build_ratio(numerator: Json, denominator: Json) -> Json:
    """A Ratio of two Quantities."""
    return {"numerator": numerator, "denominator": denominator}


def is_exact_number(amount: Json | None) -> bool:
    """Whether an amount is one exact number."""
    return amount is not None and "value" in amount and "comparator" not in amount


def can_be_maximum(amount: Json) -> bool:
    """Whether an amount can be a maximum: one number, without a comparator or with < or <=."""
    return "value" in amount and amount.get("comparator", "") in ("", "<", "<=")


def has_no_upper_end(amount: Json) -> bool:
    """Whether an amount has no upper end."""
    return amount.get("comparator") in (">", ">=")


def split_flow(amount: Json) -> tuple[Json, str]:
    """The amount and the unit of time of an amount in a time: 75 mg/kg/d gives 75 mg/kg and "d".

    An amount that is in no time has the unit "".
    """
    amount_unit, _, time_unit = amount["unit"].rpartition("/")
    if not amount_unit or time_unit not in TIME_UNITS:
        return amount, ""
    return {**amount, "unit": amount_unit}, time_unit


# The units of time of FHIR's Timing.
TIME_UNITS = frozenset({"s", "min", "h", "d", "wk", "mo", "a"})


def is_lower_quantity(candidate: Json, current: Json) -> bool:
    """Whether a Quantity is lower than another of the same dimension."""
    if candidate["code"] == current["code"]:
        return bool(candidate["value"] < current["value"])
    value = convert_between(candidate["value"], candidate["code"], current["code"], "dose")
    return bool(value < current["value"])


def build_narrative(language: str, paragraphs: Iterable[str], items: Iterable[tuple[str, str]] = ()) -> Json:
    """A Narrative of paragraphs and then of items: pairs of an XML id ("" for none) and a text."""
    body = "".join(f"<p>{_escape_xhtml(paragraph)}</p>" for paragraph in paragraphs)
    list_items = "".join(
        f"<li{_format_xml_id(element_id)}>{_escape_xhtml(item_text)}</li>" for element_id, item_text in items
    )
    item_list = f"<ul>{list_items}</ul>" if list_items else ""
    language_tag = escape(language)
    opening_tag = (
        f'<div xmlns="http://www.w3.org/1999/xhtml" lang="{language_tag}" xml:lang="{language_tag}">'
    )
    return {"status": "generated", "div": f"{opening_tag}{body}{item_list}{_CLOSING_TAG}"}


def append_paragraphs(base_narrative: Json, paragraphs: Iterable[str]) -> Json:
    """A Narrative with more paragraphs at its end."""
    added_paragraphs = "".join(f"<p>{_escape_xhtml(paragraph)}</p>" for paragraph in paragraphs)
    return {
        **base_narrative,
        "div": f"{base_narrative['div'].removesuffix(_CLOSING_TAG)}{added_paragraphs}{_CLOSING_TAG}",
    }


_CLOSING_TAG = "</div>"
# Elements of the data type markdown, whatever they are in; the text of an Annotation, in note, is one.
_MARKDOWN_ELEMENTS = frozenset(
    {"assertion", "description", "preparationInstruction", "summary", "usage", "note.text"}
)
# What begins a tag, and what makes a link or a picture of words in brackets.
_LIVE_MARKDOWN = re.compile(r"<(?=[A-Za-z/!?])|(?<=\])\(")
_DEAD_MARKDOWN = {"<": "&lt;", "(": "&#40;"}


def escape_markdown(element: Any, name: str = "") -> Any:
    """An element in which texts that are shown as Markdown show what is written in them, and no more."""
    if isinstance(element, dict):
        prefix = "note." if name == "note" else ""
        return {key: escape_markdown(part, f"{prefix}{key}") for key, part in element.items()}
    if isinstance(element, list):
        return [escape_markdown(part, name) for part in element]
    if isinstance(element, str) and name in _MARKDOWN_ELEMENTS:
        return _LIVE_MARKDOWN.sub(lambda sign: _DEAD_MARKDOWN[sign[0]], element)
    return element


def _format_xml_id(element_id: str) -> str:
    return f' id="{escape(element_id)}"' if element_id else ""


# Characters that XML does not allow, escaped or not.
_ILLEGAL_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def _escape_xhtml(text: str) -> str:
    return escape(_ILLEGAL_IN_XML.sub("\ufffd", text), quote=False)
