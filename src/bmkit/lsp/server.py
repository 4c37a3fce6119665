"""The server: speaks the language server protocol over standard input and output, on pygls."""

from __future__ import annotations

import asyncio
import os
import sys
from typing import TYPE_CHECKING, NoReturn, TypeVar

from lsprotocol import types
from pygls import uris
from pygls.lsp.server import LanguageServer

from bmkit import __version__
from bmkit.content import ContentError
from bmkit.issue import Severity
from bmkit.lsp.handlers import Asked, between, completed, formatted, hovered, mended
from bmkit.lsp.places import Places
from bmkit.lsp.project import Project, inside, root_of
from bmkit.schema import SchemaError
from bmkit.today import TodayError

if TYPE_CHECKING:
    from collections.abc import Callable

    from bmkit.report import Located

T = TypeVar("T")

# Seconds without a keystroke before content is checked: a word should not flicker while it is typed.
_PAUSE = 0.15
_NAME = "bmkit"
# Not just any object: pygls passes the server to a handler whose first parameter may be one.
_Change = (
    types.DidOpenTextDocumentParams
    | types.DidChangeTextDocumentParams
    | types.DidSaveTextDocumentParams
    | types.DidChangeWatchedFilesParams
)
_CHANGES = (
    types.TEXT_DOCUMENT_DID_OPEN,
    types.TEXT_DOCUMENT_DID_CHANGE,
    types.TEXT_DOCUMENT_DID_SAVE,
    types.WORKSPACE_DID_CHANGE_WATCHED_FILES,
)


class Server(LanguageServer):
    """Keeps, for each root with open files, the content as the editor has it."""

    def __init__(self) -> None:
        # Whole texts: pygls counts lines at characters that are no line ends to the protocol.
        super().__init__(_NAME, __version__, text_document_sync_kind=types.TextDocumentSyncKind.Full)
        self._projects: dict[str, Project] = {}
        self._asked = 0
        self.may_leave = False

    def places(self, text: str) -> Places:
        """Give the places of a text in the encoding that the editor counts in."""
        return Places(text, types.PositionEncodingKind(self.workspace.position_encoding or "utf-16").value)

    def project(self, uri: str) -> tuple[Project, str] | None:
        """Give the project of a document, and its path in it; None if it is not part of any content."""
        path = uris.to_fs_path(uri)
        root = root_of(path) if path else ""
        if not path or not root:
            return None
        if root not in self._projects:
            self._projects[root] = Project(
                root, {inside(name, root): text for name, text in self._open() if root_of(name) == root}
            )
        return self._projects[root], inside(path, root)

    async def check_soon(self) -> None:
        """Forget what was read, and check all open documents unless another change comes first."""
        self._projects.clear()
        self._asked += 1
        mine = self._asked
        await asyncio.sleep(_PAUSE)
        if mine == self._asked:
            for uri in list(self.workspace.text_documents):
                self.publish(uri)

    def publish(self, uri: str) -> None:
        """Tell the editor the issues of a document."""
        found = self.project(uri)
        if found is None:
            return
        project, path = found
        try:
            issues = [self._diagnostic(one) for one in project.issues() if one.file == path]
        except (SchemaError, ContentError, TodayError) as wrong:
            issues = [_whole(str(wrong))]
        document = self.workspace.get_text_document(uri)
        self.text_document_publish_diagnostics(
            types.PublishDiagnosticsParams(uri, issues, version=document.version)
        )

    def ask(self, uri: str, answer: Callable[[Asked], T | None]) -> T | None:
        """Answer a question about a document; None if it is no content, or the schemas cannot be used."""
        found = self.project(uri)
        if found is None:
            return None
        project, path = found
        text = self.workspace.get_text_document(uri).source
        capabilities = self.client_capabilities.text_document
        completion = capabilities.completion if capabilities else None
        item = completion.completion_item if completion else None
        asked = Asked(
            uri, path, text, self.places(text), project, snippets=bool(item and item.snippet_support)
        )
        try:
            return answer(asked)
        except (SchemaError, ContentError, TodayError):
            return None

    def _open(self) -> list[tuple[str, str]]:
        documents = self.workspace.text_documents.values()
        return [(document.path, document.source) for document in documents]

    def _diagnostic(self, one: Located) -> types.Diagnostic:
        issue = one.issue
        return types.Diagnostic(
            range=between(self.places(one.text), one.start, one.end),
            message=f"{issue.message}\n{issue.hint}" if issue.hint else issue.message,
            severity=types.DiagnosticSeverity.Error
            if issue.severity is Severity.ERROR
            else types.DiagnosticSeverity.Warning,
            code=issue.rule,
            source=_NAME,
        )


def _whole(message: str) -> types.Diagnostic:
    """Make the diagnostic of something that stands nowhere in the text."""
    start = types.Position(0, 0)
    return types.Diagnostic(types.Range(start, start), message, types.DiagnosticSeverity.Error, source=_NAME)


def serve() -> None:
    """Answer the editor at the other end of standard input and output until it leaves."""
    server = Server()
    _follow(server)
    _answer(server)
    _leave(server)
    server.start_io()


def _follow(server: Server) -> None:
    """Keep up with what happens to documents and files."""

    def follow(event: str) -> None:
        # One function each: pygls marks a function as the handler of its event.
        @server.feature(event)
        async def changed(_: _Change) -> None:
            await server.check_soon()

    for event in _CHANGES:
        follow(event)

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    async def closed(params: types.DidCloseTextDocumentParams) -> None:
        server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(params.text_document.uri, []))
        await server.check_soon()


def _leave(server: Server) -> None:
    """End when the editor says so."""

    @server.feature(types.SHUTDOWN)
    def shut(_: None) -> None:
        server.may_leave = True

    @server.feature(types.EXIT)
    def leave(_: None) -> NoReturn:
        sys.stdout.flush()
        # Not in good order: the thread that reads standard input waits for an editor that has said all.
        os._exit(0 if server.may_leave else 1)


def _answer(server: Server) -> None:
    """Answer questions about a document."""

    @server.feature(types.TEXT_DOCUMENT_COMPLETION, types.CompletionOptions(trigger_characters=['"']))
    def complete(params: types.CompletionParams) -> types.CompletionList | None:
        return server.ask(params.text_document.uri, lambda asked: completed(asked, params.position))

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    def say(params: types.HoverParams) -> types.Hover | None:
        return server.ask(params.text_document.uri, lambda asked: hovered(asked, params.position))

    @server.feature(types.TEXT_DOCUMENT_FORMATTING)
    def write(params: types.DocumentFormattingParams) -> list[types.TextEdit] | None:
        return server.ask(params.text_document.uri, formatted)

    @server.feature(types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions([types.CodeActionKind.QuickFix]))
    def mend(params: types.CodeActionParams) -> list[types.CodeAction] | None:
        return server.ask(params.text_document.uri, lambda asked: mended(asked, params.range))
