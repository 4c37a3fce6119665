"""The own facts of the repository held against their article: BMKIT_ARTICLE_TEXT says where that is."""

from __future__ import annotations

import os
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from bmkit.content import Content, read_content
from bmkit.source_text.check import TextCheck, check_text
from bmkit.source_text.coverage import measure_coverage
from bmkit.source_text.facts import list_spans
from bmkit.source_text.seal import Seal, list_sourced_records, read_seal
from bmkit.source_text.spans import Outcome, Span, find_spans, to_span

ROOT = Path(__file__).parents[2]
ARTICLE = "bone-metastasis"
ARTICLE_TEXT = os.environ.get("BMKIT_ARTICLE_TEXT", "")

pytestmark = pytest.mark.skipif(
    not ARTICLE_TEXT, reason="BMKIT_ARTICLE_TEXT does not say where the article is"
)


@cache
def read_own_content() -> Content:
    return read_content(str(ROOT))


@cache
def read_article() -> str:
    return Path(ARTICLE_TEXT).read_bytes().decode()


def list_own_spans() -> set[Span]:
    records = list_sourced_records(read_own_content(), ARTICLE)
    return {to_span(value) for record in records for value in list_spans(record)}


def check(text: str) -> TextCheck:
    seal = read_seal(read_own_content(), ARTICLE)
    return check_text(read_own_content(), ARTICLE, text, seal.readings if isinstance(seal, Seal) else {})


def test_each_fact_is_what_the_article_says() -> None:
    result = check(read_article())
    assert set(result.outcomes) == {Outcome.EXACT}
    assert [issue for issue in result.issues if issue.rule != "source.opposite"] == []
    assert result.counts["quantity", "neither"] == 0
    named = result.counts["reference", "stated"] + result.counts["reference", "excused"]
    assert named >= 0.95 * (named + result.counts["reference", "neither"])


def test_nearly_every_number_of_the_article_is_claimed() -> None:
    content = read_own_content()
    coverage = measure_coverage(content, ARTICLE, read_article(), content.settings.ignored_numbers)
    assert coverage.percentage >= 97


def test_a_changed_dose_alters_the_spans_that_hold_it_and_names_it() -> None:
    text = read_article()
    spans = list_own_spans()
    doses = list(re.finditer(r"\b(\d+) (mg|ml)\b", text))
    assert len(doses) > 15
    for match in doses:
        number = int(match[1]) + 1
        revised = f"{text[: match.start()]}{number} {match[2]}{text[match.end() :]}"
        altered = {
            span for span, found in find_spans(revised, spans).items() if found.outcome is Outcome.ALTERED
        }
        assert altered == {span for span in spans if span.start <= match.start() and match.end() <= span.end}
        issues = [issue for issue in check(revised).issues if issue.rule == "source.altered"]
        # From a thousand on numbers have commas.
        told = [issue.message.replace(",", "") for issue in issues]
        assert told
        assert all(match[1] in message and str(number) in message for message in told)


def test_sentences_that_are_taken_out_have_not_moved() -> None:
    text = read_article()
    spans = list_own_spans()
    outcomes: Counter[Outcome] = Counter()
    for match in list(re.finditer(r"[^.\n]{40,}[.\n]", text))[::3]:
        found = find_spans(text[: match.start()] + text[match.end() :], spans)
        outcomes.update(
            found[span].outcome for span in spans if match.start() <= span.start and span.end <= match.end()
        )
    assert outcomes[Outcome.ABSENT] > 100
    assert outcomes[Outcome.MOVED] == outcomes[Outcome.EXACT] == 0
