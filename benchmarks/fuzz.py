"""Does any input end bmkit otherwise than it promises: changed projects by the thousand, each with a command.

    python benchmarks/fuzz.py [--inputs N] [--seed S] [--jobs J] [--only NUMBER] [--keep FOLDER]

Each input is a small sound project in which a few things are changed: values, keys, bytes of record files,
schemas, settings, suppressions and baselines, names of files, links, revisions of git.  It is the same for
the same seed and number, on every machine.  A run must end with status 0, 1 or 2 within some seconds, without
a traceback, with valid output where a format for programs was asked for, and must write nothing outside of
the project and its output folder.  Commands run in processes that are ended when they take too long; what
fails is run again by itself before it counts.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import multiprocessing
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections import Counter
from multiprocessing.connection import wait
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from bmkit.cli.main import main as run_bmkit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.connection import Connection

    Path_ = tuple[str | int, ...]
    Mutation = Callable[[random.Random, Path], None]

# Of the processor: others may use it, too.  A run that waits for something is ended, too, in the end.
LIMIT_SECONDS = 10
MAX_WAIT_SECONDS = 120
MAX_MEMORY_BYTES = 3 << 30
INPUTS_PER_WORKER = 400
TOP = Path(__file__).resolve().parents[1]
MACHINE_FORMATS = ("json", "sarif", "gitlab", "junit", "github")
REVISION_SHARE = 0.02

WORDS = [
    "", " ", "mg", "40 mg", "ug", "μg", "one", "-", "a" * 300, "a" * 50_000, "é" * 40, "\u202eabc", "x\ny",
    "\x00", "\x1b[31m", "::error::x", "##[command]x", "=2+3", "<script>", "{a}", "{", "[a|b",
    "\U0001f9b4" * 9, "\ud800", "\udcff", "\ufeff", "../../x", "content/x", "http://h.test/x",
    "#/$defs/record", "2019-02-30", "0000-01-01", "9999-12-31", "1e400", "10 U", "q6PM", "0.10", ".5",
    "1,000", "½", "\u0661", "terms", "null",
]  # fmt: skip
NUMBERS = [
    "0", "-0", "1", "-1", "0.1", "1e-400", "1e400", "1E+99", "1" + "0" * 400, "9" * 5000, "0." + "1" * 400,
    "9007199254740993", "1e1000000", "0.30000000000000004", "1.0", "1.50", "-1e9", "3.5e2", "NaN",
    "Infinity", "01", "+1", "1.", ".1", "0x1",
]  # fmt: skip
PATTERNS = [
    "(a+)+$", "(" * 50 + "a" + ")" * 50, "(" * 5000 + "a" + ")" * 5000, r"\p{L}", r"\d+", "[", "(",
    "a{1,99999}", "(?=a)", "(?<!a)b", r"\1", "(a|a)*b", "^" * 9, "[\\w-]", r"[^\u0000-\uffff]", "(?i)a",
    "x{3,1}", "\\", "",
]  # fmt: skip
KEYWORDS = [
    "$ref", "$dynamicRef", "$defs", "$id", "$anchor", "$schema", "$vocabulary", "type", "enum", "const",
    "format", "pattern", "properties", "patternProperties", "additionalProperties", "unevaluatedProperties",
    "required", "dependentRequired", "dependentSchemas", "propertyNames", "items", "prefixItems",
    "contains", "minItems", "maxItems", "uniqueItems", "minimum", "maximum", "exclusiveMinimum",
    "multipleOf", "minLength", "maxLength", "minProperties", "allOf", "anyOf", "oneOf", "not", "if", "then",
    "else", "title", "description", "examples", "default", "x-ref", "x-unit", "x-role", "x-part",
    "x-sentence", "x-group", "x-within", "x-not", "x-order", "x-unique", "x-disjoint", "x-same-as",
    "x-sequence", "x-sum", "x-plausible", "x-many", "x-means", "x-other",
]  # fmt: skip
REFERENCES = [
    "#", "#/$defs/record", "#/$defs/none", "#/properties", "trial.schema.json",
    "site.schema.json#/$defs/record", "common/quantity.schema.json#/$defs/mass",
    "common/quantity.schema.json", "../x.schema.json", "/etc/passwd", "http://127.0.0.1:9/x",
    "file:///etc/passwd", "", "#anchor", "#/%", "urn:x", "common/../trial.schema.json",
]  # fmt: skip
SETTINGS = [
    "schemas = 1", "schemas = 2", 'schemas = "1"', "schemas = " + "9" * 5000,
    '[rules.ignore]\n"text.odd" = "x"',
    '[rules.severity]\nslip = {severity = "warning", reason = "x"}', '[publisher]\nname = "\\u0000"',
    "[publisher]\nname = 'x'\nurl = 'javascript:x'", "[terminologies]\nX = 'urn:x'",
    "[terminologies]\n'' = ''", "[export]\nstatus = 'x'", "[sheets]\ntrial = 'x'", "a = " + "[" * 2000,
    "a." * 2000 + "b = 1", "\ufeffschemas = 1", "[tool.bmkit]\nschemas = 1", "x = 1979-05-27T07:32:00Z",
    "x = inf", "x = nan", "=", "[", "[[a]]\n[a]", "content_version = '\\n'",
    "base_url = 'http://h.test/#x'", "base_url = 'http://['", "licence = 1",
]  # fmt: skip
FILE_NAMES = [
    b"\xff.json", b"a\nb.json", b" .json", b".json", b"-.json", b"A.json", b"a" * 250, b"x.JSON",
    "é".encode(), "e\u0301.json".encode(), b"#.json", b"%2e.json", b"a.schema.json", b"con.json", b"\xff",
    b"::error::", b"a..", b"...", b"terms", b"TERMS", b"codes.lock.tsv", b"suppression.json", b"article.json",
    "\u202e.json".encode(), b"x\x1b[31m.json", b"x:y.json", b"*.json", b"trial.json", b"site.json",
    b"result.json",
]  # fmt: skip
LINK_TARGETS = [
    "/proc", "/proc/self", "/proc/self/environ", "/dev/zero", "/dev/stdin", "/dev", "/", "..", ".",
    "nowhere", "../../outside", "../outside/kept.json", "../../../outside/kept.json", "../../.git/config",
    "trial.json", "\udcff", "x" * 255, "/etc/passwd", "../terms", "../../schema",
]  # fmt: skip


class Raw:
    """A token that JSON is written with as it is, sound or not."""

    def __init__(self, text: str) -> None:
        self.text = text


class Outcome(NamedTuple):
    """How one run ended: `fault` is "" where it kept its promises."""

    fault: str
    command: tuple[str, ...]
    sort: str


# ---- documents ------------------------------------------------------------------------------------------


def write_value(rng: random.Random, value: Any) -> str:
    """Return the JSON text of a value; now and then a key stands twice."""
    if isinstance(value, Raw):
        return value.text
    if isinstance(value, dict):
        items = list(value.items())
        if items and rng.random() < 0.002:
            items.append(rng.choice(items))
        members = (f"{write_value(rng, key)}: {write_value(rng, item)}" for key, item in items)
        return "{" + ", ".join(members) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(write_value(rng, item) for item in value) + "]"
    return json.dumps(value, ensure_ascii=isinstance(value, str) and not is_encodable(value))


def is_encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def list_paths(value: Any) -> list[Path_]:
    """Return the path of every value inside a value, itself included."""
    paths: list[Path_] = []
    pending: list[tuple[Path_, Any]] = [((), value)]
    while pending:
        path, node = pending.pop()
        paths.append(path)
        children = (
            node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
        )
        pending += [((*path, step), child) for step, child in children]
    return paths


def get_value(value: Any, path: Path_) -> Any:
    for step in path:
        value = value[step]
    return value


def draw_value(rng: random.Random) -> Any:  # noqa: PLR0911  a kind of value each
    """Return any value of any type."""
    match rng.randrange(12):
        case 0:
            return None
        case 1:
            return rng.random() < 0.5
        case 2 | 3:
            return Raw(rng.choice(NUMBERS))
        case 4 | 5 | 6:
            return rng.choice(WORDS)
        case 7:
            depth = rng.choice([1, 3, 90, 200, 5000])
            return Raw(rng.choice(["[", '{"a":']) * depth + "1" + "]" * depth)
        case 8:
            return [draw_value(rng) for _ in range(rng.randrange(4))]
        case 9:
            return {rng.choice(WORDS): draw_value(rng) for _ in range(rng.randrange(4))}
        case 10:
            return [rng.choice(WORDS)] * rng.choice([2, 50, 2000])
        case _:
            return {"value": Raw(rng.choice(NUMBERS)), "unit": rng.choice(["mg", "%", "g", "ug", "mo", "x"])}


def draw_schema_value(rng: random.Random, keyword: str) -> Any:  # noqa: PLR0911  a sort of keyword each
    """Return a value that is likely to get past the first look at a keyword."""
    if rng.random() < 0.3:
        return draw_value(rng)
    if keyword in {"$ref", "$dynamicRef", "$id", "$schema"}:
        return rng.choice(REFERENCES)
    if keyword == "pattern":
        return rng.choice(PATTERNS)
    if keyword == "type":
        names = ["string", "number", "integer", "object", "array", "null", "boolean", "x"]
        return rng.choice([rng.choice(names), rng.sample(names, 2), []])
    if keyword in {"properties", "patternProperties", "$defs", "dependentSchemas"}:
        return {rng.choice([*WORDS, *PATTERNS, "id", "label"]): draw_schema(rng) for _ in range(2)}
    if keyword in {"allOf", "anyOf", "oneOf", "prefixItems"}:
        return [draw_schema(rng) for _ in range(rng.randrange(3))]
    if keyword in {"required", "enum", "examples", "x-unique", "x-order", "x-sequence", "x-sum"}:
        return [rng.choice([*WORDS, "id", "patients", "share"]) for _ in range(rng.randrange(3))]
    if keyword.startswith("x-"):
        words = [
            "dose",
            "share",
            "mass",
            "trial",
            "site",
            "fact",
            "term",
            "{id}",
            "{dose} [a|b]",
            "{a?}",
            "regimen",
        ]
        return rng.choice([rng.choice(words), [rng.choice(words)], {rng.choice(words): rng.choice(words)}])
    if keyword.startswith(("min", "max", "exclusive", "multiple")):
        return Raw(rng.choice(NUMBERS[:10]))
    if keyword in {"if", "then", "else", "not", "items", "contains", "propertyNames", "additionalProperties"}:
        return rng.choice([True, False, draw_schema(rng)])
    return rng.choice(WORDS)


def draw_schema(rng: random.Random) -> Any:
    keywords = rng.sample(KEYWORDS, rng.randrange(3))
    return {keyword: draw_schema_value(rng, keyword) for keyword in keywords}


def change_document(rng: random.Random, document: Any, *, is_schema: bool = False) -> Any:
    """Return a document with one change in its structure."""
    path = rng.choice(list_paths(document))
    if not path:
        return draw_value(rng) if rng.random() < 0.3 else document
    holder, step = get_value(document, path[:-1]), path[-1]
    match rng.randrange(9):
        case 0 | 1 | 2:
            holder[step] = draw_value(rng)
        case 3:
            del holder[step]
        case 4:
            other = rng.choice(list_paths(document))
            holder[step] = json.loads(json.dumps(get_value(document, other), default=lambda raw: raw.text))
        case 5 if isinstance(holder, dict):
            holder[rng.choice([*WORDS, "id", "notes", "source", "unit", "value", "low"])] = holder.pop(step)
        case 6 if isinstance(holder, list):
            holder += [get_value(holder, (step,))] * rng.choice([1, 2, 300])
        case 7 if isinstance(holder[step], str):
            text = holder[step]
            cut = rng.randrange(len(text) + 1)
            holder[step] = rng.choice([text[:cut], text[:cut] + rng.choice(WORDS) + text[cut:], text.upper()])
        case _:
            if is_schema and isinstance(holder, dict):
                keyword = rng.choice(KEYWORDS)
                holder[keyword] = draw_schema_value(rng, keyword)
            else:
                holder[step] = draw_value(rng)
    return document


def change_bytes(rng: random.Random, data: bytes) -> bytes:
    """Return bytes with one change that knows nothing of what they say."""
    start = rng.randrange(len(data) + 1)
    end = min(len(data), start + rng.choice([1, 1, 2, 20, 500]))
    tokens = [
        b"\xff",
        b"\xef\xbb\xbf",
        b"\x00",
        b"{",
        b"]",
        b'"',
        b",",
        b":",
        b"\\u",
        b"\\ud800",
        b"//",
        b"\r",
        b"\n",
    ]
    tokens += [
        b"<<<<<<< HEAD\n",
        b"[" * 3000,
        b"1" * 3000,
        b'{"a":' * 3000,
        b"\xed\xa0\x80",
        b"\xc0\x80",
        b"e99999",
    ]
    match rng.randrange(7):
        case 0:
            return data[:start]
        case 1:
            return data[:start] + data[end:]
        case 2 | 3:
            return data[:start] + rng.choice(tokens) + data[start:]
        case 4:
            return data[:start] + bytes(rng.randrange(256) for _ in range(end - start)) + data[end:]
        case 5:
            return data[:start] + data[start:end] * rng.choice([2, 100]) + data[end:]
        case _:
            codec = rng.choice(["utf-16", "utf-32", "utf-8-sig", "cp037"])
            return data.decode("utf-8", "replace").encode(codec, "replace")


def change_json_file(rng: random.Random, file: Path, *, is_schema: bool = False) -> None:
    if rng.random() < 0.25:
        file.write_bytes(change_bytes(rng, file.read_bytes()))
        return
    try:
        document = json.loads(file.read_bytes())
    except (ValueError, RecursionError):
        return
    for _ in range(rng.choice([1, 1, 1, 2, 5])):
        document = change_document(rng, document, is_schema=is_schema)
    file.write_bytes(write_value(rng, document).encode("utf-8", "surrogatepass"))


# ---- what of a project is changed ------------------------------------------------------------------------


def list_files(folder: Path, suffix: str = ".json") -> list[Path]:
    names = (os.path.join(path, name) for path, _, names in os.walk(folder) for name in names)
    return sorted(Path(name) for name in names if name.endswith(suffix) and os.path.isfile(name))


def change_records(rng: random.Random, root: Path) -> None:
    if files := list_files(root / "content"):
        change_json_file(rng, rng.choice(files))


def change_schema(rng: random.Random, root: Path) -> None:
    if files := list_files(root / "schema"):
        change_json_file(rng, rng.choice(files), is_schema=True)


def change_settings(rng: random.Random, root: Path) -> None:
    file = root / rng.choice(["bmkit.toml", "bmkit.toml", "pyproject.toml"])
    text = "\n".join(rng.sample(SETTINGS, rng.randrange(1, 3)))
    data = text.encode("utf-8", "surrogatepass")
    with contextlib.suppress(OSError):
        file.write_bytes(change_bytes(rng, data) if rng.random() < 0.3 else data)


def change_suppressions(rng: random.Random, root: Path) -> None:
    file = root / "content" / rng.choice(["trial-results", "terms", "one"]) / "suppression.json"
    record = {
        "id": "a", "rule": rng.choice(["limits.inverted", "slip.tenfold", "no.rule", "references"]),
        "kind": rng.choice(["trial", "site", "none"]), "record": rng.choice(["ibandronate-2019", "none"]),
        "field": rng.choice(["share", "dose.value", "x..y", ""]), "value": rng.choice(WORDS), "reason": "x",
        "by": "y", "until": rng.choice(["2099-01-01", "2001-01-01", "x"]),
    }  # fmt: skip
    document = {"$schema": "../../schema/suppression.schema.json", "records": [record]}
    if file.parent.is_dir() and not file.is_dir():
        if rng.random() < 0.7:
            document = change_document(rng, document)
        file.write_bytes(write_value(rng, document).encode("utf-8", "surrogatepass"))


def change_baseline(rng: random.Random, root: Path) -> None:
    entry = {
        "rule": "limits.inverted",
        "file": "content/a.json",
        "record": "a",
        "field": "x",
        "value": "1",
        "count": 2,
    }
    document: Any = {"version": 2, "issues": [entry]}
    if rng.random() < 0.8:
        document = change_document(rng, document)
    data = write_value(rng, document).encode("utf-8", "surrogatepass")
    (root / "known.json").write_bytes(change_bytes(rng, data) if rng.random() < 0.2 else data)


def change_lock(rng: random.Random, root: Path) -> None:
    lines = [
        "system\tcode\tdisplay\tterms",
        "MONDO\t1\tx\t",
        "\t\t\t",
        "a\tb",
        "MONDO\t1\ty",
        "\x00",
        "a" * 10_000,
    ]
    data = "\n".join(rng.sample(lines, 4)).encode()
    with contextlib.suppress(OSError):
        (root / "content/codes.lock.tsv").write_bytes(change_bytes(rng, data) if rng.random() < 0.5 else data)


def change_names(rng: random.Random, root: Path) -> None:
    """Give a file or folder another name, or put something else in its place."""
    entries = sorted(
        os.path.join(path, name)
        for path, folders, names in os.walk(root)
        for name in (*folders, *names)
        if ".git" not in path
    )
    if not entries:
        return
    entry = os.fsencode(rng.choice(entries))
    new_entry = os.path.join(os.path.dirname(entry), rng.choice(FILE_NAMES))
    with contextlib.suppress(OSError):
        match rng.randrange(8):
            case 0 | 1:
                os.rename(entry, new_entry)
            case 2:
                copy_entry(os.fsdecode(entry), os.fsdecode(new_entry))
            case 3:
                remove_entry(entry)
                os.symlink(os.fsencode(rng.choice(LINK_TARGETS)), entry)
            case 4:
                os.symlink(os.fsencode(rng.choice(LINK_TARGETS)), new_entry)
            case 5:
                remove_entry(entry)
                os.mkfifo(entry) if rng.random() < 0.5 else os.mkdir(entry)
            case 6:
                remove_entry(entry)
                with open(entry, "wb"):
                    pass
            case _:
                os.chmod(entry, 0o000)


def copy_entry(entry: str, new_entry: str) -> None:
    shutil.copy(entry, new_entry) if os.path.isfile(entry) else shutil.copytree(entry, new_entry)


def remove_entry(entry: bytes) -> None:
    shutil.rmtree(entry) if os.path.isdir(entry) and not os.path.islink(entry) else os.remove(entry)


def run_git(root: Path, *args: str, data: bytes = b"") -> bytes:
    options = ["-c", "user.name=a", "-c", "user.email=a@h.test", "-c", "commit.gpgsign=false"]
    environment = {**os.environ, "GIT_AUTHOR_DATE": "1 +0000", "GIT_COMMITTER_DATE": "1 +0000"}
    completed = subprocess.run(
        [shutil.which("git") or "git", *options, *args],
        cwd=root,
        input=data,
        env=environment,
        capture_output=True,
        check=False,
    )
    return completed.stdout


def change_revision(rng: random.Random, root: Path) -> None:
    """Make a commit of trees that git's own commands would not write."""
    run_git(root, "init", "-q")
    terms = root / "content/terms/site.json"
    # What was put in its place before may be a pipe that nobody writes to.
    data = terms.read_bytes() if terms.is_file() else b"{}"
    blobs = [
        run_git(root, "hash-object", "-w", "--stdin", data=item).strip().decode()
        for item in (data, change_bytes(rng, data), os.fsencode(rng.choice(LINK_TARGETS)))
    ]
    names = [*FILE_NAMES, b"x" * 300, b"a\xff\xfe", b"trial.json", b"site.json", b".git", b"..", b"a/b"]

    def make_tree(depth: int) -> str:
        entries = []
        for _ in range(rng.randrange(1, 5)):
            name = rng.choice(names)
            mode = rng.choice(
                [b"100644 blob", b"100755 blob", b"120000 blob", b"160000 commit", b"040000 tree"]
            )
            object_id = make_tree(depth - 1) if mode.endswith(b"tree") and depth else rng.choice(blobs)
            mode = b"100644 blob" if mode.endswith(b"tree") and not depth else mode
            entries.append(mode + b" " + object_id.encode() + b"\t" + name)
        return make_git_tree(entries)

    def make_git_tree(entries: list[bytes]) -> str:
        # As the object itself: mktree refuses and sorts.
        body = b""
        for entry in entries:
            head, _, name = entry.partition(b"\t")
            mode, _, object_id = head.split(b" ")
            if not re.fullmatch(rb"[0-9a-f]{40}", object_id):
                continue
            body += mode.lstrip(b"0") + b" " + name + b"\0" + bytes.fromhex(object_id.decode())
        arguments = ("hash-object", "-t", "tree", "--literally", "-w", "--stdin")
        return run_git(root, *arguments, data=body).strip().decode()

    folders = [(b"040000 tree", name, make_tree(rng.randrange(3))) for name in (b"content", b"schema")]
    if rng.random() < 0.5:
        folders.append((rng.choice([b"100644 blob", b"120000 blob"]), b"content", rng.choice(blobs)))
    tree = make_git_tree(
        [mode + b" " + object_id.encode() + b"\t" + name for mode, name, object_id in folders]
    )
    commit = run_git(root, "commit-tree", tree, "-m", "x").strip().decode()
    if commit:
        run_git(root, "update-ref", "refs/heads/old", commit)


