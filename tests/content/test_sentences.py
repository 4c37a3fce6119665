"""The sentences of the repository's facts: they say all that a fact holds, as a clinician would write it."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from bmkit.content import Content, Record, read_content
from bmkit.schema.roles import FRAME_FIELDS
from bmkit.sentence import format_sentence

# Runs with `make slow`: it makes whole projects, exports or processes.
pytestmark = pytest.mark.slow

REPOSITORY = Path(__file__).parents[2]
# What the sentence of a kind takes for granted: metastases are what the kind is about.
_TAKEN_FOR_GRANTED = {
    *(("site-involvement", "condition"), ("imaging-appearance", "condition")),
    *(("suspected-primary", "condition"), ("suspected-primary", "lesion_type")),
    # A skeletal complication is a complication, muscle pain is in the muscle, "per 1 day" is of a time.
    *(
        ("clinical-feature", "role"),
        ("adverse-effect", "site"),
        ("dose-limit", "per"),
        ("presentation", "per"),
    ),
    # "Taking other medicines" names them.
    ("instruction", "substance"),
    *(("procedure-step", "order"), ("procedure-step", "step")),
}
# A statement is a sentence itself; its terms say what it is about.
_KINDS_OF_OWN_WORDS = {"statement"}


@cache
def read_repository() -> Content:
    return read_content(str(REPOSITORY))


def list_facts() -> list[Record]:
    content = read_repository()
    return [
        record
        for kind in content.list_kinds()
        if kind.group == "fact" and kind.name not in _KINDS_OF_OWN_WORDS
        for record in content.list_records(kind.name)
    ]


def find_unsaid_fields(record: Record, content: Content) -> list[str]:
    """Return the fields without which the sentence of a record would be the same."""
    sentence = format_sentence(record, content)
    unsaid = []
    for name in record.value:
        if name in FRAME_FIELDS or (record.kind.name, name) in _TAKEN_FOR_GRANTED:
            continue
        rest = {other: value for other, value in record.value.items() if other != name}
        poorer = Record(record.kind, record.folder, record.file, record.index, rest)
        if format_sentence(poorer, content) == sentence:
            unsaid.append(name)
    return unsaid


@pytest.mark.parametrize("record", list_facts(), ids=lambda record: f"{record.kind.name}/{record.id}")
class TestSentence:
    def test_it_says_every_field(self, record: Record) -> None:
        assert find_unsaid_fields(record, read_repository()) == []

    def test_it_has_no_blank_or_comma_too_many(self, record: Record) -> None:
        sentence = format_sentence(record, read_repository())
        assert not re.search(r"  | [,.;:]|,,|[,;:]$|\(\)|\{|\[|^[a-z]", sentence), sentence
