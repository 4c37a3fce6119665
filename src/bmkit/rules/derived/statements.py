"""Facts as statements, a subject and values: a small plain summary of one article and the terms it uses.

Agreement is judged on summaries alone, which can be made of many articles side by side.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from bmkit.content import per_content, per_folder
from bmkit.issue import Place, format_pointer
from bmkit.rules.derived.amounts import Amount, convert_to, name_upper_end, to_amount
from bmkit.rules.derived.facts import describe_contradiction_note, find_note_ids
from bmkit.rules.derived.hierarchy import find_lineage, find_wider_terms
from bmkit.rules.derived.stated_values import Companion, StatedValue
from bmkit.rules.derived.subjects import Atom, Band, drop_implied_atoms
from bmkit.schema.roles import FRAME_FIELDS, load_roles, load_sorts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bmkit.content import Content, Record
    from bmkit.rules.derived.subjects import Subject, WiderWords, Word
    from bmkit.schema import Field, Kind, Schemas
    from bmkit.schema.roles import Role, Sort

BY = "by"
EXCLUDED = "excluded"
_VALUE, _POPULATION_PART, _SILENT_PARTS = "value", "population", ("precision", "remark")
# What a field is part of if the schema does not say: it tells facts apart.
_DEFAULT_PART = "exposure"
_POPULATION_ROLE, _BANDS_ROLE, _CHARACTERISTIC_ROLE = "population", "bands", "characteristic"
_WEAKENS_ROLE, _SORT_ROLE = "weakens", "sort"
_NOTE_KIND, _ARTICLE_KIND = "editorial-note", "article"


class Statement(NamedTuple):
    """A fact: where it stands, its subject, and its values by role (or name, for a field without a role).

    `notes` are the editorial notes on a contradiction that it refers to, each with the numbers in its texts;
    None for a note that cannot be read.
    """

    folder: str
    kind: str
    file: str
    position: int
    id: str
    subject: Subject
    values: Mapping[str, StatedValue]
    notes: Mapping[str, frozenset[Fraction] | None]

    def locate(self, role: str) -> Place:
        """Return the place of a value; of a quantity, its upper end."""
        stated = self.values[role]
        end = (name_upper_end(stated.value),) if isinstance(stated.value, dict) else ()
        return Place(self.file, format_pointer(("records", self.position, *stated.field_path, *end)))


class KindOutline(NamedTuple):
    """What is said of the facts of a kind: which kind of statement they make, of which roles.

    Kinds of one role make the same kind of statement.  `subject_roles` are parts and roles; the fields
    `choice_field` and `plan_field` say which of several choices, or which plan, a fact is of; "" for none.
    """

    statement_kind: str
    subject_roles: frozenset[tuple[str, str]]
    choice_field: str
    plan_field: str


class ArticleSummary(NamedTuple):
    """The statements of one article; plain values, without records, so that it can be kept and sent.

    `subject` is what the article is about, `partial_kinds` are those of which records may be missing.
    """

    folder: str
    subject: Subject
    statements: list[Statement]
    wider_words: WiderWords
    outlines: dict[str, KindOutline]
    partial_kinds: frozenset[str]


def is_excused(statement: Statement, other: Statement, values: tuple[StatedValue, ...]) -> bool:
    """Return whether both facts refer to an editorial note that has all numbers of the values.

    A note with other numbers is on another contradiction; one that cannot be read may be on this one.
    """
    numbers = {Fraction(number) for value in values for number in value.list_numbers()}
    return any(
        note_numbers is None or numbers <= note_numbers
        for note_id, note_numbers in statement.notes.items()
        if note_id in other.notes
    )


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


class _SubjectField(NamedTuple):
    field: Field
    part: str
    role: str
    is_excluded: bool


class _ValueField(NamedTuple):
    field: Field
    role: str
    marks: frozenset[str]
    companions: tuple[tuple[str, Field, bool], ...]


class _KindFields(NamedTuple):
    subject_fields: list[_SubjectField]
    value_fields: list[_ValueField]


class _Outliner:
    """What the schemas say of kinds, found once for all articles."""

    def __init__(self, schemas: Schemas) -> None:
        self._schemas = schemas
        self._fields_by_kind: dict[str, _KindFields] = {}

    def find_fields(self, kind: Kind) -> _KindFields:
        """Return the fields of a kind that its subject and its values are in."""
        if kind.name not in self._fields_by_kind:
            fields = _KindFields([], [])
            self._add_fields(kind, kind.fields, fields)
            self._fields_by_kind[kind.name] = fields
        return self._fields_by_kind[kind.name]

    def find_trait_fields(self, kind: Kind, part: str) -> list[_SubjectField]:
        """Return the fields that describe patients, as parts of the population that a fact is on."""
        return [
            subject_field._replace(
                part=part,
                role=self.name_kind(subject_field.field.target_kind)
                if subject_field.field.target_kind and not subject_field.is_excluded
                else subject_field.role,
            )
            for subject_field in self.find_fields(kind).subject_fields
        ]

    def outline(self, kind: Kind) -> KindOutline:
        """Return what rules must know of a kind."""
        choice_field, plan_field = kind.find_role_field("option"), kind.find_role_field("plan")
        return KindOutline(
            kind.role or kind.name,
            frozenset((field.part, field.role) for field in self.find_fields(kind).subject_fields),
            choice_field.name if choice_field is not None else "",
            plan_field.name if plan_field is not None else "",
        )

    def _add_fields(self, kind: Kind, siblings: tuple[Field, ...], fields: _KindFields) -> None:
        for field in siblings:
            if len(field.path) == 1 and field.name in FRAME_FIELDS:
                continue
            if field.type == "object" and not field.is_list and field.role != _BANDS_ROLE:
                self._add_fields(kind, field.fields, fields)
                continue
            part = field.part or _DEFAULT_PART
            role = load_roles().of_fields.get(field.role)
            marks = role.marks if role is not None else frozenset()
            if part == _VALUE and _is_comparable(field):
                companions = tuple(_iter_companion_fields(kind, role)) if role is not None else ()
                name = field.role or ".".join(field.path)
                fields.value_fields.append(_ValueField(field, name, marks, companions))
            elif part != _VALUE and part not in _SILENT_PARTS:
                name = self._name_subject_field(field, part, marks, siblings)
                fields.subject_fields.append(_SubjectField(field, part, name, EXCLUDED in marks))

    def _name_subject_field(
        self, field: Field, part: str, marks: frozenset[str], siblings: tuple[Field, ...]
    ) -> str:
        """Return the role of a field of the subject, or what stands for one."""
        if field.target_kind and EXCLUDED not in marks:
            is_only_claim = (
                field.declared_role is None
                and [sibling.target_kind for sibling in siblings].count(field.target_kind) == 1
            )
            # Of patients it matters what they have, whichever field says so; else a kind without a role is
            # what the field that refers to it is.
            if part == _POPULATION_PART or (not field.role and is_only_claim):
                return self.name_kind(field.target_kind)
        return field.role or ".".join(field.path)

    def name_kind(self, name: str) -> str:
        """Return the role of a kind, its name if it has none."""
        return (self._schemas.get_kind(name).role if name in self._schemas else "") or name


@per_content
def _get_outliner(content: Content) -> _Outliner:
    return _Outliner(content.schemas)


def _is_comparable(field: Field) -> bool:
    """Return whether two values of a field can contradict each other; lists and prose never do."""
    if field.is_list or field.type == "object":
        return False
    return field.type != "text" or bool(field.poles)


def _iter_companion_fields(kind: Kind, role: Role) -> Iterator[tuple[str, Field, bool]]:
    """Yield the companions of a role that a kind has, with whether they matter only where they are stated."""
    for names, is_optional in ((role.companions, False), (role.companions_if_stated, True)):
        for name in names:
            field = kind.find_role_field(name)
            if field is not None:
                yield name, field, is_optional


class _Summarizer:
    """The statements of one article being made."""

    def __init__(self, content: Content, folder: str) -> None:
        self._content = content
        self._folder = folder
        self._outliner = _get_outliner(content)
        self._wider_words: WiderWords = {}
        self._wider_terms: dict[tuple[str, str], list[tuple[str, str, str]]] = {}
        self._atoms_by_population: dict[tuple[str, str], frozenset[Atom]] = {}
        self._notes: dict[str, Mapping[str, frozenset[Fraction] | None]] = {}

    def summarize(self, records: list[Record]) -> ArticleSummary:
        """Return the summary of these records of the article."""
        outlines: dict[str, KindOutline] = {}
        statements = []
        for record in records:
            if record.kind.name not in outlines:
                outlines[record.kind.name] = self._outliner.outline(record.kind)
            values = dict(self._iter_values(record))
            if values and self._is_about_something(record):
                statements.append(
                    Statement(
                        self._folder,
                        record.kind.name,
                        record.file,
                        record.index,
                        record.id,
                        self._find_subject(record),
                        values,
                        self._find_notes(record),
                    )
                )
        article_records = self._content.folders[self._folder].records_by_kind.get(_ARTICLE_KIND, ())
        return ArticleSummary(
            self._folder,
            frozenset(
                atom
                for article in article_records
                if article.is_valid
                for atom in self._find_subject(article)
                if atom.part == _POPULATION_PART
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

    def _is_about_something(self, record: Record) -> bool:
        """Return whether a fact says what it is about, not only who says it."""
        return any(
            _find_value(record, subject_field.field) is not None
            for subject_field in self._outliner.find_fields(record.kind).subject_fields
            if subject_field.part != BY
        )

    def _find_subject(self, record: Record) -> Subject:
        atoms = {
            atom
            for subject_field in self._outliner.find_fields(record.kind).subject_fields
            for atom in self._iter_field_atoms(record, subject_field)
        }
        is_patient_described_twice = sum(atom.part == _POPULATION_PART for atom in atoms) > 1
        return (
            drop_implied_atoms(atoms, self._wider_words) if is_patient_described_twice else frozenset(atoms)
        )

    def _iter_field_atoms(self, record: Record, subject_field: _SubjectField) -> Iterator[Atom]:
        field, part, role, is_excluded = subject_field
        value = _find_value(record, field)
        if value is None:
            # What is absent means all, unless the schema says what it means.
            value = field.default
        if value is None:
            return
        if field.role == _BANDS_ROLE and field.type == "object":
            for band in value if isinstance(value, list) else [value]:
                yield from self._iter_band_atoms(record, field, part, band)
        elif field.type == "quantity" and not field.is_list:
            yield Atom(part, role, band=_to_band(to_amount(value, field.dimension)))
        elif field.type == "reference":
            yield from self._iter_term_atoms(record, subject_field, value if field.is_list else [value])
        else:
            words = value if isinstance(value, list) else [value]
            # What a list of objects says is one thing that can only be the same or another.
            texts = tuple(sorted({str(word) for word in words}))
            if field.is_list and field.joined_by == "all" and field.type != "object":
                yield from (Atom(part, role, (text,)) for text in texts)
            else:
                yield Atom(part, role, texts if field.type != "object" else (str(texts),), None, is_excluded)

    def _iter_term_atoms(
        self, record: Record, subject_field: _SubjectField, term_ids: list[str]
    ) -> Iterator[Atom]:
        field, part, role, is_excluded = subject_field
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

    def _make_term_atom(
        self, record: Record, subject_field: _SubjectField, term_ids: tuple[str, ...]
    ) -> Atom:
        field, part, role, is_excluded = subject_field
        terms = [self._content.find_record(field.target_kind, term_id, record) for term_id in term_ids]
        is_exception = part == _POPULATION_PART and all(
            term is not None and term.find_value(_WEAKENS_ROLE) is not None for term in terms
        )
        return Atom(part, role, term_ids, None, is_excluded, is_exception)

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
                for atom in self._iter_field_atoms(population, trait_field)
            }
            if not atoms:
                self._add_wider_words((part, _POPULATION_ROLE, population_id), kind, record)
                atoms.add(Atom(part, _POPULATION_ROLE, (population_id,)))
            self._atoms_by_population[key] = frozenset(atoms)
        return self._atoms_by_population[key]

    def _iter_band_atoms(
        self, record: Record, field: Field, part: str, band: dict[str, Any]
    ) -> Iterator[Atom]:
        """Yield what one band says: the range or the word of a characteristic."""
        members = {member.role: member for member in field.fields if member.role}
        characteristic_field = members.get(_CHARACTERISTIC_ROLE)
        characteristic_id = band.get(characteristic_field.name) if characteristic_field is not None else None
        if characteristic_field is None or characteristic_id is None:
            yield Atom(part, field.name, (str(band),))
            return
        characteristic = self._content.find_record(
            characteristic_field.target_kind, characteristic_id, record
        )
        sort = load_sorts().get(characteristic.find_value(_SORT_ROLE)) if characteristic is not None else None
        for role, member in members.items():
            value = band.get(member.name)
            if value is None or role == _CHARACTERISTIC_ROLE:
                continue
            if isinstance(value, dict):
                amount = to_amount(value, member.dimension)
                is_exception = sort is not None and _is_exceptional(amount, sort)
                yield Atom(part, characteristic_id, band=_to_band(amount), is_exception=is_exception)
            else:
                is_exception = sort is not None and sort.is_exception
                yield Atom(part, characteristic_id, (str(value),), is_exception=is_exception)

    def _add_wider_words(self, word: Word, kind: str, record: Record) -> None:
        if word in self._wider_words:
            return
        part, role, term_id = word
        self._wider_words[word] = frozenset(
            (part, role if wider_kind == kind else self._outliner.name_kind(wider_kind), wider_id)
            for wider_kind, wider_id in find_wider_terms(self._content, kind, term_id, record)
        )

    def _iter_values(self, record: Record) -> Iterator[tuple[str, StatedValue]]:
        for field, role, marks, companion_fields in self._outliner.find_fields(record.kind).value_fields:
            value = _find_value(record, field)
            if value is None:
                continue
            companions = {
                companion_role: Companion(
                    _simplify_value(_find_value(record, companion_field), companion_field), is_optional
                )
                for companion_role, companion_field, is_optional in companion_fields
            }
            stated = StatedValue(field.path, value, companions=companions, marks=marks)
            if field.type == "quantity":
                yield role, stated._replace(amount=to_amount(value, field.dimension))
            elif field.type in {"integer", "number"}:
                yield role, stated._replace(amount=Amount(Fraction(value), Fraction(value), ""))
            elif field.type == "boolean":
                yield role, stated._replace(pole=str(value))
            elif field.type == "reference":
                word = (_VALUE, role, value)
                self._add_wider_words(word, field.target_kind, record)
                yield role, stated._replace(term=word, wider_terms=self._wider_words[word])
            elif field.poles and value in field.poles:
                yield role, stated._replace(pole=field.poles[value])

    def _find_notes(self, record: Record) -> dict[str, frozenset[Fraction] | None]:
        """Return the notes on a contradiction that a fact refers to, with their numbers."""
        notes: dict[str, frozenset[Fraction] | None] = {}
        for note_id in find_note_ids(record):
            if note_id not in self._notes:
                note = self._content.find_record(_NOTE_KIND, note_id, record)
                self._notes[note_id] = describe_contradiction_note(note_id, note)
            notes |= self._notes[note_id]
        return notes


def _find_value(record: Record, field: Field) -> Any:
    value: Any = record.value
    for name in field.path:
        value = value.get(name) if value is not None else None
    return value


def _to_band(amount: Amount) -> Band:
    """Return a quantity as a range in the unit of its dimension, or in its own where that is not known."""
    from bmkit.ucum.dimensions import name_dimension, read_dimensions

    dimension = name_dimension(amount.unit, amount.dimension)
    converted = convert_to(amount, read_dimensions().dimensions[dimension].unit) if dimension else None
    low, high = (amount if converted is None else converted)[:2]
    return Band(
        dimension or amount.unit,
        None if amount.is_capped() else low,
        None if amount.is_open() else high,
    )


def _simplify_value(value: Any, field: Field) -> Any:
    """Return a value that can be compared for equality."""
    if field.type == "quantity" and isinstance(value, dict):
        return _to_band(to_amount(value, field.dimension))
    return str(value) if isinstance(value, list | dict) else value


def _is_exceptional(amount: Amount, sort: Sort) -> bool:
    """Return whether patients in this range are an exception, by their sort of characteristic."""
    if sort.is_exception:
        return True
    band = _to_band(amount)
    return any(band.is_within(_to_band(to_amount(limit))) for limit in sort.exceptional_ranges)