SORTS: dict[str, tuple[float, Mutation]] = {
    "records": (5, change_records),
    "schema": (4, change_schema),
    "settings": (1, change_settings),
    "suppressions": (1, change_suppressions),
    "baseline": (1, change_baseline),
    "lock": (0.5, change_lock),
    "names": (2, change_names),
}


# ---- one input -------------------------------------------------------------------------------------------


def make_specimens(folder: Path) -> list[Path]:
    """Write the projects that are changed: with kinds of its own, a new one, a few records of all kinds."""
    own = shutil.copytree(TOP / "examples/inverted-range/project", folder / "own")
    trial = own / "content/trial-results/trial.json"
    text = trial.read_text("utf-8").replace('"low": 85, "high": 65', '"low": 65, "high": 85')
    trial.write_text(text.replace("pelvsi", "pelvis"), "utf-8")
    new = folder / "new"
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        status = run_bmkit(["init", str(new)])
    if status:
        raise RuntimeError("bmkit init failed")
    sample = folder / "sample"
    for file in list_files(TOP / "content"):
        document = json.loads(file.read_bytes())
        document["records"] = document["records"][:2]
        copy = sample / file.relative_to(TOP)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(json.dumps(document), "utf-8")
    # More of the first two: the last is larger, and slower.
    return [own, own, own, new, new, sample]


