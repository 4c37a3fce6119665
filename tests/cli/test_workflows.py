"""What other repositories run of ours works: the action, the workflow, the hooks, the manual."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import textwrap
import tomllib
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from bmkit.cli import main

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TOP = os.path.join(os.path.dirname(__file__), "..", "..")


def read_repository_file(name: str) -> str:
    with open(os.path.join(TOP, name), encoding="utf-8") as file:
        return file.read()


def iter_bmkit_commands(steps: list[dict[str, Any]]) -> Iterator[str]:
    """Yield the bmkit commands of steps; what installs bmkit is not one."""
    for step in steps:
        command = step.get("run", "")
        if command and "pip install" not in command:
            yield command


def list_workflow_commands() -> list[str]:
    jobs = yaml.safe_load(read_repository_file(".github/workflows/content.yml"))["jobs"]
    return [command for job in jobs.values() for command in iter_bmkit_commands(job["steps"])]


def read_action() -> dict[str, Any]:
    action: dict[str, Any] = yaml.safe_load(read_repository_file("action.yml"))
    return action


def list_commands_of_docs() -> list[str]:
    """Return the commands that the manual shows."""
    text = read_repository_file("docs/github-actions.md")
    return re.findall(r"(?m)^bmkit .*$", text) + re.findall(r"\| `(bmkit [^`]*)` \|", text)


def run_step(command: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a command as the step of a workflow is run."""
    return subprocess.run(
        ["/bin/bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", command],
        cwd=folder,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )


@pytest.fixture(autouse=True)
def _this_bmkit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let steps run this bmkit where they have installed one: it is to be had without -I only."""
    python = tmp_path / "runner" / "bmkit" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\ntest "$1" = -I && shift && exec {sys.executable} "$@"\n', "utf-8")
    python.chmod(0o755)
    monkeypatch.setenv("RUNNER_TEMP", os.fspath(tmp_path / "runner"))
    monkeypatch.setenv("PATH", os.pathsep.join([os.path.dirname(sys.executable), os.environ["PATH"]]))


# What starts Python, and where: what this workplace installs, what others install, what is shown to them.
STEP_FILES = (
    "action.yml",
    ".github/workflows/content.yml",
    "src/bmkit/project_template/files/workflow.yml",
    "docs/github-actions.md",
)


@pytest.mark.parametrize("name", STEP_FILES)
def test_what_starts_python_imports_nothing_from_the_check_out(name: str) -> None:
    text = read_repository_file(name)
    assert re.findall(r'(?m)(?:^|[ "/])python3?"? +(?!-I\b)\S.*|^ *pip3? .*', text) == []
    assert name.startswith("docs") or "python -I -m venv" in text
    # Nor is anything run that a later step finds on the path of an earlier one.
    assert not re.search(r"GITHUB_(PATH|ENV)|PYTHONPATH", text)


@pytest.mark.parametrize("name", STEP_FILES)
def test_actions_are_pinned_and_granted_no_more_than_they_need(name: str) -> None:
    text = read_repository_file(name)
    actions = re.findall(r"uses: (\S+)(.*)", text)
    assert actions
    own = {action for action, _ in actions if action.startswith("OWNER/")}
    assert [
        action
        for action, comment in actions
        if action not in own and not re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action + comment)
    ] == []
    if "jobs:" in text:
        assert re.search(r"(?m)^permissions:\n +contents: read$", text)
        assert "persist-credentials: false" in text
        assert "pull_request_target:" not in text
        assert "${{ secrets" not in text


LOCK = "src/bmkit/project_template/files/requirements.txt"


def test_the_lock_has_a_version_and_hashes_of_all_that_is_installed() -> None:
    text = read_repository_file(LOCK)
    assert not re.search(r"http|index|find-links|@", text)
    locked = {
        canonicalize_name(name): version
        for name, version in re.findall(r"(?m)^([\w.-]+)==([\w.]+)(?: ; .*)? \\\n +--hash=sha256:", text)
    }
    assert len(locked) == len(re.findall(r"(?m)^[\w.-]+==", text)) > 15
    project = tomllib.loads(read_repository_file("pyproject.toml"))
    for line in (*project["project"]["dependencies"], *project["build-system"]["requires"]):
        requirement = Requirement(line)
        assert requirement.specifier.contains(locked[canonicalize_name(requirement.name)]), "run make lock"


def make_repository(folder: Path) -> None:
    """Make a git repository of a folder, with a commit of all that is in it."""
    author = "-c user.name=x -c user.email=x@x.test"
    assert run_step(f"git init -q && git add -A && git {author} commit -qm all", folder).returncode == 0


def test_there_is_something_to_run() -> None:
    assert len(list_workflow_commands()) == 2
    assert len(list_commands_of_docs()) == 4
    assert len(list(iter_bmkit_commands(read_action()["runs"]["steps"]))) == 2


@pytest.mark.slow
@pytest.mark.parametrize("command", [*list_workflow_commands(), *list_commands_of_docs()])
def test_the_commands_pass_on_clean_content(clean: Path, command: str) -> None:
    completed = run_step(command, clean)
    assert (completed.returncode, completed.stderr) == (0, "")


@pytest.mark.slow
@pytest.mark.parametrize("command", [*list_workflow_commands(), *list_commands_of_docs()])
def test_the_commands_fail_on_faulty_content(faulty: Path, command: str) -> None:
    assert run_step(command, faulty).returncode == 1


@pytest.mark.slow
@pytest.mark.parametrize(("strict", "status"), [("true", 1), ("false", 0)])
def test_the_action_annotates_and_takes_its_inputs(clean: Path, strict: str, status: int) -> None:
    inputs = read_action()["inputs"]
    command, _ = iter_bmkit_commands(read_action()["runs"]["steps"])
    variables, _ = (step["env"] for step in read_action()["runs"]["steps"] if "env" in step)
    assert {re.findall(r"inputs\.([a-z-]+)", value)[0] for value in variables.values()} < set(inputs)
    assert inputs["root"]["default"] == "."
    assert inputs["strict"]["default"] == "false"
    site = clean / "content" / "terms" / "site.json"
    text = site.read_text("utf-8")
    site.write_text(text.replace('"records": [', '"records": [{"id": "rib", "label": "rib"},'), "utf-8")
    completed = run_step(command, clean, BMKIT_ROOT=".", BMKIT_STRICT=strict)
    assert completed.returncode == status
    assert completed.stdout.startswith(
        "::warning file=content/terms/site.json,line=3,endLine=3,col=22,endColumn=27,title="
    )


@pytest.mark.slow
def test_annotations_name_files_from_the_top_of_the_repository(faulty: Path) -> None:
    command, _ = iter_bmkit_commands(read_action()["runs"]["steps"])
    make_repository(faulty.parent)
    completed = run_step(command, faulty.parent, BMKIT_ROOT="project", BMKIT_STRICT="false")
    assert "::error file=project/content/trial-results/trial.json,line=9," in completed.stdout


# It notes what it is called with, and says of a comment with that number that it is there already.
GH = """#!/bin/sh
echo "$@" >>"$CALLS"
for argument; do
  case "$argument" in body=@*) cat "${argument#body=@}" >>"$CALLS" ;; --paginate) echo "$OLD_COMMENT" ;; esac
