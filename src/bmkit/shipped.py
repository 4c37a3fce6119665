"""Where the files that come with bmkit are: the schemas, the roles, the dimensions."""

from __future__ import annotations

import os


def locate_shipped_schemas() -> str:
    """Return the folder of the schemas of bmkit itself: in the package, or beside src/ in a check-out."""
    package_folder = os.path.dirname(os.path.abspath(__file__))
    shipped_folder = os.path.join(package_folder, "schema")
    if os.path.isdir(os.path.join(shipped_folder, "common")):
        return shipped_folder
    return os.path.normpath(os.path.join(package_folder, "..", "..", "schema"))


def read_shipped_schema_file(name: str) -> bytes:
    """Return the bytes of a file of the shipped schemas, such as "meta/roles.json"."""
    with open(os.path.join(locate_shipped_schemas(), name), "rb") as file:
        return file.read()
