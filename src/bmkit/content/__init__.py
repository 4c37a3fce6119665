"""The content of a project: its records, read strictly, with the place of each."""

from bmkit.content.codes import CodeLock
from bmkit.content.content import Content, Reference, per_content, per_folder
from bmkit.content.load import (
    CODE_LOCK_FILE,
    CONTENT_FOLDER,
    REVIEW_KIND,
    SEAL_FILE,
    TERMS_FOLDER,
    ContentError,
    is_article_name,
    read_content,
)
from bmkit.content.record import File, Folder, Record

__all__ = [
    "CODE_LOCK_FILE",
    "CONTENT_FOLDER",
    "REVIEW_KIND",
    "SEAL_FILE",
    "TERMS_FOLDER",
    "CodeLock",
    "Content",
    "ContentError",
    "File",
    "Folder",
    "Record",
    "Reference",
    "is_article_name",
    "per_content",
    "per_folder",
    "read_content",
]
