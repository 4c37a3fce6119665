"""The repairs of a file, found along its schema."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from bmkit.canonical import format_json_string
from bmkit.content import per_content
from bmkit.fix.repair import Repair, find_only_match, tidy_text
from bmkit.issue import format_pointer
from bmkit.jsontext import Positions
from bmkit.rules.derived.free_text import is_quoted_field
from bmkit.schema import SCHEMA_SUFFIX
from bmkit.schema.patterns import matches_pattern
from bmkit.shape import ShapeChecker, find_shape_issues

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from bmkit.content import Content, File, Record
    from bmkit.issue import PathPart
    from bmkit.schema import Field

_CODE_FIELDS = {"system", "code"}
_DOSE_ROLES = frozenset({"product", "route", "form"})
_NUMERIC_FIELD_TYPES = ("quantity", "integer", "number")
# Whatever its schema, what has such a member is a quantity or a code.
_QUANTITY_AND_CODE_FIELDS = frozenset({"unit", "code", "value", "low", "high", "comparator"})

_Correction = tuple[tuple["PathPart", ...], bool, str]
"""Where from the top of the file, whether the key is meant, and what should stand there."""

_ReferrersById = dict[tuple[str, str], list["Record"]]
"""The records that refer to an id, each once, by kind and id."""


def find_repairs(content: Content, file_paths: Collection[str] | None = None) -> list[Repair]:
    """Return the repairs of all files, or of those in `file_paths` (relative to the root), in their order.

    What is repaired: an id, an enum's word or a field's name that differs from the only one near it by case,
    blanks and hyphens, number, or two neighbouring letters in the wrong order; a synonym where an id belongs;
    the path of the schema; and in free text blanks, composed letters and the micro sign.  Numbers, and
    anything inside quantities and codes, are never looked at, and no field is renamed that holds such.  An id
    that several records use, and one that only its own record uses, may be right: then the id of the record
    is misspelt.  A retired term gives way to the one that replaces it, but for medicines, routes and forms.
    SchemaError if a schema cannot be used.
    """
    all_repairs: list[Repair] = []
    for file in content.files:
        if file_paths is None or file.path in file_paths:
            all_repairs += _RepairFinder(content, file).find_file_repairs()
    return all_repairs


class _RepairFinder:
    """One file on its way to its repairs."""

    def __init__(self, content: Content, file: File) -> None:
        self._content = content
        self._file = file
        self._synonyms_by_kind: dict[tuple[str, str], dict[str, str]] = {}

    def find_file_repairs(self) -> list[Repair]:
        """Return the repairs, in the order of the text."""
        corrections = [*self._find_schema_corrections(), *self._find_record_corrections()]
        if not corrections:
            return []
        text = self._content.read_text(self._file.path)
        positions = Positions(text)
        repairs = []
        for parts, key, new in corrections:
            token_pointer = format_pointer(parts)
            start, end = positions.locate_pointer(token_pointer, key=key)
            repairs.append(
                Repair(
                    self._file.path, start, end, token_pointer, key, text[start:end], format_json_string(new)
                )
            )
        return sorted(repairs, key=lambda repair: repair.start)

    def _find_schema_corrections(self) -> Iterator[_Correction]:
        for issue in self._content.issues:
            if (
                issue.place.file == self._file.path
                and issue.rule == "content.wrong-schema"
                and not self._is_of_another_kind(self._file.value["$schema"])
            ):
                yield ("$schema",), False, f"../../schema/{self._file.kind.name}{SCHEMA_SUFFIX}"

    def _is_of_another_kind(self, named_schema: str) -> bool:
        """Return whether a $schema is that of another kind: then the file may have the wrong name."""
        kind_name = named_schema.rsplit("/", 1)[-1].removesuffix(SCHEMA_SUFFIX)
        return kind_name != self._file.kind.name and kind_name in self._content.schemas

    def _find_record_corrections(self) -> Iterator[_Correction]:
        for record in self._file.records:
            record_path = ("records", record.index)
            yield from self._find_object_corrections(record.value, record.kind.fields, record_path, record)

    def _find_object_corrections(
        self, value: dict[str, Any], fields: Sequence[Field], path: tuple[PathPart, ...], record: Record
    ) -> Iterator[_Correction]:
        fields_by_name = {field.name: field for field in fields}
        free_names = [name for name in fields_by_name if name not in value]
        matches = {name: find_only_match(name, free_names) for name in value if name not in fields_by_name}
        claim_counts = Counter(matches.values())
        for name, item in value.items():
            if name in fields_by_name:
                yield from self._find_field_corrections(item, fields_by_name[name], (*path, name), record)
            # Of two members that may have the name, which should have it is for a person to say.
            elif (
                (match := matches[name])
                and claim_counts[match] == 1
                and not _can_hold_measure(fields_by_name[match], item)
            ):
                yield (*path, name), True, match

    def _find_field_corrections(
        self, value: Any, field: Field, path: tuple[PathPart, ...], record: Record
    ) -> Iterator[_Correction]:
        if _is_untouchable(field):
            return
        if not isinstance(value, list):
            yield from self._find_value_corrections(value, field, path, record)
            return
        present_words = {item for item in value if isinstance(item, str)}
        for index, item in enumerate(value):
            for correction in self._find_value_corrections(item, field, (*path, index), record):
                # The repaired item may be in the list already; which one to remove is for a person to decide.
                if not isinstance(item, str) or correction[2] not in present_words:
                    present_words.add(correction[2])
                    yield correction

    def _find_value_corrections(
        self, value: Any, field: Field, path: tuple[PathPart, ...], record: Record
    ) -> Iterator[_Correction]:
        if isinstance(value, dict):
            if not field.fields or field.type == "quantity" or _has_unit_or_code(value):
                return
            yield from self._find_object_corrections(value, field.fields, path, record)
        elif (
            isinstance(value, str)
            and (corrected := self._correct_text(value, field, record))
            and corrected != value
        ):
            yield path, False, corrected

    def _correct_text(self, value: str, field: Field, record: Record) -> str:
        if field.type == "reference":
            corrected = self._correct_reference(value, field.target_kind, record)
            return corrected or self._find_successor(value, field.target_kind, record)
        if field.type != "text" or is_quoted_field(field):
            return ""
        if field.values:
            listed_words = [word for word in field.values if isinstance(word, str)]
            return "" if value in listed_words else _correct_listed_word(value, listed_words)
        return tidy_text(value) if field.is_free_text else ""

    def _correct_reference(self, value: str, kind: str, record: Record) -> str:
        content = self._content
        if content.get(kind, value, record) is not None or not content.is_fully_read(kind, record.folder):
            return ""
        if content.find_own_term(kind, value, record.folder) is not None:
            return ""  # a term of another article is meant: no slip
        folder_and_kind = (record.folder, kind)
        if folder_and_kind not in self._synonyms_by_kind:
            self._synonyms_by_kind[folder_and_kind] = dict(_find_unique_synonyms(content, kind, record))
        ids = [
            other_record.id
            for other_record in content.iter_reachable_records(kind, record)
            if other_record.id
        ]
        match = find_only_match(value, ids, self._synonyms_by_kind[folder_and_kind])
        matched_record = content.get(kind, match, record) if match else None
        return (
            match
            if matched_record is not None and _is_misspelt_reference(content, kind, value, matched_record)
            else ""
        )

    def _find_successor(self, value: str, kind: str, record: Record) -> str:
        """Return the term that takes the place of a retired one, "" if there is none or a person must say so.

        Of a medicine, a route or a form nobody but a person says that a dose holds for another, too.
        """
        term = self._content.find_record(kind, value, record)
        if term is None or not term.value.get("retired") or record.value.get("retired"):
            return ""
        successor_id = term.value.get("replaced_by")
        successor = (
            self._content.find_record(kind, successor_id, record) if isinstance(successor_id, str) else None
        )
        if successor is None or successor.value.get("retired") or term.kind.role in _DOSE_ROLES:
            return ""
        return successor.id


def _find_unique_synonyms(content: Content, kind: str, near_record: Record) -> Iterator[tuple[str, str]]:
    """Return the id by each other name of a record; a name that several records have is left out."""
    ids_by_name: dict[str, set[str]] = {}
    for record in content.iter_reachable_records(kind, near_record):
        names = [record.value.get("label")]
        for field_name in ("synonyms", "as_in_article"):
            field_names = record.value.get(field_name)
            names += field_names if isinstance(field_names, list) else []
        for name in names:
            if isinstance(name, str) and record.id:
                ids_by_name.setdefault(name, set()).add(record.id)
    return ((name, *record_ids) for name, record_ids in ids_by_name.items() if len(record_ids) == 1)  # type: ignore[misc]


def _correct_listed_word(value: str, listed_words: Sequence[str]) -> str:
    """Return the word of a closed list that is meant; "" where either is a unit: "MG" may be "mg" or "Mg"."""
    match = find_only_match(value, listed_words)
    if not match:
        return ""
    # Only a misspelt word pays for the table of all units.
    from bmkit.ucum.units import is_valid_unit

    return "" if is_valid_unit(match) or is_valid_unit(value) else match


def _is_untouchable(field: Field) -> bool:
    """Return whether nobody but a person may touch what stands in a field: a quantity, a number, a code."""
    member_names = {member.name for member in field.fields}
    return (
        field.type in _NUMERIC_FIELD_TYPES
        or field.name in _QUANTITY_AND_CODE_FIELDS
        or member_names >= _CODE_FIELDS
    )


def _can_hold_measure(field: Field, value: Any) -> bool:
    """Return whether a field or one below it, or what stands there, is a quantity, a number or a code."""
    return any(map(_is_untouchable, field.walk_fields())) or _is_measure(value)


def _is_measure(value: Any) -> bool:
    """Return whether a value, or one inside it, is a number or stands in a quantity or a code."""
    if isinstance(value, dict):
        return _has_unit_or_code(value) or any(map(_is_measure, value.values()))
    if isinstance(value, list):
        return any(map(_is_measure, value))
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def _has_unit_or_code(value: dict[str, Any]) -> bool:
    return not _QUANTITY_AND_CODE_FIELDS.isdisjoint(value)


def _is_misspelt_reference(content: Content, kind: str, missing_id: str, record: Record) -> bool:
    """Return whether the reference `missing_id` is misspelt, and not the `record` it seems to mean.

    What cannot be an id is.  What can be one may as well be the right name of a record that lost it: then
    others say the missing name too, or nobody the one that is there.
    """
    _mark_invalid_records(content)
    if not record.is_valid:
        return False
    if not _can_be_id(record, missing_id):
        return True
    if any(folder.unread_kinds for folder in content.folders.values()):
        return False  # who else refers to them is unknown
    referrers_by_id = _map_referrers(content)
    referrers = referrers_by_id.get((kind, record.id), ())
    return len(referrers_by_id.get((kind, missing_id), ())) < 2 and any(  # noqa: PLR2004  a slip is made once
        referrer is not record and content.get(kind, record.id, referrer) is record for referrer in referrers
    )


def _can_be_id(record: Record, word: str) -> bool:
    pattern = record.kind.get_field("id").pattern if "id" in record.kind else ""
    return not pattern or matches_pattern(pattern, word)


@per_content
def _mark_invalid_records(content: Content) -> bool:
    find_shape_issues(content, ShapeChecker())
    return True


@per_content
def _map_referrers(content: Content) -> _ReferrersById:
    referrers_by_id: _ReferrersById = {}
    for file in content.files:
        for record in file.records:
            for kind, target_id in set(_iter_reference_ids(record.value, file.kind.fields)):
                referrers_by_id.setdefault((kind, target_id), []).append(record)
    return referrers_by_id


def _iter_reference_ids(value: dict[str, Any], fields: Sequence[Field]) -> Iterator[tuple[str, str]]:
    """Return kind and id of all that a record refers to, whatever its shape."""
    for field in fields:
        field_value = value.get(field.name)
        for element in field_value if isinstance(field_value, list) else (field_value,):
            if field.type == "reference" and isinstance(element, str):
                yield field.target_kind, element
            elif field.fields and isinstance(element, dict):
                yield from _iter_reference_ids(element, field.fields)