def draw_command(  # noqa: PLR0911  a command each
    rng: random.Random, *, has_revision: bool, sort: str
) -> tuple[str, ...]:
    if has_revision:
        return ("validate", "--since", "old", "--format", rng.choice(MACHINE_FORMATS))
    if sort == "baseline":
        extra = ["--write-baseline"] if rng.random() < 0.3 else ["--format", rng.choice(MACHINE_FORMATS)]
        return ("validate", "--baseline", "known.json", *extra)
    form = rng.choice(["text", "concise", *MACHINE_FORMATS])
    match rng.randrange(16):
        case 0 | 1 | 2 | 3 | 4 | 5:
            return ("validate", "--format", form)
        case 6:
            return ("validate", "--format", form, "--engine", "jsonschema", "--no-suppressions")
        case 7:
            return ("fmt", "--check")
        case 8:
            return ("fmt",)
        case 9:
            return ("fix", *(["--diff"] if rng.random() < 0.5 else []))
        case 10 | 11:
            return ("export", "csv", "-o", "../out")
        case 12 | 13:
            return ("export", "fhir", "-o", "../out", "--release", rng.choice(["R5", "R4B"]))
        case 14:
            return ("export", "xlsx", "-o", "../out")
        case _:
            return ("fields", *rng.choice([(), ("trial",), ("site",), ("--format", "json")]))


