"""Whatever is misspelt where, no number changes, and nothing inside a quantity or a code."""

from __future__ import annotations

import json
import os
import random
import re
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.content.projects import read_project

from bmkit.check import find_content_issues
from bmkit.content import read_content
from bmkit.fix import apply_repairs, find_repairs
from bmkit.fix.repair import find_only_match
from bmkit.rules.examples import build_content
from bmkit.schema import read_project_schemas, read_shipped_schemas

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ROOT = os.path.join(os.path.dirname(__file__), "..", "..")
TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|-?[0-9][0-9.eE+-]*|true|false|null')


def list_content_files() -> Iterator[str]:
    for folder, _, names in os.walk(os.path.join(ROOT, "content")):
        yield from (os.path.join(folder, name) for name in sorted(names) if name.endswith(".json"))


class Number(str):
    """A number as it is written."""

    __slots__ = ()


def holds_measure(value: Any) -> bool:
    """Whether a value is a number, a quantity or a code, or has such in it."""
    if isinstance(value, dict):
        return bool({"unit", "code"} & value.keys()) or any(map(holds_measure, value.values()))
    return any(map(holds_measure, value)) if isinstance(value, list) else isinstance(value, Number)


def iter_tokens(value: Any, *, inside: bool = False) -> Iterator[tuple[str, bool]]:
    """Each token of a document in the order of its text, and whether nobody may touch it."""
    if isinstance(value, dict):
        within = inside or "unit" in value or {"system", "code"} <= value.keys()
        for key, item in value.items():
            # The name of what is measured is as much a part of the dose as its number.
            yield json.dumps(key, ensure_ascii=False), within or (key != "records" and holds_measure(item))
            yield from iter_tokens(item, inside=within)
    elif isinstance(value, list):
        for item in value:
            yield from iter_tokens(item, inside=inside)
    elif isinstance(value, str) and not isinstance(value, Number):
        yield json.dumps(value, ensure_ascii=False), inside
    else:
        yield str(value), True


def misspell(token: str, chance: random.Random) -> str:
    """A string token with one slip in it."""
    text = json.loads(token)
    index = chance.randrange(max(1, len(text) - 1))
    variants = [
        text[:index] + text[index + 1 : index + 2] + text[index : index + 1] + text[index + 2 :],
        text.upper(),
        text.title(),
        text + "s",
        f" {text}",
        text[:index] + "  " + text[index:],
        text.replace("-", " "),
        text[:index] + text[index + 1 :],
        text + " \u03bcg",
        text.replace("e", "e\u0301"),
    ]
    return json.dumps(chance.choice(variants), ensure_ascii=False)


def write_misspelt_content(folder: Path, seed: int, share: float) -> dict[str, str]:
    """Writes the content into `folder` with a share of its strings misspelt; gives each file's sound text."""
    chance = random.Random(seed)

    def slip(match: re.Match[str]) -> str:
        token = match.group()
        if token[0] != '"' or token in {'"records"', '"$schema"'} or chance.random() > share:
            return token
        return misspell(token, chance)

    sound = {}
    for path in list_content_files():
        with open(path, encoding="utf-8") as file:
            text = file.read()
        name = os.path.relpath(path, ROOT)
        sound[name] = text
        misspelt_path = folder / name
        misspelt_path.parent.mkdir(parents=True, exist_ok=True)
        misspelt_path.write_bytes(TOKEN.sub(slip, text).encode())
    return sound


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in (1, 2, 3))])
def test_no_number_no_unit_and_no_code_ever_changes(tmp_path: Path, seed: int) -> None:
    sound = write_misspelt_content(tmp_path, seed, 0.15)
    content = read_content(str(tmp_path), read_project_schemas(ROOT))
    repairs = find_repairs(content)
    assert len(repairs) > 300
    for name in {repair.file for repair in repairs}:
        before = content.read_text(name)
        after = apply_repairs(before, [repair for repair in repairs if repair.file == name])
        untouchable = [
            never or not token.startswith('"')
            for token, never in iter_tokens(json.loads(sound[name], parse_float=Number, parse_int=Number))
        ]
        for old_token, new_token, never in zip(
            TOKEN.findall(before), TOKEN.findall(after), untouchable, strict=True
        ):
            assert old_token == new_token or not never, (name, old_token, new_token)
        assert TOKEN.sub("", before) == TOKEN.sub("", after)
        json.loads(after)


@pytest.mark.slow
def test_repairs_come_to_an_end(tmp_path: Path) -> None:
    write_misspelt_content(tmp_path, 7, 0.05)
    counts = []
    for _ in range(4):
        content = read_content(str(tmp_path), read_project_schemas(ROOT))
        repairs = find_repairs(content)
        counts.append(len(repairs))
        for name in {repair.file for repair in repairs}:
            text = apply_repairs(
                content.read_text(name), [repair for repair in repairs if repair.file == name]
            )
            (tmp_path / name).write_bytes(text.encode())
    assert counts[0] > 100
    assert counts[-1] == 0


def write_content_with_renamed_term(folder: Path, kind: str, before: str, after: str) -> None:
    """Copies the content into `folder`, with another id for one term."""
    write_misspelt_content(folder, 0, 0)
    path = folder / f"content/terms/{kind}.json"
    text = path.read_text("utf-8")
    assert text.count(f'"id": "{before}"') == 1
    path.write_bytes(text.replace(f'"id": "{before}"', f'"id": "{after}"').encode())