done
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("comment", "old_comment", "call"),
    [
        ("false", "", ""),
        ("true", "", "api repos/o/r/issues/7/comments -F"),
        ("true", "31", "--method PATCH repos/o/r/issues/comments/31"),
    ],
)
def test_the_action_says_what_changed(
    clean: Path, tmp_path: Path, comment: str, old_comment: str, call: str
) -> None:
    _, command = iter_bmkit_commands(read_action()["runs"]["steps"])
    (tmp_path / "tools").mkdir()
    (tmp_path / "tools" / "gh").write_text(GH, "utf-8")
    (tmp_path / "tools" / "gh").chmod(0o755)
    variables = {
        "PATH": f"{tmp_path / 'tools'}{os.pathsep}{os.environ['PATH']}",
        "CALLS": f"{tmp_path / 'calls'}",
        "GITHUB_STEP_SUMMARY": f"{tmp_path / 'summary'}",
        "GITHUB_REPOSITORY": "o/r",
        "PULL_REQUEST": "7",
        "OLD_COMMENT": old_comment,
        "BMKIT_ROOT": "project",
        "BMKIT_COMMENT": comment,
    }
    repository = clean.parent
    make_repository(repository)
    first = run_step(command, repository, **variables)
    assert (first.returncode, "fetch-depth 2" in first.stdout) == (0, True)
    trial = clean / "content" / "trial-results" / "trial.json"
    trial.write_text(trial.read_text("utf-8").replace('"high": 85', '"high": 88'), "utf-8")
    author = "-c user.name=x -c user.email=x@x.test"
    assert run_step(f"git {author} commit -qam more", repository).returncode == 0
    completed = run_step(command, repository, **variables)
    assert (completed.returncode, completed.stderr) == (0, "")
    assert "85" in (tmp_path / "summary").read_text("utf-8")
    calls = (tmp_path / "calls").read_text("utf-8") if (tmp_path / "calls").exists() else ""
    assert call in calls
    assert calls.count("<!-- bmkit diff -->\n## What changed") == (comment == "true")


