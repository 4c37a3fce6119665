"""Bulk NDJSON: a file for each type of resource and a line for each resource of any number of articles."""

from __future__ import annotations

import re
from contextlib import ExitStack
from typing import IO, TYPE_CHECKING, Any

from bmkit.export.fhir.version import format_json_line

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from bmkit.export.fhir.resources import Resources

    Json = dict[str, Any]

BULK_SUFFIX = ".ndjson"
# A reference as it stands in JSON text.  Inside a string the quotes would have backslashes.
_REFERENCE_PATTERN = re.compile(r'"reference": "urn:uuid:([0-9a-f-]{36})", "type": "([A-Za-z]+)"')


def write_bulk_files(articles: Iterable[Resources], folder: Path) -> list[str]:
    """Write the resources of all articles below `folder`, one article at a time; give the files' names.

    A resource that several articles share is written once, from the first of them.  What is kept in memory is
    one article and the ids of what is shared.
    """
    file_by_type: dict[str, IO[str]] = {}
    shared_ids: set[str] = set()
    with ExitStack() as stack:
        for resources in articles:
            article_folder = resources.article.folder
            for (resource_type, path), resource in resources.by_key.items():
                if path[0] != article_folder:
                    if resource["id"] in shared_ids:
                        continue
                    shared_ids.add(resource["id"])
                if resource_type not in file_by_type:
                    file = (folder / f"{resource_type}{BULK_SUFFIX}").open(
                        "w", encoding="utf-8", newline="\n"
                    )
                    file_by_type[resource_type] = stack.enter_context(file)
                file_by_type[resource_type].write(format_bulk_line(resource))
    return [f"{resource_type}{BULK_SUFFIX}" for resource_type in sorted(file_by_type)]


def format_bulk_line(resource: Json) -> str:
    """A resource as one line; its references name type and id, because there is no Bundle to look in."""
    return _REFERENCE_PATTERN.sub(r'"reference": "\2/\1", "type": "\2"', format_json_line(resource)) + "\n"
