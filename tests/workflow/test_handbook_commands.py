"""The handbook at the prompt, and what the shell completes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from bmkit.handbook import collect_example_messages, list_rule_docs
from bmkit.schema import locate_shipped_schemas, read_shipped_schemas

if TYPE_CHECKING:
    from pathlib import Path

Run = Callable[..., int]
Captured = pytest.CaptureFixture[str]


def test_every_rule_is_listed_with_its_title(bmkit: Run, capsys: Captured) -> None:
    assert bmkit("rules") == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == [page.rule_id for page in list_rule_docs()]
    assert "limits.inverted" in (line.split()[0] for line in lines)
    assert all(line.endswith(page.title) for line, page in zip(lines, list_rule_docs(), strict=True))


def test_rules_are_listed_by_name_and_family_and_as_json(bmkit: Run, capsys: Captured) -> None:
    assert bmkit("rules", "suppression", "limits.inverted", "--format", "json") == 0
    listed = json.loads(capsys.readouterr().out)
    assert [rule["rule"] for rule in listed] == [
        "limits.inverted",
        "suppression.expired",
        "suppression.outdated",
        "suppression.unknown-record",
        "suppression.unknown-rule",
        "suppression.unused",
    ]
    assert listed[0] == {
        "rule": "limits.inverted", "severity": "error", "title": "A range starts above its end.",
    }  # fmt: skip


def test_a_rule_is_explained_with_both_examples_and_what_is_said_to_the_bad_one(
    bmkit: Run, capsys: Captured
) -> None:
    assert bmkit("explain", "limits.inverted") == 0
    out = capsys.readouterr().out
    assert out.startswith("limits.inverted  error\n\nA range starts above its end.\n\nNo value lies in it")
    assert '\nbad:\n  {"result": [{"id": "one", "estimate": {"low": 85, "high": 65' in out
    assert '\ngood:\n  {"result": [{"id": "one", "estimate": {"low": 65, "high": 75' in out
    assert "\nbmkit says:\n  low 85 is above high 65\n    hint: swap them, or correct one end\n" in out


def test_of_a_rule_with_many_examples_two_are_shown_and_how_a_fault_is_put_right(
    bmkit: Run, capsys: Captured
) -> None:
    assert bmkit("explain", "slip.tenfold") == 0
    out = capsys.readouterr().out
    assert (out.count("\nbad:\n"), out.count("\ngood:\n"), out.count("    hint: ")) == (2, 2, 2)
    assert "\nHow to fix: look the number up where it is from and correct it" in out
    assert bmkit("explain", "content.wrong-folder") == 0
    out = capsys.readouterr().out
    assert "\nHow to fix: move it to the folder of its article\n" in out
    assert "\nbad:\n  content/terms/result.json:\n" in out


def test_the_publication_behind_a_rule_is_named(bmkit: Run, capsys: Captured) -> None:
    assert bmkit("explain", "writing.microgram") == 0
    out = capsys.readouterr().out
    assert "\nSource: Institute for Safe Medication Practices, List of" in out
    assert out.lower().count("\nsource:") == 1


@pytest.mark.parametrize("page", list_rule_docs(), ids=lambda page: page.rule_id)
def test_every_rule_can_be_explained(bmkit: Run, capsys: Captured, page: object) -> None:
    rule = getattr(page, "rule_id", "")
    assert bmkit("explain", rule) == 0
    assert capsys.readouterr().out.startswith(f"{rule}  ")


def test_rules_of_content_and_of_json_say_how_they_are_put_right() -> None:
    hinted = [
        page.rule_id
        for page in list_rule_docs()
        if any(answer.hint for answer in collect_example_messages(page))
    ]
    assert {"limits.inverted", "references.dangling", "json.trailing-comma"} <= set(hinted)


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["explain", "limits.invrted"], 'there is no rule "limits.invrted"; did you mean "limits.inverted"?'),
        (["rules", "zzzzzzz"], 'there is no rule "zzzzzzz"; bmkit rules lists them'),
        (["fields", "zzz"], 'there is no kind "zzz"; bmkit fields lists them'),
        (["fields", "radiotherapi"], 'there is no kind "radiotherapi"; did you mean "radiotherapy"?'),
        (["explain"], "Missing argument 'RULE...'"),
    ],
)
def test_a_name_that_is_none_is_wrong_use(
    bmkit: Run, capsys: Captured, args: list[str], message: str
) -> None:
    assert bmkit(*args) == 2
    assert message in capsys.readouterr().err


def test_the_fields_of_a_kind_are_told_in_the_order_of_the_schema(bmkit: Run, capsys: Captured) -> None:
    assert bmkit("fields", "radiotherapy") == 0
    out = capsys.readouterr().out
    assert out.startswith("radiotherapy: A schedule of radiotherapy: its dose, its fractions.\n")
    fields_text = out.partition("\na record of this kind")[0]
    names = [line.split(":")[0] for line in fields_text.splitlines()[1:] if line and line[0].isalpha()]
    assert names[:3] == ["id", "treatment", "condition"]
    assert names[-3:] == ["source.page", "source.table", "source.publication"]
    assert "\nradiation_dose: quantity in Gy, cGy, mGy, from 0 (optional)\n    The dose in all." in out
    assert "\nnotes: list of references to editorial-note (optional)\n" in out


def test_a_sentence_is_shown_where_it_can_be_read(bmkit: Run, capsys: Captured) -> None:
    assert bmkit("fields", "drug-mechanism") == 0
    assert "{product} {effect}" in capsys.readouterr().out
    assert bmkit("fields", "regimen") == 0
    assert "{product}" not in capsys.readouterr().out


def test_the_fields_of_every_kind_are_told_as_json(bmkit: Run, capsys: Captured) -> None:
    for kind in read_shipped_schemas():
        assert bmkit("fields", kind.name, "--format", "json") == 0
        description = json.loads(capsys.readouterr().out)
        assert [field["name"] for field in description["fields"]] == [field.name for field in kind.fields]
    assert bmkit("fields", "radiotherapy", "--format", "json") == 0
    fields = {field["name"]: field for field in json.loads(capsys.readouterr().out)["fields"]}
    dose, fractions = fields["radiation_dose"], fields["fractions"]
    assert (dose["type"], dose["units"], dose["minimum"]) == ("quantity", ["Gy", "cGy", "mGy"], 0)
    assert (fractions["type"], fractions["minimum"]) == ("integer", 1)
    assert bmkit("fields", "--format", "json") == 0
    assert [kind["kind"] for kind in json.loads(capsys.readouterr().out)] == list(
        read_shipped_schemas().kind_names
    )


def test_kinds_are_listed_by_group(bmkit: Run, capsys: Captured) -> None:
    assert bmkit("fields") == 0
    blocks = [block.splitlines() for block in capsys.readouterr().out.rstrip("\n").split("\n\n")]
    assert [block[0].partition(":")[0] for block in blocks] == ["facts", "terms", "article"]
    names_by_group = {block[0].partition(":")[0]: [line.split()[0] for line in block[1:]] for block in blocks}
    schemas = read_shipped_schemas()
    for heading, group in (("terms", "term"), ("facts", "fact"), ("article", "article")):
        assert names_by_group[heading] == [kind.name for kind in schemas if kind.group == group]


def test_a_kind_of_an_unknown_group_is_listed_all_the_same(
    bmkit: Run, project: Path, capsys: Captured
) -> None:
    with open(os.path.join(locate_shipped_schemas(), "radiotherapy.schema.json"), encoding="utf-8") as file:
        text = file.read().replace('"x-group": "fact"', '"x-group": "facts"')
    (project / "schema").mkdir()
    (project / "schema/frequency.schema.json").write_text(text, "utf-8")
    assert bmkit("fields") == 0
    assert "\nother kinds: Their group is unknown.\n  frequency " in capsys.readouterr().out


def test_what_else_a_record_of_a_kind_needs(bmkit: Run, project: Path, capsys: Captured) -> None:
    assert bmkit("fields", "radiotherapy") == 0
    assert capsys.readouterr().out.endswith(
        "\n\na record of this kind also needs records of:\n"
        "  article  in content/ARTICLE/article.json\n"
        "  section  in content/ARTICLE/section.json\n"
    )
    assert bmkit("fields", "tumour") == 0
    assert "also needs" not in capsys.readouterr().out

    def make_schema(group: str, **fields: str) -> str:
        id_schema = {"type": "string", "title": "Id", "description": "Its name.", "examples": ["a"]}
        references = {name: {**id_schema, "x-ref": kind} for name, kind in fields.items()}
        record = {
            "type": "object",
            "additionalProperties": False,
            "required": ["id", *(name for name in fields if not name.startswith("maybe"))],
            "properties": {"id": id_schema, **references},
        }
        return json.dumps({"title": "T", "x-group": group, "$defs": {"record": record}})

    # leaf -> tree -> soil, which need each other; what may be left out is not needed.
    (project / "schema").mkdir()
    for name, text in {
        "leaf": make_schema("fact", tree="tree", maybe_pest="pest", twig="leaf"),
        "tree": make_schema("term", soil="soil", maybe_leaf="leaf"),
        "soil": make_schema("term", tree="tree", site="site"),
        "pest": make_schema("term"),
    }.items():
        (project / f"schema/{name}.schema.json").write_text(text, "utf-8")
    assert bmkit("fields", "leaf") == 0
    assert capsys.readouterr().out.endswith(
        "\n\na record of this kind also needs records of:\n"
        "  article  in content/ARTICLE/article.json\n"
        "  section  in content/ARTICLE/section.json\n"
        "  tree     in content/terms/tree.json\n"
        "  soil     in content/terms/soil.json, for tree\n"
        "  site     in content/terms/site.json, for soil\n"
    )
    assert bmkit("fields", "leaf", "--format", "json") == 0
    needs = json.loads(capsys.readouterr().out)["needs"]
    assert needs[2:4] == [
        {"kind": "tree", "file": "content/terms/tree.json", "for": ["leaf", "soil"]},
        {"kind": "soil", "file": "content/terms/soil.json", "for": ["tree"]},
    ]


def test_a_project_s_own_schemas_count_beside_the_shipped_ones(
    bmkit: Run, project: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "schema").mkdir()
    with open(os.path.join(locate_shipped_schemas(), "radiotherapy.schema.json"), encoding="utf-8") as file:
        text = file.read().replace("A schedule of", "Some schedule of")
    (project / "schema/frequency.schema.json").write_text(text, "utf-8")
    assert bmkit("fields", "frequency") == 0
    assert capsys.readouterr().out.startswith("frequency: Some schedule of")
    assert bmkit("fields", "tumour") == 0
    monkeypatch.chdir(project.parent)
    assert bmkit("fields", "tumour") == 0
    assert bmkit("fields", "frequency") == 2
    (project / "schema/frequency.schema.json").write_text("{")
    assert bmkit("fields", "frequency", "--root", project) == 2
    assert "schema/frequency.schema.json:1:1: is not JSON" in capsys.readouterr().err


def list_completions(words: str, folder: Path) -> list[str]:
    """What the shell is told for the last of these words."""
    environment = {
        **os.environ, "_BMKIT_COMPLETE": "bash_complete", "COMP_WORDS": words,
        "COMP_CWORD": str(words.count(" ")),
    }  # fmt: skip
    completed = subprocess.run(
        [sys.executable, "-m", "bmkit"],
        env=environment, cwd=folder, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [line.partition(",")[2] for line in completed.stdout.splitlines()]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_completion_script_of_each_shell_is_given(shell: str) -> None:
    completed = subprocess.run(
        [sys.executable, "-m", "bmkit"],
        env={**os.environ, "_BMKIT_COMPLETE": f"{shell}_source"},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "_BMKIT_COMPLETE" in completed.stdout
    assert f"{shell}_complete" in completed.stdout


def test_the_shell_completes_commands_options_rules_and_kinds(project: Path) -> None:
    assert list_completions("bmkit va", project) == ["validate"]
    assert "--baseline" in list_completions("bmkit validate --b", project)
    assert list_completions("bmkit explain limits.inv", project) == ["limits.inverted"]
    assert list_completions("bmkit fields radioth", project) == ["radiotherapy"]
