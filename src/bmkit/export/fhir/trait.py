"""Traits: what a field tells of people or things, each of one value or of several of which one is enough."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from bmkit.export.fhir import codeable
from bmkit.export.fhir.datatypes import build_quantity, build_quantity_or_range
from bmkit.wording import format_value, join_phrases

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bmkit.content import Record
    from bmkit.export.fhir.ids import Json
    from bmkit.export.fhir.resources import Resources


class Characteristic(NamedTuple):
    """One thing that is known: `code` says what, `value` is its valueCodeableConcept, valueQuantity ….

    `text` says both, `said` the value.  `term` is the term that the value is, None for anything but a term.
    `either` are the traits of which one is enough; then there is no value.
    """

    name: str
    code: Json
    value: Json
    text: str
    value_text: str
    term: Record | None = None
    exclude: bool = False
    alternatives: tuple[Characteristic, ...] = ()


# Fields of which one value is enough: one solution or the other, a metastasis here or there.  All
# else that is listed holds together.
ALTERNATIVE_FIELDS = frozenset(
    {
        "clinical-feature.sites",
        "clinical-feature.tumours",
        "dosing.solutions",
        "population.sites",
        "population.tumours",
        "procedure-use.sites",
    }
)
# Fields of a population that say what its members have not.
_EXCLUDING_FIELDS = frozenset({"without"})


def build_characteristics(
    resources: Resources, record: Record, field_names: Iterable[str]
) -> list[Characteristic]:
    """The traits that the fields `names` of a record tell: one for each value, or for all alternatives."""
    return [
        characteristic
        for field_name in field_names
        for characteristic in _build_field_characteristics(resources, record, field_name)
    ]


def build_kind_characteristic(resources: Resources, record: Record) -> Characteristic:
    """What a kind of fact is about, where its name says it: survival, say."""
    title = record.kind.title
    return Characteristic(
        "kind", codeable.build_name_concept(resources.base, record.kind.name, title), {}, title, title
    )


def build_subject_characteristic(resources: Resources) -> Characteristic:
    """What the article is about, as a trait of those it speaks of; if it does not say, the article."""
    term = resources.find_subject()
    if term is None:
        code = codeable.build_name_concept(resources.base, "article", "Article")
        return Characteristic(
            "article",
            code,
            {"valueCodeableConcept": {"text": resources.article.label}},
            resources.article.label,
            resources.article.label,
        )
    return build_term_characteristic(
        resources,
        term,
        "condition",
        codeable.build_name_concept(resources.base, "condition", term.kind.title),
    )


def format_characteristics(characteristics: Sequence[Characteristic]) -> str:
    """All traits in words; the direction of a change stands with what is changed."""
    effects_by_name = {
        characteristic.name.removesuffix(_EFFECT_SUFFIX): characteristic
        for characteristic in characteristics
        if characteristic.name.endswith(_EFFECT_SUFFIX)
    }
    names = {characteristic.name for characteristic in characteristics}
    texts: list[str] = []
    for characteristic in characteristics:
        if (
            characteristic.name.endswith(_EFFECT_SUFFIX)
            and characteristic.name.removesuffix(_EFFECT_SUFFIX) in names
        ):
            continue
        effect = effects_by_name.get(characteristic.name)
        text = (
            characteristic.text
            if effect is None
            else characteristic.text.replace(": ", f": {effect.value_text} ", 1)
        )
        texts.append(text)
    return "; ".join(texts)


_EFFECT_SUFFIX = "_effect"


def _build_field_characteristics(
    resources: Resources, record: Record, field_name: str
) -> Iterator[Characteristic]:
    characteristics = list(_build_value_characteristics(resources, record, field_name))
    if len(characteristics) < 2 or f"{record.kind.name}.{field_name}" not in ALTERNATIVE_FIELDS:  # noqa: PLR2004  one has no other
        yield from characteristics
        return
    value_text = join_phrases([characteristic.value_text for characteristic in characteristics], "or")
    text = f"{record.kind.get_field(field_name).title}: {value_text}"
    yield Characteristic(
        field_name, characteristics[0].code, {}, text, value_text, alternatives=tuple(characteristics)
    )


def _build_value_characteristics(
    resources: Resources, record: Record, field_name: str
) -> Iterator[Characteristic]:
    field = record.kind.get_field(field_name)
    field_value = record[field_name]
    if field_value is None:
        return
    code = codeable.build_field_concept(resources.base, record.kind.name, field)
    for item in field_value if isinstance(field_value, list) else [field_value]:
        value_text = format_value(item, field._replace(is_list=False), resources.content, record)
        # A word that is its own title ("also") is said once.
        text = value_text if value_text.lower() == field.title.lower() else f"{field.title}: {value_text}"
        term = resources.find_term(field.target_kind, item, record) if field.type == "reference" else None
        yield Characteristic(
            field_name,
            code,
            _build_characteristic_value(resources, record, field, item, value_text),
            text,
            value_text,
            term,
            field_name in _EXCLUDING_FIELDS,
        )


def _build_characteristic_value(
    resources: Resources, record: Record, field: Any, item: Any, value_text: str
) -> Json:
    if field.type == "quantity":
        return build_quantity_or_range("value", item, field.title.lower())
    if field.type in ("integer", "number"):
        return {"valueQuantity": build_quantity(item, "1", counted_unit=field.title.lower())}
    if field.type == "boolean":
        return {"valueBoolean": item}
    if field.type == "object":
        return {"valueCodeableConcept": {"text": value_text}}
    if field.type == "text" and not field.values:
        return {"valueCodeableConcept": {"text": item}}
    return {"valueCodeableConcept": resources.build_value_concept(record, field, item)}


def build_term_characteristic(resources: Resources, term: Record, name: str, code: Json) -> Characteristic:
    """A term as trait; `code` says as what."""
    value_element = {"valueCodeableConcept": codeable.build_term_concept(resources.base, term)}
    value_text = resources.describe_record(term)
    return Characteristic(name, code, value_element, f"{term.kind.title}: {value_text}", value_text, term)
