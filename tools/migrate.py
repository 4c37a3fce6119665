"""Brings the content of a project into version 1 of the schemas: `python tools/migrate.py [ROOT]`.

What is called otherwise now stands in migrate.toml.  Only what it names is written anew; all other text stays
as it is, to the last blank.  What a person has to decide stays, too, and is named with its place.  All files
are written or none, and a second run changes nothing.

Exit status: that of `bmkit validate`, which is run at the end; 2 for what cannot be read or written.
"""

from __future__ import annotations

import re
import shutil
import sys
import tomllib
from collections import defaultdict
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import click

from bmkit import SCHEMAS_VERSION
from bmkit.atomic import create_file, replace_folders, rewrite_file
from bmkit.canonical import format_canonical_json, format_json_string
from bmkit.cli.main import main as run_bmkit
from bmkit.config import SETTINGS_FILE, read_settings
from bmkit.content import CONTENT_FOLDER, TERMS_FOLDER
from bmkit.disk import refuse_way_out
from bmkit.errors import BmkitError
from bmkit.jsontext import JsonError, Lines, Positions, decode_utf8, parse_json, read_bytes
from bmkit.write_json import format_json

_TABLE = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
_KINDS: dict[str, dict[str, Any]] = _TABLE["kinds"]
_TERMS: dict[str, dict[str, Any]] = _TABLE["terms"]
_RATE_UNIT = re.compile(r"(.+)/(s|min|h|d|wk|mo|a)")
_NAMES_OF_TERMS = {"id", "label", "synonyms", "as_in_article", "codes", "notes"}
_EXIT_WRONG_USE = 2


class _Member(NamedTuple):
    """A member of a record as its text has it: what stands before it, its name and its value."""

    before: str
    name_text: str
    colon: str
    value_text: str


class _Left(NamedTuple):
    """A member that a person has to decide on, and what to do about it."""

    path: str
    pointer: str
    advice: str


class _File:
    """A file of content: its path below content/, its text, its records and the kind of them."""

    def __init__(self, path: str, data: bytes) -> None:
        self.path, self.text, self.kind = path, decode_utf8(data), Path(path).stem
        self.table = _KINDS.get(self.kind, {})
        self.new_kind: str = self.table.get("becomes", self.kind)
        self.new_path = Path(path).with_name(f"{self.new_kind}.json").as_posix()
        self.records: list[dict[str, Any]] = parse_json(data)["records"]
        self.ids: list[str] = [record["id"] for record in self.records]
        self.positions = Positions(self.text)

    def list_members(self, index: int) -> list[_Member]:
        """Return the members of a record, as they stand there."""
        offset = self.positions.locate_pointer(f"/records/{index}")[0] + 1
        members = []
        for name in self.records[index]:
            key_start, key_end = self.positions.locate_pointer(f"/records/{index}/{name}", key=True)
            start, end = self.positions.locate_pointer(f"/records/{index}/{name}")
            parts = (offset, key_start), (key_start, key_end), (key_end, start), (start, end)
            members.append(_Member(*(self.text[part_start:part_end] for part_start, part_end in parts)))
            offset = end
        return members


