"""Summaries of articles: their facts as statements.

Agreement is judged on summaries alone, which can be made of many articles side by side.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from bmkit.content import per_folder
from bmkit.rules.derived.amounts import Amount, to_amount
from bmkit.rules.derived.bands import iter_band_members, to_band
from bmkit.rules.derived.facts import describe_contradiction_note, find_note_ids
from bmkit.rules.derived.hierarchy import find_lineage, find_wider_terms
from bmkit.rules.derived.stated_values import Companion, StatedValue
from bmkit.rules.derived.statement_fields import BANDS_ROLE, POPULATION_PART, VALUE_PART, get_outliner
from bmkit.rules.derived.statements import BY_PART, ArticleSummary, Statement
from bmkit.rules.derived.subjects import drop_implied_atoms, make_band_atom, make_word_atom
from bmkit.schema.roles import load_sorts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bmkit.content import Content, Record
    from bmkit.rules.derived.bands import Band
    from bmkit.rules.derived.statement_fields import KindFields, KindOutline, SubjectField, ValueField
    from bmkit.rules.derived.subjects import Atom, Subject, WiderWords, Word
    from bmkit.schema import Field
    from bmkit.schema.roles import Sort

# Of more items than these in lists of a fact it is compared as a whole.
_MAX_SUBJECTS = 64
_POPULATION_ROLE = "population"
_WEAKENS_ROLE, _SORT_ROLE = "weakens", "sort"
_NOTE_KIND, _ARTICLE_KIND = "editorial-note", "article"


def summarize_articles(content: Content) -> list[ArticleSummary]:
    """Return a summary of each article of the content that has facts."""
    folder_names = dict.fromkeys(
        file.folder for file in content.files if file.kind.group == "fact" and file.records
    )
    return [summarize_article(content, folder_name) for folder_name in folder_names]


@per_folder
def summarize_article(content: Content, folder_name: str) -> ArticleSummary:
    """Return the summary of the article in a folder."""
    facts = [
        record
        for file in content.folders[folder_name].files
        if file.kind.group == "fact"
        for record in file.records
        if record.is_valid
    ]
    return _Summarizer(content, folder_name).summarize(facts)


class _Summarizer:
    """The statements of one article being made."""

    def __init__(self, content: Content, folder: str) -> None:
        self._content = content
        self._folder = folder
        self._outliner = get_outliner(content)
        self._wider_words: WiderWords = {}
        self._atoms_by_word: dict[tuple[str, str], tuple[Atom, ...]] = {}
        self._atoms_by_population: dict[tuple[str, str], frozenset[Atom]] = {}
        self._notes: dict[str, Mapping[str, frozenset[Fraction] | None]] = {}

    def summarize(self, records: list[Record]) -> ArticleSummary:
        """Return the summary of these records of the article."""
        outlines: dict[str, KindOutline] = {}
        statements = []
        for record in records:
            if record.kind.name not in outlines:
                outlines[record.kind.name] = self._outliner.outline(record.kind)
            fields = self._outliner.find_fields(record.kind)
            values = dict(self._iter_values(record, fields))
            subject, is_about_something = (
                self._find_subject(record, fields) if values else (frozenset(), False)
            )
            if is_about_something:
                notes = self._find_notes(record) if "notes" in record.value else {}
                statements += [
                    Statement(
                        self._folder,
                        record.kind.name,
                        record.file,
                        record.index,
                        record.id,
                        single_subject,
                        values,
                        notes,
                    )
                    for single_subject in _split_subject(subject, fields.each_roles)
                ]
        article_records = self._content.folders[self._folder].records_by_kind.get(_ARTICLE_KIND, ())
        return ArticleSummary(
            self._folder,
            frozenset(
                atom
                for article in article_records
                if article.is_valid
                for atom in self._find_subject(article, self._outliner.find_fields(article.kind))[0]
                if atom.part == POPULATION_PART
            ),
            statements,
            self._wider_words,
            outlines,
            frozenset().union(
                *(
                    self._content.folders[name].partial_kinds
                    for name in self._content.list_reachable_folders(self._folder)
                )
            ),
        )

    def _find_subject(self, record: Record, fields: KindFields) -> tuple[Subject, bool]:
        """Return the subject of a fact, and whether that is more than who says it and what is absent."""
        atoms: set[Atom] = set()
        is_about_something = False
        for name in record.value:
            for subject_field in fields.subject_fields.get(name, ()):
                value = _find_value(record, subject_field.field)
                if value is not None:
                    atoms.update(self._find_field_atoms(record, subject_field, value))
                    is_about_something = is_about_something or subject_field.part != BY_PART
        for subject_field in fields.default_fields:
            # What is absent means all, unless the schema says what it means.
            if _find_value(record, subject_field.field) is None:
                atoms.update(self._find_field_atoms(record, subject_field, subject_field.field.default))
        if sum(atom.part == POPULATION_PART for atom in atoms) > 1:
            return drop_implied_atoms(atoms, self._wider_words), is_about_something
        return frozenset(atoms), is_about_something

    def _find_field_atoms(self, record: Record, subject_field: SubjectField, value: Any) -> tuple[Atom, ...]:
        if not isinstance(value, str):
            return tuple(self._iter_field_atoms(record, subject_field, value))
        # Facts name the same few terms and words all day.
        key = (subject_field.key, value)
        atoms = self._atoms_by_word.get(key)
        if atoms is None:
            atoms = self._atoms_by_word[key] = tuple(self._iter_field_atoms(record, subject_field, value))
        return atoms

    def _iter_field_atoms(self, record: Record, subject_field: SubjectField, value: Any) -> Iterator[Atom]:
        field, part, role, is_excluded, _ = subject_field
        if field.role == BANDS_ROLE and field.type == "object":
            for band in value if isinstance(value, list) else [value]:
                yield from self._iter_band_atoms(record, field, part, band)
        elif field.type == "quantity" and not field.is_list:
            yield make_band_atom(part, role, to_band(to_amount(value, field.dimension)))
        elif field.type == "reference":
            yield from self._iter_term_atoms(record, subject_field, value if field.is_list else [value])
        else:
            words = value if isinstance(value, list) else [value]
            # What a list of objects says is one thing that can only be the same or another.
            texts = tuple(sorted({str(word) for word in words}))
            if field.is_list and field.joined_by == "all" and field.type != "object":
                yield from (make_word_atom(part, role, text) for text in texts)
            elif field.type == "object":
                yield make_word_atom(part, role, str(texts))
            else:
                yield make_word_atom(part, role, *texts, is_excluded=is_excluded)

    def _iter_term_atoms(
        self, record: Record, subject_field: SubjectField, term_ids: list[str]
    ) -> Iterator[Atom]:
        field, part, role, is_excluded, _ = subject_field
        is_population = self._outliner.name_kind(field.target_kind) == _POPULATION_ROLE
        if is_population and len(term_ids) == 1 and not is_excluded:
            yield from self._find_population_atoms(record, field.target_kind, term_ids[0], part)
            return
        for term_id in term_ids:
            self._add_wider_words((part, role, term_id), field.target_kind, record)
        if is_excluded or field.joined_by == "all":
            for term_id in term_ids:
                yield self._make_term_atom(record, subject_field, (term_id,))
        else:
            yield self._make_term_atom(record, subject_field, tuple(sorted(set(term_ids))))

    def _make_term_atom(self, record: Record, subject_field: SubjectField, term_ids: tuple[str, ...]) -> Atom:
        field, part, role, is_excluded, _ = subject_field
        is_exception = part == POPULATION_PART and all(
            (term := self._content.find_record(field.target_kind, term_id, record)) is not None
            and term.find_value(_WEAKENS_ROLE) is not None
            for term_id in term_ids
        )
        return make_word_atom(part, role, *term_ids, is_excluded=is_excluded, is_exception=is_exception)

    def _find_population_atoms(
        self, record: Record, kind: str, population_id: str, part: str
    ) -> frozenset[Atom]:
        """Return what a population is described by; one that is not described is known by its id."""
        key = (kind, population_id)
        if key not in self._atoms_by_population:
            # A population that is described by itself has no other description.
            self._atoms_by_population[key] = frozenset()
            lineage = find_lineage(self._content, kind, population_id, record)
            populations = [self._content.find_record(kind, ancestor_id, record) for ancestor_id in lineage]
            atoms = {
                atom
                for population in populations
                if population is not None
                for trait_field in self._outliner.find_trait_fields(population.kind, part)
                for atom in self._find_trait_atoms(population, trait_field)
            }
            if not atoms:
                self._add_wider_words((part, _POPULATION_ROLE, population_id), kind, record)
                atoms.add(make_word_atom(part, _POPULATION_ROLE, population_id))
            self._atoms_by_population[key] = frozenset(atoms)
        return self._atoms_by_population[key]

    def _find_trait_atoms(self, population: Record, trait_field: SubjectField) -> tuple[Atom, ...]:
        value = _find_value(population, trait_field.field)
        return () if value is None else self._find_field_atoms(population, trait_field, value)

    def _iter_band_atoms(
        self, record: Record, field: Field, part: str, band: dict[str, Any]
    ) -> Iterator[Atom]:
        """Yield what one band says: the range or the word of a characteristic."""
        members = list(iter_band_members(record, field, self._content, band))
        if not members:
            yield make_word_atom(part, field.name, str(band))
        for characteristic_id, term, member, value in members:
            sort = load_sorts().get(term.find_value(_SORT_ROLE)) if term is not None else None
            if isinstance(value, dict):
                range_band = to_band(to_amount(value, member.dimension))
                is_exception = sort is not None and _is_exceptional(range_band, sort)
                yield make_band_atom(part, characteristic_id, range_band, is_exception=is_exception)
            else:
                is_exception = sort is not None and sort.is_exception
                yield make_word_atom(part, characteristic_id, str(value), is_exception=is_exception)

    def _add_wider_words(self, word: Word, kind: str, record: Record) -> None:
        if word in self._wider_words:
            return
        part, role, term_id = word
        self._wider_words[word] = frozenset(
            (part, role if wider_kind == kind else self._outliner.name_kind(wider_kind), wider_id)
            for wider_kind, wider_id in find_wider_terms(self._content, kind, term_id, record)
        )

    def _iter_values(self, record: Record, fields: KindFields) -> Iterator[tuple[str, StatedValue]]:
        for name in record.value:
            for value_field in fields.value_fields.get(name, ()):
                field = value_field.field
                value = _find_value(record, field)
                if value is not None and not (field.poles and value not in field.poles):
                    yield value_field.role, self._make_value(record, value_field, value)

    def _make_value(self, record: Record, value_field: ValueField, value: Any) -> StatedValue:
        field, role, marks, companion_fields = value_field
        companions = {
            companion_role: Companion(
                _simplify_value(_find_value(record, companion_field), companion_field), is_optional
            )
            for companion_role, companion_field, is_optional in companion_fields
        }
        amount: Amount | None = None
        pole = ""
        term: Word | None = None
        wider_terms: frozenset[Word] = frozenset()
        if field.type == "quantity":
            amount = to_amount(value, field.dimension)
        elif field.type in {"integer", "number"}:
            amount = Amount(Fraction(value), Fraction(value), "")
        elif field.type == "boolean":
            pole = str(value)
        elif field.type == "reference":
            term = (VALUE_PART, role, value)
            self._add_wider_words(term, field.target_kind, record)
            wider_terms = self._wider_words[term]
        elif field.poles:
            pole = field.poles[value]
        return StatedValue(field.path, value, amount, pole, term, wider_terms, companions, marks)

    def _find_notes(self, record: Record) -> dict[str, frozenset[Fraction] | None]:
        """Return the notes on a contradiction that a fact refers to, with their numbers."""
        notes: dict[str, frozenset[Fraction] | None] = {}
        for note_id in find_note_ids(record):
            if note_id not in self._notes:
                note = self._content.find_record(_NOTE_KIND, note_id, record)
                self._notes[note_id] = describe_contradiction_note(note_id, note)
            notes |= self._notes[note_id]
        return notes


def _split_subject(subject: Subject, each_roles: set[tuple[str, str]]) -> list[Subject]:
    """Return the subject, or several where a fact holds for each item of a list by itself."""
    subjects = [subject]
    for atom in subject if each_roles else ():
        if len(atom.words) > 1 and (atom.part, atom.role) in each_roles:
            subjects = [
                (single_subject - {atom}) | {atom._replace(words=(word,))}
                for single_subject in subjects
                for word in atom.words
            ]
            if len(subjects) > _MAX_SUBJECTS:
                return [subject]
    return subjects


def _find_value(record: Record, field: Field) -> Any:
    if len(field.path) == 1:
        return record.value.get(field.name)
    value: Any = record.value
    for name in field.path:
        value = value.get(name) if value is not None else None
    return value


def _simplify_value(value: Any, field: Field) -> Any:
    """Return a value that can be compared for equality."""
    if field.type == "quantity" and isinstance(value, dict):
        return to_band(to_amount(value, field.dimension))
    if isinstance(value, list):
        texts = map(str, value)
        return tuple(texts if field.is_sequence else sorted(texts))
    return str(value) if isinstance(value, dict) else value


def _is_exceptional(band: Band, sort: Sort) -> bool:
    """Return whether patients in this range are an exception, by their sort of characteristic."""
    return sort.is_exception or any(
        band.is_within(to_band(to_amount(limit))) for limit in sort.exceptional_ranges
    )
