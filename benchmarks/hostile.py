"""How long does it take to refuse a pathological file: against reading a sound one of the same make.

    python benchmarks/hostile.py [ROUNDS]

Each text has one line of some 10 MB unless its name says otherwise; json.loads reads the corrected text,
or, where that is one long string that takes it no time, ordinary records of the same size.
"""

from __future__ import annotations

import json
import sys
from functools import partial

from bmkit.jsontext import JsonError, parse_json
from pairs import bar, interleaved

RECORD = b'{"id":"fact-1","tumour":"breast-cancer","share":{"low":1,"high":2,"unit":"%"}},'
RECORDS = b'{"records":[' + RECORD * 125_000
SMALL = RECORD[:-1]
NUMBERS = b"[" + b"12," * 3_300_000
KEYS = b"{" + b",".join(b'"key%d":1' % n for n in range(700_000))
LONG = b'["' + b"x" * 10_000_000
DEEP = b'[{"a":' * 90 + b'["' + b"x" * 10_000_000

# the pathological text, the rule it breaks, the corrected text
CASES: dict[str, tuple[bytes, str, bytes]] = {
    "a key twice at the end": (RECORDS + b'{"a":1,"a":2}]}', "duplicate-key", RECORDS + b'{"a":1,"b":2}]}'),
    "a key twice in every record": (
        b"[" + b'{"a":1,"a":2},' * 700_000 + b"1]",
        "duplicate-key",
        b"[" + b'{"a":1,"b":2},' * 700_000 + b"1]",
    ),
    "a key twice among 700,000": (KEYS + b',"key7":2}', "duplicate-key", KEYS + b',"other":2}'),
    "a comma too many at the end": (RECORDS + SMALL + b",]}", "trailing-comma", RECORDS + SMALL + b"]}"),
    "a comma too many behind numbers": (NUMBERS + b"]", "trailing-comma", NUMBERS + b"1]"),
    "1e400 at the end": (RECORDS + b"1e400]}", "number-overflow", RECORDS + b"1e40]}"),
    "text behind the end": (RECORDS + SMALL + b"]}]", "trailing-text", RECORDS + SMALL + b"]}"),
    "cut off": (RECORDS, "truncated", RECORDS + SMALL + b"]}"),
    "a string that is not closed": (LONG, "truncated", RECORDS + b"1]}"),
    "a fault 180 levels deep": (DEEP + b'",]' + b"}]" * 90, "trailing-comma", RECORDS + b"1]}"),
    "not utf-8 at the end": (RECORDS + b'"\xe9"]}', "not-utf8", RECORDS + b'"e"]}'),
    "a digit run in every string": (
        b"[" + b'" 1234567890123456789 ",' * 430_000 + b"1e400]",
        "number-overflow",
        b"[" + b'" 1234567890123456789 ",' * 430_000 + b"1e40]",
    ),
    "only half characters": (LONG[:2] + rb"\ud800" * 1_600_000 + b'"]', "lone-surrogate", RECORDS + b"1]}"),
    # Small ones, held to the time of a sound text of 100 KB.
    "100,000 nested lists": (b"[" * 100_000, "too-deep", b"[" + b"1," * 50_000 + b"1]"),
    "100,000 nested objects": (b'{"a":' * 20_000, "too-deep", b"[" + b"1," * 50_000 + b"1]"),
    "5,000 digits": (b'{"a":' + b"9" * 5000 + b"}", "too-many-digits", b"[" + b"1," * 50_000 + b"1]"),
    "1e999": (b'{"a":1e999}', "number-overflow", b"[" + b"1," * 50_000 + b"1]"),
}


def find_broken_rule(data: bytes) -> str:
    """Return the rule that a text breaks."""
    try:
        parse_json(data)
    except JsonError as fault:
        return fault.rule
    return ""


def main() -> int:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    held = []
    for name, (data, rule, sound) in CASES.items():
        if find_broken_rule(data) != f"json.{rule}":
            print(f"{name}: {find_broken_rule(data) or 'not refused'}, not json.{rule}")
            return 1
        times = interleaved(
            {"refused": partial(find_broken_rule, data), "loads": partial(json.loads, sound)}, rounds
        )
        held.append(bar(f"V7 {name} : json.loads", times.ratio("refused", "loads"), 10))
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