def make_input(folder: Path, specimens: list[Path], seed: int, number: int) -> tuple[tuple[str, ...], str]:
    """Write input `number` into a folder that is empty; returns the command, and what was changed."""
    rng = random.Random(f"{seed}-{number}")  # noqa: S311  chance that is the same each time
    root = shutil.copytree(rng.choice(specimens), folder / "project", symlinks=True)
    (folder / "outside").mkdir()
    (folder / "outside/kept.json").write_text('{"records": []}', "utf-8")
    has_revision = rng.random() < REVISION_SHARE
    sorts = rng.choices(list(SORTS), [weight for weight, _ in SORTS.values()], k=rng.choice([1, 1, 1, 2, 3]))
    for sort in sorts:
        SORTS[sort][1](rng, root)
    if has_revision:
        change_revision(rng, root)
    command = draw_command(rng, has_revision=has_revision, sort=sorts[0])
    return command, "revision" if has_revision else sorts[0]


def read_surroundings(folder: Path) -> dict[str, bytes]:
    """Return what lies around the project and its output."""
    return {
        name: (folder / name).read_bytes() if (folder / name).is_file() else b""
        for name in ("outside", "outside/kept.json", *os.listdir(folder / "outside"), *os.listdir(folder))
        if name not in {"project", "out"}
    }


