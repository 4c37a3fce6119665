"""Markdown: the facts of an article as a document, section by section, in sentences and in tables."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from bmkit.escape import escape_markdown
from bmkit.schema.roles import FRAME_FIELDS
from bmkit.sentence import format_sentence
from bmkit.wording import format_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from bmkit.articles import ArticleContent
    from bmkit.content import Content, Record
    from bmkit.export import Tick
    from bmkit.export.exported_files import FileList
    from bmkit.schema import Kind

_NOTICE = (
    "For editors and programs: it says what the article says. It is not a medical device, and no basis for "
    "treating a patient."
)
_DEEPEST_HEADING = 6
_NOTES = "notes"


def name_folder() -> str:
    """Return the folder that has a document for each article."""
    return "markdown"


@contextmanager
def open_writer(folder: Path, files: FileList) -> Iterator[MarkdownWriter]:
    """Yield what writes <article>.md."""
    yield MarkdownWriter(folder, files)


class MarkdownWriter:
    """Writes articles as documents."""

    def __init__(self, folder: Path, files: FileList) -> None:
        self._folder = folder
        self._files = files

    def add_article(self, article: ArticleContent, tick: Tick) -> None:
        """Write the document of an article."""
        content = article.content
        blocks = [
            *_iter_head(article),
            *_iter_sections(content),
            *_iter_tables(content),
            *_iter_notes(content),
        ]
        file = self._folder / f"{article.name}.md"
        file.write_text("\n\n".join(blocks) + "\n", encoding="utf-8", newline="\n")
        self._files.add_file(file.name)
        tick(1, 1)


def _iter_head(article: ArticleContent) -> Iterator[str]:
    records = article.content.list_records("article")
    labels = [str(record.value.get("label", record.id)) for record in records]
    yield f"# {escape_markdown('; '.join(labels) or article.name)}"
    yield _NOTICE
    settings = article.content.settings
    lines = [
        f"- {name}: {escape_markdown(value)}"
        for name, value in (
            ("Version", settings.content_version),
            ("Licence", settings.licence),
            ("Publisher", settings.publisher.name),
        )
        if value
    ]
    for record in records:
        for field in record.kind.fields:
            if field.format == "date" and field.name in record.value:
                day = format_value(record.value[field.name], field, article.content, record)
                lines.append(f"- {escape_markdown(field.title)}: {escape_markdown(day)}")
    if lines:
        yield "\n".join(lines)


def _list_facts(content: Content) -> list[Record]:
    kinds = [kind for kind in content.list_kinds() if kind.group == "fact"]
    return [record for kind in kinds for record in content.list_records(kind.name)]


def _iter_sections(content: Content) -> Iterator[str]:
    """Yield the facts as sentences below the heading of their section, or at the end below none."""
    facts_by_section: dict[str, list[Record]] = {}
    for fact in _list_facts(content):
        section_id = (fact.value.get("source") or {}).get("section", "")
        facts_by_section.setdefault(section_id, []).append(fact)
    sections = sorted(content.list_records("section"), key=lambda section: section.value.get("order", 0))
    parents = {section.id: section.value.get("parent", "") for section in sections}
    for section in sections:
        facts = facts_by_section.pop(section.id, [])
        if facts or section.id in parents.values():
            level = 2
            parent = parents[section.id]
            while parent and level < _DEEPEST_HEADING:
                level, parent = level + 1, parents.get(parent, "")
            label = str(section.value.get("label", section.id))
            yield f"{'#' * level} {escape_markdown(label[:1].upper() + label[1:])}"
        yield from _iter_sentences(facts, content)
    rest = [fact for facts in facts_by_section.values() for fact in facts]
    if rest:
        yield "## Facts without a section"
        yield from _iter_sentences(rest, content)


def _iter_sentences(facts: Sequence[Record], content: Content) -> Iterator[str]:
    """Yield facts as a list, each with what its editors note, in italics; nothing for none."""
    if facts:
        yield "\n".join(_format_fact(fact, content) for fact in facts)


def _format_fact(fact: Record, content: Content) -> str:
    sentence = f"- {escape_markdown(format_sentence(fact, content) or fact.id)}."
    notes = fact.value.get(_NOTES)
    if not notes:
        return sentence
    labels = format_value(notes, fact.kind.get_field(_NOTES), content, fact)
    return f"{sentence} *Note: {escape_markdown(labels)}.*"


def _iter_notes(content: Content) -> Iterator[str]:
    """Yield the notes of editors to which facts lead, with what they say."""
    kinds = {
        field.target_kind for kind in content.list_kinds() for field in kind.fields if field.name == _NOTES
    }
    notes = [note for kind in sorted(kinds) for note in content.list_records(kind)]
    if notes:
        yield "## Notes"
        yield from _iter_sentences(notes, content)


def _iter_tables(content: Content) -> Iterator[str]:
    """Yield a table of each kind of facts with quantities: of those that have one, all columns in use."""
    tables = []
    for kind in content.list_kinds():
        names = {field.path[0] for field in kind.quantity_fields}
        records = [record for record in content.list_records(kind.name) if not names.isdisjoint(record.value)]
        if kind.group == "fact" and records:
            tables.append((kind, records))
    if tables:
        yield "## Tables"
    for kind, records in tables:
        yield f"### {escape_markdown(kind.title)}"
        yield _format_table(kind, records, content)


def _format_table(kind: Kind, records: Sequence[Record], content: Content) -> str:
    fields = [
        field
        for field in kind.fields
        if field.name not in FRAME_FIELDS and any(field.name in record.value for record in records)
    ]
    rows = [
        [field.title for field in fields],
        *(
            [format_value(record.value.get(field.name), field, content, record) for field in fields]
            for record in records
        ),
    ]
    lines = [f"| {' | '.join(map(escape_markdown, row))} |" for row in rows]
    return "\n".join([lines[0], f"|{' --- |' * len(fields)}", *lines[1:]])
