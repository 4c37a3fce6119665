"""The two contents of the repository, our own with the second's facts beside it, and without usual doses.

Our own content has no doses per kg, bands, arms or laboratory values.  With the second's facts in it, what
must be noticed of those is noticed among our own facts, too.
"""

from __future__ import annotations

from copy import deepcopy
from functools import cache
from typing import TYPE_CHECKING, Any

from tests.mistakes import ROOTS

from bmkit.content import Content, File, Folder, Record, read_content

if TYPE_CHECKING:
    from collections.abc import Mapping

Values = dict[str, Any]
AddedRecords = dict[tuple[str, str], list[Values]]
"""Records by folder and kind."""
# What says which values are usual.
_USUAL_KIND, _USUAL_FIELD = "usual-dose", "usual-range"


@cache
def read_contents(name: str) -> Content:
    """Return the content "own", "second" or "both"."""
    return _read_both() if name == "both" else read_content(ROOTS[name])


@cache
def read_contents_without_usual(name: str) -> Content:
    """Return the same where nothing says which doses and values are usual."""
    content = read_contents(name)
    values: dict[str, Values] = {}
    for record in content.iter_records():
        usual = {field.name for field in record.kind.fields if field.role == _USUAL_FIELD}
        values[name_record(record)] = {
            name: value for name, value in record.value.items() if name not in usual
        }
    return make_content(content, values, with_usual=False)


def _read_both() -> Content:
    """Our own content with the second's: a term of the same name is one term, with the fields of both."""
    own = {name_record(record): record for record in read_contents("own").iter_records()}
    fields: dict[str, Values] = {}
    added: AddedRecords = {}
    for record in read_contents("second").iter_records():
        value = move_value(record, record.value)
        own_name = f"{record.kind.name}/{value['id']}"
        if own_name in own:
            fields[own_name] = {**value, **own[own_name].value}
        else:
            added.setdefault((record.folder, record.kind.name), []).append(value)
    return make_content(read_contents("own"), fields, added)


@cache
def _choose_ids() -> dict[str, str]:
    """Return the ids of the second's records beside our own, by "kind/id"."""
    own_terms = [record for record in read_contents("own").iter_records() if "label" in record.value]
    ids_by_label = {(term.kind.name, term["label"].casefold()): term.id for term in own_terms}
    taken_names = {name_record(term) for term in own_terms}
    ids: dict[str, str] = {}
    for record in read_contents("second").iter_records():
        name = name_record(record)
        free_id = f"second-{record.id}" if name in taken_names else record.id
        ids[name] = ids_by_label.get((record.kind.name, str(record.value.get("label")).casefold()), free_id)
    return ids


def move_value(record: Record, value: Values) -> Values:
    """Return a value of a record of the second content as it stands beside our own."""
    moved = Record(record.kind, record.folder, record.file, record.index, deepcopy(value))
    for field in record.kind.reference_fields:
        for parts, target_id in moved.list_values_with_paths(field):
            holder: Any = moved.value
            for part in parts[:-1]:
                holder = holder[part]
            holder[parts[-1]] = _choose_ids()[f"{field.target_kind}/{target_id}"]
    return {**moved.value, "id": _choose_ids()[name_record(record)]}


def name_record(record: Record) -> str:
    return f"{record.kind.name}/{record.id}"


def make_content(
    content: Content,
    values: Mapping[str, Values],
    added: AddedRecords | None = None,
    *,
    with_usual: bool = True,
) -> Content:
    """Return content with other values of records, by "kind/id", and with more records."""
    values_by_place: AddedRecords = {
        (file.folder, file.kind.name): [
            values.get(name_record(record), record.value) for record in file.records
        ]
        for file in content.files
        if with_usual or file.kind.role != _USUAL_KIND
    }
    for place, records in (added or {}).items():
        values_by_place.setdefault(place, []).extend(records)
    folders = {folder: Folder(folder) for folder in dict.fromkeys(folder for folder, _ in values_by_place)}
    for (folder, kind_name), records in values_by_place.items():
        kind, path = content.schemas.get_kind(kind_name), f"content/{folder}/{kind_name}.json"
        document = {"$schema": f"../../schema/{kind_name}.schema.json", "records": records}
        file = File(path, folder, kind, document)
        file.records = [Record(kind, folder, path, index, value) for index, value in enumerate(records)]
        folders[folder].add_file(file)
    # Facts that somebody puts together stand in no text that a seal could be of.
    settings = content.settings._replace(requires_seal=False)
    return Content(content.root, content.schemas, folders, code_lock=content.code_lock, settings=settings)
