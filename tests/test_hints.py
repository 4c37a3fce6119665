"""What a hint proposes, put in, leaves no new issue there: of every rule, and of slips in both contents."""

from __future__ import annotations

import random
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from tests.mistakes import ROOTS
from tests.test_mutations import mutations

from bmkit.check import find_content_issues
from bmkit.content import Content, Record, read_content
from bmkit.hints import apply_trials, keep_sound_hints, make_trial
from bmkit.rules import load_all_rules
from bmkit.rules.examples import build_content
from bmkit.shape import ShapeChecker

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bmkit.content import File
    from bmkit.issue import Issue, Place

RULES = load_all_rules()
SHAPES = ShapeChecker()


def find_rule_issues(content: Content, _: Any = ()) -> list[Issue]:
    """Return the issues of all rules: examples have only the fields that matter, and their shape is wrong."""
    return [issue for rule in RULES for issue in rule(content)]


def find_all_issues(content: Content, files: Sequence[File]) -> list[Issue]:
    issues = [issue for file in files for issue in SHAPES.find_issues(file, content)]
    content.clear_caches()
    return [*issues, *find_rule_issues(content)]


def count_issues_at(issues: list[Issue], place: Place) -> Counter[tuple[str, str]]:
    """Return how often a rule finds something at a place or below it."""
    return Counter(
        (issue.rule, issue.place.pointer)
        for issue in dict.fromkeys(issues)
        if issue.place.file == place.file
        and (issue.place.pointer == place.pointer or issue.place.pointer.startswith(f"{place.pointer}/"))
    )


def find_new_issues(issue: Issue, known_issues: list[Issue], content: Content, find_issues: Any) -> list[Any]:
    """Return what is new at the place of a proposal that is put in alone, and its own issue if it stays."""
    assert issue.proposal is not None
    trial = make_trial(issue, issue.proposal)
    files = apply_trials([trial], content)
    issues = find_issues(content.change_files(files), files)
    place = trial.place
    if place.key:
        place = place._replace(
            pointer=f"{place.pointer.rpartition('/')[0]}/{trial.proposed[1:-1]}", key=False
        )
    new = count_issues_at(issues, place) - count_issues_at(known_issues, place)
    own = count_issues_at(issues, issue.place)[issue.rule, issue.place.pointer]
    known = count_issues_at(known_issues, issue.place)[issue.rule, issue.place.pointer]
    return [*new, *([("still there", issue.rule, issue.message)] if own >= known else [])]


def list_unsound(
    issues: list[Issue], known_issues: list[Issue], content: Content, find_issues: Any
) -> list[tuple[Any, ...]]:
    """Return the proposals of issues that lead into another, with that."""
    return [
        (issue.rule, issue.place.pointer, issue.hint, new)
        for issue in issues
        if issue.proposal is not None and (new := find_new_issues(issue, known_issues, content, find_issues))
    ]


def test_no_hint_on_an_example_of_a_rule_leads_to_another_issue() -> None:
    tried = Counter[str]()
    for example in (example for rule in RULES for example in (*rule.bad, *rule.good)):
        content = build_content(example)
        known_issues = find_rule_issues(content)
        if any(issue.proposal for issue in known_issues):
            issues = keep_sound_hints(known_issues, known_issues, content, find_rule_issues)
            tried.update(issue.rule for issue in issues if issue.proposal)
            assert list_unsound(issues, known_issues, content, find_rule_issues) == [], example
    assert len(tried) >= 30
    assert tried.total() >= 80