@pytest.mark.slow
def test_the_hooks_run_on_what_they_are_given(faulty: Path) -> None:
    hooks = {hook["id"]: hook for hook in yaml.safe_load(read_repository_file(".pre-commit-hooks.yaml"))}
    file_hook, project_hook = hooks["bmkit-validate"], hooks["bmkit-validate-all"]
    files = ["content/terms/site.json", "content/trial-results/trial.json", "content/codes.lock.tsv"]
    assert all(re.search(file_hook["files"], folder + file) for file in files for folder in ("", "docs/med/"))
    assert project_hook["always_run"]
    assert not re.search(file_hook["files"], "schema/site.schema.json")
    assert not re.search(file_hook["files"], "examples/other-content/x.json")
    assert run_step(f"{file_hook['entry']} {files[0]}", faulty).returncode == 0
    assert run_step(f"{file_hook['entry']} {files[0]} {files[1]}", faulty).returncode == 1
    assert run_step(project_hook["entry"], faulty).returncode == 1


MODULES_OF_OTHERS = ("pip", "venv", "ensurepip", "bmkit", "click", "json", "hatchling", "encodings", "site")
FILES_OF_OTHERS = ("sitecustomize.py", "usercustomize.py", "conftest.py", "setup.py", "os.py", "runpy.py")


def make_hostile(folder: Path, marker: Path) -> None:
    """Put into a check-out what Python, pip or bmkit would run if they looked for anything there."""
    evil = f"open({os.fspath(marker)!r}, 'a').write(__file__)\nraise SystemExit(0)\n"
    for name in MODULES_OF_OTHERS:
        (folder / name).mkdir()
        for file in ("__init__.py", "__main__.py", "cli.py"):
            (folder / name / file).write_text(evil, "utf-8")
    for name in FILES_OF_OTHERS:
        (folder / name).write_text(evil, "utf-8")
    (folder / "evil.pth").write_text(f"import os; os.close(os.open({os.fspath(marker)!r}, os.O_CREAT))\n")
    (folder / "pyvenv.cfg").write_text("home = .\n")
    (folder / "setup.cfg").write_text("[install]\nprefix = .\n")
    for name in ("pip.conf", "pip.ini"):
        (folder / name).write_text("[global]\nindex-url = https://evil.invalid\n")
    (folder / "pyproject.toml").write_text('[build-system]\nrequires = []\nbuild-backend = "setup"\n')
    for name in ("git", "python", "pip", "bash"):
        program = folder / ("bin" if name in MODULES_OF_OTHERS else ".") / name
        program.parent.mkdir(exist_ok=True)
        program.write_text(f"#!/bin/sh\ntouch {marker}\n", "utf-8")
        program.chmod(0o755)


def copy_action(folder: Path) -> Path:
    """Copy of this repository what the action needs, as a runner fetches it."""
    for name in ("src", "schema"):
        source = os.path.join(TOP, name)
        shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE", "NOTICE"):
        shutil.copy(os.path.join(TOP, name), folder / name)
    return folder


@pytest.mark.audit
@pytest.mark.parametrize("name", ["action.yml", "src/bmkit/project_template/files/workflow.yml"])
def test_nothing_of_a_hostile_check_out_is_run(faulty: Path, tmp_path: Path, name: str) -> None:
    """The steps run as they are: they install what the lock names, so packages must be to be had."""
    marker = tmp_path / "was-run"
    make_hostile(faulty, marker)
    assert subprocess.run([sys.executable, "-m", "pip"], cwd=faulty, check=False).returncode == 0
    assert marker.exists(), "the check-out is not as hostile as it should be"
    marker.unlink()
    (faulty / ".github").mkdir()
    shutil.copy(os.path.join(TOP, LOCK), faulty / ".github" / "bmkit-requirements.txt")
    action = copy_action(tmp_path / "action")
    variables = {
        "GITHUB_ACTION_PATH": os.fspath(action),
        "RUNNER_TEMP": os.fspath(tmp_path / "temporary"),
        "BMKIT": os.fspath(action),
        "BMKIT_ROOT": ".",
        "BMKIT_STRICT": "false",
    }
    steps = re.findall(r"(?m)^( +)run: \|\n((?:\1  .*\n)+)", read_repository_file(name))
    install, validate = (textwrap.dedent(step) for _, step in steps[:2])
    completed = run_step(install, faulty, **variables)
    assert completed.returncode == 0, completed.stderr
    completed = run_step(validate, faulty, **variables)
    assert completed.returncode == 1, completed.stderr
    assert "::error file=content/trial-results/trial.json,line=9," in completed.stdout
    assert not marker.exists()


