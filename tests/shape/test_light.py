"""The engine is imported without the mail package, and neither misses the other."""

from __future__ import annotations

import subprocess
import sys


def run(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout.strip()


START = "import sys; from bmkit.shape.light import import_engine; "


def test_the_engine_works_and_the_mail_package_is_not_imported() -> None:
    check = (
        "jsonschema_rs.Draft202012Validator({'format': 'email'}, validate_formats=True).is_valid('no mail')"
    )
    code = f"import_engine(); import jsonschema_rs; print('email.utils' in sys.modules, {check})"
    assert run(START + code) == "False False"


def test_the_real_module_is_had_afterwards() -> None:
    code = "import_engine(); import email.utils; print(email.utils.formatdate(0))"
    assert run(START + code) == "Thu, 01 Jan 1970 00:00:00 -0000"


def test_a_real_module_that_is_there_stays() -> None:
    code = "import email.utils as real; import_engine(); print(sys.modules['email.utils'] is real)"
    assert run(START + code) == "True"


def test_an_engine_that_looks_for_more_gets_the_real_module() -> None:
    code = (
        "from bmkit.shape import light; Empty = type('Empty', (), {'__dict__': {}});"
        "light.ModuleType = lambda _: Empty();"
        "import_engine(); import jsonschema_rs; print(jsonschema_rs.Draft202012Validator({}).is_valid(1))"
    )
    assert run(START + code) == "True"
