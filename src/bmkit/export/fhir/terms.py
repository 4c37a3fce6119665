"""Terms, words and names of fields as CodeableConcepts, and records as sentences."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from bmkit.content import TERMS_FOLDER
from bmkit.content.terminologies import list_terminology_urls
from bmkit.export.fhir.codeable import build_standard_coding
from bmkit.export.fhir.ids import make_distinct_slug, make_slug
from bmkit.sentence import format_sentence
from bmkit.wording import format_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bmkit.content import Content, Record
    from bmkit.export.fhir.ids import Json
    from bmkit.schema import Field, Kind

# Our code systems that are made from the schema rather than from terms.
FIELD_SYSTEM = "field"
WORD_SYSTEM = "word"
CONCEPT_SYSTEM = "concept-property"


_CODED_GROUPS = ("fact", "term", "article")


class Terms:
    """The terms that records refer to: `content` is one article and the shared terms.

    `base` is the start of the URLs of our code systems.  Each term is looked up and described once.
    """

    def __init__(self, content: Content, base: str) -> None:
        self.content = content
        self._base = base
        self._terminology_urls = list_terminology_urls(content.settings)
        self._sentence_by_record: dict[tuple[str, str], str] = {}
        self._concept_by_term: dict[tuple[str, str], Json] = {}
        self._records_by_kind_role: dict[str, list[Record]] = {}

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

    @cached_property
    def code_by_word(self) -> dict[str, str]:
        """The code of each word of the closed lists: the second of two that would have one has a digest."""
        words = {
            text
            for kind in self.content.schemas
            if kind.group in _CODED_GROUPS
            for field in kind.fields
            if field.type == "text"
            for text in field.values
            if isinstance(text, str) and text.strip()
        }
        code_by_word: dict[str, str] = {}
        used_codes: set[str] = set()
        for text in sorted(words):
            code = make_slug(text)
            code_by_word[text] = make_distinct_slug(text) if code in used_codes else code
            used_codes.add(code)
        return code_by_word

    def list_records(self, kind_role: str) -> Sequence[Record]:
        """The records of all kinds with a role, kind by kind."""
        if kind_role not in self._records_by_kind_role:
            self._records_by_kind_role[kind_role] = [
                record
                for kind in self.content.list_kinds()
                if kind.role == kind_role
                for record in self.content.list_records(kind.name)
            ]
        return self._records_by_kind_role[kind_role]

    def iter_terms(self, record: Record, role: str) -> Iterator[Record]:
        """The terms that the field with a role refers to."""
        field = record.kind.find_role_field(role)
        if field is not None:
            yield from self.iter_field_terms(record, field)

    def list_ids(self, record: Record, role: str) -> list[str]:
        """The ids of the terms that the field with a role refers to."""
        return [term.id for term in self.iter_terms(record, role)]

    def iter_field_terms(self, record: Record, field: Field) -> Iterator[Record]:
        """The terms that a field refers to; none if it is no reference."""
        for value in _list_field_values(record, field) if field.target_kind else ():
            yield self.find_term(field.target_kind, value, record)

    def build_concept(self, record: Record, role: str) -> Json | None:
        """The value of the field with a role, a reference or a word of a list, as CodeableConcept.

        None where there is no such field, or no value.
        """
        return next(self.iter_concepts(record, role), None)

    def iter_concepts(self, record: Record, role: str) -> Iterator[Json]:
        """The values of the field with a role, references or words of a list, each as CodeableConcept."""
        field = record.kind.find_role_field(role)
        if field is not None:
            yield from self.iter_field_concepts(record, field)

    def iter_field_concepts(self, record: Record, field: Field) -> Iterator[Json]:
        """The values of a field with references or words of a list, each as CodeableConcept."""
        for value in _list_field_values(record, field):
            yield self.build_value_concept(record, field, value)

    def format_role_value(self, record: Record, role: str) -> str:
        """The value of the field with a role in words, "" where there is no such field, or no value."""
        field = record.kind.find_role_field(role)
        return "" if field is None else self.format_field_value(record, field)

    def format_field_value(self, record: Record, field: Field) -> str:
        """The value of a field in words, "" where there is none."""
        return format_value(record[field.name], field, self.content, record)

    def build_value_concept(self, record: Record, field: Field, value: Any) -> Json:
        """One value of such a field as CodeableConcept."""
        if field.type != "reference":
            # A word of no list has no code.
            return self.build_word_concept(value) if value in self.code_by_word else {"text": str(value)}
        term_key = (field.target_kind, value)
        if term_key not in self._concept_by_term:
            term = self.find_term(field.target_kind, value, record)
            self._concept_by_term[term_key] = self.build_term_concept(term)
        return self._concept_by_term[term_key]

    def build_term_concept(self, term: Record) -> Json:
        """A term as CodeableConcept: our code first, then the standard codes that mean the same.

        A standard code with a note ("broader", "parent", "anhydrous") does not mean the same and is left to
        the code system, which says how the two are related.
        """
        if term.kind.group != "term":
            return {"text": self.describe_record(term)}  # only terms are in code systems
        label = str(term.value.get("label", term.id))
        standard_codings = [
            build_standard_coding(term_code, self._terminology_urls)
            for term_code in term.value.get("codes", ())
            if "note" not in term_code
        ]
        return {
            "coding": [
                _build_coding(self.make_system_url(term.kind.name, term.folder), term.id, label),
                *standard_codings,
            ],
            "text": label,
        }

    def build_word_concept(self, text: str) -> Json:
        """A value of a closed list as CodeableConcept."""
        coding = _build_coding(self.make_system_url(WORD_SYSTEM), self.code_by_word[text], text)
        return {"coding": [coding], "text": text}

    def build_kind_concept(self, kind: Kind) -> Json:
        """The name of a kind as CodeableConcept."""
        return self.build_name_concept(kind.name, kind.title)

    def build_field_concept(self, kind_name: str, field: Field) -> Json:
        """The name of a field of a kind as CodeableConcept."""
        return self.build_name_concept(f"{kind_name}.{field.name}", field.title)

    def build_name_concept(self, code: str, display: str) -> Json:
        """The name of a kind or a field as CodeableConcept."""
        return {"coding": [_build_coding(self.make_system_url(FIELD_SYSTEM), code, display)], "text": display}

    def make_system_url(self, system_name: str, folder: str = TERMS_FOLDER) -> str:
        """The URL of our code system of the terms of a kind, or of FIELD_SYSTEM or WORD_SYSTEM.

        Terms that an article has for itself are in a system of their own: that of the shared terms is the
        same in every export.
        """
        return f"{self._base}/CodeSystem/{name_system(system_name, folder)}"


def name_system(system_name: str, folder: str) -> str:
    """The end of the URLs of a code system and of the value set of its codes."""
    return system_name if folder == TERMS_FOLDER else f"{folder}/{system_name}"


def _build_coding(system_url: str, code: str, display: str) -> Json:
    return {"system": system_url, "code": code, "display": display}


def _list_field_values(record: Record, field: Field) -> list[Any]:
    value = record[field.name]
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
