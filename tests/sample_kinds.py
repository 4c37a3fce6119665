"""Two small kinds that tests add to the shipped ones: a share and a time of patients with a tumour."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bmkit.schema import Schemas, read_shipped_schemas

if TYPE_CHECKING:
    from collections.abc import Mapping

SAMPLE_FOLDER = Path(__file__).parent / "schemas"
SAMPLE_DOCUMENTS: dict[str, dict[str, Any]] = {
    path.name: json.loads(path.read_text("utf-8")) for path in sorted(SAMPLE_FOLDER.glob("*.schema.json"))
}
_SHIPPED = read_shipped_schemas()


def make_sample_schemas(
    documents: Mapping[str, dict[str, Any]] | None = None, *, from_project: bool = False
) -> Schemas:
    """Return the shipped schemas with the samples; `documents` stand in place of files of their name."""
    all_documents = {**SAMPLE_DOCUMENTS, **(documents or {})}
    sample_names = (name.removesuffix(".schema.json") for name in all_documents)
    kind_names = tuple(sorted({*_SHIPPED.kind_names, *sample_names}))
    return Schemas(_SHIPPED.folder, kind_names, from_project=from_project, documents=all_documents)
