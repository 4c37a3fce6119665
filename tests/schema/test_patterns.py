"""A pattern that is let pass is read alike by all engines, and none takes long; the others are refused."""

from __future__ import annotations

import re
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema_rs import Draft202012Validator, RegexOptions, ValidationError

from bmkit.schema.patterns import (
    MAX_GROUP_DEPTH,
    MAX_INSTRUCTIONS,
    PatternError,
    compile_pattern,
    matches_pattern,
)

PORTABLE = [
    *("^[a-z0-9]+(-[a-z0-9]+)*$", "^[A-Za-z0-9:.%/-]+$", "^(/([^/~]|~[01])*)*$", "^(a|b$)", "a??", "x{2,3}?"),
    *(
        r"^\^\$\\\.\*\+\?\(\)\[\]\{\}\|\/\-$",
        r"[\]\[\^\\-]",
        r"[^\t\u00a0-\u200a]",
        "(?:a|)",
        "[$(|{.]",
    ),
    *("", "é[à-ü😀]", "a\nb"),
]
# Each with a text that jsonschema-rs and Python judge differently, or None where one says it is no pattern.
DIFFERENT: list[tuple[str, str, str | None]] = [
    *((r"^\d$", r"\d", "٣"), (r"^\D$", r"\D", "٣"), (r"^\w$", r"\w", "é"), (r"^[\W]$", r"\W", "é")),
    *((r"^\s$", r"\s", "\ufeff"), (r"^[^\s]$", r"\s", "\x1c"), (r"^\S$", r"\S", "\x85"), (r"\b", r"\b", "²")),
    *((r"\p{L}", r"\p{L}", None), (r"^\u{41}", r"\u{41}", None), (r"\cA", r"\c", None), (r"\Z", r"\Z", None)),
    *(("(?<x>a)", "(?<x>", None), ("(?>a)", "(?", None), ("(?#a)", "(?", None), ("a{,3}", "{,3}", None)),
    *(("a{", "{", None), (r"[\b]", r"\b", None), (r"\é", r"\é", None), (r"\0", r"\0", None)),
    *(("a{2}{3}", "{2}{", None), (r"^\<a", r"\<", "<a")),
]
# Read alike today, but by ECMA-262 they are another thing, or none.
ODD = [
    *(("(?=a)", "(?="), ("(?!b)", "(?!")),
    *((r"(a)\1", r"\1"), ("(?<=a)b", "(?<="), ("(?i:a)", "(?"), ("[]a]", "[]"), ("[^]a]", "[^]"), ("]", "]")),
    *(
        ("[a&&b]", "[a&"),
        ("[[:alpha:]]", "[["),
        ("[a-z[0-9]", "[a-z["),
        (r"\A", r"\A"),
        (r"\%", r"\%"),
        ("}", "}"),
    ),
    *(("(?P<x>a)", "(?P<x>"), (r"[\w-]", r"\w"), ("a++b", "++"), ("\\", "\\")),
]
TEXTS = [
    "",
    "a",
    "aa",
    "ab",
    "A",
    "é",
    "²",
    "٣",
    "-",
    "\n",
    "a\n",
    "\r",
    "\u2028",
    "\ufeff",
    "\x1c",
    "\x85",
    "<a",
]


def match_with_engines(pattern: str, text: str) -> tuple[bool | None, bool | None]:
    """Return whether the text fits to jsonschema-rs and to Python, None where one refuses the pattern."""
    rust = python = None
    with suppress(ValidationError):
        rust = Draft202012Validator({"pattern": pattern}, pattern_options=RegexOptions()).is_valid(text)
    with suppress(re.error):
        python = re.search(pattern, text) is not None
    return rust, python


def find_fault(pattern: str) -> str:
    try:
        compile_pattern(pattern)
    except PatternError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("pattern", PORTABLE)
def test_a_plain_pattern_is_allowed_and_read_alike(pattern: str) -> None:
    for text in TEXTS:
        rust, python = match_with_engines(pattern, text)
        # To Python alone a line end may follow the end.
        assert rust is matches_pattern(pattern, text)
        assert rust is python or text.endswith("\n")


@pytest.mark.parametrize(("pattern", "part", "text"), DIFFERENT)
def test_what_the_engines_read_differently_is_refused(pattern: str, part: str, text: str | None) -> None:
    assert find_fault(pattern).startswith(
        f"the pattern has {part}, which not all engines read, or not alike; "
    )
    rust, python = match_with_engines(pattern, text or "a")
    assert rust is not python
    assert (rust is None or python is None) == (text is None)


