"""The rules of strict reading: what each is about, why it is there, and a text that breaks it."""

from __future__ import annotations

from typing import NamedTuple


class Explained(NamedTuple):
    """One rule: a title and a reason in sentences; `bad` is a text that breaks it, empty if no text can."""

    title: str
    why: str
    bad: bytes = b""


RULES: dict[str, Explained] = {
    "json.broken-link": Explained(
        "A link leads nowhere.",
        "What the link was meant to bring in would silently be missing from every export.",
    ),
    "json.byte-order-mark": Explained(
        "A file starts with a byte order mark.",
        "JSON forbids it, and readers that do not expect it take it for part of the first key.",
        b'\xef\xbb\xbf{"records": []}',
    ),
    "json.changed": Explained(
        "A file changed while it was read.",
        "Half of the old and half of the new content may look valid and mean neither.",
    ),
    "json.comment": Explained(
        "A text holds a comment.",
        "JSON has none: other readers refuse the file, or lose the comment when they write it.",
        b'{"records": []} // reviewed in May',
    ),
    "json.control-character": Explained(
        "A control character stands in the text.",
        "It cannot be seen, mostly comes from copying, and often means that a closing quote is missing.",
        b'{"label": "bone\tmetastasis"}',
    ),
    "json.duplicate-key": Explained(
        "A key stands twice in one object.",
        "Most readers take the last and some the first value, so that two people see two different doses.",
        b'{"dose": 4, "dose": 40}',
    ),
    "json.empty": Explained(
        "A file holds nothing.",
        "An interrupted save leaves an empty file behind; a kind without records still has its list of them.",
        b" \n",
    ),
    "json.link-loop": Explained(
        "A link leads back to itself.",
        "No content can be reached through it.",
    ),
    "json.lone-surrogate": Explained(
        "An escape stands for half a character.",
        "It is no text: databases and network formats refuse it, or replace it by something else.",
        rb'{"label": "\ud83d"}',
    ),
    "json.missing": Explained(
        "A file is not there.",
        "It was named on the command line, or it vanished between being listed and being read.",
    ),
    "json.not-a-file": Explained(
        "What should be a file is a folder, a pipe or a device.",
        "A pipe would keep the check waiting for ever, a device may have side effects.",
    ),
    "json.not-a-number": Explained(
        "A number is NaN or infinite.",
        "JSON has no such numbers; a value that is not known is left out, with an editorial note.",
        b'{"share": NaN}',
    ),
    "json.not-utf8": Explained(
        "A file is not UTF-8.",
        "In another encoding the sign for micro or plus-minus becomes a different character without a word.",
        b'{"unit": "\xb5g"}',
    ),
    "json.number-inexact": Explained(
        "A number cannot be kept exactly.",
        "Spreadsheets, databases and most programs keep 15 significant digits between 1e-307 and 1.79e308; "
        "they round any other without a word. Such a number is mostly a slip of a calculation, or a code "
        "that belongs into quotes.",
        b'{"share": 0.30000000000000004}',
    ),
    "json.number-overflow": Explained(
        "A number is beyond what programs can hold.",
        "Above 1.79e308 most readers turn it into infinity.",
        b'{"share": 1e999}',
    ),
    "json.syntax": Explained(
        "A text is not JSON.",
        "Nothing in the file can be relied on until it is.",
        b"{'dose': 4}",
    ),
    "json.text-after": Explained(
        "Text follows the end of the document.",
        "It is the rest of a bad merge, or of an older and longer version of the file.",
        b'{"records": []}]}',
    ),
    "json.too-deep": Explained(
        "Lists and objects are nested too deeply.",
        "More than 200 levels are no content but an attack or an accident, and bring other readers down.",
        b"[" * 300 + b"]" * 300,
    ),
    "json.too-large": Explained(
        "A file is larger than the limit.",
        "It would be read into memory as a whole; a limit keeps one file from stopping a check of thousands.",
    ),
    "json.too-many-digits": Explained(
        "A number has hundreds of digits.",
        "No quantity does; reading it costs time that grows with the square of its length.",
        b'{"share": ' + b"9" * 5000 + b"}",
    ),
    "json.trailing-comma": Explained(
        "A comma stands before a closing bracket.",
        "Some readers take it for a missing value, others refuse the file.",
        b'{"records": [],}',
    ),
    "json.truncated": Explained(
        "A file ends in the middle.",
        "An upload or a save was interrupted; what is lost cannot be told from the rest.",
        b'{"records": [{"id": "brea',
    ),
    "json.unreadable": Explained(
        "A file cannot be read.",
        "What it holds would silently be missing from every export.",
    ),
    "json.unresolved-merge": Explained(
        "A merge was not resolved.",
        "The file holds two versions of the same lines; which of them is right is for a person to say.",
        b'{\n<<<<<<< HEAD\n"dose": 4\n=======\n"dose": 40\n>>>>>>> new-doses\n}',
    ),
    "json.utf16": Explained(
        "A file is UTF-16.",
        "Some editors save so by default; JSON is exchanged as UTF-8.",
        '{"records": []}'.encode("utf-16"),
    ),
    "json.utf32": Explained(
        "A file is UTF-32.",
        "JSON is exchanged as UTF-8.",
        '{"records": []}'.encode("utf-32"),
    ),
}
