"""bmkit fix mends names, words and text where there is one way to, and nothing else."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

Run = Callable[..., int]
INCIDENCE = "content/one/radiotherapy.json"
TUMOUR = "content/terms/tumour.json"


def change(path: Path, before: str, after: str) -> None:
    text = path.read_text("utf-8")
    assert text.count(before) == 1
    path.write_bytes(text.replace(before, after).encode())


@pytest.mark.parametrize(
    ("file", "good", "bad"),
    [
        (INCIDENCE, '"tumour": "lung-cancer"', '"tumour": "Lung-Cancer"'),
        (INCIDENCE, '"tumour": "lung-cancer"', '"tumour": "lung cancer"'),
        (INCIDENCE, '"tumour": "lung-cancer"', '"tumour": "lung_cancers"'),
        (INCIDENCE, '"tumour": "lung-cancer"', '"tumour": "lung-c\u0430ncer"'),
        (INCIDENCE, '"tumour": "lung-cancer"', '"tumour": "cancer of the lung"'),
        (INCIDENCE, '"tumour": "lung-cancer"', '"tumour": "Lung tumour"'),
        (INCIDENCE, '"tumour": "lung-cancer"', '"Tumour": "lung-cancer"'),
        (INCIDENCE, '"tumour": "lung-cancer"', '"tumours": "lung-cancer"'),
        (INCIDENCE, '"tumour": "lung-cancer"', '"tuomur": "lung-cancer"'),
        (
            INCIDENCE,
            '"section": "prognosis",\n        "spans": [\n          {"start": 20',
            '"Section": "prognosis",\n        "spans": [\n          {"start": 20',
        ),
        (INCIDENCE, '"../../schema/radiotherapy.schema.json"', '"../../schema/incidents.schema.json"'),
        (TUMOUR, '"label": "lung cancer"', '"label": "lung  cancer"'),
        (TUMOUR, '"label": "lung cancer"', '"label": " lung\\tcancer "'),
        (TUMOUR, '"synonyms": ["cancer of the lung"]', '"synonyms": ["cancer  of the lung"]'),
    ],
)
def test_what_can_only_mean_one_thing_is_mended(
    bmkit: Run, project: Path, file: str, good: str, bad: str
) -> None:
    before = (project / file).read_bytes()
    change(project / file, good, bad)
    assert (project / file).read_bytes() != before
    assert bmkit("fix") == 0
    assert (project / file).read_bytes() == before
    assert bmkit("validate", "--strict") == 0


@pytest.mark.parametrize(
    ("file", "good", "bad"),
    [
        # A letter more, less or other may make another word of it.
        (INCIDENCE, '"tumour": "lung-cancer"', '"tumour": "lung-canser"'),
        (INCIDENCE, '"tumour": "lung-cancer"', '"tumour": "lng-cancer"'),
        (INCIDENCE, '"tumour": "lung-cancer"', '"tumor": "lung-cancer"'),
        # A number may have stood there for another.
        (INCIDENCE, '{"start": 20, "end"', '{"strat": 20, "end"'),
        # It can be an id, and nothing else says that it is not the tumour's right one.
        (INCIDENCE, '"tumour": "lung-cancer"', '"tumour": "lugn-cancer"'),
        # What a quantity is made of, and what it is called.
        (INCIDENCE, '"radiation_dose": {"value": 30', '"Share": {"value": 30'),
        (INCIDENCE, '"radiation_dose": {"value": 30', '"shares": {"value": 30'),
        (INCIDENCE, '"value": 30', '"vlaue": 30'),
        (INCIDENCE, '"value": 30', '"Value": 30'),
        (INCIDENCE, '30, "unit": "Gy"', '30, "unit": "percent"'),
        (INCIDENCE, '"value": 30', '"comparator": "About", "value": 30'),
        (INCIDENCE, '"value": 30', '"value": "30 "'),
        # Two ways to mend it.
        (INCIDENCE, '"tumour": "lung-cancer"', '"tumour": "unclear"'),
        # The article's own words, and what identifies.
        (TUMOUR, '"lung tumour"', '"lung  tumour"'),
        (TUMOUR, '"id": "breast-cancer"', '"id": "breast-cancer "'),
        (INCIDENCE, '20, "digest": "0123456789abcdef"', '20, "digest": "0123456789ABCDEF"'),
    ],
)
def test_all_else_is_left_for_a_person(bmkit: Run, project: Path, file: str, good: str, bad: str) -> None:
    change(project / TUMOUR, '"records": [', '"records": [{"id": "a", "label": "a", "synonyms": ["unclear"]},'
           '{"id": "b", "label": "b", "synonyms": ["unclear"]},')  # fmt: skip
    change(project / file, good, bad)
    before = (project / file).read_bytes()
    assert bmkit("fix") == 0
    assert (project / file).read_bytes() == before


def test_an_id_is_mended_where_others_say_the_right_one(bmkit: Run, project: Path) -> None:
    change(
        project / TUMOUR, '"records": [', '"records": [{"id": "a", "label": "a", "parent": "lung-cancer"},'
    )
    before = (project / INCIDENCE).read_bytes()
    change(project / INCIDENCE, '"tumour": "lung-cancer"', '"tumour": "lugn-cancer"')
    assert bmkit("fix") == 0
    assert (project / INCIDENCE).read_bytes() == before


def test_a_schema_that_is_another_kinds_is_left_for_a_person(bmkit: Run, project: Path) -> None:
    change(project / INCIDENCE, "/radiotherapy.schema.json", "/statement.schema.json")
    before = (project / INCIDENCE).read_bytes()
    assert bmkit("fix") == 0
    assert (project / INCIDENCE).read_bytes() == before


def test_of_two_members_that_may_have_one_name_neither_gets_it(bmkit: Run, project: Path) -> None:
    change(
        project / INCIDENCE, '"tumour": "lung-cancer"', '"Tumour": "lung-cancer", "tumours": "breast-cancer"'
    )
    before = (project / INCIDENCE).read_bytes()
    assert bmkit("fix") == 0
    assert (project / INCIDENCE).read_bytes() == before


def test_only_the_tokens_concerned_change(
    bmkit: Run, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = project / INCIDENCE
    spoilt = path.read_text("utf-8").replace('"tumour": "lung-cancer"', '"Tumour" :\t"LUNG-CANCER"')
    spoilt = spoilt.replace("\n", "\r\n").replace("75.5", "7.50E+1").removesuffix("\r\n")
    path.write_bytes(spoilt.encode())
    assert bmkit("fix") == 0
    wanted = spoilt.replace('"Tumour" :\t"LUNG-CANCER"', '"tumour" :\t"LUNG-CANCER"')
    assert path.read_bytes().decode() == wanted
    assert capsys.readouterr() == (
        f'{INCIDENCE}:17:7: "Tumour" -> "tumour"\n',
        "1 place repaired in 1 of 4 files\n",
    )
    # The name had to be known before its value could be looked at.
    assert bmkit("fix", "content/one") == 0
    assert path.read_bytes().decode() == wanted.replace('"LUNG-CANCER"', '"lung-cancer"')


def test_a_list_is_not_mended_into_saying_something_twice(bmkit: Run, project: Path) -> None:
    path = project / TUMOUR
    change(path, '["cancer of the lung"]', '["a b", "a  b", "c  d", "c   d"]')
    assert bmkit("fix") == 0
    assert json.loads(path.read_bytes())["records"][1]["synonyms"] == ["a b", "a  b", "c d", "c   d"]


def test_the_diff_is_one_that_git_applies_and_nothing_is_written(
    bmkit: Run, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = project / INCIDENCE
    good = path.read_bytes().removesuffix(b"\n")
    path.write_bytes(good.replace(b'"tumour": "lung-cancer"', b'"tumour": "Lung-Cancer"'))
    bad = path.read_bytes()
    assert bmkit("fix", "--diff") == 1
    assert path.read_bytes() == bad
    captured = capsys.readouterr()
    assert captured.err == "1 place would be repaired in 1 of 4 files\n"
    assert captured.out.startswith(f"--- a/{INCIDENCE}\n+++ b/{INCIDENCE}\n@@ ")
    subprocess.run(["git", "apply", "-"], input=captured.out.encode(), cwd=project, check=True)  # noqa: S607
    assert path.read_bytes() == good
    assert bmkit("fix", "--diff") == 0


def test_a_file_that_is_no_json_is_said_and_the_others_are_mended(
    bmkit: Run, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "content/one/section.json").write_text("[")
    change(project / INCIDENCE, '"tumour": "lung-cancer"', '"tumour": "Lung-Cancer"')
    assert bmkit("fix") == 1
    assert "json.truncated" in capsys.readouterr().out
    assert '"tumour": "lung-cancer"' in (project / INCIDENCE).read_text("utf-8")


def test_ids_of_a_kind_that_could_not_be_read_are_not_guessed(bmkit: Run, project: Path) -> None:
    change(project / INCIDENCE, '"tumour": "lung-cancer"', '"tumour": "Lung-Cancer"')
    before = (project / INCIDENCE).read_bytes()
    (project / TUMOUR).write_text("[")
    assert bmkit("fix") == 1
    assert (project / INCIDENCE).read_bytes() == before


def test_all_content_that_is_sound_is_left_alone(bmkit: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert bmkit("fix", "--diff") == 0
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("written", ["a few µg once", "a  blank", "cafe\\u0301", "a blank "])
def test_what_rules_of_text_promise_of_fix_is_kept(bmkit: Run, project: Path, written: str) -> None:
    path = project / "content/one/statement.json"
    source = '{"section": "prognosis", "spans": [{"start": 1, "end": 2, "digest": "0123456789abcdef"}]}'
    fields = f'"id": "one", "theme": "x", "tumour": "lung-cancer", "text": "{written}", "source": {source}'
    path.write_text(f'{{"$schema": "../../schema/statement.schema.json", "records": [{{{fields}}}]}}')
    (project / "content/terms/theme.json").write_text(
        '{"$schema": "../../schema/theme.schema.json", "records": [{"id": "x", "label": "x"}]}'
    )
    assert bmkit("validate", "--strict", "--select", "text,writing,shape") == 1
    assert bmkit("fix") == 0
    assert bmkit("validate", "--strict", "--select", "text,writing,shape") == 0
