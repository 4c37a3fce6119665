"""A sound file costs no import that only a faulty one needs."""

from __future__ import annotations

import subprocess
import sys

CODE = """
import sys
from bmkit.jsontext import Lines, parse_json, read_bytes
assert parse_json(read_bytes(sys.argv[1]))["records"]
late = {"json", "pathlib", "dataclasses", "logging", "unicodedata", "bisect"}
late |= {"bmkit.jsontext.recover", "bmkit.jsontext.tokens"}
assert not late & set(sys.modules), late & set(sys.modules)
"""


def test_a_sound_file_needs_no_slow_module(tmp_path: object) -> None:
    path = f"{tmp_path}/a.json"
    with open(path, "wb") as file:
        file.write(b'{"records": [{"id": "a", "dose": {"value": 4.0, "unit": "mg"}}]}')
    subprocess.run([sys.executable, "-c", CODE, path], check=True)
