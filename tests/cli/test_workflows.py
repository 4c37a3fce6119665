"""What other repositories run of ours works: the action, the workflow, the hooks, the manual."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Runs with `make slow`: it makes whole projects, exports or processes.
pytestmark = pytest.mark.slow

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
    """Run a command as the step of a workflow is run, with this bmkit."""
    path = os.pathsep.join([os.path.dirname(sys.executable), os.environ["PATH"]])
    return subprocess.run(
        ["/bin/bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", command],
        cwd=folder,
        env={**os.environ, **variables, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_there_is_something_to_run() -> None:
    assert len(list_workflow_commands()) == 2
    assert len(list_commands_of_docs()) == 4
    assert len(list(iter_bmkit_commands(read_action()["runs"]["steps"]))) == 1


@pytest.mark.parametrize("command", [*list_workflow_commands(), *list_commands_of_docs()])
def test_the_commands_pass_on_clean_content(clean: Path, command: str) -> None:
    completed = run_step(command, clean)
    assert (completed.returncode, completed.stderr) == (0, "")


@pytest.mark.parametrize("command", [*list_workflow_commands(), *list_commands_of_docs()])
def test_the_commands_fail_on_faulty_content(faulty: Path, command: str) -> None:
    assert run_step(command, faulty).returncode == 1


@pytest.mark.parametrize(("strict", "status"), [("true", 1), ("false", 0)])
def test_the_action_annotates_and_takes_its_inputs(clean: Path, strict: str, status: int) -> None:
    inputs = read_action()["inputs"]
    (command,) = iter_bmkit_commands(read_action()["runs"]["steps"])
    (variables,) = (step["env"] for step in read_action()["runs"]["steps"] if "env" in step)
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


def test_annotations_name_files_from_the_top_of_the_repository(faulty: Path) -> None:
    (command,) = iter_bmkit_commands(read_action()["runs"]["steps"])
    completed = run_step(command, faulty.parent, BMKIT_ROOT="project", BMKIT_STRICT="false")
    assert "::error file=project/content/trial-results/trial.json,line=9," in completed.stdout


def test_the_hooks_run_on_what_they_are_given(faulty: Path) -> None:
    hooks = {hook["id"]: hook for hook in yaml.safe_load(read_repository_file(".pre-commit-hooks.yaml"))}
    file_hook, project_hook = hooks["bmkit-validate"], hooks["bmkit-validate-all"]
    files = ["content/terms/site.json", "content/trial-results/trial.json", "content/codes.lock.tsv"]
    assert all(
        re.search(file_hook["files"], file) and re.search(project_hook["files"], file) for file in files
    )
    assert re.search(project_hook["files"], "bmkit.toml")
    assert not re.search(file_hook["files"], "schema/site.schema.json")
    assert not re.search(file_hook["files"], "examples/content/x.json")
    assert run_step(f"{file_hook['entry']} {files[0]}", faulty).returncode == 0
    assert run_step(f"{file_hook['entry']} {files[0]} {files[1]}", faulty).returncode == 1
    assert run_step(project_hook["entry"], faulty).returncode == 1
