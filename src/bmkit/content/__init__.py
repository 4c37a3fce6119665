"""The content of a project: its records, read strictly, with the place of each."""

from bmkit.content.codes import Codes
from bmkit.content.content import Content, Reference
from bmkit.content.entries import ContentError
from bmkit.content.folder import File, Folder
from bmkit.content.read import CODES, CONTENT, TERMS, read_content
from bmkit.content.record import Record, pointer

__all__ = [
    "CODES",
    "CONTENT",
    "TERMS",
    "Codes",
    "Content",
    "ContentError",
    "File",
    "Folder",
    "Record",
    "Reference",
    "pointer",
    "read_content",
]
