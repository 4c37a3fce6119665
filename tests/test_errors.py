"""Errors that end a command: each prints its lines, and the exit status is 2."""

from __future__ import annotations

import pytest

from bmkit.atomic import WriteError
from bmkit.baseline import BaselineError
from bmkit.cli import main as run
from bmkit.content import ContentError
from bmkit.errors import BmkitError
from bmkit.export import ExportError
from bmkit.git_revision import RevisionError
from bmkit.schema import SchemaError, combine_schema_errors
from bmkit.today import TodayError

_SCHEMA_ERRORS = [SchemaError("schema/a", "is not JSON"), SchemaError("schema/b", "is not an object")]


@pytest.mark.parametrize(
    ("error", "lines"),
    [
        *(
            (error_class("x: cannot be read"), ["x: cannot be read"])
            for error_class in (
                BaselineError,
                ContentError,
                ExportError,
                RevisionError,
                WriteError,
                TodayError,
            )
        ),
        (
            combine_schema_errors(_SCHEMA_ERRORS),
            ["schema/a: is not JSON", "schema/b: is not an object"],
        ),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BmkitError) else "",
)
def test_an_error_is_told_line_by_line_with_status_2(
    error: BmkitError,
    lines: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail(*_args: object, **_options: object) -> None:
        raise error

    monkeypatch.setattr("bmkit.cli.validate.read_project", fail)
    assert run(["validate"]) == 2
    assert capsys.readouterr().err.splitlines() == [f"bmkit: {line}" for line in lines]
