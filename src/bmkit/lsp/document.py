"""A project that is open in an editor: its content with what is typed but not saved."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from bmkit.check import find_content_issues
from bmkit.content import CONTENT_FOLDER, Content, read_content
from bmkit.report import LocatedIssue, locate_issues
from bmkit.schema import Schemas, read_project_schemas

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bmkit.schema import Kind

_JSON_SUFFIX = ".json"


def find_content_root(path: str) -> str:
    """Give the root that a file of content belongs to: "" if it stands in no folder of content/."""
    content_folder = os.path.dirname(os.path.dirname(os.path.abspath(path)))
    is_content_file = os.path.basename(content_folder) == CONTENT_FOLDER and path.endswith(_JSON_SUFFIX)
    return os.path.dirname(content_folder) if is_content_file else ""


def to_project_path(path: str, root: str) -> str:
    """Give the path of a file relative to its root, with "/"."""
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
        """The content as it is in the editor; raises SchemaError and ContentError."""
        if self._content is None:
            self._content = read_content(
                self.root, read_project_schemas(self.root), unsaved_files=self._unsaved
            )
        return self._content

    def find_issues(self) -> list[LocatedIssue]:
        """Give every issue, with its place in the text that the editor has; looked for once."""
        if self._issues is None:
            self._issues = list(locate_issues(find_content_issues(self.content), self.content.read_text))
        return self._issues

    def find_kind(self, path: str) -> Kind | None:
        """Give the kind of a file's records, by its name; None if there is no such kind."""
        kind_name = os.path.basename(path).removesuffix(_JSON_SUFFIX)
        return self.schemas.get_kind(kind_name) if kind_name in self.schemas else None
