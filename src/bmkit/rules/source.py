"""Sources: where a document states a fact, as a section and spans of its text."""

from __future__ import annotations

from itertools import chain, pairwise
from math import inf
from typing import TYPE_CHECKING, NamedTuple

from bmkit.content import per_content
from bmkit.issue import Severity
from bmkit.quoting import quote_value
from bmkit.rules.rule import Faults, rule

if TYPE_CHECKING:
    from typing import Any

    from bmkit.content import Content, Record

# If this many spans lie outside a section, the section is reported.
_MIN_SPANS_AGAINST_SECTION = 3
_SPAN_HINT = "correct the span, or name the section that it stands in"


@rule(Severity.ERROR)
def overlap(content: Content) -> Faults:
    """Two spans of a fact overlap, or are not in the order of the text.

    Words that are counted twice or read in another order may state something that the article does not.
    """
    for record, _, spans in _list_sources(content):
        # What a fact needs to be understood may stand anywhere.
        stating_spans = [(index, span) for index, span in enumerate(spans) if not _is_context(span)]
        for (_, previous), (index, span) in pairwise(stating_spans):
            if span["start"] < previous["end"]:
                place = record.locate_field("source", "spans", index, "start")
                if span["end"] <= previous["start"]:
                    message = (
                        f"the span that starts at {span['start']} is "
                        f"after the one that starts at {previous['start']}"
                    )
                    yield place, message, "put the spans in the order of the text"
                else:
                    yield (
                        place,
                        f"start {span['start']} is before the end {previous['end']} of the span above",
                    )


@rule(Severity.ERROR)
def outside(content: Content) -> Faults:
    """A span lies outside its section or outside the article.

    The fact is then based on other words than those of its section, or on none.  If most spans of a section
    lie outside it, the section is wrong.
    """
    lengths = {
        article.folder: article["length"]
        for article in content.list_records("article")
        if article.value.get("length") is not None
    }
    sections = {(section.folder, section.id): section for section in content.list_records("section")}
    for section_key, misplaced in _find_misplaced_spans(content, lengths, sections).items():
        section, length = sections.get(section_key), lengths.get(section_key[0])
        within_article = [span for span in misplaced if length is None or span.end <= length]
        for span in misplaced:
            if span not in within_article:
                message = f"end {span.end} is above {length}, the length of the article"
                yield (
                    span.record.locate_field(*span.path, "end"),
                    message,
                    "correct the span, or the length of the article",
                    (quote_value(length),),
                )
        if section is not None:
            yield from _find_outside_section(section, within_article, content)


def _find_outside_section(section: Record, misplaced: list[_PlacedSpan], content: Content) -> Faults:
    """Yield the spans that lie outside their section, or the section if most of its spans do."""
    start, end = section["start"], section["end"]
    if len(misplaced) >= _MIN_SPANS_AGAINST_SECTION:
        section_key = (section.folder, section.id)
        span_count = sum(
            (record.folder, span.get("section", section_id)) == section_key
            for record, section_id, spans in _list_sources(content)
            for span in spans
        )
        if 2 * len(misplaced) > span_count:
            wrong_end = "start" if any(span.start < start for span in misplaced) else "end"
            message = f"{len(misplaced)} of {span_count} spans of its facts lie outside {start} to {end}"
            yield section.locate_field(wrong_end), message, "correct where the section starts and ends"
            return
    section_phrase = f'the section "{section.id}", which goes from {start} to {end}'
    for span in misplaced:
        if start <= span.start <= end:
            yield (
                span.record.locate_field(*span.path, "end"),
                f"end {span.end} is outside {section_phrase}",
                _SPAN_HINT,
                (section,),
            )
        else:
            yield (
                span.record.locate_field(*span.path, "start"),
                f"start {span.start} is outside {section_phrase}",
                _SPAN_HINT,
                (section,),
            )


@rule(Severity.ERROR, fix='take "as" away from the span that states the fact, or add that span')
def only_context(content: Content) -> Faults:
    """No span of a source states the fact: all are context.

    Then nothing in the text supports it.
    """
    for record, _, spans in _list_sources(content):
        if spans and all(map(_is_context, spans)):
            place = record.locate_field("source", "spans")
            yield place, "all spans are context, and none states the fact", "add the span that states it"


