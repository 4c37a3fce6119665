"""All that editors write is searched, and no ids, codes and quotations."""

from __future__ import annotations

from typing import Any

import pytest
from tests.rules.rule_runs import list_family_issues

NOT_EDITED = [
    {"site": [{"id": "u", "label": "a site", "as_in_article": ["10 U of it"]}]},
    {"editorial-note": [{"id": "one", "article_says": "4.0 mg QD, 3600 mg"}]},
    {"analyte": [{"id": "one", "codes": [{"system": "SC", "code": "SC-1", "display": "MS 10 mg; 120 U"}]}]},
    {"site": [{"id": "qd-10-u", "label": "a site"}]},
    {"substance": [{"id": "methotrexate", "synonyms": ["MTX"]}]},
]


@pytest.mark.parametrize("example", NOT_EDITED)
def test_ids_codes_and_quotations_are_not_searched(example: dict[str, Any]) -> None:
    assert list_family_issues("writing", example) == []


@pytest.mark.parametrize(
    ("example", "pointer"),
    [
        ({"site": [{"id": "a", "label": "10 U"}]}, "/records/0/label"),
        ({"site": [{"id": "a", "synonyms": ["b", "10 U"]}]}, "/records/0/synonyms/1"),
        ({"site": [{"id": "a", "codes": [{"display": "b", "note": "10 U"}]}]}, "/records/0/codes/0/note"),
        ({"editorial-note": [{"id": "a", "reading": "b", "reason": "10 U"}]}, "/records/0/reason"),
    ],
)
def test_all_that_editors_write_is_searched(example: dict[str, Any], pointer: str) -> None:
    assert [issue.place.pointer for issue in list_family_issues("writing", example)] == [pointer]
