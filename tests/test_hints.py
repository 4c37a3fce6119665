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
from bmkit.hints import MAX_TRIED_PROPOSALS, apply_trials, keep_sound_hints, make_trial
from bmkit.proposals import propose_value
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


def make_site(site_id: str, **fields: Any) -> dict[str, Any]:
    return {"id": site_id, "label": site_id, "category": "bone", **fields}


RETIRED = make_site("old", retired=True, replaced_by="new")
FIELDS = "the fields are id, label, synonyms, as_in_article, parent, category, part_of, retired, replaced_by,"


@pytest.mark.parametrize(
    ("sites", "rule_id", "hint"),
    [
        ([make_site("Old Rib", label="old rib")], "shape.pattern", 'write "old-rib"'),
        # Another record has that id.
        ([make_site("rib"), make_site("Rib")], "shape.pattern", "the name of this site, used by references"),
        ([make_site("rib", synonyms="costa")], "shape.type", 'write ["costa"]'),
        ([make_site("rib", synonyms="costa ")], "shape.type", 'write it like ["lumbar spine"]'),
        ([make_site("rib", synonyms=["a", "a"])], "shape.repeated-item", "remove one"),
        ([make_site("rib", parent=None)], "shape.type", "leave parent out"),
        ([make_site("rib", label=None)], "shape.type", ""),
        ([{"id": None, "label": None, "parent": None}], "shape.type", "leave parent out"),
        ([make_site("rib", label=7)], "shape.type", "put it in quotes"),
        ([make_site("rib", synonyms=["a", None])], "shape.type", "remove it"),
        ([make_site("rib", synonyms=[None])], "shape.type", ""),
        (
            [make_site("rib"), {}, make_site("hip", parent="ribb")],
            "references.dangling",
            'did you mean "rib"?',
        ),
        ([{"id": "rib", "lable": "rib"}], "shape.unknown-field", 'did you mean "label"?'),
        ([{"id": "rib", "lable": ["rib"]}], "shape.unknown-field", f"{FIELDS} codes, notes and source"),
        ([RETIRED, make_site("new"), make_site("rib", parent="old")], "references.retired", 'use "new"'),
        ([RETIRED, make_site("rib", parent="old")], "references.retired", "use a term that is not"),
        (
            [RETIRED, make_site("new", retired=True), make_site("rib", parent="old")],
            "references.retired",
            "use a term that is not",
        ),
        (
            [make_site("rib"), make_site("pelvis", parent="ribb")],
            "references.dangling",
            'did you mean "rib"?',
        ),
    ],
)
def test_a_hint_is_shown_where_what_it_proposes_holds(
    sites: list[dict[str, Any]], rule_id: str, hint: str
) -> None:
    issues = find_content_issues(build_content({"site": sites}))
    assert hint in [issue.hint for issue in issues if issue.rule == rule_id]


def test_a_dose_that_is_far_off_is_not_written_out() -> None:
    content = read_content(ROOTS["own"])
    record = content.find_record("regimen", "zometa-4-mg")
    assert record is not None
    hints = {}
    for text in ("4 mg", "400 mg"):
        changed: Content = mutations.change_content(content, [(record, {**record.value, "dose": text})])[0]
        [hints[text]] = [issue.hint for issue in find_content_issues(changed) if issue.rule == "shape.type"]
    assert hints["4 mg"] == 'write {"value": 4, "unit": "mg"}'
    assert hints["400 mg"].startswith('write it as {"value": …')


def test_a_term_may_refer_to_what_an_article_says() -> None:
    content = read_content(ROOTS["own"])
    record = content.find_record("container", "vial")
    assert record is not None
    [note] = record.value["notes"]
    changed: Content = mutations.change_content(content, [(record, {**record.value, "notes": note})])[0]
    assert [issue.hint for issue in find_content_issues(changed)] == [f'write ["{note}"]']


def test_words_of_one_text_are_tried_together_and_what_fails_alone() -> None:
    content = build_content({"statement": [{"id": "a", "text": "4 mg QD, 5 mg QOD, .5 mg"}]})
    issues = find_rule_issues(content)
    shown = keep_sound_hints(issues, issues, content, find_rule_issues)
    assert {'write "daily"', 'write "every other day"', 'write "0.5"'} <= {issue.hint for issue in shown}
    # What one proposes now leads to another issue.
    wrong = propose_value("QOD", otherwise="write it in full")
    issues = [issue.with_hint(wrong) if issue.hint == 'write "daily"' else issue for issue in issues]
    shown = keep_sound_hints(issues, issues, content, find_rule_issues)
    assert {"write it in full", 'write "every other day"', 'write "0.5"'} <= {issue.hint for issue in shown}


def test_of_many_hints_no_more_are_tried_than_are_shown() -> None:
    texts = [{"id": f"t-{number}", "text": f"{number} mg QD"} for number in range(1, MAX_TRIED_PROPOSALS + 9)]
    content = build_content({"statement": texts})
    issues = [issue for issue in find_rule_issues(content) if issue.rule == "writing.daily"]
    shown = keep_sound_hints(issues, issues, content, find_rule_issues)
    assert Counter(issue.hint for issue in shown) == {'write "daily"': MAX_TRIED_PROPOSALS, "": 8}


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


# Each proposal is put in alone, which takes a tenth of a second.
@pytest.mark.parametrize("root", ROOTS)
@pytest.mark.parametrize(
    ("sort_count", "proposal_count"), [(1, 8), pytest.param(40, 10_000, marks=pytest.mark.audit)]
)
def test_no_hint_on_a_slip_leads_to_another_issue(root: str, sort_count: int, proposal_count: int) -> None:
    content = read_content(ROOTS[root])
    tried = 0
    for slips in choose_slips(content, sort_count):
        changes = [(record, value) for _, record, value in slips]
        changed: Content = mutations.change_content(content, changes)[0]
        issues = [issue for issue in find_content_issues(changed, lint_schemas=False) if issue.proposal]
        known_issues = find_all_issues(changed, changed.files)
        chosen = issues[:: max(1, len(issues) // proposal_count)]
        assert list_unsound(chosen, known_issues, changed, find_all_issues) == []
        tried += len(chosen)
        if tried >= proposal_count:
            break
    assert tried >= min(proposal_count, 500)
