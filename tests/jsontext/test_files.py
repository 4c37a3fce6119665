"""A path that is no ordinary, steady file of a sensible size is refused by name, without waiting."""

from __future__ import annotations

import errno
import os
import socket
import sys
from typing import TYPE_CHECKING, Any

import pytest

from bmkit.jsontext import JsonError, read_bytes

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LINKS = pytest.mark.skipif(sys.platform == "win32", reason="making links needs a privilege there")
UNIX = pytest.mark.skipif(sys.platform == "win32", reason="there are no such files there")


def read_refusal(path: str | Path, **options: int) -> tuple[str, str]:
    """Return rule and message of the refusal."""
    with pytest.raises(JsonError) as caught:
        read_bytes(str(path), **options)
    assert (caught.value.start, caught.value.end, len(caught.value.faults)) == (0, 0, 1)
    return caught.value.rule, caught.value.message


def test_a_file_is_given_as_it_stands(tmp_path: Path) -> None:
    for data in (b"", b"{}", b"a\r\nb\x1a\x00", b"x" * 3_000_000):
        (tmp_path / "a.json").write_bytes(data)
        assert read_bytes(str(tmp_path / "a.json")) == data


def test_what_is_not_there(tmp_path: Path) -> None:
    assert read_refusal(tmp_path / "a.json") == ("json.missing", "there is no such file")
    (tmp_path / "b").write_text("x")
    assert read_refusal(tmp_path / "b" / "a.json") == ("json.missing", "there is no such file")


def test_a_folder(tmp_path: Path) -> None:
    assert read_refusal(tmp_path) == ("json.not-a-file", "this is a folder, not a file")


@UNIX
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.json")
    assert read_refusal(tmp_path / "a.json") == ("json.not-a-file", "this is a pipe, not a file")


@UNIX
def test_devices_and_sockets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_refusal("/dev/zero") == ("json.not-a-file", "this is a device, not a file")
    monkeypatch.chdir(tmp_path)  # the path of a socket must be short
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("a.json")
        assert read_refusal("a.json") == ("json.not-a-file", "this is a socket, not a file")


@LINKS
def test_links(tmp_path: Path) -> None:
    (tmp_path / "good.json").write_bytes(b"{}")
    (tmp_path / "link.json").symlink_to("good.json")
    assert read_bytes(str(tmp_path / "link.json")) == b"{}"
    (tmp_path / "broken.json").symlink_to("gone.json")
    rule, message = read_refusal(tmp_path / "broken.json")
    assert (rule, "gone.json" in message) == ("json.broken-link", True)
    (tmp_path / "loop.json").symlink_to("loop.json")
    assert read_refusal(tmp_path / "loop.json") == ("json.link-loop", "the link leads back to itself")


def test_names_that_no_file_can_have() -> None:
    assert read_refusal("a\0b.json")[0] == "json.unreadable"
    assert read_refusal("a" * 5000)[0] == "json.unreadable"


def test_a_file_above_the_limit_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(b"x" * 11)
    assert read_bytes(str(path), max_bytes=11) == b"x" * 11
    with path.open("wb") as file:
        file.truncate(1 << 30)  # takes no room on disk
    monkeypatch.setattr(os, "read", lambda *_: pytest.fail("it was read"))
    assert read_refusal(path) == ("json.too-large", "the file has 1 GiB, more than the 64 MiB allowed")


@pytest.mark.parametrize("code", [errno.EACCES, errno.EIO, errno.EMFILE])
def test_a_file_that_cannot_be_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    def refuse(*_: object) -> int:
        raise OSError(code, os.strerror(code))

    path = tmp_path / "a.json"
    path.write_bytes(b"{}")
    monkeypatch.setattr(os, "open", refuse)
    rule, message = read_refusal(path)
    assert rule == "json.unreadable"
    assert os.strerror(code).lower() in message.lower()


def act_while_reading(monkeypatch: pytest.MonkeyPatch, act: Callable[[], Any]) -> None:
    """Let something happen to the file after its first part was read."""
    real = os.read
    todo = [act]

    def read(file: int, size: int) -> bytes:
        data = real(file, size)
        if todo:
            todo.pop()()
        return data

    monkeypatch.setattr(os, "read", read)


def append_blank(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"more")


@UNIX
@pytest.mark.parametrize(
    ("act", "difference"),
    [
        (append_blank, "it had 2 bytes and then 6"),
        (lambda path: os.truncate(path, 0), "it had 2 bytes and then 0"),
        (lambda path: path.unlink(), "it was removed or replaced"),
        (lambda path: os.utime(path, ns=(0, 0)), "it was written to"),
    ],
    ids=["grown", "emptied", "removed", "touched"],
)
def test_a_file_that_changes_while_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, act: Callable[[Path], None], difference: str
) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(b"{}")
    act_while_reading(monkeypatch, lambda: act(path))
    assert read_refusal(path) == ("json.changed", f"the file changed while it was read: {difference}")


@UNIX
def test_a_file_replaced_by_an_editor_while_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(b"{}")
    (tmp_path / "new").write_bytes(b"[]")
    act_while_reading(monkeypatch, lambda: (tmp_path / "new").replace(path))
    assert read_refusal(path)[0] == "json.changed"


def test_a_read_in_pieces_gives_the_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(b"0123456789" * 10)
    real = os.read
    monkeypatch.setattr(os, "read", lambda file, size: real(file, min(size, 7)))
    assert read_bytes(str(path)) == b"0123456789" * 10
