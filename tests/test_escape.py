"""What is escaped for a reader cannot act on it, and nothing else is changed."""

from __future__ import annotations

import json
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bmkit.escape import (
    count_cells,
    escape_command_message,
    escape_command_property,
    escape_diff_line,
    escape_line,
    escape_markdown,
    escape_markdown_code,
    escape_sarif_message,
    escape_text,
)


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("4 mg, 骨, é, “µg” 🦴", "4 mg, 骨, é, “µg” 🦴"),
        ("a\tb", "a    b"),
        ("a\r\nb\x1b[2J\x7f\x9b", r"a\u000d\u000ab\u001b[2J\u007f\u009b"),
        (
            "\u202e\u2066\u200b\u2028\ufeff\ud83d\U000e0041",
            r"\u202e\u2066\u200b\u2028\ufeff\ud83d\udb40\udc41",
        ),
    ],
)
def test_what_acts_has_a_stand_in(text: str, escaped: str) -> None:
    assert escape_text(text) == escaped
    assert count_cells(text, "utf-8") >= len(text)


def test_what_the_encoding_lacks_has_a_stand_in() -> None:
    assert escape_text("µ 🦴", "latin-1") == r"µ \ud83e\uddb4"


@pytest.mark.parametrize(
    ("line", "escaped"),
    [
        ("::error::x", r"\u003a:error::x"),
        (" \u3000::add-mask::x", " \u3000" + r"\u003a:add-mask::x"),
        ("a ##[error]x", r"a #\u0023[error]x"),
        ("###[group]", r"##\u0023[group]"),
        ("##vso[task.setvariable]", r"#\u0023vso[task.setvariable]"),
        ("##teamcity[x]", r"#\u0023teamcity[x]"),
        # No commands.
        ("a ::error::x", "a ::error::x"),
        ("# [a], ## 1 [b]", "# [a], ## 1 [b]"),
    ],
)
def test_a_log_finds_no_command(line: str, escaped: str) -> None:
    assert escape_line(line) == escaped
    is_command_of_github = line.lstrip().startswith("::")
    assert escape_line(line, is_command=True) == (line if is_command_of_github else escaped)


@given(st.text())
def test_a_string_of_json_keeps_its_value(text: str) -> None:
    line = escape_line(json.dumps({text: text + "##[x]"}, ensure_ascii=False))
    assert json.loads(line) == {text: text + "##[x]"}
    assert not any(unicodedata.category(character)[0] == "C" for character in line)


def test_patch_gets_its_white_space() -> None:
    assert escape_diff_line('+\t"a":\x1b\r "b"\r') == '+\t"a":' + r"\u001b\u000d" + ' "b"\r'


def test_a_workflow_command_has_one_line() -> None:
    assert escape_command_property("a%,b:\r\nc") == "a%25%2Cb%3A%0D%0Ac"
    assert escape_command_message("100%\n", "hint: x") == r"100%25\u000a%0Ahint: x"


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("65–75 % of patients (4 mg): 3.5", "65–75 % of patients (4 mg): 3.5"),
        ("<b>&amp; [a](http://x.test)", r"\<b\>\&amp; \[a\](http\://x.test)"),
        ("www.x.test, a@x.test", r"www\.x.test, a\@x.test"),
        ("# a", r"\# a"),
        ("1. a", r"1\. a"),
        ("\n  - a\n> b", r"\\u000a  - a\\u000a\> b"),
        ("    a", "a"),
        ("*a* `b` ~c~ $d$ _e_ \\", r"\*a\* \`b\` \~c\~ \$d\$ \_e\_ \\"),
    ],
)
def test_markdown_is_plain_text(text: str, escaped: str) -> None:
    assert escape_markdown(text) == escaped


def test_a_code_span_of_markdown_has_no_way_out() -> None:
    assert escape_markdown_code("a.b") == "`a.b`"
    assert escape_markdown_code("a`<b>") == r"a\`\<b\>"


def test_a_message_of_sarif_has_no_links() -> None:
    assert escape_sarif_message("[a](http://x) {0}\n", "b") == "[a\\](http://x) {{0}}\\u000a\nb"


def test_every_visible_character_is_left_alone() -> None:
    visible = "".join(
        chr(code) for code in range(0x20, 0x3000) if unicodedata.category(chr(code))[0] in "LMNPSZ"
    )
    escaped = escape_text(visible)
    assert re.sub(r"\\u202[89]", "", escaped) == visible.replace("\u2028", "").replace("\u2029", "")
