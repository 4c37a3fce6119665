"""Numbers that the readers of our files could not keep: how they are found fast, and what is wrong with them.

Spreadsheets, databases and FHIR clients hold numbers as IEEE 754 doubles.  A decimal of at most 15
significant digits between 1e-307 and 1.79e308 comes back from a double as it was; any other may not, and
is refused.
"""

from __future__ import annotations

import re

from bmkit.jsontext.errors import MAX_FAULTS, TextFault

MAX_SIGNIFICANT_DIGITS = 15
"""Significant digits that every double keeps."""

MAX_NUMBER_LENGTH = 100
"""Characters of the longest number that is read at all."""

_MAX_POWER = 308
_MIN_POWER = -307
_NUMBER_EXCERPT_LENGTH = 40
_NUMBER_MASK = bytes.maketrans(b"0123456789.+-eE", b"00000000000eeee")
_LONG_DIGIT_RUN = b"0" * (MAX_SIGNIFICANT_DIGITS + 1)
_THREE_DIGIT_EXPONENT = b"e000"
_NUMBER_CHARACTERS = b"0123456789.+-eE"
_MASKED_NUMBER_BYTES = (b"0", b"e")
# Compiled when first needed, as all here: most files have no number that is in doubt.
_NUMBER_TAIL = rb"[0-9.eE+-]*+"
_BYTES_BEFORE_NUMBER = b" \t\r\n,:["
_BYTES_AFTER_NUMBER = b" \t\r\n,]}"
_NUMBER_TOKEN = r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?"
# The look behind comes second, because only what begins with a set of letters is looked for fast.
_SUSPECT_NUMBER = r"[-0-9](?<![-+.0-9eE].)(?:[0-9.]{15}|[0-9.]*[eE][+-]?[0-9]{3})[-+.0-9eE]*+"
_ESCAPE_SEQUENCE = r"\\."


def find_number_fault(token: str) -> tuple[str, str, str] | None:
    """Judge a number token of JSON: (rule, message, hint), or None if every reader keeps it."""
    short_token = token if len(token) <= _NUMBER_EXCERPT_LENGTH else f"{token[:_NUMBER_EXCERPT_LENGTH]}…"
    digit_limit = f"more than the {MAX_SIGNIFICANT_DIGITS} that every reader keeps"
    digits_hint = f"write at most {MAX_SIGNIFICANT_DIGITS} significant digits, or quote it if it is a code"
    if len(token) > MAX_NUMBER_LENGTH:
        digit_count = sum(token.count(digit) for digit in "0123456789")
        return (
            "json.too-many-digits",
            f"number {short_token} has {digit_count:,} digits, {digit_limit}",
            digits_hint,
        )
    mantissa, _, exponent = token.lstrip("-").lower().partition("e")
    integer_part, _, fraction = mantissa.partition(".")
    written_digits = (integer_part + fraction).lstrip("0")
    significant_digits = written_digits.rstrip("0")
    if not significant_digits:
        return None
    if len(significant_digits) > MAX_SIGNIFICANT_DIGITS:
        # As many as the writer sees; zeros at the end count for nothing, but are written.
        message = f"number {short_token} has {len(written_digits)} significant digits, {digit_limit}"
        return "json.number-inexact", message, digits_hint
    power = int(exponent or "0") + len(written_digits) - 1 - len(fraction)
    if power > _MAX_POWER or (power == _MAX_POWER and float(token) in (float("inf"), float("-inf"))):
        return (
            "json.number-overflow",
            f"number {short_token} is beyond 1.79e308, the largest that every reader keeps",
            "write the number that is meant",
        )
    if power < _MIN_POWER:
        return (
            "json.number-inexact",
            f"number {short_token} is nearer to 0 than 1e-307, the smallest that every reader keeps",
            "write the number that is meant",
        )
    return None


def has_suspect_number(data: bytes) -> bool:
    """Return whether a JSON text may hold a number that is to be refused; a False is certain.

    A pass over all numbers would double the time of reading, so runs of 16 digits and exponents of three
    are looked for in the bytes, and judged only where they are no part of a word or of a quoted code.
    """
    masked = data.translate(_NUMBER_MASK)
    return _has_suspect_run(data, masked, _LONG_DIGIT_RUN) or _has_suspect_run(
        data, masked, _THREE_DIGIT_EXPONENT
    )


def locate_number_faults(text: str) -> list[TextFault]:
    """List the numbers of a sound JSON text that are to be refused, at most 100, in one pass over it.

    What stands between two quotes is cut out first: nothing else skips many strings as fast.
    """
    faults: list[TextFault] = []
    pieces = (re.sub(_ESCAPE_SEQUENCE, "__", text) if "\\" in text else text).split('"')
    text_outside_strings = '"'.join(pieces[::2])
    # The `string_count` strings before `counted_to` have `string_characters` that were cut out.
    counted_to = string_count = string_characters = 0
    for number_match in re.finditer(_SUSPECT_NUMBER, text_outside_strings):
        if (fault_parts := find_number_fault(number_match.group())) is None:
            continue
        new_strings = text_outside_strings.count('"', counted_to, number_match.start())
        string_characters += (
            sum(map(len, pieces[2 * string_count + 1 : 2 * (string_count + new_strings) : 2])) + new_strings
        )
        counted_to, string_count = number_match.start(), string_count + new_strings
        faults.append(
            TextFault(
                fault_parts[0],
                counted_to + string_characters,
                number_match.end() + string_characters,
                *fault_parts[1:],
            )
        )
        if len(faults) == MAX_FAULTS:
            break
    return faults


def _has_suspect_run(data: bytes, masked: bytes, run: bytes) -> bool:
    run_start = masked.find(run)
    while run_start >= 0:
        start, end = run_start, run_start + len(run)
        # "trial-100" is no number: the sign of an exponent has a letter before it, and that a digit.
        if run is _THREE_DIGIT_EXPONENT and masked[start - 1 : start] not in _MASKED_NUMBER_BYTES:
            run_start = masked.find(run, end)
            continue
        tail = re.compile(_NUMBER_TAIL).match(data, end)
        end = tail.end() if tail is not None else end
        # Nearly all such runs are in the middle of a digest: its next letter or quote tells.
        if end == len(data) or data[end] in _BYTES_AFTER_NUMBER:
            while start and data[start - 1] in _NUMBER_CHARACTERS:
                start -= 1
                if run_start - start > MAX_NUMBER_LENGTH:
                    return True
            token = (
                data[start:end].decode("ascii")
                if not start or data[start - 1] in _BYTES_BEFORE_NUMBER
                else ""
            )
            if re.fullmatch(_NUMBER_TOKEN, token) is not None and find_number_fault(token):
                return True
        run_start = masked.find(run, end)
    return False
