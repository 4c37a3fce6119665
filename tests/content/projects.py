"""Small projects for tests of content: files by their path below content/, with the shipped schemas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.content import Content, read_content
from bmkit.schema import read_shipped_schemas

if TYPE_CHECKING:
    from pathlib import Path

RIB = '{"id": "rib", "label": "rib", "category": "bone"}'
SITE = f'{{"$schema": "../../schema/site.schema.json", "records": [{RIB}]}}'


def write_project(root: Path, files: dict[str, str | bytes]) -> Path:
    for name, text in files.items():
        file = root / "content" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return root


def read_project(root: Path, files: dict[str, str | bytes]) -> Content:
    return read_content(str(write_project(root, files)), read_shipped_schemas())
