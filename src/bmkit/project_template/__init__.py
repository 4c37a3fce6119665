"""A new project: the files that `bmkit init` writes, made from those of files/."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

from bmkit.canonical import format_canonical_json
from bmkit.config import SETTINGS_FILE
from bmkit.config.own_rules import RULE_SUFFIX, RULES_FOLDER
from bmkit.content import CONTENT_FOLDER, TERMS_FOLDER
from bmkit.schema import read_shipped_schemas

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.schema import Schemas

WORKFLOW_FILE = ".github/workflows/content.yml"
LOCK_FILE = ".github/bmkit-requirements.txt"
"""The packages that the workflow installs beside bmkit, each with its hashes."""
_TEMPLATE_FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "files")
_ARTICLE_PLACEHOLDER = "{{article}}"
_REQUIREMENT_PLACEHOLDER = "{{from}}"
_DIGEST_LENGTH = 16
_RULE_FILE = f"{RULES_FOLDER}/for-whom{RULE_SUFFIX}"


def build_project_files(article_id: str, requirement: str = "") -> dict[str, bytes]:
    """Return the files of a new project about one article, by path; it validates and exports as it is.

    `requirement` is what a CI workflow gives to pip to install bmkit; without it there is no workflow.
    """
    source_text = _read_template("article.txt")
    texts: dict[str, str] = {}
    schemas = read_shipped_schemas()
    for folder in ("article", TERMS_FOLDER):
        target_folder = TERMS_FOLDER if folder == TERMS_FOLDER else article_id
        for file_name in sorted(os.listdir(os.path.join(_TEMPLATE_FOLDER, CONTENT_FOLDER, folder))):
            template = _read_template(f"{CONTENT_FOLDER}/{folder}/{file_name}")
            kind_name = file_name.removesuffix(".json")
            texts[f"{CONTENT_FOLDER}/{target_folder}/{file_name}"] = _fill_record_file(
                template.replace(_ARTICLE_PLACEHOLDER, article_id), kind_name, schemas, source_text
            )
    texts |= {
        f"source/{article_id}.txt": source_text,
        SETTINGS_FILE: _read_template(SETTINGS_FILE),
        ".gitignore": _read_template("gitignore"),
        "README.md": _read_template("README.md"),
        _RULE_FILE: _read_template(_RULE_FILE),
    }
    if requirement:
        # A JSON string is one of YAML, too.
        quoted = json.dumps(requirement)
        texts[WORKFLOW_FILE] = _read_template("workflow.yml").replace(_REQUIREMENT_PLACEHOLDER, quoted)
        texts[LOCK_FILE] = _read_template("requirements.txt")
    return {path: text.encode() for path, text in texts.items()}


def _read_template(name: str) -> str:
    with open(os.path.join(_TEMPLATE_FOLDER, name), encoding="utf-8") as file:
        return file.read()


def _fill_record_file(template: str, kind_name: str, schemas: Schemas, source_text: str) -> str:
    """Return a file of records with the places in the source text that the template names by their words."""
    document = json.loads(template)
    for record in document["records"]:
        _fill_places(record, source_text)
        if "length" in record:
            record["length"] = len(source_text)
            record["digest"] = _compute_digest(source_text)
    return format_canonical_json(json.dumps(document, ensure_ascii=False), schemas.get_kind(kind_name))


def _fill_places(record: dict[str, Any], source_text: str) -> None:
    """Replace words at "start" and "end" by their offsets in code points; spans also get their digest."""
    for value in _iter_objects(record):
        if isinstance(value.get("start"), str):
            start = source_text.index(value["start"])
            end = source_text.index(value["end"], start) + len(value["end"])
            value["start"], value["end"] = start, end
            if "id" not in value:
                value["digest"] = _compute_digest(source_text[start:end])


def _iter_objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for item in value.values():
            yield from _iter_objects(item)
    elif isinstance(value, list):
        for item in value:
            yield from _iter_objects(item)


def _compute_digest(text: str) -> str:
    """Return the first 16 hexadecimal digits of the SHA-256 of a text, as spans and articles have it."""
    from hashlib import sha256

    return sha256(text.encode()).hexdigest()[:_DIGEST_LENGTH]
