"""The house keeps its own rules: names that can be looked for, and a wheel with all that it needs."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING

from tests.mistakes import ROOTS
from tests.renaming import FRAME_KINDS, iter_field_names

import bmkit
from bmkit.content import read_content
from bmkit.schema import read_shipped_schemas
from bmkit.schema.roles import FRAME_FIELDS, PARTS, load_roles
from bmkit.ucum.dimensions import list_dimension_names

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TOP = os.path.normpath(os.path.join(os.path.dirname(__file__), ".."))
NEVER = {
    "util",
    "utils",
    "helper",
    "helpers",
    "common",
    "core",
    "base",
    "manager",
    "handler",
    "service",
    "engine",
}


# Words that say nothing of what a name stands for; FHIR and the language server's protocol may need theirs.
EMPTY_WORDS = {"util", "utils", "helper", "helpers", "manager", "service", "diagnostic", "problem", "finding"}
WORDS_OF_PROTOCOLS = ("bmkit/export/fhir/", "bmkit/lsp/")
PLACES_OF_A_PRIVATE_NAME = 2


def list_files(folder: str, end: str) -> Iterator[str]:
    """Yield the files below a folder of the repository, relative to that folder, with "/"."""
    top = os.path.join(TOP, folder)
    for place, _, names in os.walk(top):
        for name in names:
            if name.endswith(end):
                yield os.path.relpath(os.path.join(place, name), top).replace(os.sep, "/")


def read_file(name: str) -> str:
    with open(os.path.join(TOP, name), encoding="utf-8") as file:
        return file.read()


@cache
def parse_module(name: str) -> ast.Module:
    return ast.parse(read_file(name))


def test_no_module_has_a_name_that_says_nothing() -> None:
    names = {part.removesuffix(".py") for name in list_files("src", ".py") for part in name.split("/")}
    assert names.isdisjoint(NEVER)


def test_no_private_function_is_called_like_those_of_two_other_modules() -> None:
    places: dict[str, set[str]] = defaultdict(set)
    for name in list_files("src", ".py"):
        for node in ast.walk(parse_module(f"src/{name}")):
            if isinstance(node, ast.FunctionDef) and re.match(r"_[a-z]", node.name):
                places[node.name].add(name)
    assert len(places) > 500
    assert {name: where for name, where in places.items() if len(where) > PLACES_OF_A_PRIVATE_NAME} == {}


def iter_defined_names(module: ast.Module) -> Iterator[str]:
    """Yield the names of functions, classes and variables that a module defines at its top."""
    for node in module.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from (target.id for target in targets if isinstance(target, ast.Name))


def test_no_name_of_a_module_has_a_word_that_says_nothing() -> None:
    named = {
        (file, name)
        for file in list_files("src", ".py")
        if not file.startswith(WORDS_OF_PROTOCOLS)
        for name in iter_defined_names(parse_module(f"src/{file}"))
    }
    assert len(named) > 1000
    words = {key: re.findall(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])", key[1]) for key in named}
    assert [key for key, parts in words.items() if not EMPTY_WORDS.isdisjoint(map(str.lower, parts))] == []
    assert [key for key in named if key[1].lower().strip("_") in NEVER] == []


def test_every_exception_from_a_linter_has_its_reason() -> None:
    lines = read_file("pyproject.toml").split("\n")
    codes = [line for line in lines if re.match(r'\s+"[A-Z]{1,4}[0-9]*",', line)]
    assert len(codes) > 10
    assert [line for line in codes if not re.search(r"#\s+\w+", line)] == []


def test_every_dependency_has_a_lower_bound_only() -> None:
    project = tomllib.loads(read_file("pyproject.toml"))["project"]
    requirements = [
        *project["dependencies"],
        *(requirement for extra in project["optional-dependencies"].values() for requirement in extra),
    ]
    others = [requirement for requirement in requirements if not requirement.startswith("bmkit[")]
    assert [
        requirement
        for requirement in others
        if not re.fullmatch(r"[a-z0-9._\[\]-]+>=[0-9.]+(,<0\.[0-9]+)?", requirement)
    ] == []


def test_the_wheel_holds_all_that_it_needs(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=TOP, check=True, capture_output=True, timeout=120)
    (wheel,) = tmp_path.glob("*.whl")
    assert wheel.name.startswith(f"bmkit-{bmkit.__version__}-")
    wheel_names = set(zipfile.ZipFile(wheel).namelist())
    assert {f"bmkit/schema/{name}" for name in list_files("schema", ".json")} <= wheel_names
    assert {name for name in list_files("src", ".py") if "__pycache__" not in name} <= wheel_names
    assert "bmkit/py.typed" in wheel_names
    info = f"bmkit-{bmkit.__version__}.dist-info"
    assert {f"{info}/licenses/LICENSE", f"{info}/licenses/NOTICE", f"{info}/entry_points.txt"} <= wheel_names


# What opens, lists or changes files; what is not here goes through those that are.
DISK_CALLS = {
    "open", "write_text", "write_bytes", "scandir", "listdir", "walk", "iterdir", "glob", "rglob", "rename",
    "link", "symlink", "symlink_to", "unlink", "rmdir", "mkdir", "makedirs", "mkdtemp", "mkstemp", "rmtree",
    "TemporaryDirectory", "NamedTemporaryFile", "TemporaryFile", "copytree", "copyfile", "move", "CDLL",
}  # fmt: skip
DISK_MODULES = {
    "bmkit/disk.py": "opens files",
    "bmkit/atomic.py": "writes them",
    "bmkit/project_files.py": "lists folders of a project, and asks disk where links lead",
    "bmkit/cli/watch.py": "looks at times of files, never into them",
    "bmkit/export/__init__.py": "creates the output folder",
    "bmkit/export/exported_files.py": "writes below a folder of its own",
    "bmkit/export/csv.py": "writes below a folder of its own",
    "bmkit/export/markdown.py": "writes below a folder of its own",
    "bmkit/export/ndjson.py": "writes below a folder of its own",
    "bmkit/export/sqlite.py": "writes below a folder of its own",
    "bmkit/database/write.py": "writes a new file below such a folder",
    "bmkit/export/fhir/__init__.py": "writes below a folder of its own",
    "bmkit/export/fhir/bundle.py": "writes below a folder of its own",
    "bmkit/export/xlsx/workbook.py": "writes below a folder of its own",
    "bmkit/sheets/archive.py": "opens the parts of a workbook",
    "bmkit/sheets/marks.py": "opens the parts of a workbook",
    "bmkit/sheets/csv_files.py": "lists the folder that it is given",
    "bmkit/cli/main.py": "opens the null device",
    "bmkit/shipped.py": "reads what comes with bmkit",
    "bmkit/rules/__init__.py": "reads what comes with bmkit",
    "bmkit/rules/examples.py": "reads what comes with bmkit",
    "bmkit/rules/writing/letters.py": "reads what comes with bmkit",
    "bmkit/ucum/essence.py": "reads what comes with bmkit",
    "bmkit/project_template/__init__.py": "reads what comes with bmkit",
    "bmkit/handbook/rule_docs.py": "reads what comes with bmkit",
    "bmkit/export/fhir/check/own_rules.py": "reads what comes with bmkit",
}


def test_files_are_opened_in_few_modules() -> None:
    modules = set()
    for name in list_files("src", ".py"):
        for node in ast.walk(parse_module(f"src/{name}")):
            called = node.func if isinstance(node, ast.Call) else None
            is_builtin = isinstance(called, ast.Name) and called.id in {"open", "TemporaryDirectory"}
            if is_builtin or (isinstance(called, ast.Attribute) and called.attr in DISK_CALLS):
                modules.add(name)
    assert modules == set(DISK_MODULES)


EXAMPLE_BUILDER = re.compile(r"_?make_")
# Words that happen to be names of our schemas and contents, too, and where they stand for something else: of
# FHIR, of JSON Schema, of units, of other formats; and tables whose content is naming medicines.
WORDS_ELSEWHERE = {
    "bmkit/export/fhir/": {
        *("definition", "diagnosis", "duration", "first", "goal", "method", "relation", "timing"),
        *("use", "when", "word"),
    },
    "bmkit/export/xlsx/": {"criteria"},
    "bmkit/report/": {"location"},
    "bmkit/handbook/": {"word"},
    "bmkit/schema_lint/structure.py": {"word"},
    "bmkit/jsontext/": {"colon", "word"},
    "bmkit/lsp/": {"colon"},
    "bmkit/cli/": {"dimension", "foot"},
    "bmkit/ucum/": {"ampoule", "degree", "foot", "function", "year"},
    "bmkit/source_text/": {"within", "word", "year"},
    "bmkit/rules/writing/abbreviations.py": {"methotrexate", "paracetamol", "sc"},
}


def list_shipped_names() -> set[str]:
    """Return the names of the shipped kinds, their fields and the terms and facts of both contents."""
    schemas = read_shipped_schemas()
    names = {name for name in schemas.kind_names if name not in FRAME_KINDS}
    for kind in schemas:
        if kind.name not in FRAME_KINDS:
            names.update(iter_field_names(kind.fields))
    for root in ROOTS.values():
        for file in read_content(root).files:
            names.update(record.id for record in file.records if file.kind.name not in FRAME_KINDS)
    return names


def list_words() -> set[str]:
    """Return what is no name of our content, whatever else bears it."""
    schemas = read_shipped_schemas()
    words = {word for kind in schemas for field in kind.walk_fields() for word in map(str, field.values)}
    frame_fields = {
        field.name for kind in schemas if kind.name in FRAME_KINDS for field in kind.walk_fields()
    }
    members = {"value", "low", "high", "comparator", "unit", "system", "code", "display", "note"}
    return {
        *words,
        *frame_fields,
        *members,
        *FRAME_FIELDS,
        *load_roles().of_fields,
        *PARTS,
        *list_dimension_names(),
        # Words of JSON Schema and of bmkit itself.
        *("title", "description", "contains", "kind", "field", "part", "record", "role", "rule", "text"),
        *("reading", "severity"),
    }


def iter_live_texts(module: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield the texts of a module that are no example, with their lines.

    Examples are made by functions whose name says so, stand in decorators of rules, or in variables that
    nothing else uses.
    """
    functions = [
        node
        for node in module.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not EXAMPLE_BUILDER.match(node.name)
    ]
    live_nodes: list[ast.AST] = [statement for function in functions for statement in function.body]
    assigned = {
        target.id: node
        for node in module.body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        for target in ([target] if isinstance(target, ast.Name) else getattr(target, "elts", []))
        if isinstance(target, ast.Name)
    }
    pending, seen = list(live_nodes), set()
    while pending:
        for node in ast.walk(pending.pop()):
            if isinstance(node, ast.Name) and node.id in assigned and node.id not in seen:
                seen.add(node.id)
                live_nodes.append(assigned[node.id])
                pending.append(assigned[node.id])
    for root in live_nodes:
        for node in ast.walk(root):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.lineno, node.value


