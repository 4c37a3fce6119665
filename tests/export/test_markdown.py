"""The document of an article: every fact in it once, in its section, and nothing that acts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from tests.mistakes import ROOTS

from bmkit.articles import iter_articles
from bmkit.content import read_content
from bmkit.escape import escape_markdown
from bmkit.export import write_export
from bmkit.sentence import format_sentence
from bmkit.shape import ShapeChecker, find_shape_issues

from .conftest import make_records, write_project

if TYPE_CHECKING:
    from pathlib import Path

# Runs with `make slow`: it exports whole contents.
pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", ["own", pytest.param("second", marks=pytest.mark.audit)])
def test_every_fact_is_said_once_below_the_heading_of_its_section(name: str, tmp_path: Path) -> None:
    content = read_content(ROOTS[name])
    find_shape_issues(content, ShapeChecker())
    folder = write_export("markdown", content, tmp_path)[0].parent
    for article in iter_articles(content):
        text = (folder / f"{article.name}.md").read_text("utf-8")
        sentences = text.partition("\n## Tables\n")[0]
        section_labels = {
            record.id: str(record.value["label"]) for record in article.content.list_records("section")
        }
        heading = ""
        said: list[tuple[str, str]] = []
        for line in sentences.splitlines():
            if line.startswith("##"):
                heading = line.lstrip("# ")
            elif line.startswith("- ") and heading:
                said.append(
                    (
                        heading.casefold(),
                        re.sub(r" \*Note: .*\*$", "", line[2 : -1 if line[-1] == "." else None]),
                    )
                )
        facts = []
        for record in article.content.iter_records():
            if record.kind.group == "fact":
                section = section_labels.get(record.value.get("source", {}).get("section", ""))
                label = escape_markdown(section or "facts without a section").casefold()
                facts.append((label, escape_markdown(format_sentence(record, article.content))))
        assert sorted((heading, sentence.removesuffix(".")) for heading, sentence in said) == sorted(facts)
        # Every table has as many cells in each row.
        for table in re.findall(r"(?:^\|.*\|\n)+", text, re.MULTILINE):
            assert len({len(re.findall(r"(?<!\\)\|", row)) for row in table.splitlines()}) == 1


def test_what_others_wrote_is_text(tmp_path: Path) -> None:
    records = make_records()
    records["site"][0]["label"] = "<script>x</script> [a](javascript:b) **c** | d"
    project = write_project(tmp_path / "project", records)
    [file] = [
        path
        for path in write_export("markdown", read_content(str(project)), tmp_path / "out")
        if path.suffix == ".md"
    ]
    text = file.read_text("utf-8")
    assert re.findall(r"(?<!\\)(?:<|\]\()", text) == []
