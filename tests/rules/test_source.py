"""A span is reported at the end that is wrong."""

from __future__ import annotations

import pytest
from tests.rules.rule_runs import list_places


@pytest.mark.parametrize(
    ("spans", "pointer", "message"),
    [
        ([(100, 1001)], "/0/end", "end 1001 is above 1000, the length of the article"),
        ([(10, 20)], "/0/start", 'start 10 is outside the section "symptoms", which goes from 100 to 300'),
        (
            [(100, 120), (290, 310)],
            "/1/end",
            'end 310 is outside the section "symptoms", which goes from 100 to 300',
        ),
    ],
)
def test_a_span_is_reported_at_the_end_that_is_wrong(
    spans: list[tuple[int, int]], pointer: str, message: str
) -> None:
    source = {"section": "symptoms", "spans": [{"start": start, "end": end} for start, end in spans]}
    example = {
        "article": [{"id": "article", "length": 1000}],
        "section": [{"id": "symptoms", "start": 100, "end": 300}],
        "result": [{"id": "one", "source": source}],
    }
    assert list_places("source.outside", **example) == [(f"/records/0/source/spans{pointer}", message)]
