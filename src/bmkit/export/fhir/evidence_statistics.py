"""Evidence.statistic: what a fact says of its outcome, in words, numbers, intervals, sizes and P values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.export.fhir.codeable import build_hl7_concept
from bmkit.export.fhir.datatypes import build_quantity, build_range, to_range
from bmkit.wording import format_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bmkit.content import Record
    from bmkit.export.fhir.ids import Json
    from bmkit.export.fhir.resources import Resources
    from bmkit.export.fhir.terms import Terms
    from bmkit.schema import Field

_DESCRIPTIVE = ("descriptive", "Descriptive")
_PROPORTION = ("C44256", "Proportion")
# Codes of http://terminology.hl7.org/CodeSystem/statistic-type, by the word for a statistic.  It has none for
# what tests and treatments are measured by (sensitivity, number needed to treat): those are described.
_STATISTIC_TYPES_BY_WORD = {
    "share": _PROPORTION,
    "proportion": _PROPORTION,
    "survival share": _PROPORTION,
    "sensitivity": _PROPORTION,
    "specificity": _PROPORTION,
    "positive predictive value": _PROPORTION,
    "negative predictive value": _PROPORTION,
    "median": ("C28007", "Median"),
    "mean": ("C53319", "Mean"),
    "count": ("C25463", "Count"),
    "incidence": ("C16726", "Incidence"),
    "incidence rate": ("C16726", "Incidence"),
    "prevalence": ("C17010", "Prevalence"),
    "hazard ratio": ("C93150", "Hazard Ratio"),
    "odds ratio": ("C16932", "Odds Ratio"),
    "relative risk": ("C93152", "Relative Risk"),
    "risk ratio": ("C93152", "Relative Risk"),
    "rate ratio": ("rate-ratio", "Incidence Rate Ratio"),
    "incidence rate ratio": ("rate-ratio", "Incidence Rate Ratio"),
    "risk difference": ("0000424", "Risk Difference"),
    "mean difference": ("0000457", "Mean Difference"),
    "standardised mean difference": ("0000100", "Standardized Mean Difference"),
    "median difference": ("absolute-MedianDiff", "Absolute Median Difference"),
    "correlation": ("C65172", "Pearson Correlation Coefficient"),
    "accuracy": _PROPORTION,
}
# The same for roles that say what their number is.
_STATISTIC_TYPES_BY_ROLE = {"share": _PROPORTION}
_RANGE = ("C38013", "Range")
# Codes of http://terminology.hl7.org/CodeSystem/attribute-estimate-type, by the word for an interval.
_INTERVAL_TYPES_BY_WORD = {
    "confidence": ("C53324", "Confidence interval"),
    "confidence interval": ("C53324", "Confidence interval"),
    "credible": ("0000455", "Credible interval"),
    "credible interval": ("0000455", "Credible interval"),
    "interquartile": ("C53245", "Interquartile range"),
    "interquartile range": ("C53245", "Interquartile range"),
    "range": _RANGE,
}
_P_VALUE = ("C44185", "P-value")
_STANDARD_DEVIATION = ("C53322", "Standard deviation")
# The role of what is estimated, in words; of what else belongs to the estimate.
_STATISTIC_ROLE = "statistic"
_ATTRIBUTE_ROLES = frozenset(
    {
        *("estimate-interval", "interval-kind", "interval-level", "standard-deviation", "p-value"),
        *("events", "sample-size"),
    }
)
# Of several numbers the one that attributes belong to.
_ESTIMATE_ROLES = ("estimate", "share", "survival-time")


def select_statistic_fields(fields: Sequence[Field]) -> list[Field]:
    """Those fields of a fact that its statistics express: values, and what belongs to the estimate."""
    return [
        field
        for field in fields
        if field.role in (_STATISTIC_ROLE, *_ATTRIBUTE_ROLES)
        or (field.part == "value" and _has_statistic(field))
    ]


def build_statistics(resources: Resources, record: Record, fields: Sequence[Field]) -> Iterator[Json]:
    """A statistic for each value of a fact: words first, then numbers."""
    estimate = _find_estimate_field(fields)
    value_fields = [
        field
        for field in fields
        if field.part == "value" and _has_statistic(field) and field.role not in _ATTRIBUTE_ROLES
    ]
    for field in value_fields:
        if not field.amount_type and field.role != _STATISTIC_ROLE:
            for concept in resources.terms.iter_field_concepts(record, field):
                yield {
                    **_build_head(resources.terms, record, field),
                    "statisticType": build_hl7_concept("statistic-type", *_DESCRIPTIVE),
                    "category": concept,
                }
    for field in value_fields:
        if field.amount_type:
            statistic = _build_number_statistic(resources.terms, record, field)
            if field is estimate:
                _add_attributes(record, statistic)
            yield statistic
    attribute_fields = [field for field in fields if field.role in _ATTRIBUTE_ROLES]
    if estimate is None and attribute_fields:
        yield _build_statistic_without_estimate(resources.terms, record, attribute_fields)


def _has_statistic(field: Field) -> bool:
    if field.amount_type or field.type == "reference":
        return field.amount_type in ("", "number", "quantity") and not field.is_list
    return field.type == "text" and bool(field.values)


def _find_estimate_field(fields: Sequence[Field]) -> Field | None:
    numbers_by_role = {
        field.role: field
        for field in reversed(fields)
        if field.part == "value"
        and field.amount_type
        and _has_statistic(field)
        and field.role not in _ATTRIBUTE_ROLES
    }
    roles = (*_ESTIMATE_ROLES, *reversed(numbers_by_role))
    return next((numbers_by_role[role] for role in roles if role in numbers_by_role), None)


def _build_head(terms: Terms, record: Record, field: Field, suffix: str = "") -> Json:
    # "about" is in the words, because FHIR has no comparator for it.
    value_text = format_value(record[field.name], field, terms.content, record)
    return {"id": field.name, "description": f"{field.title}: {value_text}{suffix}"}


def _build_number_statistic(terms: Terms, record: Record, field: Field) -> Json:
    amount = record[field.name]
    # What the record itself says that the number is.
    word = str(record.find_value(_STATISTIC_ROLE) or "") if field.role in _ESTIMATE_ROLES else ""
    statistic: Json = {
        **_build_head(terms, record, field, f" ({word})" if word else ""),
        "statisticType": _build_type(terms, record, word, _STATISTIC_TYPES_BY_ROLE.get(field.role)),
    }
    # What is counted in 1 has no unit of its own: there it is what it is called.
    unit_title = word or field.title.lower()
    if field.type != "quantity":
        return {**statistic, "quantity": build_quantity(amount, "1", counted_unit=unit_title)}
    if "value" in amount:
        return {**statistic, "quantity": _build_number(amount, unit_title)}
    range_type = build_hl7_concept("attribute-estimate-type", *_RANGE)
    return {
        **statistic,
        "attributeEstimate": [{"type": range_type, "range": build_range(amount, unit_title)}],
    }


def _build_type(terms: Terms, record: Record, word: str, default_codes: tuple[str, str] | None) -> Json:
    """HL7's code for a statistic, and the word that the fact has for it as a second coding."""
    type_codes = _STATISTIC_TYPES_BY_WORD.get(word.lower()) or default_codes or _DESCRIPTIVE
    statistic_type = build_hl7_concept("statistic-type", *type_codes)
    if not word:
        return statistic_type
    stated_type = terms.build_concept(record, _STATISTIC_ROLE) or {}
    return {"coding": [*statistic_type["coding"], *stated_type.get("coding", ())], "text": word}


