"""What is open in an editor: documents with their places, and their project with what is not saved yet."""

from __future__ import annotations

import os
import re
from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from lsprotocol import types

from bmkit.check import find_content_issues
from bmkit.content import CONTENT_FOLDER, Content, read_content
from bmkit.handbook import refuse_wrong_settings
from bmkit.report import LocatedIssue, locate_issues
from bmkit.schema import Schemas, read_project_schemas

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bmkit.schema import Kind

_JSON_SUFFIX = ".json"
_FILE_URI = re.compile(r"file://(?P<host>[^/]*)(?P<path>/.*)", re.DOTALL | re.IGNORECASE)
_DRIVE_PATH = re.compile("/[A-Za-z]:")
_LINE_END = re.compile(r"\r\n|\r|\n")
_CODE_UNITS = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}


def to_disk_path(uri: str) -> str:
    """Return the path that the URI of a file stands for, "" for one of anything else.

    A file's URI has neither query nor fragment, so `?`, `#` and `;` that were not escaped belong to the path.
    """
    match = _FILE_URI.fullmatch(uri)
    if match is None:
        return ""
    path = unquote(match["path"], errors="surrogateescape")
    try:
        if b"\0" in os.fsencode(path):
            return ""
    except UnicodeEncodeError:  # half of a pair
        return ""
    if _DRIVE_PATH.match(path):
        return path[1:]
    return path if match["host"].lower() in {"", "localhost"} else f"//{match['host']}{path}"


def find_content_root(path: str) -> str:
    """Return the root that a file of content belongs to: "" if it stands in no folder of content/."""
    content_folder = os.path.dirname(os.path.dirname(os.path.abspath(path)))
    is_content_file = os.path.basename(content_folder) == CONTENT_FOLDER and path.endswith(_JSON_SUFFIX)
    return os.path.dirname(content_folder) if is_content_file else ""


def to_project_path(path: str, root: str) -> str:
    """Return the path of a file relative to its root, with "/"."""
    return os.path.relpath(os.path.abspath(path), root).replace(os.sep, "/")


class Project:
    """The content of one root; `unsaved` has the texts of its open files, by path relative to the root."""

    def __init__(self, root: str, unsaved: Mapping[str, str]) -> None:
        self.root = root
        self._unsaved = {path: text.encode("utf-8", "surrogatepass") for path, text in unsaved.items()}
        self._content: Content | None = None
        self._issues: list[LocatedIssue] | None = None

    @property
    def schemas(self) -> Schemas:
        """The schemas of the project; raises SchemaError if there are none."""
        return self.content.schemas

    @property
    def content(self) -> Content:
        """The content as it is in the editor; raises SchemaError, ContentError and SettingsError."""
        if self._content is None:
            content = read_content(self.root, read_project_schemas(self.root), unsaved_files=self._unsaved)
            refuse_wrong_settings(self.root, content.settings, content.schemas)
            self._content = content
        return self._content

    def find_issues(self) -> list[LocatedIssue]:
        """Return every issue, with its place in the text that the editor has; looked for once."""
        if self._issues is None:
            self._issues = list(locate_issues(find_content_issues(self.content), self.content.read_text))
        return self._issues

    def find_kind(self, path: str) -> Kind | None:
        """Return the kind of a file's records, by its name; None if there is no such kind."""
        kind_name = os.path.basename(path).removesuffix(_JSON_SUFFIX)
        return self.schemas.get_kind(kind_name) if kind_name in self.schemas else None


class PositionConverter:
    """Converts between offsets in code points and (line, character) of one text."""

    def __init__(self, text: str, encoding: str = "utf-16") -> None:
        self._text = text
        self._codec, self._unit_size = _CODE_UNITS[encoding]
        line_ends = [(match.start(), match.end()) for match in _LINE_END.finditer(text)]
        self._line_starts = [0, *(next_start for _, next_start in line_ends)]
        self._line_ends = [*(line_end for line_end, _ in line_ends), len(text)]

    def to_position(self, offset: int) -> tuple[int, int]:
        """Return line and character of an offset."""
        line = bisect_right(self._line_starts, offset) - 1
        return line, self._count_code_units(self._text[self._line_starts[line] : offset])

    def to_offset(self, line: int, character: int) -> int:
        """Return the offset of line and character; behind the end of the line or the text means its end."""
        if line >= len(self._line_starts):
            return len(self._text)
        start, end = self._line_starts[line], self._line_ends[line]
        if self._unit_size == len("    ") or self._text[start:end].isascii():
            return min(start + character, end)
        offset = start
        while offset < end and character > 0:
            character -= self._count_code_units(self._text[offset])
            offset += 1
        return offset

    def _count_code_units(self, text: str) -> int:
        if text.isascii():
            return len(text)
        return len(text.encode(self._codec, "surrogatepass")) // self._unit_size


def make_range(positions: PositionConverter, start: int, end: int) -> types.Range:
    """Return the range between two offsets."""
    return types.Range(
        types.Position(*positions.to_position(start)), types.Position(*positions.to_position(end))
    )


class Document(NamedTuple):
    """The document that a question is about.

    `path` is relative to the root of `project`; `snippets` says that the editor knows where the cursor goes
    in what it inserts.
    """

    uri: str
    path: str
    text: str
    positions: PositionConverter
    project: Project
    supports_snippets: bool

    def to_offset(self, position: types.Position) -> int:
        """Return the offset of a position."""
        return self.positions.to_offset(position.line, position.character)