@rule(Severity.ERROR, fix="take the digest from the text")
def made_up_digest(content: Content) -> Faults:
    """A digest is a filler and was never taken from a text.

    It looks like a proof that the words were read, and nobody can check them against it.
    """
    for kind in content.list_kinds():
        digest_fields = [field for field in kind.walk_fields() if field.name == "digest"]
        for record in content.list_records(kind.name) if digest_fields else ():
            for parts, digest in chain.from_iterable(map(record.list_values_with_paths, digest_fields)):
                if isinstance(digest, str) and len(set(digest)) == 1:
                    message = f'"{digest}" is a filler, and no digest of a text'
                    yield record.locate_field(*parts), message, "take the digest from the text"


@rule(Severity.ERROR, fix="take the digest of each span from the text anew")
def conflicting_digests(content: Content) -> Faults:
    """One span has two digests, or one digest belongs to spans of different lengths.

    One of the two was moved or changed without its digest.
    """
    first_by_span: dict[tuple[str, int, int], tuple[Record, str]] = {}
    first_by_digest: dict[tuple[str, str], tuple[Record, int]] = {}
    for record, _, spans in _list_sources(content):
        for index, span in enumerate(spans):
            start, end, digest = span["start"], span["end"], span.get("digest")
            if not isinstance(digest, str):
                continue
            earlier, earlier_digest = first_by_span.setdefault((record.folder, start, end), (record, digest))
            place = record.locate_field("source", "spans", index, "digest")
            if earlier_digest != digest:
                message = (
                    f'"{digest}" is not the digest "{earlier_digest}" of the same span in "{earlier.id}"'
                )
                yield place, message, "take the digest from the text anew", (earlier_digest,)
                continue
            namesake, length = first_by_digest.setdefault((record.folder, digest), (record, end - start))
            if length != end - start:
                message = (
                    f'{end - start} characters have the digest of {length} characters in "{namesake.id}"'
                )
                yield (
                    place,
                    message,
                    "correct the span, or take the digest from the text anew",
                    (quote_value(length),),
                )


@rule(Severity.ERROR, fix="give the length and digest of the text, or name a page or table instead of spans")
def no_text(content: Content) -> Faults:
    """A source names spans of a text, and the article says of no text that it has one.

    Spans can be checked only against a text of known length and digest.
    """
    articles_without_text = {
        article.folder for article in content.list_records("article") if article.value.get("length") is None
    }
    for record, _, spans in _list_sources(content):
        if spans and record.folder in articles_without_text:
            message = "the article has no length and digest, so spans point at nothing"
            hint = "add them to the article, or name a page or table"
            yield record.locate_field("source", "spans"), message, hint


def _is_context(span: dict[str, Any]) -> bool:
    return span.get("as") == "context"


class _PlacedSpan(NamedTuple):
    """A span of a record's source, and its path."""

    record: Record
    path: tuple[str, str, int]
    start: int
    end: int


def _find_misplaced_spans(
    content: Content, lengths: dict[str, int], sections: dict[tuple[str, str], Record]
) -> dict[tuple[str, str], list[_PlacedSpan]]:
    """Return the spans that lie outside the article or their section, by folder and section."""
    section_bounds = {
        section_key: (section.value.get("start"), section.value.get("end"))
        for section_key, section in sections.items()
        if section.value.get("start") is not None and section.value.get("end") is not None
    }
    misplaced: dict[tuple[str, str], list[_PlacedSpan]] = {}
    for record, section_id, spans in _list_sources(content):
        length = lengths.get(record.folder, inf)
        for index, span in enumerate(spans):
            section_key = (record.folder, span.get("section", section_id))
            start, end = section_bounds.get(section_key, (0, inf))
            if span["start"] < start or span["start"] > end or span["end"] > end or span["end"] > length:
                placed_span = _PlacedSpan(record, ("source", "spans", index), span["start"], span["end"])
                misplaced.setdefault(section_key, []).append(placed_span)
    return misplaced


@per_content
def _list_sources(content: Content) -> list[tuple[Record, str, list[dict[str, Any]]]]:
    """Return the source of every record that has one: its section and its spans."""
    sources = []
    for record in content.iter_records():
        source = record.value.get("source")
        if isinstance(source, dict) and isinstance(source.get("spans"), list):
            sources.append((record, source.get("section", ""), source["spans"]))
    return sources
