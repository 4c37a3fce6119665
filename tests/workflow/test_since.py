"""--since compares with a git revision, and leaves the work tree alone."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from bmkit.schema import locate_shipped_schemas

if TYPE_CHECKING:
    from pathlib import Path

Run = Callable[..., int]
INCIDENCE = "content/one/radiotherapy.json"


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Git heeds nobody's own settings here."""
    for name in list(os.environ):
        if name.startswith("GIT_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


def run_git(folder: Path, *args: str) -> str:
    names = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    # Without locks: a mere status would write the index.
    environment = {**os.environ, "GIT_OPTIONAL_LOCKS": "0"}
    return subprocess.run(
        ["git", *names, *args],  # noqa: S607  git is where the PATH has it
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
        env=environment,
    ).stdout


def replace_text(project: Path, old_text: str, new_text: str) -> None:
    path = project / INCIDENCE
    text = path.read_text("utf-8")
    assert text.count(old_text) == 1
    path.write_text(text.replace(old_text, new_text), "utf-8")


def list_rules_and_pointers(
    bmkit: Run, capsys: pytest.CaptureFixture[str], *args: str
) -> list[tuple[str, str]]:
    capsys.readouterr()
    bmkit("validate", "--format", "json", *args)
    return [(issue["rule"], issue["pointer"]) for issue in json.loads(capsys.readouterr().out)["issues"]]


@pytest.fixture
def history(project: Path) -> Path:
    """A repository around the project whose only commit has an inverted range."""
    replace_text(project, '"low": 65', '"low": 85')
    run_git(project.parent, "init", "-q")
    (project.parent / ".gitattributes").write_text("* export-ignore export-subst\n")
    run_git(project.parent, "add", ".")
    run_git(project.parent, "commit", "-q", "-m", "first")
    return project


def test_then_as_now_files_may_be_as_large_as_is_said(
    bmkit: Run, history: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    small = ["--max-size", "300"]
    assert ("json.too-large", "") in list_rules_and_pointers(bmkit, capsys, *small)
    assert list_rules_and_pointers(bmkit, capsys, "--since", "HEAD", *small) == []


def test_only_what_is_new_is_said(bmkit: Run, history: Path, capsys: pytest.CaptureFixture[str]) -> None:
    replace_text(history, '"records": [', '"records": [\n\n')
    replace_text(history, '"value": 30,', '"low": 30, "high": 3,')
    assert len(list_rules_and_pointers(bmkit, capsys)) == 2
    assert list_rules_and_pointers(bmkit, capsys, "--since", "HEAD") == [
        ("limits.inverted", "/records/1/radiation_dose/low")
    ]
    assert bmkit("validate", "--since", "HEAD") == 1
    replace_text(history, '"low": 30, "high": 3,', '"value": 30,')
    capsys.readouterr()
    assert bmkit("validate", "--since", "HEAD") == 0
    assert capsys.readouterr().err == "1 more already known\n"


def test_what_was_wrong_before_files_were_moved_is_not_new(
    bmkit: Run, history: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run_git(history, "mv", "content/one", "content/two")
    rules = [rule for rule, _ in list_rules_and_pointers(bmkit, capsys, "--since", "HEAD")]
    assert rules == ["ids.differs-from-folder"]
    path = history / "content/two/article.json"
    path.write_text(path.read_text("utf-8").replace('"id": "one"', '"id": "two"'), "utf-8")
    assert ("limits.inverted", "/records/0/radiation_dose/low") in list_rules_and_pointers(bmkit, capsys)
    assert list_rules_and_pointers(bmkit, capsys, "--since", "HEAD") == []
    # What is wrong since then is new all the same.
    replaced = history / "content/two/radiotherapy.json"
    replaced.write_text(replaced.read_text("utf-8").replace('"value": 30,', '"low": 30, "high": 3,'), "utf-8")
    assert list_rules_and_pointers(bmkit, capsys, "--since", "HEAD") == [
        ("limits.inverted", "/records/1/radiation_dose/low")
    ]


def test_a_file_that_was_broken_before_it_was_moved_is_not_new(
    bmkit: Run, history: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (history / "content/one/site.json").write_text("{,}", "utf-8")
    run_git(history, "add", ".")
    run_git(history, "commit", "-q", "-m", "broken")
    (history / "content/two").mkdir()
    run_git(history, "mv", "content/one/site.json", "content/two/site.json")
    assert "json.syntax" in [rule for rule, _ in list_rules_and_pointers(bmkit, capsys)]
    new_rules = [rule for rule, _ in list_rules_and_pointers(bmkit, capsys, "--since", "HEAD")]
    assert "json.syntax" not in new_rules


def test_what_was_suppressed_then_is_not_new_now(
    bmkit: Run, history: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record = {
        "id": "a", "rule": "limits.inverted", "kind": "radiotherapy", "record": "incidence-breast-cancer",
        "value": "85 to 75.5 Gy",
        "reason": "in this order on purpose", "author": "A. Editor", "expires": "9999-12-31",
    }  # fmt: skip
    (history / "content/one/suppression.json").write_text(
        json.dumps({"$schema": "../../schema/suppression.schema.json", "records": [record]})
    )
    run_git(history, "add", ".")
    run_git(history, "commit", "-q", "-m", "suppressed")
    assert list_rules_and_pointers(bmkit, capsys, "--no-suppressions", "--since", "HEAD~") == []
    assert list_rules_and_pointers(bmkit, capsys, "--no-suppressions", "--since", "HEAD") == []
    (history / "content/one/suppression.json").unlink()
    assert list_rules_and_pointers(bmkit, capsys, "--since", "HEAD") == [
        ("limits.inverted", "/records/0/radiation_dose/low")
    ]


def test_the_work_tree_and_the_index_stay_as_they_are(bmkit: Run, history: Path) -> None:
    replace_text(history, '"value": 30,', '"value": 31,')
    (history / "content/terms/loose.json").write_text("{")
    old_text = (
        run_git(history, "status", "--porcelain", "--ignored"),
        os.stat(history / ".." / ".git/index").st_mtime_ns,
    )
    bmkit("validate", "--since", "HEAD")
    assert old_text == (
        run_git(history, "status", "--porcelain", "--ignored"),
        os.stat(history / ".." / ".git/index").st_mtime_ns,
    )


def test_a_hook_s_own_git_does_not_lead_astray(
    bmkit: Run, history: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GIT_DIR", ".git")
    monkeypatch.setenv("GIT_INDEX_FILE", str(history / "elsewhere"))
    assert list_rules_and_pointers(bmkit, capsys, "--since", "HEAD") == []


def test_a_revision_without_content_knows_nothing(
    bmkit: Run, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run_git(project, "init", "-q")
    (project / "readme").write_text("")
    run_git(project, "add", "readme")
    run_git(project, "commit", "-q", "-m", "first")
    replace_text(project, '"low": 65', '"low": 85')
    assert list_rules_and_pointers(bmkit, capsys, "--since", "HEAD") == [
        ("limits.inverted", "/records/0/radiation_dose/low")
    ]


def test_a_revision_s_own_schemas_are_used_for_it(
    bmkit: Run, history: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    schema_file = os.path.join(locate_shipped_schemas(), "radiotherapy.schema.json")
    (history / "schema").mkdir()
    shutil.copy(schema_file, history / "schema")
    run_git(history, "add", ".")
    run_git(history, "commit", "-q", "-m", "schemas")
    path = history / "schema/radiotherapy.schema.json"
    path.write_text(path.read_text("utf-8").replace('"source"\n', '"source", "fractions"\n', 1), "utf-8")
    rules = [rule for rule, _ in list_rules_and_pointers(bmkit, capsys, "--since", "HEAD")]
    assert rules == ["shape.missing-field"] * 2
    run_git(history, "commit", "-q", "-a", "-m", "required")
    assert list_rules_and_pointers(bmkit, capsys, "--since", "HEAD") == []
    path.write_text("{")
    run_git(history, "commit", "-q", "-a", "-m", "broken")
    run_git(history, "checkout", "-q", "HEAD~", "schema")
    assert bmkit("validate", "--since", "HEAD") == 2
    assert "--since HEAD: its schemas cannot be used" in capsys.readouterr().err


def test_the_settings_of_now_count_for_a_revision(
    bmkit: Run, history: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site = {"id": "rib", "label": "rib", "category": "bone"}
    text = json.dumps({"$schema": "../../schema/site.schema.json", "records": [site]})
    (history / "content/terms/site.json").write_text(text, "utf-8")
    (history / "bmkit.toml").write_text('[rules.ignore]\nreferenc = "no rule of today"')
    run_git(history, "add", ".")
    run_git(history, "commit", "-q", "-m", "ignored")
    (history / "bmkit.toml").write_text("")
    assert ("references.unused", "/records/0/id") in list_rules_and_pointers(bmkit, capsys)
    assert list_rules_and_pointers(bmkit, capsys, "--since", "HEAD") == []


@pytest.mark.usefixtures("history")
@pytest.mark.parametrize("name", ["nonsense", "--help", "HEAD:content", ""])
def test_a_revision_that_is_none_is_wrong_use(
    bmkit: Run, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    assert bmkit("validate", f"--since={name}") == 2
    assert f'git has no revision "{name}" here' in capsys.readouterr().err


def test_outside_a_repository_it_is_wrong_use(
    bmkit: Run, project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(project.parent))
    assert bmkit("validate", "--since", "HEAD") == 2
    assert "--since HEAD: git: not a git repository" in capsys.readouterr().err


def test_without_git_it_is_wrong_use(
    bmkit: Run, history: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(history))
    assert bmkit("validate", "--since", "HEAD") == 2
    assert "git is not installed" in capsys.readouterr().err


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege there")
def test_links_of_a_revision_are_not_followed(
    bmkit: Run, history: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (history.parent / "outside.json").write_bytes((history / INCIDENCE).read_bytes())
    (history / INCIDENCE).unlink()
    (history / INCIDENCE).symlink_to(history.parent / "outside.json")
    run_git(history, "add", INCIDENCE)
    run_git(history, "commit", "-q", "-m", "a link out of the repository")
    (history / INCIDENCE).unlink()
    (history / INCIDENCE).write_bytes((history.parent / "outside.json").read_bytes())
    assert list_rules_and_pointers(bmkit, capsys, "--since", "HEAD") == [
        ("limits.inverted", "/records/0/radiation_dose/low")
    ]
    assert list_rules_and_pointers(bmkit, capsys, "--since", "HEAD~") == []


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege there")
def test_a_link_in_the_place_of_the_schemas_of_then_is_refused(
    bmkit: Run, history: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (history / "schema").symlink_to(os.path.join(os.path.dirname(__file__), "..", "..", "schema"))
    run_git(history, "add", "schema")
    run_git(history, "commit", "-q", "-m", "a link")
    (history / "schema").unlink()
    assert bmkit("validate", "--since", "HEAD") == 2
    assert "--since HEAD: its schemas cannot be used: schema: the link leads to" in (capsys.readouterr().err)


def test_nothing_of_a_revision_is_written_to_disk(
    bmkit: Run, history: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path_factory.mktemp("temporary")
    folder.chmod(0o500)
    monkeypatch.setattr("tempfile.tempdir", os.fspath(folder))

    def refuse(*_args: object, **_options: object) -> None:
        raise AssertionError("something is unpacked")

    for name in ("mkdtemp", "mkstemp", "TemporaryDirectory", "TemporaryFile"):
        monkeypatch.setattr(f"tempfile.{name}", refuse)
    monkeypatch.setattr("os.symlink", refuse)
    monkeypatch.setattr("os.makedirs", refuse)
    assert bmkit("validate", "--since", "HEAD") == 0
