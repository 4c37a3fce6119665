"""Nothing but roles and meanings is known by name: the same issues come of content under other names."""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from tests.mistakes import MISTAKES, ROOTS, apply_mistake
from tests.renaming import FRAME_KINDS, RenamedContent, iter_field_names, rename_content
from tests.test_mutations import mutations

from bmkit.articles import iter_articles
from bmkit.content import Content, read_content
from bmkit.export.fhir import build_article
from bmkit.export.fhir.ids import make_resource_id
from bmkit.rules import load_all_rules, run_rules
from bmkit.sentence import format_sentence
from bmkit.shape import ShapeChecker
from bmkit.write_json import format_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bmkit.content import File, Record

Change = tuple["Record", dict[str, Any]]
"""A record, and its value after a mistake."""
Outline = tuple[str, str, str, str]
# Of so many records one has a mistake at a time: more would hide each other.
RECORDS_PER_MISTAKE = 12


class Pair(NamedTuple):
    """Content as it stands, and the same under other names."""

    content: Content
    renamed: RenamedContent
    shape_checker: ShapeChecker

    def outline_differences(self, mistakes: Iterable[Sequence[Change]] = ()) -> list[tuple[str, Outline]]:
        """Return the issues that come with these mistakes under one set of names only."""
        changes = [change for mistake in mistakes for change in mistake]
        renamed_changes = [
            (self.renamed.records[id(record)], self.renamed.rename_value(record, value))
            for record, value in changes
        ]
        outlines = self._outline(*mutations.change_content(self.content, changes))
        other_outlines = self._outline(*mutations.change_content(self.renamed.content, renamed_changes))
        return [
            *(("under these names", outline) for outline in (outlines - other_outlines).elements()),
            *(("under other names", outline) for outline in (other_outlines - outlines).elements()),
        ]

    def _outline(self, content: Content, files: list[File]) -> Counter[Outline]:
        """Return what is said of content, under the names that it has as it stands."""
        restore = self.renamed.names.restore
        issues = [issue for file in files for issue in self.shape_checker.find_issues(file)]
        issues += run_rules(load_all_rules(), content)
        return Counter(
            (issue.rule, restore(issue.place.file), restore(issue.place.pointer), "")
            # What is wrong with a name or a shape is said with names that are like it.
            if issue.rule.startswith(("shape.", "references.", "suppression."))
            else (
                issue.rule,
                restore(issue.place.file),
                restore(issue.place.pointer),
                restore(f"{issue.message}: {issue.hint}"),
            )
            for issue in issues
        )


@pytest.fixture(scope="module", params=ROOTS)
def pair(request: pytest.FixtureRequest) -> Pair:
    content = read_content(ROOTS[request.param])
    return Pair(content, rename_content(content), ShapeChecker())


@pytest.fixture(scope="module")
def planted(pair: Pair) -> list[list[Change]]:
    (name,) = [name for name, root in ROOTS.items() if root == pair.content.root]
    return [[apply_mistake(pair.content, mistake)] for mistake in MISTAKES[name].values()]


def test_everything_outside_the_frame_has_another_name(pair: Pair) -> None:
    content, renamed = pair.content, pair.renamed
    kinds = {kind.name for kind in renamed.content.schemas}
    assert kinds.isdisjoint({kind.name for kind in content.schemas} - set(FRAME_KINDS))
    for kind in content.schemas:
        other_kind = renamed.content.schemas.get_kind(renamed.names.kinds.get(kind.name, kind.name))
        fields, other_fields = list(kind.walk_fields()), list(other_kind.walk_fields())
        assert other_kind.role == kind.role
        assert [field.role for field in other_fields] == [field.role for field in fields]
        assert [field.part for field in other_fields] == [field.part for field in fields]
        if kind.name not in FRAME_KINDS:
            assert set(iter_field_names(kind.fields)).isdisjoint(iter_field_names(other_kind.fields))
    for record in content.iter_records():
        assert renamed.records[id(record)].id != record.id or record.kind.name == "article"


def test_the_content_under_other_names_has_the_same_issues(pair: Pair) -> None:
    assert [
        issue for file in pair.renamed.content.files for issue in pair.shape_checker.find_issues(file)
    ] == []
    assert pair.outline_differences() == []


