"""Records of any kind, made at random from what the schema says of its fields."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bmkit.schema import Field, Kind

# Few, so that records refer to each other, to themselves and to nothing.
IDS = ("a", "b", "c-4", "breast-cancer")
_PIECES = (
    *("4.0 mg", ".5", "10 U", "QD", "1600 mg", "two", "<5 days", "1:1000", "µg", "tumour", "tumor", "5 mgs."),
    *("\u200b", "\u202e", "\u0441a", "cafe\u0301", "\ufb01", "\ue000", "\U0001f9b4", "\x07", "\\", '"', "  "),
    *("bone", "strontium-89", "½", "%", "–", "/", "~", "0", "9,5 %", "MTX", "D/C", "sub q"),
)
TEXTS = st.lists(st.sampled_from(_PIECES) | st.characters(exclude_categories=["Cs"]), max_size=5).map(
    " ".join
)
NUMBERS = (
    st.integers(-5, 4000)
    | st.decimals(-5, 4000, allow_nan=False, places=2)
    | st.sampled_from([Decimal("4.0"), Decimal("1E+2"), Decimal("0.10"), Decimal("1E-7"), 10**14])
)
_CODES = (
    *(("UBERON", "UBERON:0001130"), ("ATC", "M05BA08"), ("LOINC", "2000-9"), ("UNII", "6XC1PAD3KF")),
    *(("UCUM", "mgs"), ("ICD-O-3", "C41.2"), ("MESH", "%"), ("NCIT", "C1")),
)


def records(kind: Kind) -> st.SearchStrategy[dict[str, Any]]:
    """Make a record of that kind: mostly one that fits its schema."""
    made = _object(kind.fields)
    return made.map(_limited) if kind.name == "dose-limit" else made


def _limited(record: dict[str, Any]) -> dict[str, Any]:
    """Put right what the schema of limits says of two fields together: per what, and one number of that."""
    name, other = "maximum", "maximum_daily"
    name, other = (name, other) if record["per"] == "at one time" else (other, name)
    made = {field: value for field, value in record.items() if field != other}
    if name in made:
        limit = made[name]
        sign = limit.get("comparator")
        made[name] = {"value": limit.get("value", limit.get("high")), "unit": limit["unit"]}
        made[name].update({"comparator": sign} if sign in {"<", "<="} else {})
    return made


def contents(kinds: Sequence[Kind]) -> st.SearchStrategy[dict[str, list[dict[str, Any]]]]:
    """Make a few records of some of the kinds, as an example."""
    made = {kind.name: st.lists(records(kind), min_size=1, max_size=3) for kind in kinds}
    names = st.lists(st.sampled_from(sorted(made)), min_size=1, max_size=5, unique=True)
    return names.flatmap(lambda names: st.fixed_dictionaries({name: made[name] for name in names}))


def _object(fields: Sequence[Field]) -> st.SearchStrategy[dict[str, Any]]:
    if {"system", "code", "display"} <= {field.name for field in fields}:
        return st.builds(_code, st.sampled_from(_CODES), TEXTS.filter(bool), st.booleans())
    return st.fixed_dictionaries(
        {field.name: _value(field) for field in fields if field.required},
        optional={field.name: _value(field) for field in fields if not field.required},
    )


def _value(field: Field) -> st.SearchStrategy[Any]:
    one = _single(field)
    return st.lists(one, min_size=1, max_size=3, unique_by=repr) if field.is_list else one


def _single(field: Field) -> st.SearchStrategy[Any]:
    if field.values:
        return st.sampled_from(field.values)
    if field.type == "reference" or field.name == "id":
        return st.sampled_from(IDS)
    if field.type == "quantity":
        return _quantity(field)
    if field.type == "object":
        return _object(field.fields)
    if field.type in {"integer", "number"}:
        return _number(field)
    return st.booleans() if field.type == "boolean" else _text(field)


def _text(field: Field) -> st.SearchStrategy[str]:
    if field.format == "date":
        return st.dates().map(str)
    if field.is_free_text:
        return TEXTS.map(str.strip).filter(bool)
    return st.from_regex(field.pattern, fullmatch=True).map(str.strip) if field.pattern else TEXTS


def _quantity(field: Field) -> st.SearchStrategy[Any]:
    parts = {part.name: part for part in field.fields}
    unit = st.sampled_from(field.units) if field.units else st.just("mg")
    more = {"comparator": _single(parts["comparator"])} if "comparator" in parts else {}
    number = _number(parts["value"])
    return st.fixed_dictionaries({"value": number, "unit": unit}, optional=more) | st.fixed_dictionaries(
        {"low": number, "high": number, "unit": unit}
    )


def _number(field: Field) -> st.SearchStrategy[Any]:
    low = 0 if field.minimum is None else field.minimum
    high = 10**6 if field.maximum is None else field.maximum
    whole: st.SearchStrategy[Any] = st.integers(int(low) + 1, int(high))
    if field.type == "integer":
        return whole
    fits: Callable[[Any], bool] = lambda number: bool(low < number <= high)  # noqa: E731  it needs its type
    return whole | NUMBERS.filter(fits)


def _code(code: tuple[str, str], display: str, has_note: bool) -> dict[str, str]:
    made = {"system": code[0], "code": code[1], "display": display}
    return {**made, "note": "broader"} if has_note else made
