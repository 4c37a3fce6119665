"""Content article by article, and what rules ask of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bmkit.content import read_content
from bmkit.schema import read_schemas, shipped

if TYPE_CHECKING:
    from pathlib import Path

    from bmkit.content import Content

RIB = '{"id": "rib", "label": "rib", "category": "bone"}'
SITE = f'{{"$schema": "../../schema/site.schema.json", "records": [{RIB}]}}'


def project(root: Path, files: dict[str, str | bytes]) -> Path:
    for name, text in files.items():
        file = root / "content" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return root


def read(root: Path, files: dict[str, str | bytes]) -> Content:
    return read_content(str(project(root, files)), read_schemas(shipped(), own=False))


def article(label: str) -> dict[str, str | bytes]:
    section = f'{{"id": "intro", "label": "{label}", "order": 1, "start": 0, "end": 9}}'
    return {
        f"{label}/section.json": f'{{"$schema": "../../schema/section.schema.json", "records": [{section}]}}',
    }


def test_each_article_is_seen_with_the_terms_and_the_terms_are_judged_once(tmp_path: Path) -> None:
    content = read(tmp_path, {"terms/site.json": SITE, **article("a"), **article("b")})
    views = [[record.id for record in view.records()] for view in content.articles()]
    assert views == [["rib"], ["intro"], ["intro"]]
    _, first, second = content.articles()
    for view, label in ((first, "a"), (second, "b")):
        section = view.find("section", "intro")
        assert section is not None
        assert section["label"] == label
        assert view.find("site", "rib") is not None
        assert content.find("section", "intro", section) is section


def test_one_article_and_its_terms_are_one_view(tmp_path: Path) -> None:
    content = read(tmp_path, {"terms/site.json": SITE, **article("a")})
    assert list(content.articles()) == [content]


def test_references_and_quantities_come_with_the_way_to_them(tmp_path: Path) -> None:
    record: dict[str, Any] = {
        "id": "one",
        "tumour": "lung-cancer",
        "share": {"value": 4, "unit": "%"},
        "notes": ["a", "b"],
        "source": {"section": "intro", "spans": []},
    }
    text = str({"records": [record]}).replace("'", '"')
    content = read(tmp_path, {"a/incidence.json": text})
    ways = [("/".join(map(str, parts)), target) for _, _, parts, target in content.references()]
    assert ways == [
        ("tumour", "lung-cancer"),
        ("notes/0", "a"),
        ("notes/1", "b"),
        ("source/section", "intro"),
    ]
    assert [(parts, value) for _, _, parts, value in content.quantities()] == [
        (("share",), {"value": 4, "unit": "%"})
    ]