@pytest.mark.parametrize(("pattern", "part"), ODD)
def test_what_is_something_else_elsewhere_is_refused(pattern: str, part: str) -> None:
    assert find_fault(pattern).startswith(
        f"the pattern has {part}, which not all engines read, or not alike; "
    )


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        (r"^\d+$", "; write [0-9]"),
        (r"\p{Lu}", "; list the characters that are meant in brackets"),
        (r"\%", "; remove the backslash"),
        ("(?<x>a)", "; write it with characters, brackets, groups and quantifiers alone"),
        ("a|*b", "the pattern has nothing that * could repeat"),
        ("^*a", "the pattern repeats ^"),
        ("a$+", "the pattern repeats $"),
        ("(a", "the pattern has a group that is not closed"),
        ("a)|b", "the pattern closes a group that is not open"),
        ("[z-a]", "the pattern cannot be read: bad character range z-a in [z-a]"),
        ("a{3,2}", "the pattern has {3,2}, which asks for more than it allows"),
    ],
)
def test_what_is_wrong_and_what_to_write_instead_is_told(pattern: str, message: str) -> None:
    assert find_fault(pattern).endswith(message)


TOO_MUCH = f"the pattern stands for more than {MAX_INSTRUCTIONS:,} characters"


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("(" * 5000 + "a" + ")" * 5000, f"the pattern has groups in more than {MAX_GROUP_DEPTH} others"),
        (f"a{{{MAX_INSTRUCTIONS + 1}}}", TOO_MUCH),
        ("a{1,9999999999999999999999}", TOO_MUCH),
        ("(a{50}){50}", TOO_MUCH),
        ("(|){3000}", TOO_MUCH),
        ("a{" + "9" * 5000 + "}", TOO_MUCH),
        ("a" * 3000, TOO_MUCH),
    ],
)
def test_a_pattern_that_stands_for_too_much_is_refused(pattern: str, message: str) -> None:
    assert find_fault(pattern) == message


# Each of them would keep an engine that tries one way after the other busy for years.
EXPLOSIVE = [
    *(("^(a+)+$", "a" * 5000 + "!"), ("^(a|a)*$", "a" * 5000 + "!"), ("^(a|aa)+$", "a" * 5000 + "!")),
    *(("^([a-z]*)*!$", "a" * 5000), ("(.*)*x", "a" * 2000), ("^(([a-z])+.)+[A-Z]$", "a" * 5000)),
    *(("^(a?){40}a{40}$", "a" * 39), ("^([0-9]+)+x$", "123456789012345" * 9)),
    ("(" * MAX_GROUP_DEPTH + "a" + ")*" * MAX_GROUP_DEPTH + "b", "a" * 5000),
]


@pytest.mark.parametrize(("pattern", "text"), EXPLOSIVE)
def test_no_pattern_takes_long(pattern: str, text: str) -> None:
    assert not matches_pattern(pattern, text)
    assert not Draft202012Validator({"pattern": pattern}, pattern_options=RegexOptions()).is_valid(text)


def test_what_is_kept_of_a_pattern_does_not_grow_without_bound() -> None:
    automaton = compile_pattern("^[a-z0-9]+(-[a-z0-9]+)*$")
    for number in range(20_000):
        automaton.is_found_in(f"{chr(0x4E00 + number % 20_000)}")
        automaton.is_found_in(f"a{chr(0x4E00 + number % 20_000)}")
    assert len(automaton._known_steps) < 20_000  # noqa: SLF001  nothing else shows it


PIECES = st.sampled_from(
    [
        *"ab-é²٣ \n^$.[](){}*+?|&~<>=!:,\\",
        *("[^", "(?", "{2}", "{1,", r"\d", r"\w", r"\s", r"\b", r"\n", r"\u0061", r"\-", "--", "&&", "a-z"),
    ]
)


@settings(max_examples=300)
@given(
    st.lists(PIECES, max_size=9).map("".join), st.text(st.sampled_from("ab-é²٣ \n\r&~\ufeff\x1c"), max_size=4)
)
def test_whatever_pattern_passes_is_read_alike(pattern: str, text: str) -> None:
    if not find_fault(pattern):
        rust, python = match_with_engines(pattern, text)
        assert rust is matches_pattern(pattern, text)
        assert python is None or python is rust or text.endswith("\n")
