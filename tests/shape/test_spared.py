"""The engine is imported without the mail package, and neither misses the other."""

from __future__ import annotations

import subprocess
import sys


def run(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout.strip()


def test_the_engine_works_and_the_mail_package_is_not_imported() -> None:
    schema = {"$defs": {}, "type": "string", "format": "date"}
    code = (
        f"import sys; from bmkit.shape.rust_engine import compile_schema; faults = compile_schema({schema});"
        "print('email.utils' in sys.modules, len(faults('2025-02-30')), faults('2025-02-28'))"
    )
    assert run(code) == "False 1 []"


def test_the_real_module_is_had_afterwards() -> None:
    code = "import bmkit.shape.rust_engine, email.utils; print(email.utils.formatdate(0))"
    assert run(code) == "Thu, 01 Jan 1970 00:00:00 -0000"


def test_a_real_module_that_is_there_stays() -> None:
    code = (
        "import sys, email.utils as real, bmkit.shape.rust_engine; print(sys.modules['email.utils'] is real)"
    )
    assert run(code) == "True"