def _build_statistic_without_estimate(terms: Terms, record: Record, fields: Sequence[Field]) -> Json:
    """Events, a P value and the like of what has no estimate."""
    word = str(record.find_value(_STATISTIC_ROLE) or "")
    statistic: Json = {
        "id": fields[0].name,
        "description": "; ".join(
            f"{field.title}: {terms.format_field_value(record, field)}" for field in fields
        ),
        "statisticType": _build_type(terms, record, word, None),
    }
    _add_attributes(record, statistic)
    return statistic


def _add_attributes(record: Record, statistic: Json) -> None:
    """Add the interval, P value, events and sample size that a fact gives with its estimate."""
    attributes = list(_iter_attributes(record))
    if attributes:
        statistic["attributeEstimate"] = [*statistic.get("attributeEstimate", ()), *attributes]
    if (sample_size := record.find_value("sample-size")) is not None and sample_size >= 0:
        statistic["sampleSize"] = {"numberOfParticipants": sample_size}
    if (events := record.find_value("events")) is not None and events >= 0:
        statistic["numberOfEvents"] = events


def _iter_attributes(record: Record) -> Iterator[Json]:
    interval = record.find_value("estimate-interval")
    if interval is not None:
        level, word = record.find_value("interval-level"), str(record.find_value("interval-kind") or "")
        # An interval with a level and no name is one of confidence.
        type_codes = _INTERVAL_TYPES_BY_WORD.get(word.lower() or ("confidence" if level else ""), _RANGE)
        interval_element: Json = {"type": build_hl7_concept("attribute-estimate-type", *type_codes)}
        if level is not None and "value" in level:
            interval_element["level"] = level["value"]
        counted_unit = str(record.find_value(_STATISTIC_ROLE) or "")
        yield {**interval_element, "range": to_range(interval, counted_unit)}
    deviation = record.find_value("standard-deviation")
    if deviation is not None and "value" in deviation:
        deviation_type = build_hl7_concept("attribute-estimate-type", *_STANDARD_DEVIATION)
        yield {"type": deviation_type, "quantity": _build_number(deviation, "")}
    p_value = record.find_value("p-value")
    if p_value is not None:
        p_type = build_hl7_concept("attribute-estimate-type", *_P_VALUE)
        is_number = "value" in p_value
        number = {"quantity": _build_number(p_value, "1")} if is_number else {"range": to_range(p_value)}
        yield {"type": p_type, **number}


def _build_number(amount: Json, counted_unit: str) -> Json:
    return build_quantity(amount["value"], amount["unit"], amount.get("comparator", ""), counted_unit)
