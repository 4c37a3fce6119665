"""The repository's own content as FHIR, made once for all tests."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bmkit.content import Content, read_content
from bmkit.export.fhir import Setting, made

if TYPE_CHECKING:
    from bmkit.export.fhir.resources import Making

REPOSITORY = Path(__file__).parents[3]


@pytest.fixture(scope="session")
def content() -> Content:
    found = read_content(str(REPOSITORY))
    assert not found.issues
    return found


@pytest.fixture(scope="session")
def r5(content: Content) -> Making:
    return made(content)


@pytest.fixture(scope="session")
def r4b(content: Content) -> Making:
    return made(content, Setting(release="R4B"))


@pytest.fixture(params=["r5", "r4b"])
def either(request: pytest.FixtureRequest) -> Making:
    """Both releases, one after the other."""
    found: Making = request.getfixturevalue(request.param)
    return found
