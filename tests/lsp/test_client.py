"""A client library speaks with the language server about files of any name, saved or not."""

from __future__ import annotations

import asyncio
import gc
import os
import sys
import weakref
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

import pytest
from lsprotocol import types
from pygls.lsp.client import LanguageClient
from tests.lsp.conftest import FILES, INCIDENCE, TUMOUR

import bmkit.content
from bmkit.lsp.document import to_disk_path
from bmkit.lsp.server import ContentLanguageServer

if TYPE_CHECKING:
    from pathlib import Path

FACTS = "content/one/radiotherapy.json"
TERMS = "content/terms/tumour.json"
# Names that clients and releases of pygls write in different ways.
FOLDER = "a b é 50% %20 #1 ;x ?y [z] +"


class Client:
    """An editor that is built on a client library."""

    def __init__(self) -> None:
        self.client = LanguageClient("test", "1")
        self.published: asyncio.Queue[types.PublishDiagnosticsParams] = asyncio.Queue()
        self.shown: list[str] = []

        @self.client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)  # type: ignore[untyped-decorator]
        def keep_published(params: types.PublishDiagnosticsParams) -> None:
            self.published.put_nowait(params)

        @self.client.feature(types.WINDOW_SHOW_MESSAGE)  # type: ignore[untyped-decorator]
        def keep_shown(params: types.ShowMessageParams) -> None:
            self.shown.append(params.message)

    async def start(self) -> None:
        await self.client.start_io(sys.executable, "-m", "bmkit", "lsp")
        await self.client.initialize_async(types.InitializeParams(types.ClientCapabilities()))
        self.client.initialized(types.InitializedParams())

    async def stop(self) -> None:
        await self.client.shutdown_async(None)
        self.client.exit(None)
        await self.client.stop()  # type: ignore[no-untyped-call]
        assert self.shown == []

    def open(self, uri: str, text: str) -> None:
        item = types.TextDocumentItem(uri, "json", 1, text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))

    def change(self, uri: str, text: str, version: int) -> None:
        document = types.VersionedTextDocumentIdentifier(version, uri)
        changes = [types.TextDocumentContentChangeWholeDocument(text)]
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(document, changes))

    async def wait_for_rules(self, uri: str, version: int | None) -> list[str]:
        """The rules of the issues that are published for a version of a document."""
        while True:
            params = await asyncio.wait_for(self.published.get(), 60)
            if (params.uri, params.version) == (uri, version):
                return [str(diagnostic.code) for diagnostic in params.diagnostics]


def write_project(root: Path, *, without: str = "") -> None:
    for name, text in FILES.items():
        if name != without:
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())


class Spelling(NamedTuple):
    """How a client writes the URI of a path."""

    prefix: str
    safe: str
    lower: bool = False


@pytest.mark.slow
@pytest.mark.parametrize(
    "spelling",
    [
        Spelling("file://", "/"),
        Spelling("file://", "/ é#;?[]+"),
        Spelling("file://localhost", "/", lower=True),
        Spelling("FILE://", "/!$&'()*+,;=:@"),
    ],
)
def test_issues_come_under_the_uri_that_the_client_uses(tmp_path: Path, spelling: Spelling) -> None:
    root = tmp_path / FOLDER
    write_project(root)
    path = quote(os.fspath(root / FACTS), safe=spelling.safe)
    uri = spelling.prefix + (path.replace("%C3%A9", "%c3%a9") if spelling.lower else path)

    async def edit() -> None:
        client = Client()
        await client.start()
        client.open(uri, INCIDENCE)
        assert await client.wait_for_rules(uri, 1) == []
        client.change(uri, INCIDENCE.replace('"low": 65', '"low": 85'), 2)
        assert await client.wait_for_rules(uri, 2) == ["limits.inverted"]
        hover = await client.client.text_document_hover_async(
            types.HoverParams(types.TextDocumentIdentifier(uri), types.Position(5, 8))
        )
        assert hover is not None
        closed = types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(uri))
        client.client.text_document_did_close(closed)
        assert await client.wait_for_rules(uri, None) == []
        await client.stop()

    asyncio.run(edit())


@pytest.mark.slow
def test_a_file_that_was_never_saved_is_checked_and_its_terms_count(tmp_path: Path) -> None:
    write_project(tmp_path, without=TERMS)
    terms_uri, facts_uri = (tmp_path / TERMS).as_uri(), (tmp_path / FACTS).as_uri()

    async def edit() -> None:
        client = Client()
        await client.start()
        client.open(facts_uri, INCIDENCE)
        assert await client.wait_for_rules(facts_uri, 1) == ["references.dangling", "references.dangling"]
        client.open(terms_uri, TUMOUR.replace('"label": "lung cancer"', '"lable": "lung cancer"'))
        assert await client.wait_for_rules(facts_uri, 1) == []
        assert set(await client.wait_for_rules(terms_uri, 1)) == {"shape.unknown-field"}
        await client.stop()

    asyncio.run(edit())
    assert not (tmp_path / "content/terms").exists()


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("file:///a%20b/%C3%A9%25%23", "/a b/é%#"),
        ("file:///a b/é%25#c?d;e", "/a b/é%#c?d;e"),
        ("file:///a/%FF", "/a/\udcff"),
        ("file://localhost/a", "/a"),
        ("file://host/share/a", "//host/share/a"),
        ("file:///C:/a", "C:/a"),
        ("file:///c%3A/a", "c:/a"),
        ("file://[/a", "//[/a"),
        *((uri, "") for uri in ("", "file:", "file:a", "untitled:Untitled-1", "git:/a/b.json?HEAD")),
        *((uri, "") for uri in ("file:///a%00b", "file:///\ud800")),
    ],
)
def test_the_path_of_a_uri_is_that_of_the_disk(uri: str, path: str) -> None:
    assert to_disk_path(uri) == path


def test_what_a_check_has_read_is_freed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_project(tmp_path)
    read: list[weakref.ref[object]] = []

    def read_content(*args: Any, **options: Any) -> object:
        content = bmkit.content.read_content(*args, **options)
        read.append(weakref.ref(content))
        return content

    monkeypatch.setattr("bmkit.lsp.document.read_content", read_content)
    monkeypatch.setattr("bmkit.lsp.server._TYPING_PAUSE", 0)
    monkeypatch.setattr(ContentLanguageServer, "text_document_publish_diagnostics", lambda *_: None)
    server = ContentLanguageServer()
    uri = (tmp_path / FACTS).as_uri()
    gc.disable()
    try:
        for version in range(3):
            server.keep_text(uri, INCIDENCE, version)
            asyncio.run(server.schedule_check())
    finally:
        gc.enable()
    assert [content() is None for content in read] == [True, True, False]