def find_fault(command: tuple[str, ...], status: int, out: str, err: str) -> str:
    """Return what a run did against its promises; "" if it kept them."""
    if status not in {0, 1, 2}:
        return f"status {status}: {err.strip()[-300:]}"
    if "Traceback (most recent call last)" in out + err:
        return f"traceback: {err.strip()[-300:]}"
    if status == 2 and not err.strip():
        return "status 2 without a word"
    form = command[command.index("--format") + 1] if "--format" in command else ""
    try:
        if command[0] == "validate" and form == "junit":
            ET.fromstring(out)  # noqa: S314  our own
        elif command[0] == "validate" and form in {"json", "sarif", "gitlab"}:
            json.loads(out, parse_constant=refuse_constant)
    except (ValueError, ET.ParseError) as error:
        return f"{form} is not valid: {error}"
    return ""


def refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def run_in_process(folder: Path, command: tuple[str, ...]) -> tuple[int, str, str]:
    """Return status, output and errors of a command that runs in this process."""
    saved = sys.stdout, sys.stderr
    streams = [io.TextIOWrapper((folder / name).open("w+b"), encoding="utf-8") for name in (".out", ".err")]
    os.chdir(folder / "project")
    sys.stdout, sys.stderr = streams
    try:
        status = run_bmkit(command)
    finally:
        sys.stdout, sys.stderr = saved
        os.chdir("/")
        texts = []
        for stream in streams:
            stream.flush()
            stream.close()
        for name in (".out", ".err"):
            texts.append((folder / name).read_bytes().decode("utf-8", "replace"))
            (folder / name).unlink()
    return status, texts[0], texts[1]


