"""Whatever a project holds, a command ends with a word about it, and never as a fault of bmkit."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from bmkit.cli.main import main

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

# Runs with `make slow`: each case runs half a dozen commands.
pytestmark = pytest.mark.slow

COMMANDS = (
    ("validate", "--format", "json"),
    ("validate", "--engine", "jsonschema"),
    ("validate", "--baseline", "known.json", "--write-baseline"),
    ("fmt", "--check"),
    ("export", "csv", "-o", "../out"),
    ("export", "fhir", "-o", "../out"),
    ("export", "xlsx", "-o", "../out"),
    ("fields",),
)
TRIAL = "content/trial-results/trial.json"
SCHEMA = "schema/trial.schema.json"


def rename(path: str, name: str) -> Callable[[Path], None]:
    return lambda root: os.rename(root / path, root / os.path.dirname(path) / name)


def link(path: str, target: str) -> Callable[[Path], None]:
    def put_link(root: Path) -> None:
        shutil.rmtree(root / path) if (root / path).is_dir() else (root / path).unlink(missing_ok=True)
        (root / path).symlink_to(target)

    return put_link


def put_pipe(path: str) -> Callable[[Path], None]:
    def put(root: Path) -> None:
        (root / path).unlink(missing_ok=True)
        os.mkfifo(root / path)

    return put


def both(first: Callable[[Path], None], second: Callable[[Path], None]) -> Callable[[Path], None]:
    def change(root: Path) -> None:
        first(root)
        second(root)

    return change


def change_text(root: Path, old: str, new: str) -> None:
    text = (root / TRIAL).read_text("utf-8")
    assert old in text
    (root / TRIAL).write_text(text.replace(old, new), "utf-8")


def remove_properties(root: Path) -> None:
    schema = json.loads((root / SCHEMA).read_text("utf-8"))
    del schema["properties"]
    (root / SCHEMA).write_text(json.dumps(schema), "utf-8")


def remove_first_id(root: Path) -> None:
    document = json.loads((root / TRIAL).read_text("utf-8"))
    del document["records"][0]["id"]
    (root / TRIAL).write_text(json.dumps(document), "utf-8")


def change_schema(path: tuple[str, ...], value: object) -> Callable[[Path], None]:
    def change(root: Path) -> None:
        schema = json.loads((root / SCHEMA).read_text("utf-8"))
        node = schema
        for step in path[:-1]:
            node = node[step]
        node[path[-1]] = value
        (root / SCHEMA).write_text(json.dumps(schema), "utf-8")

    return change


def write(path: str, text: str) -> Callable[[Path], None]:
    def put_text(root: Path) -> None:
        (root / path).write_text(text, "utf-8")

    return put_text


WRONG_VALUES: tuple[object, ...] = (None, "text", 5, True, [], {})
PATTERN = ("$defs", "record", "properties", "id", "pattern")
CASES = {
    "an article that is not UTF-8": rename("content/trial-results", "tri\udcff"),
    "a kind that is not UTF-8": rename(TRIAL, "\udcff.json"),
    "a schema that is not UTF-8": rename(SCHEMA, "\udcff.schema.json"),
    "an article of control characters": rename("content/trial-results", "a\n::error::\x1b[1m"),
    **{f"$defs: {value!r}": change_schema(("$defs",), value) for value in WRONG_VALUES},
    **{f"record: {value!r}": change_schema(("$defs", "record"), value) for value in WRONG_VALUES},
    "records of any shape, one without an id": both(
        change_schema(("properties", "records", "items"), {}), remove_first_id
    ),
    "nothing that a file may have": remove_properties,
    "a number in quotes that is beyond all": lambda root: change_text(
        root, '"patients": 41', '"patients": "1e400"'
    ),
    "5,000 groups": change_schema(PATTERN, "(" * 5000 + "a" + ")" * 5000),
    "900 groups": change_schema(PATTERN, "(?:" * 900 + "a" + ")" * 900),
    "a class of letters": change_schema(PATTERN, r"^\p{L}$"),
    **{
        f"{path} -> {target}": link(path, target)
        for path in ("content", "content/terms", "schema")
        for target in ("/proc", "/proc/self", "/dev", "/", ".")
    },
    **{
        f"{path} -> {target}": link(path, target)
        for path in (TRIAL, SCHEMA, "bmkit.toml", "content/codes.lock.tsv")
        for target in ("/dev/zero", "/proc/self/environ", "nowhere", "\udcff")
    },
    **{
        f"a pipe as {path}": put_pipe(path)
        for path in (TRIAL, SCHEMA, "bmkit.toml", "content/codes.lock.tsv")
    },
    "an empty name in settings": write("bmkit.toml", "[terminologies]\n'' = ''"),
    "dotted keys without end": write("bmkit.toml", "a." * 5000 + "b = 1"),
}


@pytest.mark.parametrize("case", CASES)
def test_no_input_is_a_fault_of_bmkit(clean: Path, case: str, capsys: pytest.CaptureFixture[str]) -> None:
    CASES[case](clean)
    for command in COMMANDS:
        status = main(command)
        captured = capsys.readouterr()
        assert status in {0, 1, 2}, (command, captured.err)
        assert "Traceback" not in captured.err
        assert captured.err or status != 2, command
        if "json" in command:
            json.loads(captured.out)


TREES = {
    "a name of 300 bytes": [("100644", "blob", "a" * 300 + ".json")],
    "a file and a folder of one name": [("100644", "blob", "terms"), ("040000", "tree", "terms")],
    "a link and a folder of one name": [("120000", "blob", "terms"), ("040000", "tree", "terms")],
    "a link out": [("120000", "blob", "terms")],
    "a name that is not UTF-8": [("100644", "blob", "\udcff.json"), ("040000", "tree", "\udcfe")],
    "a way up": [("040000", "tree", ".."), ("100644", "blob", ".")],
    "a repository in it": [("160000", "commit", "terms"), ("040000", "tree", ".git")],
}


@pytest.mark.parametrize("case", TREES)
def test_no_revision_is_a_fault_of_bmkit(clean: Path, case: str, capsys: pytest.CaptureFixture[str]) -> None:
    def run_git(*args: str, data: bytes = b"") -> str:
        options = ("-c", "user.name=a", "-c", "user.email=a@h.test")
        command = ["git", *options, *args]
        return subprocess.run(command, input=data, capture_output=True, check=True).stdout.decode().strip()

    def write_tree(entries: list[tuple[str, str, str]]) -> str:
        # As an object: git's own commands refuse some of them.
        data = b"".join(
            f"{mode.lstrip('0')} ".encode() + os.fsencode(name) + b"\0" + bytes.fromhex(objects[sort])
            for mode, sort, name in entries
        )
        return run_git("hash-object", "-t", "tree", "--literally", "-w", "--stdin", data=data)

    run_git("init", "-q")
    objects = {"blob": run_git("hash-object", "-w", "--stdin", data=b"../../outside"), "commit": "1" * 40}
    objects["tree"] = write_tree([("100644", "blob", "site.json")])
    objects["tree"] = write_tree(TREES[case])
    tree = write_tree([("040000", "tree", "content")])
    run_git("update-ref", "refs/heads/old", run_git("commit-tree", tree, "-m", "x"))
    status = main(["validate", "--since", "old", "--format", "json"])
    captured = capsys.readouterr()
    assert status in {0, 1, 2}, captured.err
    json.loads(captured.out)
    assert not (clean.parent / "outside").exists()
