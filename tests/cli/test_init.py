"""A new project is written whole or not at all, and validates and exports at once."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from bmkit import SCHEMAS_VERSION
from bmkit.cli import main
from bmkit.config import Settings, read_settings
from bmkit.content import read_content
from bmkit.project_template import build_project_files

# Runs with `make slow`: it makes whole projects, exports or processes.
pytestmark = pytest.mark.slow

Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _stand_in_a_new_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")


def list_files(folder: Path | str = ".") -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in Path(folder).rglob("*") if path.is_file())


@pytest.mark.parametrize("article", ["example", "moon-fever-2"])
def test_a_new_project_is_clean_and_canonical(
    article: str, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    assert main(["init", "project", "--article", article]) == 0
    monkeypatch.chdir("project")
    capsys.readouterr()
    assert main(["validate", "--strict"]) == 0
    assert capsys.readouterr().out.startswith("0 errors, 0 warnings in ")
    assert main(["fmt", "--check"]) == 0
    assert main(["fix", "--diff"]) == 0
    content = read_content(".")
    kinds = {kind.name for kind in content.list_kinds()}
    assert kinds >= {"article", "section", "regimen", "dose-limit", "usual-dose", "product"}
    assert sorted(content.folders) == sorted([article, "terms"])


@pytest.mark.parametrize("release", ["R5", "R4B"])
def test_a_new_project_exports_to_everything_at_once(release: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert main(["init", "project"]) == 0
    monkeypatch.chdir("project")
    assert main(["export", "all", "--release", release, "--check"]) == 0
    assert "example.xlsx" in os.listdir("build/xlsx")


def test_the_places_in_the_text_are_those_of_the_words() -> None:
    files = build_project_files("example")
    text = files["source/example.txt"].decode()
    (article,) = json.loads(files["content/example/article.json"])["records"]
    assert article["length"] == len(text)
    sections = json.loads(files["content/example/section.json"])["records"]
    words = [text[section["start"] : section["end"]] for section in sections]
    assert [word.split("\n")[0] for word in words] == [
        "Fictivan in moon fever",
        "What it is",
        "How it is taken",
        "Last reviewed on 15 January 2025.",
    ]
    assert not any(word[:1].isspace() or word[-1:].isspace() for word in words)
    spans = [
        text[span["start"] : span["end"]]
        for path, data in files.items()
        if path.startswith("content/example/")
        for record in json.loads(data)["records"]
        for span in record.get("source", {}).get("spans", ())
    ]
    assert spans
    assert all(re.fullmatch(r"[A-Z][^.]*\.", span) for span in spans)


@pytest.mark.parametrize(("old", "new"), [('"value": 20', '"value": 200'), ('"value": 20', '"value": 2')])
def test_a_tenfold_dose_is_found_at_once(
    old: str, new: str, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    assert main(["init", "project"]) == 0
    monkeypatch.chdir("project")
    path = Path("content/example/regimen.json")
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    assert main(["validate"]) == 1
    assert "[slip.tenfold]" in capsys.readouterr().out


def test_the_next_steps_are_commands_that_work(capsys: Captured) -> None:
    assert main(["init", "my project"]) == 0
    out = capsys.readouterr().out
    assert out.startswith(f"wrote {len(list_files('my project'))} files into my project; next:\n")
    commands = re.findall(r"(?m)^  (cd .+|bmkit \w+(?: \w+)?)(?:  .*)?$", out)
    assert [command.split()[0] for command in commands] == ["cd", "bmkit", "bmkit", "bmkit"]
    completed = subprocess.run(
        ["bash", "-euc", "\n".join(commands).replace("bmkit ", "python -m bmkit ")],  # noqa: S607
        env={**os.environ, "PATH": f"{os.path.dirname(sys.executable)}:{os.environ['PATH']}"},
        capture_output=True,
        check=False,
    )
    assert completed.returncode == 0, completed.stderr
    assert (Path("my project") / "build/xlsx/example.xlsx").exists()


def test_a_project_in_the_current_folder_needs_no_change_of_folder(capsys: Captured) -> None:
    assert main(["init", "."]) == 0
    assert "cd " not in capsys.readouterr().out
    assert "bmkit.toml" in os.listdir()


def test_settings_of_the_template_can_be_used_as_they_stand() -> None:
    assert main(["init", "."]) == 0
    settings = read_settings(".")
    assert settings._replace(own_rules=()) == Settings(file="bmkit.toml", schemas=SCHEMAS_VERSION)
    assert [own_rule.id for own_rule in settings.own_rules] == ["own.for-whom"]
    path = Path("bmkit.toml")
    path.write_text(re.sub(r"(?m)^# (?=\[|[\w\".-]+ = )", "", path.read_text("utf-8")), "utf-8")
    settings = read_settings(".")
    assert settings.publisher.name
    assert settings.ignored_rules
    assert main(["validate", "--strict"]) == 0


def test_the_read_me_has_three_lines() -> None:
    files = build_project_files("example")
    assert files["README.md"].count(b"\n") == 3
    assert b"build/" in files[".gitignore"].splitlines()


def test_a_workflow_is_written_only_if_asked_for() -> None:
    assert main(["init", "without"]) == 0
    assert not Path("without/.github").exists()
    where = 'git+https://git.example.org/it\'s "bmkit"@v1#egg=bmkit'
    assert main(["init", "with", "--from", where]) == 0
    assert set(list_files("with")) - set(list_files("without")) == {
        ".github/bmkit-requirements.txt",
        ".github/workflows/content.yml",
    }
    workflow = yaml.safe_load(Path("with/.github/workflows/content.yml").read_text("utf-8"))
    steps: list[dict[str, Any]] = workflow["jobs"]["validate"]["steps"]
    (install,) = [step for step in steps if step.get("env")]
    # What is named reaches pip as one word, and no shell reads it.
    assert install["env"] == {"BMKIT": where}
    assert '-m pip install --no-deps --no-build-isolation "$BMKIT"\n' in install["run"]
    commands = [step["run"].partition(" -m bmkit ")[2].split() for step in steps if "run" in step][1:]
    assert [command[0] for command in commands] == ["validate", "export"]
    os.chdir("with")
    for command in commands:
        assert main(command) == 0


WRONG = [
    (["x", "--article", "Moon Fever"], '--article: "Moon Fever" is not an id; write lower-case letters'),
    (["x", "--article", "../up"], '--article: "../up" is not an id'),
    (["x", "--article", ""], '--article: "" is not an id'),
    (["x", "--article", "terms"], '--article: "terms" is the folder of the shared terms'),
    (["x", "--from", " "], "--from: nothing can be installed from there"),
    (["x", "--from", "a\nb"], "--from: nothing can be installed from there"),
    (["x", "--from", "-r file"], '--from: "-r file" is an option of pip'),
    (["x", "--from", "${{ secrets.X }}"], '--from: "${{ secrets.X }}" is an expression to GitHub'),
    ([], "Missing argument 'DIR'"),
]


@pytest.mark.parametrize(("args", "message"), WRONG, ids=str)
def test_wrong_use_writes_nothing(args: list[str], message: str, capsys: Captured) -> None:
    assert main(["init", *args]) == 2
    assert capsys.readouterr().err.startswith(f"bmkit: {message}")
    assert os.listdir() == []


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("content/other/site.json", "content/"),
        ("source/notes.txt", "source/"),
        ("bmkit.toml", "bmkit.toml"),
        (".gitignore", ".gitignore"),
        ("README.md", "README.md"),
        (".github/workflows/content.yml", ".github/workflows/content.yml"),
    ],
)
def test_a_folder_that_has_such_files_is_left_alone(name: str, said: str, capsys: Captured) -> None:
    path = Path("project") / name
    path.parent.mkdir(parents=True)
    path.write_text("mine", "utf-8")
    assert main(["init", "project", "--from", "bmkit"]) == 2
    assert capsys.readouterr().err == f"bmkit: project: has {said} already; name another folder\n"
    assert list_files() == [path.as_posix()]
    assert path.read_text("utf-8") == "mine"


def test_twice_is_once_too_often(capsys: Captured) -> None:
    assert main(["init", "."]) == 0
    files = {file: Path(file).read_bytes() for file in list_files()}
    capsys.readouterr()
    assert main(["init", "."]) == 2
    assert capsys.readouterr().err == (
        "bmkit: .: has content/, source/, rules/ and 3 more already; name another folder\n"
    )
    assert {file: Path(file).read_bytes() for file in list_files()} == files


def test_other_files_of_the_folder_stay() -> None:
    Path("project/.github/workflows").mkdir(parents=True)
    Path("project/.github/workflows/other.yml").write_text("mine", "utf-8")
    Path("project/LICENSE").write_text("mine", "utf-8")
    assert main(["init", "project", "--from", "bmkit"]) == 0
    assert Path("project/LICENSE").read_text("utf-8") == "mine"
    assert sorted(os.listdir("project/.github/workflows")) == ["content.yml", "other.yml"]


def test_settings_in_pyproject_are_not_doubled(capsys: Captured) -> None:
    Path("pyproject.toml").write_text("[tool.bmkit.publisher]\nname = 'A'", "utf-8")
    assert main(["init", "."]) == 2
    assert "pyproject.toml has [tool.bmkit]" in capsys.readouterr().err
    assert os.listdir() == ["pyproject.toml"]


@pytest.mark.parametrize("name", ["file", "file/inner", "link"])
def test_what_is_no_folder_is_wrong_use(name: str, capsys: Captured) -> None:
    Path("file").write_text("mine", "utf-8")
    Path("link").symlink_to("nowhere")
    assert main(["init", name]) == 2
    assert capsys.readouterr().err.startswith(f"bmkit: {name}: ")
    assert sorted(os.listdir()) == ["file", "link"]


class FailingCall:
    """A function of os whose call of a certain number fails."""

    def __init__(self, name: str, number: int) -> None:
        self._original = getattr(os, name)
        self._calls_left = number

    def __call__(self, *args: Any, **options: Any) -> Any:
        self._calls_left -= 1
        if self._calls_left == 0:
            raise OSError(28, "No space left on device")
        return self._original(*args, **options)


def refuse_link(*_: object) -> None:
    raise OSError(95, "Operation not supported")


@pytest.mark.parametrize(
    ("is_there", "name", "count"),
    [
        *(
            (is_there, name, count)
            for is_there in (False, True)
            for name, count in (("fsync", 17), ("mkdir", 4))
        ),
        # A new folder is put in place as a whole; into one that is there, the files one by one.
        (False, "rename", 1),
        (True, "replace", 17),
    ],
)
def test_a_failure_leaves_nothing_behind(
    is_there: bool, name: str, count: int, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    target = Path("deep/project")
    if is_there:
        target.mkdir(parents=True)
    before = sorted(path.as_posix() for path in Path().rglob("*"))
    for number in range(1, 100):
        with monkeypatch.context() as patch:
            patch.setattr(os, name, FailingCall(name, number))
            patch.setattr(os, "link", refuse_link)
            status = main(["init", str(target), "--from", "bmkit"])
        if status == 0:
            assert number > count
            break
        assert status == 2
        assert capsys.readouterr().err == "bmkit: deep/project: cannot be written: no space left on device\n"
        assert sorted(path.as_posix() for path in Path().rglob("*")) == before
    assert ".github/workflows/content.yml" in list_files(target)
    assert not [name for name in os.listdir("deep") if name.startswith(".")]
