"""Facts that contradict each other are one issue, which is known as long as no fact joins them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

Run = Callable[..., int]
SOURCE = {"section": "prognosis", "spans": [{"start": 30, "end": 40, "digest": "0123456789abcdef"}]}


def write_survivals(project: Path, **months: int) -> None:
    records = [
        {
            "id": fact_id, "tumour": "lung-cancer", "statistic": "median", "outcome": "survival",
            "estimate": {"value": number, "unit": "mo"}, "source": SOURCE,
        }
        for fact_id, number in months.items()
    ]  # fmt: skip
    for kind, folder, kind_records in (
        ("result", "one", records),
        ("outcome", "terms", [{"id": "survival", "label": "survival", "wanted": "more"}]),
    ):
        document = {"$schema": f"../../schema/{kind}.schema.json", "records": kind_records}
        (project / f"content/{folder}/{kind}.json").write_text(json.dumps(document), "utf-8")


def list_contradictions(bmkit: Run, capsys: pytest.CaptureFixture[str], *args: str) -> list[dict[str, Any]]:
    capsys.readouterr()
    bmkit("validate", "--format", "json", *args)
    issues = json.loads(capsys.readouterr().out)["issues"]
    return [issue for issue in issues if issue["rule"] == "agreement.contradiction"]


@pytest.mark.parametrize(
    ("months", "is_known"),
    [
        ({"a": 6, "b": 8, "c": 9, "d": 20}, True),
        ({"b": 8, "c": 9}, True),
        ({"d": 20, "b": 8}, True),
        ({"a": 6, "b": 8, "c": 9, "d": 21}, False),
        ({"a": 6, "b": 8, "new": 8}, False),
        ({"b": 6, "c": 9}, False),
    ],
)
def test_a_part_of_a_known_group_is_known(
    bmkit: Run, project: Path, capsys: pytest.CaptureFixture[str], months: dict[str, int], is_known: bool
) -> None:
    write_survivals(project, a=6, b=8, c=9, d=20)
    (issue,) = list_contradictions(bmkit, capsys)
    assert issue["message"].endswith('8 months contradicts 6 months of "a"; 2 more facts do not agree')
    assert bmkit("validate", "--baseline", "known.json", "--write-baseline") == 0
    write_survivals(project, **months)
    (issue,) = list_contradictions(bmkit, capsys)
    assert list_contradictions(bmkit, capsys, "--baseline", "known.json") == ([] if is_known else [issue])


def test_a_group_that_shrinks_shrinks_the_baseline(bmkit: Run, project: Path) -> None:
    write_survivals(project, a=6, b=8, c=9)
    assert bmkit("validate", "--baseline", "known.json", "--write-baseline") == 0
    write_survivals(project, a=6, b=8)
    assert bmkit("validate", "--baseline", "known.json", "--write-baseline") == 0
    entries = json.loads((project / "known.json").read_bytes())["issues"]
    values = {
        entry["record"]: entry["value"] for entry in entries if entry["rule"] == "agreement.contradiction"
    }
    assert values == {"a": "6 mo", "b": "8 mo"}


def test_a_suppression_of_a_group_ends_when_a_fact_joins_it(
    bmkit: Run, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_survivals(project, a=6, b=8)
    (issue,) = list_contradictions(bmkit, capsys)
    record = {
        "id": "both", **issue["suppression"],
        "reason": "two trials of one year", "author": "A. Editor", "expires": "9999-12-31",
    }  # fmt: skip
    document = {"$schema": "../../schema/suppression.schema.json", "records": [record]}
    (project / "content/one/suppression.json").write_text(json.dumps(document), "utf-8")
    assert list_contradictions(bmkit, capsys) == []
    write_survivals(project, a=6, b=8, c=9)
    assert len(list_contradictions(bmkit, capsys)) == 1


def test_sarif_shows_what_a_value_does_not_agree_with(
    bmkit: Run, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_survivals(project, **{f"fact-{number}": number for number in range(1, 30)})
    capsys.readouterr()
    bmkit("validate", "--format", "sarif", "--select", "agreement")
    (result,) = json.loads(capsys.readouterr().out)["runs"][0]["results"]
    regions = [place["physicalLocation"]["region"] for place in result["relatedLocations"]]
    assert len(regions) == 10
    text = (project / "content/one/result.json").read_text("utf-8")
    shown = [text[region["startColumn"] - 1 : region["endColumn"] - 1] for region in regions]
    assert shown == ["1", *(str(number) for number in range(3, 12))]