def write_pre_commit_settings(folder: Path, hooks: list[dict[str, Any]]) -> None:
    """Write the settings of pre-commit: our hooks with what `hooks` say of them, run by this bmkit.

    pre-commit would install bmkit and all that it needs from an index; what is left of it is as for others.
    """
    shipped_hooks = {
        hook["id"]: hook for hook in yaml.safe_load(read_repository_file(".pre-commit-hooks.yaml"))
    }
    merged_hooks = [shipped_hooks[hook["id"]] | hook | {"language": "system"} for hook in hooks]
    for hook in merged_hooks:
        hook["entry"] = f"{sys.executable} -m {hook['entry']}"
    settings = {"repos": [{"repo": "local", "hooks": merged_hooks}]}
    (folder / ".pre-commit-config.yaml").write_text(yaml.safe_dump(settings), "utf-8")


def commit_with_hooks(folder: Path) -> tuple[bool, str]:
    """Run the hooks on what is staged, as a commit does; return whether they let it pass, and the output."""
    completed = run_step(
        f"git add -A && {sys.executable} -m pre_commit run", folder, PRE_COMMIT_HOME=str(folder / ".git/pc")
    )
    return completed.returncode == 0, completed.stdout


def read_monorepo_hooks() -> list[dict[str, Any]]:
    """Return the hooks that the manual shows for two projects in one repository."""
    block = (
        read_repository_file("docs/github-actions.md")
        .split("<!-- monorepo -->\n```yaml\n")[1]
        .split("```")[0]
    )
    hooks: list[dict[str, Any]] = yaml.safe_load(block)["repos"][0]["hooks"]
    return hooks


@pytest.mark.slow
def test_the_hooks_of_the_manual_guard_every_project_of_a_repository(clean: Path) -> None:
    assert main(["fmt"]) == 0
    top = clean.parent / "repository"
    for project in ("docs/med", "docs/onco"):
        shutil.copytree(clean, top / project)
    (top / "site/content").mkdir(parents=True)
    make_repository(top)
    (top / "site/content/menu.json").write_text("{}", "utf-8")
    write_pre_commit_settings(top, read_monorepo_hooks())
    assert commit_with_hooks(top)[0]
    file = top / "docs/med/content/trial-results/trial.json"
    right_text = file.read_text("utf-8")
    # A range the wrong way round, and a blank too many, which the hook takes out.
    file.write_text(right_text.replace('"high": 85', '"high":  55'), "utf-8")
    has_passed, output = commit_with_hooks(top)
    assert not has_passed
    assert "docs/med/content/trial-results/trial.json:9:24: error: low 65 is above high 55" in output
    assert "docs/med/content/trial-results/trial.json\n" in output
    assert file.read_text("utf-8") == right_text.replace('"high": 85', '"high": 55')
    file.write_text(right_text, "utf-8")
    (top / "docs/onco/content/terms/site.json").unlink()
    has_passed, output = commit_with_hooks(top)
    assert not has_passed
    assert "docs/onco/content/trial-results/trial.json:16:" in output
    assert "there is no site" in output


@pytest.mark.slow
def test_a_hook_on_files_finds_the_project_in_a_folder(faulty: Path) -> None:
    top = faulty.parent
    write_pre_commit_settings(top, [{"id": "bmkit-validate"}])
    assert run_step("git init -q", top).returncode == 0
    has_passed, output = commit_with_hooks(top)
    assert not has_passed
    assert "project/content/trial-results/trial.json:9:25: error: low 85 is above high 65" in output
    write_pre_commit_settings(top, [{"id": "bmkit-validate-all"}])
    has_passed, output = commit_with_hooks(top)
    assert not has_passed
    assert "name the folder of the project with --root" in output
