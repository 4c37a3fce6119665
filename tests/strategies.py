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


def make_records(kind: Kind) -> st.SearchStrategy[dict[str, Any]]:
    """Draw records of that kind: mostly such as fit their schema."""
    record_schema = kind.bundled_schema["$defs"]["record"]
    definitions = kind.bundled_schema["$defs"]
    drawn_records = _make_objects(kind.fields).map(
        lambda record: _fit_units(drop_excluded_fields(record, record_schema), record_schema, definitions)
    )
    return drawn_records.map(_fit_limit_conditions) if kind.name == "dose-limit" else drawn_records


def drop_excluded_fields(record: dict[str, Any], record_schema: dict[str, Any]) -> dict[str, Any]:
    """Return the record without fields that exclude another it has, and without such as lack a companion."""
    fitted = dict(record)
    for condition in (record_schema, *record_schema.get("allOf", ())):
        name_lists = [choice.get("required", []) for choice in condition.get("oneOf", ())]
        met_lists = [names for names in name_lists if all(name in fitted for name in names)]
        for names in met_lists[1:]:
            for name in set(names) - set(met_lists[0]):
                fitted.pop(name, None)
    for name, needed_names in record_schema.get("dependentRequired", {}).items():
        if not fitted.keys() >= set(needed_names):
            fitted.pop(name, None)
    return fitted


def _fit_units(
    record: dict[str, Any], record_schema: dict[str, Any], definitions: dict[str, Any]
) -> dict[str, Any]:
    """Return the record with the fields and units that its words ask for: a half-life in days."""
    fitted = dict(record)
    for condition in record_schema.get("allOf", ()):
        if not _is_asked_for(condition.get("if"), fitted):
            continue
        for name, quantity_schema in condition.get("then", {}).get("properties", {}).items():
            if quantity_schema is False:
                fitted.pop(name, None)
                continue
            definition = definitions.get(str(quantity_schema.get("$ref", "")).removeprefix("#/$defs/"), {})
            unit_schema = (definition or quantity_schema).get("properties", {}).get("unit", {})
            units = unit_schema.get("enum", [unit_schema.get("const")])
            if name in fitted and units != [None] and fitted[name]["unit"] not in units:
                fitted[name] = {"value": 1, "unit": units[0]}
    return fitted


def _is_asked_for(condition: dict[str, Any] | None, record: dict[str, Any]) -> bool:
    return condition is not None and all(
        record.get(name) in words.get("enum", [words.get("const")])
        for name, words in condition.get("properties", {}).items()
    )


def _fit_limit_conditions(record: dict[str, Any]) -> dict[str, Any]:
    """Return the record with limits of one number each, which nothing is above."""
    fitted = dict(record)
    for name in ("maximum",):
        if name in fitted:
            limit = fitted[name]
            sign = limit.get("comparator")
            fitted[name] = {"value": limit.get("value", limit.get("high")), "unit": limit["unit"]}
            fitted[name].update({"comparator": sign} if sign in {"<", "<="} else {})
    return fitted


def make_contents(kinds: Sequence[Kind]) -> st.SearchStrategy[dict[str, list[dict[str, Any]]]]:
    """Draw a few records of some of the kinds, as an example."""
    records_by_kind = {kind.name: st.lists(make_records(kind), min_size=1, max_size=3) for kind in kinds}
    names = st.lists(st.sampled_from(sorted(records_by_kind)), min_size=1, max_size=5, unique=True)
    return names.flatmap(lambda names: st.fixed_dictionaries({name: records_by_kind[name] for name in names}))


def _make_objects(fields: Sequence[Field]) -> st.SearchStrategy[dict[str, Any]]:
    if {"system", "code", "display"} <= {field.name for field in fields}:
        return st.builds(_make_code, st.sampled_from(_CODES), TEXTS.filter(bool), st.booleans())
    if {"spans", "page", "table"} <= {field.name for field in fields}:
        return _make_sources(fields)
    return st.fixed_dictionaries(
        {field.name: _make_values(field) for field in fields if field.required},
        optional={field.name: _make_values(field) for field in fields if not field.required},
    )


def _make_sources(fields: Sequence[Field]) -> st.SearchStrategy[dict[str, Any]]:
    """Draw sources: spans of a section, or a page, a table, a publication."""
    values = {field.name: _make_values(field) for field in fields}
    spans = st.fixed_dictionaries({name: values.pop(name) for name in ("section", "spans")})
    return spans | st.sampled_from(sorted(values)).flatmap(
        lambda name: st.fixed_dictionaries({name: values[name]})
    )


def _make_values(field: Field) -> st.SearchStrategy[Any]:
    single_values = _make_single_values(field)
    return st.lists(single_values, min_size=1, max_size=3, unique_by=repr) if field.is_list else single_values


def _make_single_values(field: Field) -> st.SearchStrategy[Any]:
    if field.values:
        return st.sampled_from(field.values)
    if field.type == "reference" or field.name == "id":
        return st.sampled_from(IDS)
    if field.type == "quantity":
        return _make_quantities(field)
    if field.type == "object":
        return _make_objects(field.fields)
    if field.type in {"integer", "number"}:
        return _make_numbers(field)
    return st.booleans() if field.type == "boolean" else _make_texts(field)


def _make_texts(field: Field) -> st.SearchStrategy[str]:
    if field.format == "date":
        return st.dates().map(str)
    if field.is_free_text:
        return TEXTS.map(str.strip).filter(bool)
    return st.from_regex(field.pattern, fullmatch=True).map(str.strip) if field.pattern else TEXTS


def _make_quantities(field: Field) -> st.SearchStrategy[Any]:
    parts = {part.name: part for part in field.fields}
    unit = st.sampled_from(field.units) if field.units else st.just("mg")
    optional = {"comparator": _make_single_values(parts["comparator"])} if "comparator" in parts else {}
    number = _make_numbers(parts["value"])
    return st.fixed_dictionaries({"value": number, "unit": unit}, optional=optional) | st.fixed_dictionaries(
        {"low": number, "high": number, "unit": unit}
    )


def _make_numbers(field: Field) -> st.SearchStrategy[Any]:
    low = 0 if field.minimum is None else field.minimum
    high = 10**6 if field.maximum is None else field.maximum
    whole: st.SearchStrategy[Any] = st.integers(int(low) + 1, int(high))
    if field.type == "integer":
        return whole
    fits: Callable[[Any], bool] = lambda number: bool(low < number <= high)  # noqa: E731  it needs its type
    return whole | NUMBERS.filter(fits)


def _make_code(code: tuple[str, str], display: str, has_note: bool) -> dict[str, str]:
    coding = {"system": code[0], "code": code[1], "display": display}
    return {**coding, "note": "broader"} if has_note else coding