def test_no_module_knows_a_kind_a_field_or_an_id_by_name() -> None:
    names = list_shipped_names() - list_words()
    assert {"tumour", "resolves_in", "swallowing-whole", "intravenous", "spray-can"} <= names
    known = {
        (file, text, line)
        for file in list_files("src", ".py")
        for line, text in iter_live_texts(parse_module(f"src/{file}"))
        if text in names
    }
    coincidences = {
        (file, text, line)
        for file, text, line in known
        if any(file.startswith(place) and text in words for place, words in WORDS_ELSEWHERE.items())
    }
    assert len(coincidences) > 30
    assert known - coincidences == set()


# Whoever has the streams can print around what escapes; what each does with them instead.
STREAM_MODULES = {
    "bmkit/cli/terminal.py": "prints, all that bmkit prints",
    "bmkit/cli/main.py": "flushes them, and opens those that are missing",
    "bmkit/cli/watch.py": "flushes them, and asks whether they are a terminal",
    "bmkit/lsp/server.py": "flushes them",
}
PRINTERS = {"echo", "secho", "echo_via_pager", "print", "Console", "getLogger", "warn", "breakpoint"}


def test_one_module_prints() -> None:
    modules_with_streams, printing_modules = set(), set()
    for name in list_files("src", ".py"):
        for node in ast.walk(parse_module(f"src/{name}")):
            words = {getattr(node, attribute, None) for attribute in ("id", "attr", "name")}
            if not words.isdisjoint({"stdout", "stderr", "__stdout__", "__stderr__"}):
                modules_with_streams.add(name)
            if not words.isdisjoint(PRINTERS):
                printing_modules.add(name)
    assert printing_modules == {"bmkit/cli/terminal.py"}
    assert modules_with_streams - {"bmkit/git_revision.py"} == set(
        STREAM_MODULES
    )  # git's answer has a stderr
