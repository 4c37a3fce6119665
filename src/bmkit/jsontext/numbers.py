"""Numbers that the readers of our files could not keep: how they are found fast, and what is wrong with them.

Spreadsheets, databases and FHIR clients hold numbers as IEEE 754 doubles.  A decimal of at most 15
significant digits between 1e-307 and 1.79e308 comes back from a double as it was; any other may not, and
is refused.
"""

from __future__ import annotations

import re

from bmkit.jsontext.errors import MOST, Fault

DIGITS = 15
"""Significant digits that every double keeps."""

LONGEST = 100
"""Characters of the longest number that is read at all."""

_HIGHEST = 308
_LOWEST = -307
_SHOWN = 40
_FLAT = bytes.maketrans(b"0123456789.+-eE", b"00000000000eeee")
_RUN = b"0" * (DIGITS + 1)
_FAR = b"e000"
_LETTERS = b"0123456789.+-eE"
_PARTS = (b"0", b"e")
# Compiled when first needed, as all here: most files have no number that is in doubt.
_REST = rb"[0-9.eE+-]*+"
_BEFORE = b" \t\r\n,:["
_AFTER = b" \t\r\n,]}"
_NUMBER = r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?"
_LONG_OR_FAR = r"[0-9.]{16}|[0-9][eE][+-]?[0-9]{3}"
# The look behind comes second, because only what begins with a set of letters is looked for fast.
_IN_DOUBT = r"[-0-9](?<![-+.0-9eE].)(?:[0-9.]{15}|[0-9.]*[eE][+-]?[0-9]{3})[-+.0-9eE]*+"
_ESCAPE = r"\\."


def number_fault(token: str) -> tuple[str, str, str] | None:
    """Judge a number token of JSON: (rule, message, hint), or None if every reader keeps it."""
    shown = token if len(token) <= _SHOWN else f"{token[:_SHOWN]}…"
    too_many = f"more than the {DIGITS} that every reader keeps"
    fewer = f"write at most {DIGITS} significant digits, or quote it if it is a code"
    if len(token) > LONGEST:
        digits = sum(token.count(digit) for digit in "0123456789")
        return "json.too-many-digits", f"number {shown} has {digits:,} digits, {too_many}", fewer
    mantissa, _, exponent = token.lstrip("-").lower().partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits_from = (whole + fraction).lstrip("0")
    significant = digits_from.rstrip("0")
    if not significant:
        return None
    if len(significant) > DIGITS:
        # As many as the writer sees; zeros at the end count for nothing, but are written.
        message = f"number {shown} has {len(digits_from)} significant digits, {too_many}"
        return "json.number-inexact", message, fewer
    power = int(exponent or "0") + len(digits_from) - 1 - len(fraction)
    if power > _HIGHEST or (power == _HIGHEST and float(token) in (float("inf"), float("-inf"))):
        return (
            "json.number-overflow",
            f"number {shown} is beyond 1.79e308, the largest that every reader keeps",
            "write the number that is meant",
        )
    if power < _LOWEST:
        return (
            "json.number-inexact",
            f"number {shown} is nearer to 0 than 1e-307, the smallest that every reader keeps",
            "write the number that is meant",
        )
    return None


def doubtful(data: bytes) -> bool:
    """Tell whether a JSON text may hold a number that is to be refused; a False is certain.

    A pass over all numbers would double the time of reading, so runs of 16 digits and exponents of three
    are looked for in the bytes, and judged only where they are no part of a word or of a quoted code.
    """
    flat = data.translate(_FLAT)
    return _any(data, flat, _RUN) or _any(data, flat, _FAR)


def number_faults(text: str) -> list[Fault]:
    """List the numbers of a sound JSON text that are to be refused, at most 100, in one pass over it.

    What stands between two quotes is cut out first: nothing else skips many strings as fast.
    """
    faults: list[Fault] = []
    pieces = (re.sub(_ESCAPE, "__", text) if "\\" in text else text).split('"')
    outside = '"'.join(pieces[::2])
    # `skipped` strings before `at` have `missing` characters that are not in `outside`.
    at = skipped = missing = 0
    for number in re.finditer(_IN_DOUBT, outside):
        if (found := number_fault(number.group())) is None:
            continue
        strings = outside.count('"', at, number.start())
        missing += sum(map(len, pieces[2 * skipped + 1 : 2 * (skipped + strings) : 2])) + strings
        at, skipped = number.start(), skipped + strings
        faults.append(Fault(found[0], at + missing, number.end() + missing, *found[1:]))
        if len(faults) == MOST:
            break
    return faults


def doubtful_offsets(text: str) -> list[int]:
    """List the offsets of the text at which a number may be too long or too far from 1, ascending."""
    return [match.start() for match in re.finditer(_LONG_OR_FAR, text)]


def _any(data: bytes, flat: bytes, wanted: bytes) -> bool:
    at = flat.find(wanted)
    while at >= 0:
        start, end = at, at + len(wanted)
        # "trial-100" is no number: the sign of an exponent has a letter before it, and that a digit.
        if wanted is _FAR and flat[start - 1 : start] not in _PARTS:
            at = flat.find(wanted, end)
            continue
        rest = re.compile(_REST).match(data, end)
        end = rest.end() if rest is not None else end
        # Nearly all such runs are in the middle of a digest: its next letter or quote tells.
        if end == len(data) or data[end] in _AFTER:
            while start and data[start - 1] in _LETTERS:
                start -= 1
                if at - start > LONGEST:
                    return True
            token = data[start:end].decode("ascii") if not start or data[start - 1] in _BEFORE else ""
            if re.fullmatch(_NUMBER, token) is not None and number_fault(token):
                return True
        at = flat.find(wanted, end)
    return False
