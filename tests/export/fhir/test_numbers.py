"""Every number of the content is in the Bundle, and means there what it means here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bmkit.export.fhir.bundle import build_bundle

from .differences import find_differences
from .reading import BundleReader

if TYPE_CHECKING:
    from bmkit.content import Content


@pytest.mark.parametrize("release", ["r5", pytest.param("r4b", marks=pytest.mark.slow)])
def test_read_back_nothing_differs(content: Content, release: str, request: pytest.FixtureRequest) -> None:
    reader = BundleReader(build_bundle(request.getfixturevalue(release), "collection"))
    assert list(find_differences(content, reader)) == []
