"""Mistakes planted in both contents of the repository are errors: in doses, in results, in sources."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from tests.mistakes import MISTAKES, ROOTS, apply_mistake
from tests.test_mutations import mutations

from bmkit.content import Content, read_content


@cache
def watch_content(name: str) -> tuple[Content, Any]:
    content = read_content(ROOTS[name])
    return content, mutations.Watch(content)


@pytest.mark.parametrize(
    ("content_name", "mistake_name"),
    [(content_name, mistake_name) for content_name in ROOTS for mistake_name in MISTAKES[content_name]],
)
def test_a_planted_mistake_is_an_error(content_name: str, mistake_name: str) -> None:
    content, watch = watch_content(content_name)
    record, value = apply_mistake(content, MISTAKES[content_name][mistake_name])
    issue = watch.caught(mutations.Slip("planted", mistake_name, record, "", value))
    assert issue is not None
    assert issue.severity.value == "error", issue
