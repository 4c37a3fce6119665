"""Bulk NDJSON: a file for each type of resource and a line for each resource of any number of articles."""

from __future__ import annotations

import re
from contextlib import ExitStack
from typing import IO, TYPE_CHECKING, Any

from bmkit.export.fhir.version import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from bmkit.export.fhir.resources import Making

    Json = dict[str, Any]

SUFFIX = ".ndjson"
# A reference as it stands in JSON text.  Inside a string the quotes would have backslashes.
_REFERENCE = re.compile(r'"reference": "urn:uuid:([0-9a-f-]{36})", "type": "([A-Za-z]+)"')


def write_bulk(articles: Iterable[Making], folder: Path) -> list[str]:
    """Write the resources of all articles below `folder`, one article at a time; give the files' names.

    A resource that several articles share is written once, from the first of them.  What is kept in memory is
    one article and the ids of what is shared.
    """
    files: dict[str, IO[str]] = {}
    shared: set[str] = set()
    with ExitStack() as stack:
        for making in articles:
            own = making.article.folder
            for (kind, path), made in making.resources.items():
                if path[0] != own:
                    if made["id"] in shared:
                        continue
                    shared.add(made["id"])
                if kind not in files:
                    opened = (folder / f"{kind}{SUFFIX}").open("w", encoding="utf-8", newline="\n")
                    files[kind] = stack.enter_context(opened)
                files[kind].write(line(made))
    return [f"{kind}{SUFFIX}" for kind in sorted(files)]


def line(made: Json) -> str:
    """A resource as one line; its references name type and id, because there is no Bundle to look in."""
    return _REFERENCE.sub(r'"reference": "\2/\1", "type": "\2"', one_line(made)) + "\n"
