"""Which fields of a kind a fact's subject is in, and which its values: what the schemas say, found once."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from bmkit.content import per_content
from bmkit.schema.roles import FRAME_FIELDS, load_roles

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Content
    from bmkit.schema import Field, Kind, Schemas
    from bmkit.schema.roles import Role

VALUE_PART, POPULATION_PART = "value", "population"
BANDS_ROLE = "bands"
_EXCLUDED_MARK = "excluded"
_SILENT_PARTS = ("precision", "remark")
# What a field is part of if the schema does not say: it tells facts apart.
_DEFAULT_PART = "exposure"


class KindOutline(NamedTuple):
    """What is said of the facts of a kind: which kind of statement they make, of which roles.

    Kinds of one role make the same kind of statement.  `subject_roles` are parts and roles; the fields
    `choice_field` and `plan_field` say which of several choices, or which plan, a fact is of; "" for none.
    """

    statement_kind: str
    subject_roles: frozenset[tuple[str, str]]
    choice_field: str
    plan_field: str


class SubjectField(NamedTuple):
    """A field that is part of the subject; `key` tells it from all others, also as the trait of a patient."""

    field: Field
    part: str
    role: str
    is_excluded: bool
    key: str


class ValueField(NamedTuple):
    """A field that a fact states a value in, with the marks and companions of its role."""

    field: Field
    role: str
    marks: frozenset[str]
    companions: tuple[tuple[str, Field, bool], ...]


class KindFields:
    """The fields of a kind by the name of what stands in the record: of an object the fields in it."""

    def __init__(self) -> None:
        self.subject_fields: dict[str, list[SubjectField]] = {}
        self.value_fields: dict[str, list[ValueField]] = {}
        self.default_fields: list[SubjectField] = []
        self.each_roles: set[tuple[str, str]] = set()

    def add_subject_field(self, subject_field: SubjectField) -> None:
        """Add a field of the subject."""
        field = subject_field.field
        self.subject_fields.setdefault(field.path[0], []).append(subject_field)
        if field.default is not None:
            self.default_fields.append(subject_field)
        if field.joined_by == "each":
            self.each_roles.add((subject_field.part, subject_field.role))

    def iter_subject_fields(self) -> Iterator[SubjectField]:
        """Yield every field of the subject."""
        return chain.from_iterable(self.subject_fields.values())


class Outliner:
    """What the schemas say of kinds, found once for all articles."""

    def __init__(self, schemas: Schemas) -> None:
        self._schemas = schemas
        self._fields_by_kind: dict[str, KindFields] = {}
        self._outlines_by_kind: dict[str, KindOutline] = {}
        self._trait_fields: dict[tuple[str, str], list[SubjectField]] = {}

    def find_fields(self, kind: Kind) -> KindFields:
        """Return the fields of a kind that its subject and its values are in."""
        if kind.name not in self._fields_by_kind:
            fields = KindFields()
            self._add_fields(kind, kind.fields, fields)
            self._fields_by_kind[kind.name] = fields
        return self._fields_by_kind[kind.name]

    def find_trait_fields(self, kind: Kind, part: str) -> list[SubjectField]:
        """Return the fields that describe patients, as parts of the population that a fact is on."""
        if (kind.name, part) not in self._trait_fields:
            self._trait_fields[kind.name, part] = [
                subject_field._replace(
                    key=f"{subject_field.key} {part}",
                    part=part,
                    role=self.name_kind(subject_field.field.target_kind)
                    if subject_field.field.target_kind and not subject_field.is_excluded
                    else subject_field.role,
                )
                for subject_field in self.find_fields(kind).iter_subject_fields()
            ]
        return self._trait_fields[kind.name, part]

    def outline(self, kind: Kind) -> KindOutline:
        """Return what rules must know of a kind."""
        if kind.name not in self._outlines_by_kind:
            choice_field, plan_field = kind.find_role_field("option"), kind.find_role_field("plan")
            subject_fields = self.find_fields(kind).iter_subject_fields()
            self._outlines_by_kind[kind.name] = KindOutline(
                kind.role or kind.name,
                frozenset((field.part, field.role) for field in subject_fields),
                choice_field.name if choice_field is not None else "",
                plan_field.name if plan_field is not None else "",
            )
        return self._outlines_by_kind[kind.name]

    def _add_fields(self, kind: Kind, siblings: tuple[Field, ...], fields: KindFields) -> None:
        for field in siblings:
            if len(field.path) == 1 and field.name in FRAME_FIELDS:
                continue
            if field.type == "object" and not field.is_list and field.role != BANDS_ROLE:
                self._add_fields(kind, field.fields, fields)
                continue
            part = field.part or _DEFAULT_PART
            role = load_roles().of_fields.get(field.role)
            marks = role.marks if role is not None else frozenset()
            if part == VALUE_PART and _is_comparable(field):
                companions = tuple(_iter_companion_fields(kind, role)) if role is not None else ()
                name = field.role or ".".join(field.path)
                value_field = ValueField(field, name, marks, companions)
                fields.value_fields.setdefault(field.path[0], []).append(value_field)
            elif part != VALUE_PART and part not in _SILENT_PARTS:
                name = self._name_subject_field(field, part, marks, siblings)
                key = f"{kind.name} {'.'.join(field.path)}"
                fields.add_subject_field(SubjectField(field, part, name, _EXCLUDED_MARK in marks, key))

    def _name_subject_field(
        self, field: Field, part: str, marks: frozenset[str], siblings: tuple[Field, ...]
    ) -> str:
        """Return the role of a field of the subject, or what stands for one."""
        if field.target_kind and _EXCLUDED_MARK not in marks:
            is_only_claim = (
                field.declared_role is None
                and [sibling.target_kind for sibling in siblings].count(field.target_kind) == 1
            )
            # Of patients it matters what they have, whichever field says so; else a kind without a role is
            # what the field that refers to it is.
            if part == POPULATION_PART or (not field.role and is_only_claim):
                return self.name_kind(field.target_kind)
        return field.role or ".".join(field.path)

    def name_kind(self, name: str) -> str:
        """Return the role of a kind, its name if it has none."""
        return (self._schemas.get_kind(name).role if name in self._schemas else "") or name


@per_content
def get_outliner(content: Content) -> Outliner:
    """Return what the schemas of the content say of its kinds, found as it is asked for."""
    return Outliner(content.schemas)


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