def run_by_itself(folder: Path, command: tuple[str, ...]) -> tuple[int, str, str]:
    """Return status, output and errors of a command in a process of its own, below 0 if it took too long."""
    limits = (
        "import resource, os, sys; "
        f"resource.setrlimit(resource.RLIMIT_CPU, ({LIMIT_SECONDS}, {LIMIT_SECONDS})); "
        f"resource.setrlimit(resource.RLIMIT_AS, ({MAX_MEMORY_BYTES}, {MAX_MEMORY_BYTES})); "
        "os.execv(sys.executable, [sys.executable, *sys.argv[1:]])"
    )
    try:
        completed = subprocess.run(
            [sys.executable, "-c", limits, "-m", "bmkit", *command], stdin=subprocess.DEVNULL,
            cwd=folder / "project", capture_output=True, check=False, timeout=2 * MAX_WAIT_SECONDS,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return -1, "", f"not done after {2 * MAX_WAIT_SECONDS} s"
    return (
        completed.returncode,
        completed.stdout.decode("utf-8", "replace"),
        completed.stderr.decode("utf-8", "replace"),
    )


def try_input(
    specimens: list[Path], seed: int, number: int, *, by_itself: bool = False, keep: str = ""
) -> Outcome:
    """Make an input, run its command, and return how that ended."""
    folder = Path(keep) if keep else Path(tempfile.mkdtemp(prefix="fuzz-"))
    try:
        folder.mkdir(exist_ok=True)
        command, sort = make_input(folder, specimens, seed, number)
        before = read_surroundings(folder)
        run = run_by_itself if by_itself else run_in_process
        fault = find_fault(command, *run(folder, command))
        if not fault and read_surroundings(folder) != before:
            fault = "something outside of the project was written"
        return Outcome(fault, command, sort)
    finally:
        if not keep:
            remove_folder(folder)


def remove_folder(folder: Path) -> None:
    for path, folders, _ in os.walk(folder):
        for name in folders:
            if not os.path.islink(os.path.join(path, name)):
                os.chmod(os.path.join(path, name), 0o700)
    shutil.rmtree(folder, ignore_errors=True)


# ---- many inputs -----------------------------------------------------------------------------------------


class Worker:
    """A process that tries inputs one after the other, and is ended when one takes too long."""

    def __init__(self, specimens: list[Path], seed: int) -> None:
        self.connection, child = multiprocessing.Pipe()
        context = multiprocessing.get_context("fork")
        self._process = context.Process(target=_serve_inputs, args=(child, specimens, seed), daemon=True)
        self._process.start()
        child.close()
        self.number = -1
        self.served = 0
        self.deadline = 0.0

    def start(self, number: int) -> None:
        self.number = number
        self.served += 1
        self.deadline = time.monotonic() + MAX_WAIT_SECONDS
        self.connection.send(number)

    def end(self) -> None:
        self._process.kill()
        self._process.join()
        self.connection.close()


def _serve_inputs(connection: Connection, specimens: list[Path], seed: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))
    sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115  open to the end
    parent = multiprocessing.parent_process()
    while parent is not None and parent.sentinel not in wait([connection, parent.sentinel]):
        number = connection.recv()
        # Its signal ends the process.
        signal.setitimer(signal.ITIMER_PROF, LIMIT_SECONDS)
        try:
            outcome = try_input(specimens, seed, number)
        except Exception as error:  # noqa: BLE001  a fault of this program
            outcome = Outcome(f"fuzz.py: {type(error).__name__}: {error}", (), "")
        signal.setitimer(signal.ITIMER_PROF, 0)
        connection.send(outcome)


