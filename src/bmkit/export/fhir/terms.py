"""The terms and sentences of a content as FHIR has them: codings, codeable concepts, and words for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bmkit.export.fhir import codeable
from bmkit.sentence import format_sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Content, Record
    from bmkit.export.fhir.ids import Json
    from bmkit.schema import Field


class Terms:
    """What the fields of records refer to: `content` is one article and the shared terms.

    `base` is the start of the URLs of our own code systems.  Each term is looked up and described once.
    """

    def __init__(self, content: Content, base: str) -> None:
        self.content = content
        self.base = base
        self._sentence_by_record: dict[tuple[str, str], str] = {}
        self._concept_by_term: dict[tuple[str, str], Json] = {}

    def describe_record(self, record: Record) -> str:
        """The sentence of a record, or its label where its kind has no sentence."""
        record_key = (record.kind.name, record.id)
        if record_key not in self._sentence_by_record:
            sentence = format_sentence(record, self.content)
            self._sentence_by_record[record_key] = sentence or str(record.value.get("label", record.id))
        return self._sentence_by_record[record_key]

    def find_term(self, kind_name: str, term_id: str, near_record: Record) -> Record:
        """The term of that kind and id; KeyError if there is none, which a checked content cannot have."""
        term = self.content.find_record(kind_name, term_id, near_record)
        if term is None:
            referrer = f"{near_record.kind.name} {near_record.id}"
            raise KeyError(f"{referrer} refers to a {kind_name} {term_id}, which does not exist")
        return term

    def iter_terms(self, record: Record, field_name: str) -> Iterator[Record]:
        """The terms that a field refers to."""
        field = record.kind.get_field(field_name)
        for value in _list_field_values(record, field):
            yield self.find_term(field.target_kind, value, record)

    def build_concept(self, record: Record, field_name: str) -> Json | None:
        """A field with one reference or one word of a list as CodeableConcept; None where it has no value."""
        return next(self.iter_concepts(record, field_name), None)

    def iter_concepts(self, record: Record, field_name: str) -> Iterator[Json]:
        """The values of a field with references or words of a list, each as CodeableConcept."""
        field = record.kind.get_field(field_name)
        for value in _list_field_values(record, field):
            yield self.build_value_concept(record, field, value)

    def build_value_concept(self, record: Record, field: Field, value: Any) -> Json:
        """One value of such a field as CodeableConcept."""
        if field.type != "reference":
            return codeable.build_word_concept(self.base, str(value))
        term_key = (field.target_kind, value)
        if term_key not in self._concept_by_term:
            term = self.find_term(field.target_kind, value, record)
            self._concept_by_term[term_key] = codeable.build_term_concept(self.base, term)
        return self._concept_by_term[term_key]


def _list_field_values(record: Record, field: Field) -> list[Any]:
    value = record[field.name]
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