def iter_typing_slips(record: Record, chance: random.Random) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield what a typing hand does to a record: keys, words, quantities and lists that miss their form."""
    for field in record.kind.fields:
        name = field.name
        if name not in record.value:
            continue
        value = record.value[name]

        def put(new: Any, name: str = name) -> dict[str, Any]:
            return {**record.value, name: new}

        key = drop_letter(name, chance)
        yield "key", {key if other == name else other: item for other, item in record.value.items()}
        yield (
            "capital key",
            {name.upper() if other == name else other: item for other, item in record.value.items()},
        )
        yield "null", put(None)
        yield "empty text", put("")
        if isinstance(value, str):
            yield "letter", put(drop_letter(value, chance))
            yield "capitals", put(value.upper())
            yield "blanks", put(f" {value}")
            yield "list of a text", put([value])
            yield "look-alike", put(value.replace("o", "\u043e").replace("e", "\u0435"))
            yield "line", put(value.replace(" ", "\n"))
        elif isinstance(value, list):
            yield "no list", put(value[0] if value else "")
            yield "empty list", put([])
            yield "item twice", put([*value, *value[:1]])
        elif isinstance(value, dict) and "unit" in value:
            number = value.get("value", value.get("low"))
            for unit in ("", " mg", " mcg", " MG", " ug", "h", " days", " %", f" {value['unit']}"):
                yield "quantity as text", put(f"{number}{unit}")
            yield "number as text", put({**value, "value": str(number)})
            yield "number with unit", put({**value, "value": f"{number} {value['unit']}"})
            for unit in ("Mg", "gram", "milligrams", "MCG", "days", "Hours", "percent", "mgg", "IU", "units"):
                yield "unit", put({**value, "unit": unit})
            yield "comparator", put({**value, "comparator": chance.choice(["≥", "=>", ">=.", "at least"])})
            yield (
                "ends",
                put({"low": value.get("high", 9), "high": value.get("low", 2), "unit": value["unit"]}),
            )
            yield "comma", put({**value, "value": f"{number},5"})
        elif isinstance(value, bool):
            yield "boolean", put(str(value).lower())
        else:
            yield "number as text", put(str(value))
            yield "number with unit", put(f"{value} mg")


def drop_letter(word: str, chance: random.Random) -> str:
    position = chance.randrange(len(word)) if word else 0
    return word[:position] + word[position + 1 :]


Slip = tuple[str, Record, dict[str, Any]]
"""What sort of slip it is, and what it makes of a record."""


def choose_slips(content: Content, sort_count: int) -> Iterator[list[Slip]]:
    """Yield slips that are made at once, each in another record, with so many of each sort in all."""
    chance = random.Random(5)
    slips: list[Slip] = [
        (sort, record, value)
        for record in content.iter_records()
        for sort, value in iter_typing_slips(record, chance)
    ]
    benchmark_slips = (*mutations.slips(content), *mutations.changes(content))
    slips += [(f"{slip.sort} {slip.among}", slip.record, slip.value) for slip in benchmark_slips]
    chance.shuffle(slips)
    sort_counts = Counter[str]()
    batches: list[dict[int, Slip]] = []
    for slip in slips:
        sort_counts[slip[0]] += 1
        if sort_counts[slip[0]] <= sort_count:
            batch = next((batch for batch in batches if id(slip[1]) not in batch), None)
            if batch is None:
                batches.append(batch := {})
            batch[id(slip[1])] = slip
    return (list(batch.values()) for batch in batches)


# One of each sort is tried with all others; alone more of them, which takes half a minute a thousand.
@pytest.mark.parametrize("root", ROOTS)
@pytest.mark.parametrize(
    ("sort_count", "stride"), [(1, 12), pytest.param(40, 1, marks=pytest.mark.audit)], ids=["some", "many"]
)
def test_no_hint_on_a_slip_leads_to_another_issue(root: str, sort_count: int, stride: int) -> None:
    content = read_content(ROOTS[root])
    tried = 0
    for slips in choose_slips(content, sort_count):
        changed: Content = mutations.change_content(content, [(record, value) for _, record, value in slips])[
            0
        ]
        issues = [issue for issue in find_content_issues(changed, lint_schemas=False) if issue.proposal]
        tried += len(issues[::stride])
        known_issues = find_all_issues(changed, changed.files)
        assert list_unsound(issues[::stride], known_issues, changed, find_all_issues) == []
    assert tried >= 6 * sort_count / stride
