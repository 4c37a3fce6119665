"""The articles of a content, each with the terms that it shares with others."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bmkit.content import TERMS_FOLDER, Content

if TYPE_CHECKING:
    from collections.abc import Iterator


class ArticleContent(NamedTuple):
    """One article: the name of its folder, and its records and the terms as exports go through them."""

    name: str
    content: Content


def iter_articles(content: Content) -> Iterator[ArticleContent]:
    """Yield each article of a content that was read as a whole; terms without an article are one, "terms"."""
    article_names = [folder_name for folder_name in content.folders if folder_name != TERMS_FOLDER]
    for article_name in article_names or [TERMS_FOLDER]:
        yield select_article(content, article_name)


def select_article(content: Content, article_name: str) -> ArticleContent:
    """Return one article of a content."""
    folders = {
        folder_name: folder
        for folder_name, folder in content.folders.items()
        if folder_name in (article_name, TERMS_FOLDER)
    }
    article_content = Content(
        content.root,
        content.schemas,
        folders,
        code_lock=content.code_lock,
        settings=content.settings,
        own_terms=content.own_terms,
    )
    return ArticleContent(article_name, article_content)
