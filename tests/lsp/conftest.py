"""A small project, and an editor that speaks with a server about it."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from contextlib import suppress
from queue import Empty, Queue
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TUMOUR = """{
  "$schema": "../../schema/tumour.schema.json",
  "records": [
    {"id": "breast-cancer", "label": "breast cancer"},
    {"id": "lung-cancer", "label": "lung cancer", "synonyms": ["cancer of the lung"]}
  ]
}
"""
SECTION = """{
  "$schema": "../../schema/section.schema.json",
  "records": [{"id": "prognosis", "label": "prognosis", "order": 1, "start": 0, "end": 100}]
}
"""
ARTICLE = """{
  "$schema": "../../schema/article.schema.json",
  "records": [{"id": "one", "label": "One", "language": "en", "reviewed": "2025-07-07", "length": 100,
               "digest": "0123456789abcdef"}]
}
"""
INCIDENCE = """{
  "$schema": "../../schema/radiotherapy.schema.json",
  "records": [
    {
      "id": "incidence-breast-cancer",
      "tumour": "breast-cancer",
      "radiation_dose": {"low": 65, "high": 75, "unit": "Gy"},
      "source": {"section": "prognosis", "spans": [{"start": 10, "end": 20, "digest": "0123456789abcdef"}]}
    },
    {
      "id": "incidence-lung-cancer",
      "tumour": "lung-cancer",
      "radiation_dose": {"value": 30, "unit": "Gy"},
      "source": {"section": "prognosis", "spans": [{"start": 20, "end": 30, "digest": "0123456789abcdef"}]}
    }
  ]
}
"""
FILES = {
    "content/terms/tumour.json": TUMOUR,
    "content/one/section.json": SECTION,
    "content/one/article.json": ARTICLE,
    "content/one/radiotherapy.json": INCIDENCE,
}


class Editor:
    """An editor with a server running."""

    def __init__(self, root: Path, encodings: list[str]) -> None:
        self.root = root
        self._server = subprocess.Popen(
            [sys.executable, "-m", "bmkit", "lsp"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self._messages: Queue[dict[str, Any]] = Queue()
        self._kept: list[dict[str, Any]] = []
        self._number = 0
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        general = {"positionEncodings": encodings}
        item = {"completionItem": {"snippetSupport": True}}
        capabilities = {"general": general, "textDocument": {"completion": item}}
        self.server = self.ask(
            "initialize", {"processId": None, "rootUri": root.as_uri(), "capabilities": capabilities}
        )
        self.tell("initialized", {})

    def tell(self, method: str, params: Any) -> None:
        self._send({"method": method, "params": params})

    def ask(self, method: str, params: Any) -> Any:
        self._number += 1
        self._send({"id": self._number, "method": method, "params": params})
        answer = self._wait(lambda message: message.get("id") == self._number)
        assert "error" not in answer, answer
        return answer["result"]

    def open(self, name: str, text: str | None = None) -> str:
        uri = (self.root / name).as_uri()
        opened_text = (self.root / name).read_text("utf-8") if text is None else text
        document = {"uri": uri, "languageId": "json", "version": 1, "text": opened_text}
        self.tell("textDocument/didOpen", {"textDocument": document})
        return uri

    def change(self, uri: str, text: str, version: int) -> None:
        document = {"uri": uri, "version": version}
        self.tell("textDocument/didChange", {"textDocument": document, "contentChanges": [{"text": text}]})

    def issues(self, uri: str, version: int | None = None) -> list[dict[str, Any]]:
        """The issues of a version of a document."""

        def is_wanted(message: dict[str, Any]) -> bool:
            params = message.get("params", {})
            return (
                message.get("method") == "textDocument/publishDiagnostics"
                and params["uri"] == uri
                and (version is None or params.get("version") == version)
            )

        issues: list[dict[str, Any]] = self._wait(is_wanted)["params"]["diagnostics"]
        return issues

    def leave(self) -> int:
        with suppress(BrokenPipeError):
            self.ask("shutdown", None)
            self.tell("exit", None)
        try:
            return self._server.wait(20)
        finally:
            self._server.kill()
            self._server.wait()
            self._reader.join(5)
            for stream in (self._server.stdin, self._server.stdout):
                if stream is not None:
                    stream.close()

    def _send(self, message: dict[str, Any]) -> None:
        data = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._server.stdin is not None
        self._server.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(data), data))
        self._server.stdin.flush()

    def _read(self) -> None:
        stream = self._server.stdout
        assert stream is not None
        while True:
            size = 0
            while line := stream.readline().strip():
                name, _, value = line.partition(b":")
                size = int(value) if name.lower() == b"content-length" else size
            if not size:
                return
            self._messages.put(json.loads(stream.read(size)))

    def _wait(self, wanted: Any) -> dict[str, Any]:
        for message in self._kept:
            if wanted(message):
                self._kept.remove(message)
                return message
        while True:
            try:
                message = self._messages.get(timeout=30)
            except Empty:
                pytest.fail(f"no such message; there were {self._kept}")
            if wanted(message):
                return message
            self._kept.append(message)


@pytest.fixture
def editor(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Editor]:
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    editor = Editor(tmp_path, [getattr(request, "param", "utf-16")])
    yield editor
    assert editor.leave() == 0
