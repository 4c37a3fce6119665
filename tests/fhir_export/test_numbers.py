"""Every number of the content is in the Bundle, and means there what it means here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.export.fhir.bundle import bundle

from .differences import differences

if TYPE_CHECKING:
    from bmkit.content import Content
    from bmkit.export.fhir.making import Making


def test_read_back_nothing_differs(content: Content, r5: Making) -> None:
    assert differences(content, bundle(r5, "collection")) == []