class _Migration:
    """The files of a project on their way into the new shape; `left` is filled by `make_files`."""

    def __init__(self, files: list[_File]) -> None:
        self.left: list[_Left] = []
        self._files = files
        self._records = {
            (file.new_kind, record_id): record
            for file in files
            for record_id, record in zip(file.ids, file.records, strict=True)
        }
        self._new_terms: dict[str, list[dict[str, Any]]] = defaultdict(list)

    def make_files(self) -> dict[str, str]:
        """Return the new text of each file that changes, by its path below content/; "" of one that goes."""
        first_files: dict[str, _File] = {}
        record_texts: dict[str, list[str]] = defaultdict(list)
        for file in self._files:
            first_files.setdefault(file.new_path, file)
            texts = record_texts[file.new_path]
            for index in range(len(file.records)):
                texts.append(self._write_record(file, index, f"/records/{len(texts)}"))
        for kind, terms in self._new_terms.items():
            record_texts[f"{TERMS_FOLDER}/{kind}.json"] += map(format_json, terms)
        old_texts = {file.path: file.text for file in self._files}
        new_texts = {
            path: _write_file(path, first_files.get(path), texts) for path, texts in record_texts.items()
        }
        changed_texts = {path: text for path, text in new_texts.items() if text != old_texts.get(path)}
        return changed_texts | {path: "" for path in old_texts if path not in new_texts}

    def _write_record(self, file: _File, index: int, new_pointer: str) -> str:
        """Return the text of a record in its new shape, and note what of it is left."""
        members = dict(zip(file.records[index], file.list_members(index), strict=True))
        lead = next(iter(members.values())).before
        replacements = {
            name: self._replace_member(file, file.records[index], name, member.value_text)
            for name, member in members.items()
        }
        values_by_name = {name: members[name].value_text for name, new in replacements.items() if new is None}
        written = []
        for name, member in members.items():
            new_members = replacements[name]
            advice = _advise(file, name, file.records[index][name])
            for new_name, text in new_members or ():
                if values_by_name.get(new_name, text) != text:
                    new_members, advice = None, f"it is {new_name} now, and another field says that already"
            if advice:
                self.left.append(_Left(file.new_path, f"{new_pointer}/{name}", advice))
            if new_members is None:
                written.append(member)
                continue
            for number, (new_name, text) in enumerate(new_members):
                if new_name not in values_by_name:
                    values_by_name[new_name] = text
                    before = member.before if number == 0 else f",{lead}" if "\n" in lead else ", "
                    written.append(_Member(before, format_json_string(new_name), member.colon, text))
        written[0] = written[0]._replace(before=lead)
        start, end = file.positions.locate_pointer(f"/records/{index}")
        record_text = file.text[start:end]
        tail = record_text[1 + sum(map(len, "".join(map("".join, members.values())))) :]
        return "{" + "".join(map("".join, written)) + tail

    def _replace_member(
        self, file: _File, record: dict[str, Any], name: str, text: str
    ) -> list[tuple[str, str]] | None:
        """Return the names and values that stand instead of a member, None if it stays as it is."""
        table, value = file.table, record[name]
        unit = value.get("unit", "") if isinstance(value, dict) else ""
        words = table.get("words", {}).get(name, {})
        new_units = table.get("units", {}).get(name, {})
        members: list[tuple[str, str]] | None = None
        if name == "id" and (adds := table.get("adds")):
            missing = {new: adds[new] for new in adds if new not in record}
            members = [(name, text), *self._write_members(missing)]
        elif isinstance(value, str) and value in words:
            instead = words[value]
            members = self._write_members(instead if isinstance(instead, dict) else {name: instead})
        elif unit in new_units:
            members = [(name, _replace_unit(text, new_units[unit]))]
        elif name in (rates := table.get("rates", {})) and (match := _RATE_UNIT.fullmatch(unit)):
            texts = _replace_unit(text, match[1]), format_json({"value": 1, "unit": match[2]})
            members = list(zip(rates[name], texts, strict=False))
        elif name in (lists := table.get("lists", {})):
            members = [(lists[name], f"[{text}]")]
        elif name in (fields := table.get("fields", {})):
            members = [(fields[name], text)]
        elif (file.kind, name) == ("suppression", "kind") and "becomes" in _KINDS.get(value, {}):
            members = [(name, format_json_string(_KINDS[value]["becomes"]))]
        elif (file.kind, name) == ("survival", "tumour"):
            members = [("population", format_json_string(self._find_population(value)))]
        return members

    def _write_members(self, members: dict[str, Any]) -> list[tuple[str, str]]:
        for value in members.values():
            if isinstance(value, str) and value in _TERMS:
                self._add_term(value)
        return [(name, format_json(value)) for name, value in members.items()]

    def _add_term(self, term_id: str) -> None:
        """Add a term of migrate.toml, with those that it refers to, unless the project has it."""
        term = {name: value for name, value in _TERMS[term_id].items() if name != "kind"}
        kind = _TERMS[term_id]["kind"]
        if (kind, term_id) not in self._records:
            self._records[kind, term_id] = {"id": term_id, **term}
            self._new_terms[kind].append({"id": term_id, **term})
            self._write_members(term)

    def _find_population(self, tumour: str) -> str:
        """Return the id of the patients with bone metastases of a tumour, whom `survival` spoke of."""
        self._add_term("bone-metastasis")
        members = {"tumours": [tumour], "conditions": ["bone-metastasis"]}
        for (kind, record_id), record in self._records.items():
            said = {name: value for name, value in record.items() if name not in _NAMES_OF_TERMS}
            if kind == "population" and said == members:
                return record_id
        label = self._records.get(("tumour", tumour), {}).get("label", tumour)
        record_id = f"bone-metastasis-of-{tumour}"
        population = {"id": record_id, "label": f"patients with bone metastases of {label}", **members}
        self._records["population", record_id] = population
        self._new_terms["population"].append(population)
        return record_id


def _advise(file: _File, name: str, value: Any) -> str:
    """Return what to do about a member that a person has to decide on, "" of any other."""
    advice = file.table.get("left", {}).get(name, "")
    return str(advice if isinstance(advice, str) else advice.get(value, ""))