def try_inputs(specimens: list[Path], seed: int, numbers: range, jobs: int) -> Iterator[tuple[int, Outcome]]:
    """Yield each number with how its input ended, as they end."""
    pending = iter(numbers)
    workers: list[Worker] = []
    while True:
        while len(workers) < jobs and (number := next(pending, None)) is not None:
            workers.append(Worker(specimens, seed))
            workers[-1].start(number)
        if not workers:
            return
        ready = wait([worker.connection for worker in workers], timeout=0.5)
        for worker in list(workers):
            if worker.connection in ready:
                try:
                    outcome = worker.connection.recv()
                except EOFError:
                    outcome = Outcome(f"the process was ended, or had worked for {LIMIT_SECONDS} s", (), "")
            elif time.monotonic() > worker.deadline:
                outcome = Outcome(f"not done after {MAX_WAIT_SECONDS} s", (), "")
            else:
                continue
            yield worker.number, outcome
            number = None if outcome.fault or worker.served >= INPUTS_PER_WORKER else next(pending, None)
            if number is None:
                worker.end()
                workers.remove(worker)
            else:
                worker.start(number)


def main(args: list[str]) -> int:
    """Try the inputs, print what failed, and return 1 if anything did."""
    parser = argparse.ArgumentParser(prog="fuzz.py")
    parser.add_argument("--inputs", type=int, default=100_000)
    parser.add_argument("--start", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--only", type=int, help="try one input by itself, and say how it ended")
    parser.add_argument("--keep", default="", help="with --only: the folder to make the input in")
    options = parser.parse_args(args)
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        specimens = make_specimens(Path(folder))
        if options.only is not None:
            outcome = try_input(specimens, options.seed, options.only, by_itself=True, keep=options.keep)
            print(" ".join(outcome.command), "|", outcome.sort, "|", outcome.fault or "as promised")
            return 1 if outcome.fault else 0
        sorts: Counter[str] = Counter()
        faults: dict[str, list[int]] = {}
        numbers = range(options.start, options.start + options.inputs)
        for number, outcome in try_inputs(specimens, options.seed, numbers, options.jobs):
            sorts[outcome.sort] += 1
            if outcome.fault:
                # What came before, or other work of the machine, may be to blame: what fails alone counts.
                confirmed = try_input(specimens, options.seed, number, by_itself=True)
                if confirmed.fault:
                    sort = re.sub(r"[0-9]+|'[^']*'", "…", confirmed.fault)[-160:]
                    faults.setdefault(sort, []).append(number)
                    if len(faults[sort]) == 1:
                        print(f"input {number}, {' '.join(confirmed.command)}: {confirmed.fault}", flush=True)
                else:
                    print(f"input {number}: {outcome.fault}; not by itself", flush=True)
    seconds = time.monotonic() - start
    print(
        f"{sorts.total():,} inputs in {seconds:,.0f} s, {sorts.total() / seconds:.1f} a second; {dict(sorts)}"
    )
    for sort, failed in faults.items():
        print(f"{len(failed)} × {sort} (inputs {', '.join(map(str, failed[:8]))})")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
