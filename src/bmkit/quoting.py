"""What an issue found, in the words in which suppressions and baselines quote it."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from bmkit.content import CONTENT_FOLDER, per_content
from bmkit.escape import escape_text
from bmkit.issue import Issue, IssueKey, Place, name_field_path
from bmkit.jsontext import JsonError, parse_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bmkit.content import Content, Record

MAX_QUOTE_LENGTH = 200
"""Characters of the longest value that is quoted in full."""

# What names, describes and supports a record, and is no part of what it states.
_UNQUOTED_FIELDS = frozenset(("id", "label", "synonyms", "as_in_article", "codes", "notes", "source"))
_NOTHING = "nothing"
_QUANTITY_SHAPES = ({"value", "unit"}, {"low", "high", "unit"})
_DIGEST_LENGTH = 16
# What would look like a number or a word of JSON, or holds a sign that parts values, is quoted in a list.
_NEEDS_QUOTES = r'[\[\]{},:;"\\]|^(?:-?[0-9.]+|true|false|null|)$'


def quote_value(value: Any) -> str:
    """Return the text of a value, the same for the same value in whatever notation: "40 mg".

    4.0 is 4, the order of keys counts for nothing, and no two values of a field have one text: what is too
    long is cut, with a digest of all of it.
    """
    if isinstance(value, str):
        text = value
    else:
        text = _format_value(value)
        text = text[1:-1] if isinstance(value, dict) and not _is_quantity(value) else text
    if not text.isprintable():
        text = text.encode("unicode_escape").decode("ascii")
    return shorten_quote(text)


def shorten_quote(text: str) -> str:
    """Return a quote, cut where it is too long, with a digest of all of it."""
    if len(text) <= MAX_QUOTE_LENGTH:
        return text
    return f"{text[: MAX_QUOTE_LENGTH - _DIGEST_LENGTH - 2]}… {_digest(text.encode())}"


def quote_issue(issue: Issue, content: Content) -> Issue:
    """Return the issue with its record, with what it found, and with what that was held against."""
    place = issue.place
    record = content.find_record_at(place)
    if record is None:
        return issue._replace(value=issue.value or _quote_outside_records(place, content))
    value = issue.value or _quote_place(place, record, content)
    # A record as a whole is held against itself only, and one that states nothing against nothing.
    quotes = _iter_quotes(issue.held_against, content)
    held_against = [quote for quote in quotes if quote not in {value, _NOTHING}]
    return issue._replace(
        record_id=record.id,
        value=value,
        against=shorten_quote("; ".join(held_against)),
        group_keys=tuple(_iter_group_keys(issue, content)),
    )


def _iter_group_keys(issue: Issue, content: Content) -> Iterator[IssueKey]:
    for place in issue.group:
        if (record := content.find_record_at(place)) is not None:
            value = _quote_place(place, record, content)
            against = _quote_place(place.record, record, content)
            field_path = name_field_path(place.pointer)
            yield IssueKey(issue.rule, place.file_text, record.id, field_path, value, against)


def _iter_quotes(held_against: Sequence[Place | str], content: Content) -> Iterator[str]:
    for part in held_against:
        if isinstance(part, str):
            yield part
        elif (record := content.find_record_at(part)) is not None:
            yield _quote_place(part, record, content)


def _quote_place(place: Place, record: Record, content: Content) -> str:
    """Return the quote of what stands at a place of a record."""
    long_quotes = _keep_long_quotes(content)
    if (quote := long_quotes.get(place)) is None:
        quote = quote_value(_find_value(place, record))
        # Thousands of issues may be held against one record that is long enough for all of them.
        if len(quote) == MAX_QUOTE_LENGTH:
            long_quotes[place] = quote
    return quote


@per_content
def _keep_long_quotes(_: Content) -> dict[Place, str]:
    """Return where quotes are kept that it took long to make."""
    return {}


def _quote_outside_records(place: Place, content: Content) -> str:
    """Return the quote of a value of a file that is in no record; of a text that is no JSON a digest."""
    if not place.file.endswith(".json"):
        return ""
    document, digest = _index_documents(content)[place.file]
    return digest or quote_value(_walk_pointer(document, place.pointer.split("/")[1:]))


@per_content
def _index_documents(content: Content) -> _Documents:
    """Return what files hold, each read once."""
    return _Documents(content)


class _Documents(dict[str, tuple[Any, str]]):
    """What a file holds, by its path; if that is no JSON, the digest of its text."""

    def __init__(self, content: Content) -> None:
        super().__init__()
        self._content = content

    def __missing__(self, path: str) -> tuple[Any, str]:
        file = self._content.find_file(path)
        if file is not None:
            self[path] = file.value, ""
            return self[path]
        # Of a file of content that was never read, such as one that is too large, nothing is known.
        is_read = not path.startswith(f"{CONTENT_FOLDER}/") or self._content.get_bytes(path)
        data = self._content.read_text(path).encode("utf-8", "surrogatepass") if is_read else b""
        try:
            self[path] = parse_json(data), ""
        except JsonError:
            self[path] = None, _digest(data)
        return self[path]


def _digest(data: bytes) -> str:
    # Only what is long, or cannot be read, pays for this import.
    import hashlib

    return hashlib.sha256(data).hexdigest()[:_DIGEST_LENGTH]


def _select_statement(record: Record) -> dict[str, Any] | str:
    """Return what a record states, without what names and supports it."""
    statement = {name: value for name, value in record.value.items() if name not in _UNQUOTED_FIELDS}
    return statement or _NOTHING


def _find_value(place: Place, record: Record) -> Any:
    """Return what stands at a place: the whole quantity, code or span, not only its number.

    At the record as a whole, and at its id, something is missing or too much: that is what it states.
    """
    parts = place.pointer.split("/")[3:]
    if parts in ([], ["id"]):
        return _select_statement(record)
    last_index = max((index for index, part in enumerate(parts) if part.isdecimal()), default=0)
    return _walk_pointer(record.value, parts[: last_index + 1])


def _walk_pointer(value: Any, parts: Sequence[str]) -> Any:
    """Return the value that the parts of a pointer lead to, or the last on the way that is there."""
    for part in parts:
        name = part.replace("~1", "/").replace("~0", "~")
        try:
            value = value[int(name)] if isinstance(value, list) else value[name]
        except (LookupError, TypeError, ValueError):
            break
    return value


def format_full_quote(value: Any) -> str:
    """Return a value as it is quoted in a list: on one line, and however long so that it can be read back."""
    text = escape_text(_format_value(value))
    # Blanks that nobody can tell apart stand in quotes, too.
    return "".join([sign if sign.isprintable() else f"\\u{ord(sign):04x}" for sign in text])


def _format_value(value: Any) -> str:
    if isinstance(value, dict):
        if _is_quantity(value):
            return _format_quantity(value)
        members = [f"{_format_value(name)}: {_format_value(value[name])}" for name in sorted(value)]
        return f"{{{', '.join(members)}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_format_value, value))}]"
    if isinstance(value, str) and value.isprintable() and not re.search(_NEEDS_QUOTES, value):
        return value
    if isinstance(value, Decimal):
        return f"{value.normalize():f}" if value else "0"
    # Most quotes are of names and numbers.
    from bmkit.write_json import format_json

    return format_json(value)


def _is_quantity(value: dict[str, Any]) -> bool:
    return value.keys() - {"comparator"} in _QUANTITY_SHAPES


def _format_quantity(quantity: dict[str, Any]) -> str:
    numbers = [_format_value(quantity[name]) for name in ("value", "low", "high") if name in quantity]
    parts = (quantity.get("comparator"), " to ".join(numbers), quantity["unit"])
    return " ".join(part if isinstance(part, str) else _format_value(part) for part in parts if part)