def test_facts_under_other_names_are_the_same_sentences(pair: Pair) -> None:
    for record in pair.content.iter_records():
        other_record = pair.renamed.records[id(record)]
        sentence = pair.renamed.names.restore(format_sentence(other_record, pair.renamed.content))
        assert sentence == format_sentence(record, pair.content)


def sample(mistakes: Iterable[Any], count: int) -> Iterator[list[Change]]:
    """Yield so many mistakes of each sort, all of them if the count is 0."""
    sorts: dict[str, list[Any]] = {}
    for mistake in mistakes:
        sorts.setdefault(f"{mistake.sort} in {mistake.among}", []).append(mistake)
    for sort, slips in sorts.items():
        for slip in random.Random(sort).sample(slips, min(count, len(slips))) if count else slips:
            yield mutations.list_values(slip)


def iter_batches(mistakes: Iterable[list[Change]], size: int) -> Iterator[list[list[Change]]]:
    """Yield the mistakes, so many at a time as are in different records."""
    pending = list(mistakes)
    random.Random(1).shuffle(pending)
    while pending:
        batch: list[list[Change]] = []
        left: list[list[Change]] = []
        taken: set[int] = set()
        for mistake in pending:
            ids = {id(record) for record, _ in mistake}
            if len(batch) < size and taken.isdisjoint(ids):
                batch.append(mistake)
                taken |= ids
            else:
                left.append(mistake)
        yield batch
        pending = left


@pytest.mark.parametrize(
    ("find_mistakes", "count"),
    [
        (mutations.changes, 1),
        pytest.param(mutations.slips, 3, marks=pytest.mark.slow),
        pytest.param(mutations.changes, 3, marks=pytest.mark.slow),
        pytest.param(mutations.slips, 0, marks=pytest.mark.audit),
        pytest.param(mutations.changes, 0, marks=pytest.mark.audit),
    ],
)
def test_mistakes_are_noticed_under_whatever_names(pair: Pair, find_mistakes: Any, count: int) -> None:
    size = len(pair.renamed.records) // RECORDS_PER_MISTAKE
    for batch in iter_batches(sample(find_mistakes(pair.content), count), size):
        assert pair.outline_differences(batch) == []


@pytest.mark.parametrize("alone", [False, pytest.param(True, marks=pytest.mark.audit)])
def test_planted_mistakes_are_noticed_under_whatever_names(
    pair: Pair, planted: list[list[Change]], alone: bool
) -> None:
    size = 1 if alone else len(pair.renamed.records) // RECORDS_PER_MISTAKE
    for batch in iter_batches(planted, size):
        assert pair.outline_differences(batch) == []


def list_resources(pair: Pair, content: Content) -> Iterator[dict[str, Any]]:
    """Yield the resources of each article by their old names, without names and versions made of those."""
    restore = pair.renamed.names.restore
    for article in iter_articles(content):
        resources = build_article(article)
        old_ids = {
            resources.find_resource_id(kind, path): make_resource_id(
                resources.base, kind, tuple(map(restore, path))
            )
            for kind, path in resources.by_key
        }
        text = replace_all(format_json([*resources.by_key.values()]), old_ids)
        yield from map(drop_names, json.loads(restore(text)))


def replace_all(text: str, replacements: dict[str, str]) -> str:
    return re.sub("|".join(map(re.escape, replacements)), lambda match: replacements[match[0]], text)


def drop_names(node: Any) -> Any:
    if isinstance(node, list):
        return [drop_names(item) for item in node]
    if isinstance(node, dict):
        kept = {name: drop_names(item) for name, item in node.items() if name not in {"name", "version"}}
        # The kinds of a code system stand in the order of their names.
        return {**kept, "concept": sorted(kept["concept"], key=str)} if "concept" in kept else kept
    return re.sub(r"\|[-0-9a-f]+$", "", node) if isinstance(node, str) else node


@pytest.mark.parametrize(
    "pair",
    [pytest.param("second", marks=pytest.mark.slow), pytest.param("own", marks=pytest.mark.audit)],
    indirect=True,
)
def test_resources_under_other_names_are_the_same(pair: Pair) -> None:
    expected = list(list_resources(pair, pair.content))
    assert len(expected) > 100
    assert list(list_resources(pair, pair.renamed.content)) == expected
