"""Options of the test run."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from hypothesis import settings

if TYPE_CHECKING:
    import pytest

# How long one example takes is up to the machine and its other work; speed is shown by benchmarks.
settings.register_profile("thorough", deadline=None)
settings.register_profile("quick", deadline=None, max_examples=15)
# A test that wants more examples than others asks for a multiple of the profile's.
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let `make examples` write the answers of the examples anew."""
    parser.addoption(
        "--rewrite", action="store_true", default=False, help="take what the examples answer for expected"
    )