@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [
        ("product", "zometa", "zomtea"),
        ("tumour", "breast-cancer", "Breast-cancer"),
        pytest.param("product", "zometa", "Zometa", marks=pytest.mark.slow),
        pytest.param("product", "zometa", "zometas", marks=pytest.mark.slow),
        pytest.param("tumour", "breast-cancer", "breast cancer", marks=pytest.mark.slow),
        pytest.param("tumour", "breast-cancer", "breast-cacner", marks=pytest.mark.slow),
    ],
)
def test_a_term_that_lost_its_name_does_not_rename_what_refers_to_it(
    tmp_path: Path, kind: str, before: str, after: str
) -> None:
    write_content_with_renamed_term(tmp_path, kind, before, after)
    content = read_content(str(tmp_path), read_project_schemas(ROOT))
    assert find_repairs(content) == []
    dangling = [issue for issue in find_content_issues(content) if issue.rule == "references.dangling"]
    assert len(dangling) > 20
    for folder in content.folders:
        folder_issues = [issue for issue in dangling if issue.place.file.startswith(f"content/{folder}/")]
        for issue in folder_issues if len(folder_issues) > 1 else ():
            assert (
                issue.hint
                == f'"{after}" may be a misspelling: {len(folder_issues)} references use "{before}"'
            )


@pytest.mark.parametrize(
    ("own_terms", "repaired_words"),
    [([], ["breast-cancer"]), ([{"id": "breast-cancers", "label": "cancer of both breasts"}], [])],
)
def test_a_reference_to_a_term_of_another_article_is_no_slip(
    tmp_path: Path, own_terms: list[dict[str, str]], repaired_words: list[str]
) -> None:
    facts = [
        {
            "id": f"incidence-of-{tumour}",
            "tumour": tumour,
            "statistic": "share",
            "estimate": {"value": 4, "unit": "%"},
            "source": {"page": "1"},
        }
        for tumour in ("breast-cancer", "breast-cancers")
    ]
    records_by_file = {
        "terms/tumour.json": [{"id": "breast-cancer", "label": "breast cancer"}],
        "a/tumour.json": own_terms,
        "b/result.json": facts,
    }
    files = {name: json.dumps({"records": records}) for name, records in records_by_file.items()}
    repairs = find_repairs(read_project(tmp_path, {**files}))
    assert [json.loads(repair.new) for repair in repairs] == repaired_words


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("factor-ix", "factor-xi"),
        ("stage-vi", "stage-iv"),
        ("type-12", "type-21"),
        ("10\u2079 cells", "109-cells"),
        ("dose \u00bd", "dose-1\u20442"),
        ("dose -5", "dose-5"),
    ],
)
def test_what_is_told_apart_by_figures_and_short_letters_stays_apart(word: str, name: str) -> None:
    assert find_only_match(word, [name]) == ""
    assert find_only_match(name, [word]) == ""


SCHEMAS = read_shipped_schemas()
TOP_FIELDS = [
    (kind.name, field.path) for kind in SCHEMAS for field in kind.walk_fields() if len(field.path) == 1
]


def list_slips(name: str) -> list[str]:
    """What a name may become by all that is mended in names."""
    swaps = [
        name[:index] + name[index + 1] + name[index] + name[index + 2 :] for index in range(len(name) - 1)
    ]
    plain = [
        name.upper(),
        name.title(),
        name + "s",
        name + "es",
        name.replace("_", "-"),
        name.replace("_", " "),
    ]
    return [slip for slip in (*plain, *swaps, f" {name}", f"{name} ") if slip != name]


NUMBERS = st.integers(0, 500) | st.decimals(0, 500, places=1)
QUANTITIES = st.fixed_dictionaries(
    {"unit": st.sampled_from(["mg", "ug", "1", "h", "%", "MG"])},
    optional={
        "value": NUMBERS,
        "low": NUMBERS,
        "high": NUMBERS,
        "comparator": st.sampled_from(["about", "About"]),
    },
)
CODES = st.fixed_dictionaries({"system": st.just("atc"), "code": st.just("M05BA08")})
MEASURED = NUMBERS | QUANTITIES | CODES
VALUES = (
    MEASURED
    | st.lists(MEASURED, min_size=1, max_size=2)
    | st.dictionaries(
        st.sampled_from(["doses", "Section", "notes", "spans"]), MEASURED, min_size=1, max_size=2
    )
)


@settings(max_examples=3 * settings().max_examples, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_no_name_of_what_is_measured_ever_changes(data: st.DataObject) -> None:
    kind, path = data.draw(st.sampled_from(TOP_FIELDS))
    name = data.draw(st.sampled_from([*list_slips(path[0]), path[0]]))
    value = data.draw(VALUES)
    assert list_example_repairs({kind: [{"id": "one", name: value}]}) == []


@pytest.mark.parametrize("kind", SCHEMAS.kind_names)
def test_no_other_name_becomes_that_of_a_quantity_a_number_or_a_code(kind: str) -> None:
    for field in SCHEMAS.get_kind(kind).fields:
        numbers = [part for part in field.walk_fields() if part.type in {"quantity", "integer", "number"}]
        if numbers or any(part.name == "code" for part in field.walk_fields()):
            for name in list_slips(field.name):
                assert list_example_repairs({kind: [{"id": "one", name: "four"}]}) == []


def list_example_repairs(example: dict[str, Any]) -> list[str]:
    """What repairs are found in made-up content, at all."""
    content = build_content(example, SCHEMAS)
    (file,) = content.files
    text = json.dumps(file.value, default=float)
    content._bytes_by_path = {file.path: text.encode()}  # noqa: SLF001  content is read otherwise
    return [f"{repair.pointer}: {repair.old} -> {repair.new}" for repair in find_repairs(content)]
