"""A pattern that the rule lets pass is read alike by both engines; what they read differently is refused."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bmkit.schema_lint.patterns import explain_pattern_fault, find_unportable_part
from bmkit.shape import reference_engine, rust_engine
from bmkit.shape.faults import InvalidSchemaError

PORTABLE = [
    *("^[a-z0-9]+(-[a-z0-9]+)*$", "^[A-Za-z0-9:.%/-]+$", "^(/([^/~]|~[01])*)*$", "^(a|b$)", "a??", "x{2,3}?"),
    *(
        r"^\^\$\\\.\*\+\?\(\)\[\]\{\}\|\/\-$",
        r"[\]\[\^\\-]",
        r"[^\t\u00a0-\u200a]",
        "(?=a)(?!b)(?:a|)",
        "[$(|{.]",
    ),
    *("", "é[à-ü😀]", "a\nb"),
]
# Each with a text that the two engines judge differently, or None where one of them takes it for no pattern.
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


def match_with_engines(pattern: str, text: str) -> list[bool | None]:
    """Return for each engine whether the text fits, None if it refuses the pattern."""
    verdicts: list[bool | None] = []
    for engine in (rust_engine, reference_engine):
        try:
            verdicts.append(not engine.compile_schema({"pattern": pattern})(text))
        except InvalidSchemaError:
            verdicts.append(None)
    return verdicts


@pytest.mark.parametrize("pattern", PORTABLE)
def test_a_plain_pattern_is_allowed_and_read_alike(pattern: str) -> None:
    assert explain_pattern_fault(pattern) == ("", "")
    for text in TEXTS:
        rust, reference = match_with_engines(pattern, text)
        assert rust is not None
        assert rust is reference


@pytest.mark.parametrize(("pattern", "part", "text"), DIFFERENT)
def test_what_the_engines_read_differently_is_refused(pattern: str, part: str, text: str | None) -> None:
    assert find_unportable_part(pattern) == part
    assert explain_pattern_fault(pattern)[0] == f"the pattern has {part}, which engines read differently"
    rust, reference = match_with_engines(pattern, text or "a")
    assert rust is not reference
    assert (rust is None or reference is None) == (text is None)


@pytest.mark.parametrize(("pattern", "part"), ODD)
def test_what_is_something_else_elsewhere_is_refused(pattern: str, part: str) -> None:
    assert find_unportable_part(pattern) == part


@pytest.mark.parametrize(
    ("pattern", "hint"),
    [
        (r"^\d+$", "write [0-9]"),
        (r"\p{Lu}", "list the characters that are meant in brackets"),
        (r"\%", "remove the backslash"),
        ("(?<x>a)", "write it with characters, brackets, groups and quantifiers alone"),
    ],
)
def test_what_to_write_instead_is_told(pattern: str, hint: str) -> None:
    assert explain_pattern_fault(pattern)[1] == hint


def test_what_is_no_pattern_to_python_is_refused() -> None:
    assert explain_pattern_fault("^*a") == ("the pattern cannot be read: nothing to repeat at position 1", "")


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
    if explain_pattern_fault(pattern) == ("", ""):
        rust, reference = match_with_engines(pattern, text)
        assert rust is None or rust is reference
