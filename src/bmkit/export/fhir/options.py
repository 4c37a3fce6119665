"""The options of an export to FHIR."""

from __future__ import annotations

import re
from typing import NamedTuple

import click

from bmkit.export import ExportError

# The releases that can be written, and the version number that each has at HL7.
VERSION_BY_RELEASE = {"R5": "5.0.0", "R4B": "4.3.0"}

# Parts that can be written alone: the types of Bundle, and the bulk files.
BUNDLE_TYPES = ("document", "collection", "transaction")
BULK_PART = "bulk"
EXPORT_PARTS = (*BUNDLE_TYPES, BULK_PART)

# An address as RFC 3986 has it, without a user, a query, a fragment and quotes: canonical URLs are made of
# it, with paths, "|" and versions after it.
_BASE_PATTERN = re.compile(
    r"https?://(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?"
    r"(?:/(?:[A-Za-z0-9._~!$&()*+,;=:@-]|%[0-9A-Fa-f]{2})+)*"
)


def parse_base_url(url: str) -> str:
    """The base URL from a user, without a slash at its end; ExportError if no URL can start with it."""
    base = url.rstrip("/")
    if _BASE_PATTERN.fullmatch(base) is None:
        raise ExportError(
            f"no URL can start with the base {url!r}: it must be an http(s) address like "
            "https://fhir.example.org/r5, without blanks, quotes, |, ? and #"
        )
    return base


class FhirOptions(NamedTuple):
    """How resources are named and marked.

    `base` is the start of every canonical URL and identifier; the default ends in a domain that can never be
    registered, so that nobody is taken for the publisher.  `status` is that of definitions: "draft", until
    somebody who answers for the content says that it is ready for use, then "active".  `program` wrote the
    resources; it is the publisher of definitions where neither the settings nor the article name one.
    """

    base: str = "https://bmkit.invalid/fhir"
    release: str = "R5"
    status: str = "draft"
    program: str = "bmkit"

    @property
    def document_status(self) -> str:
        """The status of the document whose definitions have this status."""
        return "preliminary" if self.status == "draft" else "final"

    @property
    def active_status(self) -> dict[str, str]:
        """The status element of a type that has no draft status: none while definitions are drafts."""
        return {"status": "active"} if self.status == "active" else {}


OPTIONS = (
    click.Option(
        ["--release"],
        type=click.Choice(list(VERSION_BY_RELEASE)),
        default="R5",
        show_default=True,
        help="FHIR release.",
    ),
    click.Option(
        ["--base"],
        metavar="URL",
        callback=lambda _ctx, _param, url: parse_base_url(url) if url is not None else "",
        help="http(s) address that every canonical URL and identifier starts with.",
    ),
    click.Option(
        ["--status"],
        type=click.Choice(["draft", "active"]),
        default="draft",
        show_default=True,
        help="Status of definitions: active once somebody answers for the content.",
    ),
    click.Option(
        ["--only"],
        type=click.Choice(EXPORT_PARTS),
        multiple=True,
        help="Write only this part; may be given more than once. The folder is replaced, so that no other "
        "part of an earlier export stays.",
    ),
    click.Option(
        ["--check"], is_flag=True, help="Write only what is valid FHIR; needs the extra bmkit[fhir]."
    ),
)
"""What the command line takes for this format; write gets the values by name."""
