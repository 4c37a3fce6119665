"""Options of the test run."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let `make examples` write the answers of the examples anew."""
    parser.addoption(
        "--rewrite", action="store_true", default=False, help="write what the examples answer as what is expected"
    )
