"""NDJSON: one fact a line, with the labels and codes of all that it refers to, in words and in values."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from bmkit.sentence import format_sentence
from bmkit.wording import format_value
from bmkit.write_json import format_exact_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from bmkit.articles import ArticleContent
    from bmkit.content import Content, Record
    from bmkit.export import Tick
    from bmkit.export.exported_files import FileList
    from bmkit.schema import Field


def name_folder() -> str:
    """Return the folder that has a file for each article."""
    return "ndjson"


@contextmanager
def open_writer(folder: Path, files: FileList) -> Iterator[NdjsonWriter]:
    """Yield what writes <article>.ndjson."""
    yield NdjsonWriter(folder, files)


class NdjsonWriter:
    """Writes the facts of articles, a line each."""

    def __init__(self, folder: Path, files: FileList) -> None:
        self._folder = folder
        self._files = files

    def add_article(self, article: ArticleContent, tick: Tick) -> None:
        """Write the facts of an article, kind by kind."""
        content = article.content
        facts = [
            record
            for kind in content.list_kinds()
            if kind.group == "fact"
            for record in content.list_records(kind.name)
        ]
        file = self._folder / f"{article.name}.ndjson"
        with file.open("w", encoding="utf-8", newline="\n") as lines:
            for done, record in enumerate(facts, 1):
                lines.write(f"{format_exact_json(resolve_fact(record, content, article.name))}\n")
                tick(done, len(facts))
        self._files.add_file(file.name)


def resolve_fact(record: Record, content: Content, article: str) -> dict[str, Any]:
    """Return a fact as JSON: ids become objects with label and codes, quantities get their words."""
    return {
        "article": article,
        "kind": record.kind.name,
        "id": record.id,
        "sentence": format_sentence(record, content),
        "fields": dict(_iter_resolved_fields(record.kind.fields[1:], record.value, content, record)),
    }


def _iter_resolved_fields(
    fields: Iterable[Field], value: dict[str, Any], content: Content, record: Record
) -> Iterator[tuple[str, Any]]:
    for field in fields:
        if (part := value.get(field.name)) is not None:
            yield field.name, _resolve_value(part, field, content, record)


def _resolve_value(value: Any, field: Field, content: Content, record: Record) -> Any:
    if isinstance(value, list):
        return [_resolve_value(entry, field, content, record) for entry in value]
    if field.type == "reference":
        target_id = value[field.fields[0].name] if isinstance(value, dict) else value
        target = content.find_record(field.target_kind, target_id, record)
        target_value = target.value if target is not None else {}
        names = {name: target_value[name] for name in ("label", "codes") if name in target_value}
        rest = (
            dict(_iter_resolved_fields(field.fields[1:], value, content, record))
            if isinstance(value, dict)
            else {}
        )
        return {"kind": field.target_kind, "id": target_id, **names, **rest}
    if field.type == "quantity":
        return {**value, "words": format_value(value, field, content, record)}
    if field.fields:
        return dict(_iter_resolved_fields(field.fields, value, content, record))
    return value
