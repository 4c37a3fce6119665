"""Options of the test run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import settings

if TYPE_CHECKING:
    import pytest

# How long one example takes is up to the machine and its other work; speed is shown by benchmarks.
settings.register_profile("bmkit", deadline=None)
settings.load_profile("bmkit")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let `make examples` write the answers of the examples anew."""
    parser.addoption(
        "--rewrite", action="store_true", default=False, help="take what the examples answer for expected"
    )
