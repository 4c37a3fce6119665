"""Blanks and escapes that hide something are found at their place."""

from __future__ import annotations

import pytest
from tests.rules.rule_runs import list_broken_rules, list_issues

from bmkit.fix.repair import tidy_text

EXTRA_BLANKS = ["a  b", " a", "a ", "a\u00a0 b"]


@pytest.mark.parametrize("text", EXTRA_BLANKS)
def test_extra_blanks_are_found_and_nothing_else(text: str) -> None:
    assert list_broken_rules("text", {"site": [{"id": "one", "label": text}]}) == {"blanks"}


@pytest.mark.parametrize("text", ["a  b", " a\u00a0 b "])
def test_bmkit_fix_does_what_the_hint_says(text: str) -> None:
    (issue,) = list_issues("text.blanks", site=[{"id": "a", "label": text}])
    assert "bmkit fix" in issue.hint
    assert list_broken_rules("text", {"site": [{"id": "a", "label": tidy_text(text)}]}) == set()


@pytest.mark.parametrize(
    ("token", "key", "escape"),
    [
        (r'"\u0072ib"', '"label"', "\\u0072"),
        (r'"caf\u00e9"', '"label"', "\\u00e9"),
        (r'"\ud83e\uddb4"', '"label"', "\\ud83e\\uddb4"),
        (r'"a\\\u0072"', '"label"', "\\u0072"),
        (r'"\u0007\u0072"', '"label"', "\\u0072"),
        ('"rib"', r'"l\u0061bel"', "\\u0061"),
        ('"rib"', '"label"', ""),
        (r'"a\"b\\c\/"', '"label"', ""),
        (r'"C:\\u0072ib"', '"label"', ""),
        (r'"a\u0007\u200b\u00a0b"', '"label"', ""),
    ],
)
def test_an_escape_that_hides_a_letter_is_found_at_its_token(token: str, key: str, escape: str) -> None:
    text = f'{{"records": [{{"id": "rib", {key}: {token}}}]}}'
    issues = list_issues("text.escape", written={"site": text})
    assert [issue.message.partition(" ")[0] for issue in issues] == ([escape] if escape else [])
    for issue in issues:
        assert issue.place.pointer == "/records/0/label"
        assert issue.place.key == ("u0061" in key)


@pytest.mark.parametrize(
    ("rule", "text", "words"),
    [
        ("text.blanks", "two  blanks", "  "),
        ("text.blanks", "  behind", "  "),
        ("text.blanks", "in front ", " "),
        ("text.blanks", " on both sides ", " "),
    ],
)
def test_the_place_is_that_of_the_word(rule: str, text: str, words: str) -> None:
    (issue,) = list_issues(rule, statement=[{"id": "one", "text": text}])
    assert text[issue.place.start : issue.place.end] == words


def test_the_place_of_an_escape_is_that_of_its_character() -> None:
    written = r'{"records": [{"id": "rib", "label": "a \"\u0072ib\""}]}'
    (issue,) = list_issues("text.escape", written={"site": written})
    assert 'a "rib"'[issue.place.start : issue.place.end] == "r"
