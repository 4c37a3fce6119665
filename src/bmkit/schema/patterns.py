"""The patterns of schemas: what all engines read alike, matched in time linear in the text.

An engine that tries one way after the other needs years for some patterns and texts of forty characters.
The automaton here is in all the states at once in which a pattern may be after each character.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    # What consumes a character, the distances to the instructions that may come next, or "^" or "$".
    Instruction = Callable[[str], Any] | tuple[int, ...] | str

MAX_GROUP_DEPTH = 40
MAX_INSTRUCTIONS = 2000
_MAX_KNOWN_STATES = 100_000

# What ECMA-262, which JSON Schema names, jsonschema-rs and Python read alike.  \d, \w, \s and \b are not
# among it: they mean letters, digits and blanks of more or of fewer scripts.
_ESCAPE = r"\\(?:[\^$\\.*+?()\[\]{}|/-]|[tnrfv]|u(?![dD][89a-fA-F])[0-9a-fA-F]{4})"
_BRACKET_ITEM = rf"(?:{_ESCAPE}|(?!--|&&|~~|\|\|)[^\[\]\\])"
_QUANTIFIER = r"(?:[*+?]|\{[0-9]+(?:,[0-9]*)?\})\??(?![*+?{])"
_PORTABLE_PART = re.compile(
    rf"{_ESCAPE}|\[(?!\^\])\^?{_BRACKET_ITEM}+\]|\((?:\?:|(?!\?))|\)|{_QUANTIFIER}|[^\\\[\](){{}}*+?]"
)
_BRACKET_BEGINNING = re.compile(rf"\[\^?{_BRACKET_ITEM}*")
# The part that is reported where the pattern goes on with none of those.
_UNPORTABLE_PART = re.compile(
    r"\\[pPuk][{<][^}>]*[}>]|\\.?|\(\?P?<?(?:[=!]|\w+>)?|\{[0-9,]*\}?[*+?{]?|[*+?]{2,3}|.?", re.DOTALL
)
_BRACKETS_BY_ESCAPE = {r"\d": "[0-9]", r"\D": "[^0-9]", r"\w": "[A-Za-z0-9_]", r"\W": "[^A-Za-z0-9_]"}
_COUNTS_BY_SIGN = {"*": (0, None), "+": (1, None), "?": (0, 1)}


class PatternError(ValueError):
    """A pattern that is refused; the message is one line, and says how to write it if that is known."""


def matches_pattern(pattern: str, text: str) -> bool:
    """Return whether a pattern is found in a text; PatternError for one that is refused."""
    return compile_pattern(pattern).is_found_in(text)


@lru_cache(maxsize=500)
def compile_pattern(pattern: str) -> Automaton:
    """Return the automaton of a pattern.

    PatternError for one that engines read differently or not at all, and for one that stands for too much.
    """
    return Automaton(_PatternParser(_split_pattern(pattern)).parse())


class Automaton:
    """A pattern, ready to be looked for; the instruction behind the last means that it was found."""

    def __init__(self, instructions: list[Instruction]) -> None:
        self._instructions = instructions
        self._known_closures: dict[tuple[frozenset[int], bool, bool], tuple[list[int], bool]] = {}
        self._known_steps: dict[tuple[frozenset[int], str, bool], frozenset[int]] = {}

    def is_found_in(self, text: str) -> bool:
        """Return whether the pattern is found in a text."""
        states, is_start = frozenset((0,)), True
        for character in text:
            consuming, is_found = self._close(states, is_start=is_start, is_end=False)
            if is_found:
                return True
            step = (states, character, is_start)
            if step not in self._known_steps:
                if len(self._known_steps) * len(self._instructions) > _MAX_KNOWN_STATES:
                    self._known_steps.clear()
                    self._known_closures.clear()
                # It may begin at each character.
                self._known_steps[step] = frozenset(
                    (0, *(index + 1 for index in consuming if self._consume(index, character)))
                )
            states, is_start = self._known_steps[step], False
        return self._close(states, is_start=is_start, is_end=True)[1]

    def _close(self, states: frozenset[int], *, is_start: bool, is_end: bool) -> tuple[list[int], bool]:
        """Return the instructions that wait for a character, and whether the pattern was found."""
        key = (states, is_start, is_end)
        if key not in self._known_closures:
            pending, reached = list(states), set(states)
            consuming = []
            while pending:
                index = pending.pop()
                instruction = self._instructions[index] if index < len(self._instructions) else ()
                if callable(instruction):
                    consuming.append(index)
                    continue
                if isinstance(instruction, str):
                    instruction = (1,) if (is_start if instruction == "^" else is_end) else ()
                following = {index + distance for distance in instruction} - reached
                reached |= following
                pending += following
            self._known_closures[key] = consuming, len(self._instructions) in reached
        return self._known_closures[key]

    def _consume(self, index: int, character: str) -> bool:
        instruction = self._instructions[index]
        return callable(instruction) and bool(instruction(character))


def _split_pattern(pattern: str) -> list[str]:
    """Return the parts of a pattern: characters, classes, signs; PatternError if engines differ on one."""
    parts, position = [], 0
    while position < len(pattern):
        portable = _PORTABLE_PART.match(pattern, position)
        if portable is None:
            raise _refuse_part(pattern, position)
        parts.append(portable[0])
        position = portable.end()
    return parts


def _refuse_part(pattern: str, position: int) -> PatternError:
    bracket = _BRACKET_BEGINNING.match(pattern, position)
    stop = bracket.end() if bracket else position
    unportable = _UNPORTABLE_PART.match(pattern, stop)
    part = unportable[0] if unportable else ""
    if part in _BRACKETS_BY_ESCAPE:
        hint = f"write {_BRACKETS_BY_ESCAPE[part]}"
    elif not part.startswith("\\"):
        part = pattern[position:stop] + part
        hint = "write it with characters, brackets, groups and quantifiers alone"
    elif part[1:2].isalnum():
        hint = "list the characters that are meant in brackets"
    else:
        hint = "remove the backslash"
    return PatternError(f"the pattern has {part}, which not all engines read, or not alike; {hint}")


class _PatternParser:
    """Turns the parts of a pattern into instructions, from first to last."""

    def __init__(self, parts: list[str]) -> None:
        self._parts = parts
        self._position = 0

    def parse(self) -> list[Instruction]:
        instructions = self._parse_alternatives(0)
        if self._position < len(self._parts):
            raise PatternError("the pattern closes a group that is not open")
        return instructions

    def _peek(self) -> str:
        return self._parts[self._position] if self._position < len(self._parts) else ""

    def _take(self) -> str:
        part = self._peek()
        self._position += 1
        return part

    def _parse_alternatives(self, depth: int) -> list[Instruction]:
        if depth > MAX_GROUP_DEPTH:
            raise PatternError(f"the pattern has groups in more than {MAX_GROUP_DEPTH} others")
        instructions = self._parse_sequence(depth)
        while self._peek() == "|":
            self._take()
            other = self._parse_sequence(depth)
            instructions = [(1, len(instructions) + 2), *instructions, (len(other) + 1,), *other]
        return instructions

    def _parse_sequence(self, depth: int) -> list[Instruction]:
        instructions: list[Instruction] = []
        while self._peek() not in {"", "|", ")"}:
            instructions += self._parse_item(depth)
            _refuse_excess(len(instructions))
        return instructions

    def _parse_item(self, depth: int) -> list[Instruction]:
        part = self._take()
        item: list[Instruction]
        if part in {"(", "(?:"}:
            item = self._parse_alternatives(depth + 1)
            if self._take() != ")":
                raise PatternError("the pattern has a group that is not closed")
        elif part in {"^", "$"}:
            item = [part]
        elif re.fullmatch(_QUANTIFIER, part):
            raise PatternError(f"the pattern has nothing that {part} could repeat")
        else:
            item = [_compile_character(part)]
        if not re.fullmatch(_QUANTIFIER, self._peek()):
            return item
        if part in {"^", "$"}:
            raise PatternError(f"the pattern repeats {part}")
        return _repeat(item, self._take())


def _compile_character(part: str) -> Callable[[str], Any]:
    """Return the test of a character; it is asked for one at a time, so no engine has a choice."""
    if len(part) == 1 and part != ".":
        return part.__eq__
    try:
        return re.compile(part).match
    except re.error as error:
        raise PatternError(f"the pattern cannot be read: {error.msg} in {part}") from None


def _repeat(item: list[Instruction], quantifier: str) -> list[Instruction]:
    """Return the instructions for as many of an item as a quantifier asks for.

    Whether it prefers more or fewer makes no difference to whether the pattern is found.
    """
    sign = quantifier[0]
    if sign == "{":
        low_digits, comma, high_digits = quantifier.rstrip("?")[1:-1].partition(",")
        _refuse_excess(max(len(low_digits), len(high_digits)), len(str(MAX_INSTRUCTIONS)))
        low = int(low_digits)
        high = int(high_digits) if high_digits else None if comma else low
        if high is not None and high < low:
            raise PatternError(f"the pattern has {quantifier}, which asks for more than it allows")
    else:
        low, high = _COUNTS_BY_SIGN[sign]
    size = len(item)
    # An empty group is as good once as many times.
    _refuse_excess(max(size, 1) * max(low, high or 0))
    if high is None:
        return [*(item * low), (1, size + 2), *item, (-size - 1,)]
    return item * low + [(1, size + 1), *item] * (high - low)


def _refuse_excess(size: int, limit: int = MAX_INSTRUCTIONS) -> None:
    if size > limit:
        raise PatternError(f"the pattern stands for more than {MAX_INSTRUCTIONS:,} characters")
