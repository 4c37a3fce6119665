"""The repository's content as FHIR resources, built once a session."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bmkit.content import Content, read_content
from bmkit.export.fhir import FhirOptions, build_resources

if TYPE_CHECKING:
    from bmkit.export.fhir.resources import Resources

REPOSITORY = Path(__file__).parents[3]


@pytest.fixture(scope="session")
def content() -> Content:
    content = read_content(str(REPOSITORY))
    assert not content.issues
    return content


@pytest.fixture(scope="session")
def r5(content: Content) -> Resources:
    return build_resources(content)


@pytest.fixture(scope="session")
def r4b(content: Content) -> Resources:
    return build_resources(content, FhirOptions(release="R4B"))


@pytest.fixture(params=["r5", "r4b"])
def either(request: pytest.FixtureRequest) -> Resources:
    """Both releases, one after the other."""
    resources: Resources = request.getfixturevalue(request.param)
    return resources
