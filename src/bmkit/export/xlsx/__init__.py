"""The workbook for reviewers: a cover, one sheet a kind, drop-downs, links, and the facts as sentences."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from bmkit.atomic import replace_file
from bmkit.export import Tick, ignore_tick
from bmkit.sentence import format_sentence
from bmkit.tables import project_tables, split_by_article

if TYPE_CHECKING:
    from pathlib import Path

    from bmkit.content import Content


def write(content: Content, out_folder: Path, tick: Tick = ignore_tick) -> list[Path]:
    """Write OUT/<article>.xlsx, with the facts of the article and the shared terms."""
    from bmkit.export.xlsx.workbook import write_workbook  # XlsxWriter takes long to import

    targets = []
    for article_name, article_content in split_by_article(content).items():
        target = out_folder / f"{article_name}.xlsx"
        with replace_file(target) as file:
            write_workbook(
                project_tables(article_content), partial(format_sentence, content=article_content), file, tick
            )
        targets.append(target)
    return targets
