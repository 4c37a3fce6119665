"""What is allowed or known is so with its value: another dose is another issue, whoever asks."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

Run = Callable[..., int]
TENFOLD = "slip.tenfold"
TERMS: dict[str, dict[str, Any]] = {
    "product": {"id": "zometa", "label": "Zometa", "category": "medicine"},
    "route": {"id": "intravenous", "label": "by vein", "way": "into a vein"},
    "usual-dose": {
        "id": "usual-zometa", "label": "Zometa", "product": "zometa", "route": "intravenous",
        "dose": {"value": 4, "unit": "mg"},
    },
}  # fmt: skip
REGIMEN = {
    "id": "zometa-40-mg", "product": "zometa", "route": "intravenous", "manner": "infusion",
    "administration_time": {"value": 15, "unit": "min"}, "volume": {"value": 100, "unit": "mL"},
    "dose": {"value": 40, "unit": "mg"}, "interval": {"value": 4, "unit": "wk"},
    "source": {"section": "prognosis", "spans": [{"start": 30, "end": 40, "digest": "0123456789abcdef"}]},
}  # fmt: skip
# What stands there in place of 40 mg, and whether it is the same.
DOSES = [
    ({"value": 40, "unit": "mg"}, True),
    ({"unit": "mg", "value": 40}, True),
    ({"value": 400, "unit": "mg"}, False),
    ({"value": 0.4, "unit": "mg"}, False),
    ({"value": 40, "unit": "mg", "comparator": ">="}, False),
    ({"value": 40, "unit": "ug"}, False),
]
in_each_dose = pytest.mark.parametrize(("dose", "is_same"), DOSES, ids=json.dumps)


def write_records(project: Path, file: str, **record: Any) -> None:
    kind = file.rpartition("/")[2]
    document = {"$schema": f"../../schema/{kind}.schema.json", "records": [record]}
    (project / f"content/{file}.json").write_text(json.dumps(document), "utf-8")


@pytest.fixture
def wrong_dose(project: Path) -> Path:
    """A project with ten times the usual dose."""
    for kind, record in TERMS.items():
        write_records(project, f"terms/{kind}", **record)
    write_records(project, "one/regimen", **REGIMEN)
    return project


def report_slips(bmkit: Run, capsys: pytest.CaptureFixture[str], form: str, *args: str) -> Any:
    capsys.readouterr()
    bmkit("validate", "--format", form, "--select", "slip,suppression", *args)
    return json.loads(capsys.readouterr().out)


def find_slips(bmkit: Run, capsys: pytest.CaptureFixture[str], *args: str) -> list[Any]:
    issues: list[Any] = report_slips(bmkit, capsys, "json", *args)["issues"]
    return issues


def find_errors(bmkit: Run, capsys: pytest.CaptureFixture[str], *args: str) -> list[str]:
    issues = find_slips(bmkit, capsys, *args)
    return [issue["rule"] for issue in issues if issue["severity"] == "error"]


def allow_dose(project: Path, issue: dict[str, Any]) -> None:
    write_records(
        project, "one/suppression", id="ten-times", **issue["suppression"],
        reason="ten times the usual dose, by a trial", author="A. Editor", expires="9999-12-31",
    )  # fmt: skip


@in_each_dose
def test_another_dose_is_not_allowed(
    bmkit: Run, wrong_dose: Path, capsys: pytest.CaptureFixture[str], dose: dict[str, Any], is_same: bool
) -> None:
    (issue,) = find_slips(bmkit, capsys)
    assert (issue["rule"], issue["suppression"]["value"]) == (TENFOLD, "40 mg")
    allow_dose(wrong_dose, issue)
    assert find_errors(bmkit, capsys) == []
    write_records(wrong_dose, "one/regimen", **{**REGIMEN, "dose": dose})
    errors = find_errors(bmkit, capsys)
    assert (errors == []) is is_same
    if not is_same:
        assert "suppression.outdated" in errors
        assert any(rule.startswith("slip.") for rule in errors)
    assert bmkit("export", "csv", *([] if is_same else ["fhir", "xlsx"]), "--out", "out") == (
        0 if is_same else 1
    )
    assert (wrong_dose / "out").exists() is is_same


@in_each_dose
def test_another_dose_is_not_known(
    bmkit: Run, wrong_dose: Path, capsys: pytest.CaptureFixture[str], dose: dict[str, Any], is_same: bool
) -> None:
    assert bmkit("validate", "--baseline", "known.json", "--write-baseline") == 0
    for args in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "first"]):
        names = ("-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false")
        subprocess.run(["git", *names, *args], cwd=wrong_dose, check=True)  # noqa: S607  as on the PATH
    write_records(wrong_dose, "one/regimen", **{**REGIMEN, "dose": dose})
    for known in (("--baseline", "known.json"), ("--since", "HEAD")):
        errors = find_errors(bmkit, capsys, *known)
        assert [rule for rule in errors if rule.startswith("slip.")] == ([] if is_same else errors)
        assert (errors == []) is is_same


@in_each_dose
def test_another_dose_has_another_fingerprint(
    bmkit: Run, wrong_dose: Path, capsys: pytest.CaptureFixture[str], dose: dict[str, Any], is_same: bool
) -> None:
    def find_fingerprints() -> tuple[str, str]:
        (gitlab_issue,) = report_slips(bmkit, capsys, "gitlab")
        (run,) = report_slips(bmkit, capsys, "sarif")["runs"]
        return gitlab_issue["fingerprint"], *run["results"][0]["partialFingerprints"].values()

    fingerprints = find_fingerprints()
    write_records(wrong_dose, "one/regimen", **{**REGIMEN, "dose": dose})
    assert (find_fingerprints() == fingerprints) is is_same


def test_who_changes_the_usual_dose_is_told(
    bmkit: Run, wrong_dose: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for path, rules in {
        "content/one/regimen.json": [TENFOLD],
        "content/terms/usual-dose.json": [TENFOLD],
        "content/terms/product.json": [],
        "content/one/section.json": [],
    }.items():
        assert [issue["rule"] for issue in find_slips(bmkit, capsys, path)] == rules


def test_a_suppression_ends_with_what_the_dose_was_held_against(
    bmkit: Run, wrong_dose: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (issue,) = find_slips(bmkit, capsys)
    allow_dose(wrong_dose, issue)
    write_records(
        wrong_dose, "terms/usual-dose", **{**TERMS["usual-dose"], "dose": {"value": 0.4, "unit": "mg"}}
    )
    slip, outdated = find_slips(bmkit, capsys)
    assert (slip["rule"], outdated["rule"]) == (TENFOLD, "suppression.outdated")
    assert outdated["pointer"] == "/records/0/against"
    draft = {name: text for name, text in slip["suppression"].items() if name in {"value", "against"}}
    assert outdated["hint"] == f"correct the regimen, or allow it anew: {json.dumps(draft)[1:-1]}"
    allow_dose(wrong_dose, slip)
    assert find_errors(bmkit, capsys) == []
