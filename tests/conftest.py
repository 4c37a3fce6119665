"""Options of the test run."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let `make examples` write the answers of the examples anew."""
    parser.addoption(
        "--rewrite", action="store_true", default=False, help="take what the examples answer for expected"
    )
