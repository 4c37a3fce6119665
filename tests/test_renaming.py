"""Nothing but roles and meanings is known by name: the same issues come of content under other names."""

from __future__ import annotations

import os
import random
from typing import TYPE_CHECKING, Any

import pytest
from tests.renaming import FRAME_KINDS, RenamedContent, rename_content
from tests.test_mutations import mutations

from bmkit.content import Content, read_content
from bmkit.rules import load_all_rules, run_rules
from bmkit.shape import ShapeChecker

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import File, Record
    from bmkit.issue import Issue

TOP = os.path.normpath(os.path.join(os.path.dirname(__file__), ".."))
Outline = tuple[str, str, str, str]


@pytest.fixture(scope="module")
def content() -> Content:
    return read_content(TOP)


@pytest.fixture(scope="module")
def renamed(content: Content) -> RenamedContent:
    return rename_content(content)


def find_issues(content: Content, file: File | None) -> Iterator[Issue]:
    yield from ShapeChecker().find_issues(file) if file is not None else ()
    yield from run_rules(load_all_rules(), content)


def outline_issues(content: Content, file: File | None, renamed: RenamedContent) -> list[Outline]:
    """Return what is said of content, under the old names, and without hints, which look for like names."""
    restore = renamed.names.restore
    return sorted(
        (
            issue.rule,
            restore(issue.place.file),
            restore(issue.place.pointer),
            # A fault of shape names what would have been right.
            "" if issue.rule.startswith(("shape.", "references.")) else restore(issue.message),
        )
        for issue in find_issues(content, file)
    )


def test_everything_outside_the_frame_has_another_name(content: Content, renamed: RenamedContent) -> None:
    kinds = {kind.name for kind in renamed.content.schemas}
    assert kinds.isdisjoint({kind.name for kind in content.schemas} - set(FRAME_KINDS))
    assert len(kinds) == len(list(content.schemas))
    for record in content.iter_records():
        other = renamed.records[id(record)]
        assert other.id != record.id or record.kind.name == "article"
        assert other.kind.role == record.kind.role
        assert [field.role for field in other.kind.fields] == [field.role for field in record.kind.fields]
        assert [field.part for field in other.kind.fields] == [field.part for field in record.kind.fields]


def test_the_content_under_other_names_has_the_same_issues(content: Content, renamed: RenamedContent) -> None:
    for file in renamed.content.files:
        assert ShapeChecker().find_issues(file) == []
    assert outline_issues(renamed.content, None, renamed) == outline_issues(content, None, renamed)


def list_slips(content: Content) -> dict[str, list[Any]]:
    sorts: dict[str, list[Any]] = {}
    for slip in mutations.slips(content):
        sorts.setdefault(f"{slip.sort} in {slip.among}", []).append(slip)
    return sorts


@pytest.mark.parametrize(
    "count",
    [
        1,
        pytest.param(6, marks=pytest.mark.slow),
        pytest.param(60, marks=pytest.mark.audit),
    ],
)
def test_slips_are_noticed_under_whatever_names(
    content: Content, renamed: RenamedContent, count: int
) -> None:
    watch, renamed_watch = mutations.Watch(content), mutations.Watch(renamed.content)
    for sort, slips in list_slips(content).items():
        for slip in random.Random(sort).sample(slips, min(count, len(slips))):
            changed, file = watch.make_content(slip)
            other_changed, other_file = renamed_watch.make_content(rename_slip(slip, renamed))
            assert outline_issues(other_changed, other_file, renamed) == outline_issues(
                changed, file, renamed
            ), slip


def rename_slip(slip: Any, renamed: RenamedContent) -> Any:
    def rename(record: Record, value: dict[str, Any]) -> tuple[Record, dict[str, Any]]:
        return renamed.records[id(record)], renamed.rename_value(record, value)

    record, value = rename(slip.record, slip.value)
    also = rename(*slip.also) if slip.also is not None else None
    return slip._replace(record=record, value=value, also=also)