def _replace_unit(text: str, unit: str) -> str:
    """Return the text of a quantity with another unit; its numbers keep their tokens."""
    start, end = Positions(text).locate_pointer("/unit")
    return text[:start] + format_json_string(unit) + text[end:]


def _write_file(path: str, file: _File | None, record_texts: list[str]) -> str:
    """Return the text of a file with the records; what else it was made from says stays."""
    kind = Path(path).stem
    if file is None or not file.records:
        records = ",".join(record_texts)
        return format_canonical_json(
            f'{{"$schema": "../../schema/{kind}.schema.json", "records": [{records}]}}'
        )
    places = [file.positions.locate_pointer(f"/records/{index}") for index in range(len(file.records))]
    start, end = file.positions.locate_pointer("/$schema")
    schema_text = file.text[start:end].replace(f"{file.kind}.schema.json", f"{kind}.schema.json")
    head = file.text[:start] + schema_text + file.text[end : places[0][0]]
    between = [file.text[left_end:right_start] for (_, left_end), (right_start, _) in pairwise(places)]
    between += [f",{head[len(head.rstrip()) :] or ' '}"] * (len(record_texts) - len(places))
    joined = "".join(map("".join, zip(record_texts, [*between, ""], strict=True)))
    return head + joined + file.text[places[-1][1] :]


def _read_files(folder: Path) -> list[_File]:
    files = []
    for path in sorted(folder.rglob("*.json")):
        refuse_way_out(str(path), [str(folder)])
        try:
            files.append(_File(path.relative_to(folder).as_posix(), read_bytes(str(path))))
        except JsonError as error:
            raise BmkitError(f"{path}: {error.message}; bmkit validate says where") from None
        except (KeyError, TypeError):
            raise BmkitError(f"{path}: is not a file of records; bmkit validate says more") from None
    return files


def _write_content(folder: Path, texts: dict[str, str]) -> None:
    """Replace the folder of content by one with other files: all of them, or none."""
    with replace_folders([folder], lambda _: lambda _path, _is_folder: True) as (new_folder,):
        shutil.copytree(folder, new_folder, dirs_exist_ok=True)
        for path, text in texts.items():
            target = new_folder / path
            if text:
                target.parent.mkdir(exist_ok=True)
                target.write_bytes(text.encode())
            else:
                target.unlink()


def _write_setting(root: Path, settings_file: str) -> None:
    """State the version of the schemas in the settings of the project."""
    line = f"schemas = {SCHEMAS_VERSION}\n"
    path = root / SETTINGS_FILE
    if settings_file not in {"", SETTINGS_FILE}:
        click.echo(f"add {line.strip()} to [tool.bmkit] of {root / settings_file}")
    elif settings_file:
        old_text = path.read_text(encoding="utf-8")
        # Before the first table, below the comments that stand at the top.
        new_text = re.sub(r"(?m)^(?![#\s])|\Z", f"{line}\n", old_text, count=1)
        rewrite_file(str(path), old_text.encode(), new_text.encode())
    else:
        create_file(str(path), line.encode())


def _print_left(root: Path, migration: _Migration) -> None:
    for left in migration.left:
        path = root / CONTENT_FOLDER / left.path
        text = decode_utf8(read_bytes(str(path)))
        line, column = Lines(text).to_line_column(Positions(text).locate_pointer(left.pointer, key=True)[0])
        click.echo(f"{path}:{line}:{column}: {left.pointer.rpartition('/')[2]} is left: {left.advice}")


def main(arguments: list[str]) -> int:
    """Migrate a project, and return the exit status."""
    root = Path(arguments[0] if arguments else ".")
    folder = root / CONTENT_FOLDER
    if len(arguments) > 1 or not folder.is_dir():
        click.echo(f"usage: python tools/migrate.py [ROOT]; {folder} is no folder", err=True)
        return _EXIT_WRONG_USE
    try:
        refuse_way_out(str(folder), [str(root)])
        settings = read_settings(str(root))
        if settings.schemas != SCHEMAS_VERSION:
            migration = _Migration(_read_files(folder))
            texts = migration.make_files()
            _write_content(folder, texts)
            _write_setting(root, settings.file)
            _print_left(root, migration)
            click.echo(
                f"{len(texts)} files are other now, {len(migration.left)} fields are left to decide on"
            )
    except (BmkitError, OSError) as error:
        click.echo(f"error: {error}", err=True)
        return _EXIT_WRONG_USE
    return run_bmkit(["validate", "--root", str(root)])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
