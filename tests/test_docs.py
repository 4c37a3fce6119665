"""The docs say what is: generated pages are fresh, links lead somewhere, no rule is left out."""

from __future__ import annotations

import importlib
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from bmkit.cli.main import COMMANDS
from bmkit.handbook import list_rule_docs
from bmkit.handbook.rule_docs import OTHER_RULES

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

TOP = os.path.normpath(os.path.join(os.path.dirname(__file__), ".."))
PAGES = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"] + [
    os.path.relpath(os.path.join(folder, name), TOP)
    for folder, _, names in os.walk(os.path.join(TOP, "docs"))
    for name in names
    if name.endswith(".md")
]


def read_page(name: str) -> str:
    with open(os.path.join(TOP, name), encoding="utf-8") as file:
        return file.read()


def read_sources(folder: str) -> str:
    """Return the text of all modules of a folder of src/bmkit."""
    where = os.path.join(TOP, "src", "bmkit", folder)
    return "\n".join(
        read_page(os.path.join(where, name)) for name in sorted(os.listdir(where)) if name.endswith(".py")
    )


def test_generated_pages_are_fresh() -> None:
    command = [sys.executable, os.path.join(TOP, "docs", "make.py"), "--check"]
    completed = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (completed.stdout, completed.stderr, completed.returncode) == ("", "", 0)


def import_docs_script(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Import docs/make.py as a module."""
    monkeypatch.syspath_prepend(os.path.join(TOP, "docs"))
    return importlib.import_module("make")


def test_a_page_of_facts_is_old_only_while_the_facts_are_others(monkeypatch: pytest.MonkeyPatch) -> None:
    make = import_docs_script(monkeypatch)
    content = make.digest()
    for name, page in make.pages_of_facts(content).items():
        page_text = read_page(name)
        assert make.old(page_text, "0" * 12), "it names no content, and would never be told to be old"
        assert not make.old(page(), content)


def test_other_facts_have_another_digest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make = import_docs_script(monkeypatch)
    file = tmp_path / "content" / "one" / "radiotherapy.json"
    file.parent.mkdir(parents=True)
    monkeypatch.setattr(make, "TOP", str(tmp_path))
    digests = set()
    for text in ("{}", '{"records": []}'):
        file.write_text(text, encoding="utf-8")
        digests.add(make.digest())
    file.rename(file.with_name("result.json"))
    digests.add(make.digest())
    assert len(digests) == 3


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    text = re.sub(r"(?s)```.*?```", "", read_page(page))
    anchors = {
        re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")
        for title in re.findall(r"(?m)^#+ (.*)$", text)
    }
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if target.startswith("#"):
            assert target[1:] in anchors, target
        elif "://" not in target:
            assert os.path.exists(os.path.join(TOP, os.path.dirname(page), target)), target


def test_the_readme_starts_with_its_two_commands() -> None:
    first_screen = "\n".join(read_page("README.md").split("\n")[:20])
    assert "\nmake  " in first_screen
    assert "\nmake test  " in first_screen


def test_the_readme_lists_every_command() -> None:
    assert re.findall(r"(?m)^\| `bmkit ([a-z]+)", read_page("README.md")) == list(COMMANDS)


def test_each_decision_has_a_number_of_its_own() -> None:
    names = [page for page in PAGES if re.search(r"decisions/\d", page)]
    assert names
    numbers = [int(os.path.basename(name)[:4]) for name in names]
    assert sorted(numbers) == list(range(1, len(names) + 1))
    for name, number in zip(names, numbers, strict=True):
        assert read_page(name).startswith(f"# {number}. "), name


def test_contributing_is_short() -> None:
    assert read_page("CONTRIBUTING.md").count("\n") < 100


def test_every_rule_has_one_page_with_title_and_reason() -> None:
    pages = list_rule_docs()
    assert len({page.rule_id for page in pages}) == len(pages)
    for page in pages:
        assert re.fullmatch(r"[a-z]+\.[a-z0-9]+(-[a-z0-9]+)*", page.rule_id)
        assert page.title.endswith("."), page.rule_id
        assert "\n" not in page.title, page.rule_id
        assert page.why.strip(), page.rule_id
        assert f"### {page.rule_id}\n" in read_page("docs/rules.md")


@pytest.mark.parametrize(
    ("family", "folder", "pattern"),
    [
        ("shape", "shape", r"""(?:Message|_make_limit_describer|_make_size_describer)\(\s*f?"([a-z-]+)\""""),
        ("content", "content", r"""self\._add_(?:file_)?issue\(\s*[\w.]+,\s*"([a-z-]+)\""""),
        ("codes", "content", r"""LockFault\(\s*"(lock-[a-z-]+)\""""),
        ("schema", "schema_lint", r"""Fault\(\s*"([a-z-]+)\""""),
        ("json", "jsontext", r"""(?<!: )"json\.([a-z0-9-]+)\"(?!,\s*"(?:error|warning)",)"""),
    ],
)
def test_every_fault_that_the_code_names_is_in_the_handbook(family: str, folder: str, pattern: str) -> None:
    named = {f"{family}.{fault}" for fault in re.findall(pattern, read_sources(folder))}
    assert len(named) > 2
    assert named <= {page.rule_id for page in list_rule_docs()}


@pytest.mark.parametrize("rule", OTHER_RULES)
def test_the_handbook_tells_no_rule_that_the_code_does_not_name(rule: str) -> None:
    fault = rule.partition(".")[2]
    folders = (entry.name for entry in os.scandir(os.path.join(TOP, "src", "bmkit")) if entry.is_dir())
    text = "".join(read_sources(folder) for folder in [".", *folders] if folder != "handbook")
    text = re.sub(r'RuleDoc\(\s*"[a-z.-]+"', "", text)  # the documentation itself
    assert f'"{fault}"' in text or f'"{rule}"' in text or (fault.startswith("no-") and 'f"no-{' in text)
