"""The report for people shows the line and marks the fault, on every terminal."""

from __future__ import annotations

import re
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from bmkit.issue import Issue, Place, Severity
from bmkit.report import Report, Terminal, locate_issues, render_report

PLAIN = Terminal(80)


def render_lines(text: str, start: int, end: int, terminal: Terminal = PLAIN, hint: str = "") -> list[str]:
    issue = Issue(
        Place("content/a.json", start=start, end=end), "json.odd", Severity.ERROR, "it is odd", hint
    )
    lines = render_report(
        "text", Report(locate_issues([issue], lambda _: text), ("content/a.json",), 1), terminal
    ).split("\n")
    assert lines[-1] == ""
    return lines[:-1]


def test_the_whole_block() -> None:
    assert render_lines('{\n  "low": 85\n}\n', 11, 13, hint="try 75") == [
        "content/a.json:2:10: error: it is odd [json.odd]",
        ' 2 |   "low": 85',
        "   |          ^^",
        "   = hint: try 75",
        "",
        "1 error, 0 warnings in 1 file, 1 record",
    ]


def test_the_mark_stands_under_the_words_that_are_meant_however_the_text_is_escaped() -> None:
    text = '{\n  "a": "\\u00e9 \\"x\\" \\ud83d\\ude00 4.0 mg"\n}\n'
    issue = Issue(Place("content/a.json", "/a", start=8, end=11), "json.odd", Severity.ERROR, "it is odd")
    (located_issue,) = locate_issues([issue], lambda _: text)
    assert text[located_issue.start : located_issue.end] == "4.0"
    assert (located_issue.line, located_issue.column, located_issue.end_column) == (2, 35, 38)
    lines = render_report("text", Report((located_issue,), ("content/a.json",), 1), PLAIN).split("\n")
    assert lines[2].index("^^^") == lines[1].index("4.0")


def test_a_file_without_text_has_no_excerpt() -> None:
    assert render_lines("", 0, 0)[:2] == ["content/a.json:1:1: error: it is odd [json.odd]", ""]


def test_an_issue_about_a_whole_file_has_no_excerpt() -> None:
    assert render_lines("\ufffdPNG\n\x1a", 0, 0, hint="try") == [
        "content/a.json:1:1: error: it is odd [json.odd]",
        "   = hint: try",
        "",
        "1 error, 0 warnings in 1 file, 1 record",
    ]


def test_the_end_of_the_text_is_marked_behind_it() -> None:
    assert render_lines('{"a": ', 6, 6)[1:3] == [' 1 | {"a":', "   |       ^"]


def test_tabs_and_wide_and_combining_characters_keep_the_mark_under_the_token() -> None:
    lines = render_lines('\t"骨e\u0301": 85', 8, 10)
    assert lines[1] == ' 1 |     "骨e\u0301": 85'
    assert lines[2] == "   | " + 11 * " " + "^^"


def test_only_the_first_line_of_a_token_is_marked() -> None:
    lines = render_lines('  "x": [1,\r\n  2]\r\n', 7, 16)
    assert lines[1:3] == [' 1 |   "x": [1,', "   |        ^^^"]


def test_a_byte_order_mark_is_no_column() -> None:
    assert render_lines("\ufeff12", 1, 3)[1:3] == [" 1 | 12", "   | ^^"]


def test_a_long_line_is_cut_around_the_token() -> None:
    text = '{"a": "' + "x" * 300 + '", "low": 85, "b": "' + "y" * 300 + '"}'
    at = text.index("85")
    lines = render_lines(text, at, at + 2)
    assert len(lines[1]) == 80
    assert lines[1].startswith(" 1 | ...xxx")
    assert lines[1].endswith("yyy...")
    mark = lines[2].index("^")
    assert lines[1][mark : mark + 2] == "85"
    assert lines[2].count("^") == 2


def test_a_long_token_is_cut_and_marked_as_far_as_it_is_shown() -> None:
    text = '{"a": "' + "x" * 300 + '"}'
    lines = render_lines(text, 6, 308)
    assert len(lines[1]) == 80
    assert lines[1].endswith('"xxx' + "x" * (lines[1].count("x") - 3) + "...")
    assert lines[1].index('"x') == lines[2].index("^")


def test_a_terminal_that_lacks_a_character_gets_its_code() -> None:
    lines = render_lines('"µ": 85', 5, 7, Terminal(80, "ascii"))
    assert lines[1:3] == [' 1 | "\\u00b5": 85', "   |           ^^"]
    assert render_lines('"µ": 85', 5, 7, Terminal(80, "latin-1"))[1] == ' 1 | "µ": 85'


def test_content_cannot_act_on_the_terminal() -> None:
    text = '"\x1b[2J \u202e \u200b \u2028 \U000e0041"'
    for terminal in (PLAIN, Terminal(80, has_colour=True)):
        block = "\n".join(render_lines(text, 0, 3, terminal))
        block = re.sub(r"\x1b\[[0-9;]+m", "", block)
        assert all(unicodedata.category(character)[0] != "C" for character in block.replace("\n", ""))
    assert render_lines(text, 0, 3)[1] == ' 1 | "\\u001b[2J \\u202e \\u200b \\u2028 \\udb40\\udc41"'


def test_colour_only_adds_colour() -> None:
    text = '{"low": 85}'
    plain, painted = render_lines(text, 8, 10), render_lines(text, 8, 10, Terminal(80, has_colour=True))
    assert "\x1b[1;31m^^\x1b[0m" in painted[2]
    assert [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in painted] == plain
    assert not any("\x1b" in line for line in plain)


def test_a_rule_is_a_link_where_the_terminal_can_follow_it() -> None:
    text = '{"low": 85}'
    plain, linked = (
        render_lines(text, 8, 10),
        render_lines(text, 8, 10, Terminal(80, rules_url="https://rules.test/rules")),
    )
    assert "\x1b]8;;https://rules.test/rules#jsonodd\x1b\\json.odd\x1b]8;;\x1b\\]" in linked[0]
    assert [re.sub(r"\x1b\]8;;.*?\x1b\\", "", line) for line in linked] == plain


@given(
    st.text(st.sampled_from('ab"{:\t\u0301骨µ\x1b '), max_size=120),
    st.integers(0, 120),
    st.integers(0, 120),
    st.integers(20, 100),
    st.sampled_from(["utf-8", "ascii"]),
)
def test_whatever_the_line_the_mark_stands_below_its_token(
    line: str, offset: int, other_offset: int, columns: int, encoding: str
) -> None:
    text = "first\n" + line + "\nlast\n"
    start, end = 6 + min(offset, other_offset, len(line)), 6 + min(max(offset, other_offset), len(line))
    lines = render_lines(text, start, end, Terminal(columns, encoding))
    excerpt, mark = lines[1].removeprefix(" 2 |")[1:], lines[2].removeprefix("   |")[1:]
    assert set(mark) <= {" ", "^"}
    assert mark.count("^") >= 1
    assert count_cells(excerpt) <= max(columns - 5, 40)
    # An accent alone takes no room of its own: nothing can stand below it.
    if end > start and not text[start:end].isspace() and count_cells(text[start:end]) > 0:
        assert count_cells(excerpt) > mark.index("^")


def count_cells(text: str) -> int:
    return sum(
        0 if unicodedata.combining(character) else 2 if unicodedata.east_asian_width(character) == "W" else 1
        for character in text
    )
