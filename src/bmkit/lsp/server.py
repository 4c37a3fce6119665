"""The server: speaks the language server protocol over standard input and output, on pygls."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import sys
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple, NoReturn, TypeVar, cast

from lsprotocol import types
from pygls.exceptions import FeatureRequestError
from pygls.lsp.server import LanguageServer

from bmkit import __version__
from bmkit.errors import BmkitError
from bmkit.escape import escape_text
from bmkit.issue import Severity
from bmkit.lsp.document import (
    Document,
    PositionConverter,
    Project,
    find_content_root,
    make_range,
    to_disk_path,
    to_project_path,
)
from bmkit.lsp.handlers import answer_code_actions, answer_completion, answer_formatting, answer_hover
from bmkit.lsp.stream import MessageStream

if TYPE_CHECKING:
    from collections.abc import Callable

    from bmkit.report import LocatedIssue

T = TypeVar("T")

# Seconds without a keystroke before content is checked: a word should not flicker while it is typed.
_TYPING_PAUSE = 0.15
_SERVER_NAME = "bmkit"


class _OpenText(NamedTuple):
    """What the editor shows of a document, saved or not."""

    text: str
    version: int


class ContentLanguageServer(LanguageServer):
    """Keeps, for each root with open files, the content as the editor has it."""

    def __init__(self) -> None:
        # Whole texts: pygls counts lines at characters that are no line ends to the protocol.
        super().__init__(_SERVER_NAME, __version__, text_document_sync_kind=types.TextDocumentSyncKind.Full)
        # By the URIs that the editor uses: it knows no other form of them, and releases of pygls differ in
        # the form that they keep.
        self._open_texts: dict[str, _OpenText] = {}
        self._projects: dict[str, Project] = {}
        self._change_count = 0
        self.may_exit = False

    def make_position_converter(self, text: str) -> PositionConverter:
        """Return the places of a text in the encoding that the editor counts in."""
        return PositionConverter(
            text, types.PositionEncodingKind(self.workspace.position_encoding or "utf-16").value
        )

    def find_project(self, uri: str) -> tuple[Project, str] | None:
        """Return the project of a document, and its path in it; None if it is not part of any content."""
        path = to_disk_path(uri)
        root = find_content_root(path) if path else ""
        if not root:
            return None
        if root not in self._projects:
            self._projects[root] = Project(
                root,
                {
                    to_project_path(open_path, root): open_text.text
                    for open_path, open_text in self._list_open_files()
                    if find_content_root(open_path) == root
                },
            )
        return self._projects[root], to_project_path(path, root)

    def keep_text(self, uri: str, text: str, version: int) -> None:
        """Take the text of a document that the editor has opened or changed."""
        self._open_texts[uri] = _OpenText(text, version)

    def forget_text(self, uri: str) -> None:
        """Forget a document that the editor has closed, and its issues."""
        self._open_texts.pop(uri, None)
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, []))

    async def schedule_check(self) -> None:
        """Forget what was read, and check all open documents unless another change comes first."""
        self._projects.clear()
        self._change_count += 1
        change_number = self._change_count
        await asyncio.sleep(_TYPING_PAUSE)
        if change_number == self._change_count:
            for uri in list(self._open_texts):
                self.publish_issues(uri)
            # Content refers to itself in circles, which the command line leaves to the end of the process.
            gc.collect()

    def report_server_error(self, error: Exception, source: Any) -> None:
        """Show that there was one; not what the error says, as editors follow links in such a message."""
        if source is not FeatureRequestError:
            message = (
                f"bmkit could not handle a message of the editor ({type(error).__name__}); "
                "if this comes again, please report it"
            )
            self.window_show_message(types.ShowMessageParams(types.MessageType.Error, message))

    def publish_issues(self, uri: str) -> None:
        """Publish the issues of a document to the editor."""
        project_and_path = self.find_project(uri)
        if project_and_path is None:
            return
        project, path = project_and_path
        try:
            diagnostics = [
                self._to_diagnostic(located_issue)
                for located_issue in project.find_issues()
                if located_issue.file == path
            ]
        except BmkitError as error:
            diagnostics = [_make_unplaced_diagnostic(str(error))]
        self.text_document_publish_diagnostics(
            types.PublishDiagnosticsParams(uri, diagnostics, version=self._open_texts[uri].version)
        )

    def answer_request(self, uri: str, answer: Callable[[Document], T | None]) -> T | None:
        """Answer a question about a document; None if it is no content, or the schemas cannot be used."""
        project_and_path = self.find_project(uri)
        if project_and_path is None or uri not in self._open_texts:
            return None
        project, path = project_and_path
        text = self._open_texts[uri].text
        capabilities = self.client_capabilities.text_document
        completion_capabilities = capabilities.completion if capabilities else None
        item_capabilities = completion_capabilities.completion_item if completion_capabilities else None
        document = Document(
            uri,
            path,
            text,
            self.make_position_converter(text),
            project,
            supports_snippets=bool(item_capabilities and item_capabilities.snippet_support),
        )
        try:
            return answer(document)
        except BmkitError:
            return None

    def _list_open_files(self) -> list[tuple[str, _OpenText]]:
        files = [(to_disk_path(uri), open_text) for uri, open_text in self._open_texts.items()]
        return [(path, open_text) for path, open_text in files if path]

    def _to_diagnostic(self, located_issue: LocatedIssue) -> types.Diagnostic:
        issue = located_issue.issue
        return types.Diagnostic(
            range=make_range(
                self.make_position_converter(located_issue.text), located_issue.start, located_issue.end
            ),
            message="\n".join(escape_text(text) for text in (issue.message, issue.hint) if text),
            severity=types.DiagnosticSeverity.Error
            if issue.severity is Severity.ERROR
            else types.DiagnosticSeverity.Warning,
            code=issue.rule,
            source=_SERVER_NAME,
        )


def _make_unplaced_diagnostic(message: str) -> types.Diagnostic:
    """Make the diagnostic of something that stands nowhere in the text."""
    start = types.Position(0, 0)
    return types.Diagnostic(
        types.Range(start, start), escape_text(message), types.DiagnosticSeverity.Error, source=_SERVER_NAME
    )


def serve_stdio() -> None:
    """Answer the editor at the other end of standard input and output until it leaves."""
    if not os.environ.get("BMKIT_DEBUG"):
        logging.disable()  # pygls writes a traceback for each message that it cannot read
    server = ContentLanguageServer()
    _register_change_handlers(server)
    _register_request_handlers(server)
    _register_exit_handlers(server)
    server.start_io(cast("BinaryIO", MessageStream(sys.stdin.buffer)))


def _register_change_handlers(server: ContentLanguageServer) -> None:
    """Keep up with what happens to documents and files."""

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    async def keep_opened(params: types.DidOpenTextDocumentParams) -> None:
        document = params.text_document
        server.keep_text(document.uri, document.text, document.version)
        await server.schedule_check()

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    async def keep_changed(params: types.DidChangeTextDocumentParams) -> None:
        document = params.text_document
        for change in params.content_changes[-1:]:
            server.keep_text(document.uri, change.text, document.version)
        await server.schedule_check()

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    async def forget_closed(params: types.DidCloseTextDocumentParams) -> None:
        server.forget_text(params.text_document.uri)
        await server.schedule_check()

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    async def check_saved(_: types.DidSaveTextDocumentParams) -> None:
        await server.schedule_check()

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    async def check_changed_files(_: types.DidChangeWatchedFilesParams) -> None:
        await server.schedule_check()


def _register_exit_handlers(server: ContentLanguageServer) -> None:
    """End when the editor asks for it."""

    @server.feature(types.SHUTDOWN)
    def permit_exit(_: None) -> None:
        server.may_exit = True

    @server.feature(types.EXIT)
    def exit_process(_: None) -> NoReturn:
        sys.stdout.flush()
        # At once: the thread that reads standard input waits for an editor that sends nothing more.
        os._exit(0 if server.may_exit else 1)


def _register_request_handlers(server: ContentLanguageServer) -> None:
    """Answer questions about a document."""

    @server.feature(types.TEXT_DOCUMENT_COMPLETION, types.CompletionOptions(trigger_characters=['"']))
    def complete_document(params: types.CompletionParams) -> types.CompletionList | None:
        return server.answer_request(
            params.text_document.uri, lambda document: answer_completion(document, params.position)
        )

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    def describe_hovered(params: types.HoverParams) -> types.Hover | None:
        return server.answer_request(
            params.text_document.uri, lambda document: answer_hover(document, params.position)
        )

    @server.feature(types.TEXT_DOCUMENT_FORMATTING)
    def format_document(params: types.DocumentFormattingParams) -> list[types.TextEdit] | None:
        return server.answer_request(params.text_document.uri, answer_formatting)

    @server.feature(types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions([types.CodeActionKind.QuickFix]))
    def list_code_actions(params: types.CodeActionParams) -> list[types.CodeAction] | None:
        return server.answer_request(
            params.text_document.uri, lambda document: answer_code_actions(document, params.range)
        )
