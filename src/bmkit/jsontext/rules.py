"""The rules of strict reading: what each is about, why it is there, and a text that breaks it."""

from __future__ import annotations

from typing import NamedTuple

_JSON_RFC = "RFC 8259, The JavaScript Object Notation (JSON) Data Interchange Format"
_NO_RECORDS = b'{"records": []}'


class RuleDoc(NamedTuple):
    """One rule: a title and a reason in sentences, and how a file that breaks it is put right.

    `bad` is a text that breaks it, empty if that takes more than a text, and `good` one that does not.
    `shown` and `kept` say that in words where the texts do not show it; `source` is a publication.
    """

    title: str
    why: str
    fix: str
    bad: bytes = b""
    good: bytes = _NO_RECORDS
    bad_in_words: str = ""
    good_in_words: str = ""
    source: str = ""


JSON_RULES: dict[str, RuleDoc] = {
    "json.broken-link": RuleDoc(
        "A link leads nowhere.",
        "What the link was meant to bring in would silently be missing from every export.",
        "point the link to the file that is meant, or put the file itself there",
        bad_in_words="content/one/incidence.json -> ../shared/incidence.json, which is not there",
        good_in_words="content/one/incidence.json, a file",
    ),
    "json.byte-order-mark": RuleDoc(
        "A file starts with a byte order mark.",
        "JSON forbids it, and readers that do not expect it take it for part of the first key.",
        "save the file as UTF-8 without a byte order mark",
        b'\xef\xbb\xbf{"records": []}',
        source=_JSON_RFC + ", section 8.1",
    ),
    "json.changed": RuleDoc(
        "A file changed while it was read.",
        "Half of the old and half of the new content may look valid and mean neither.",
        "run the check again once nothing writes to the file any more",
        bad_in_words="an editor saves content/one/incidence.json while it is read",
        good_in_words="content/one/incidence.json is saved before it is read",
    ),
    "json.comment": RuleDoc(
        "A text holds a comment.",
        "JSON has none: other readers refuse the file, or lose the comment when they write it.",
        "take the comment out; what must be said of a fact stands in an editorial note",
        b'{"records": []} // reviewed in May',
        source=_JSON_RFC,
    ),
    "json.control-character": RuleDoc(
        "A control character stands in the text.",
        "It cannot be seen, mostly comes from copying, and often means that a closing quote is missing.",
        "close the string, or write the character as an escape: \\n for a line end, \\t for a tab",
        b'{"label": "bone\tmetastasis"}',
        good=rb'{"label": "bone\tmetastasis"}',
        source=_JSON_RFC + ", section 7",
    ),
    "json.duplicate-key": RuleDoc(
        "A key stands twice in one object.",
        "Most readers take the last and some the first value, so that two people see two different doses.",
        "find out which of the two values is right, and remove the other",
        b'{"dose": 4, "dose": 40}',
        good=b'{"dose": 4}',
        source=_JSON_RFC + ", section 4",
    ),
    "json.empty": RuleDoc(
        "A file holds nothing.",
        "An interrupted save leaves an empty file behind; a kind without records still has its list of them.",
        'write a list of records, or remove the file: a file without records is {"records": []}',
        b" \n",
        bad_in_words="a file of no characters, or of nothing but blanks",
    ),
    "json.link-loop": RuleDoc(
        "A link leads back to itself.",
        "No content can be reached through it.",
        "replace the link by the file that it was meant to lead to",
        bad_in_words="content/one/incidence.json -> incidence.json",
        good_in_words="content/one/incidence.json, a file",
    ),
    "json.lone-surrogate": RuleDoc(
        "An escape stands for half a character.",
        "It is no text: databases and network formats refuse it, or replace it by something else.",
        "write the character itself, or both halves of its escape",
        rb'{"label": "\ud83d"}',
        good=rb'{"label": "\ud83d\ude00"}',
        source=_JSON_RFC + ", section 8.2",
    ),
    "json.missing": RuleDoc(
        "A file is not there.",
        "It was named on the command line, or it vanished between being listed and being read.",
        "correct the path, or bring the file back",
        bad_in_words="bmkit validate content/one/incidense.json",
        good_in_words="bmkit validate content/one/incidence.json",
    ),
    "json.not-a-file": RuleDoc(
        "What should be a file is a folder, a pipe or a device.",
        "A pipe would keep the check waiting for ever, a device may have side effects.",
        "name a file, and put one where content should be",
        bad_in_words="a folder, pipe or device called content/one/incidence.json",
        good_in_words="content/one/incidence.json, a file",
    ),
    "json.not-a-number": RuleDoc(
        "A number is NaN or infinite.",
        "JSON has no such numbers; a value that is not known is left out, with an editorial note.",
        "leave the field out if there is no value",
        b'{"share": NaN}',
        good=b'{"share": 0.3}',
        source=_JSON_RFC + ", section 6",
    ),
    "json.not-utf8": RuleDoc(
        "A file is not UTF-8.",
        "In another encoding the sign for micro or plus-minus becomes a different character without a word.",
        "save the file as UTF-8, and look at every letter beyond ASCII afterwards",
        b'{"unit": "\xb5g"}',
        good='{"unit": "\u00b5g"}'.encode(),
        source=_JSON_RFC + ", section 8.1",
    ),
    "json.number-inexact": RuleDoc(
        "A number cannot be kept exactly.",
        "Spreadsheets, databases and most programs keep 15 significant digits between 1e-307 and 1.79e308; "
        "they round any other without a word. Such a number is mostly a slip of a calculation, or a code "
        "that belongs into quotes.",
        "round it to the digits that were measured, or put a code into quotes",
        b'{"share": 0.30000000000000004}',
        good=b'{"share": 0.3}',
        source=_JSON_RFC + ", section 6",
    ),
    "json.number-overflow": RuleDoc(
        "A number is beyond what programs can hold.",
        "Above 1.79e308 most readers turn it into infinity.",
        "correct the exponent, or put a code into quotes",
        b'{"share": 1e999}',
        good=b'{"share": 1e9}',
        source=_JSON_RFC + ", section 6",
    ),
    "json.syntax": RuleDoc(
        "A text is not JSON.",
        "Nothing in the file can be relied on until it is.",
        "write it as the hint says, then check again: one mistake may hide others",
        b"{'dose': 4}",
        good=b'{"dose": 4}',
        source=_JSON_RFC,
    ),
    "json.text-after": RuleDoc(
        "Text follows the end of the document.",
        "It is the rest of a bad merge, or of an older and longer version of the file.",
        "remove what follows the end, or find out what the merge lost",
        b'{"records": []}]}',
        source=_JSON_RFC,
    ),
    "json.too-deep": RuleDoc(
        "Lists and objects are nested too deeply.",
        "More than 200 levels are no content but an attack or an accident, and bring other readers down.",
        "flatten it: content needs no more than a handful of levels",
        b"[" * 300 + b"]" * 300,
        bad_in_words="[[[[ … 300 levels … ]]]]",
        source=_JSON_RFC + ", section 9",
    ),
    "json.too-large": RuleDoc(
        "A file is larger than the limit.",
        "It would be read into memory as a whole; a limit keeps one file from stopping a check of thousands.",
        "give the records to several articles, each with a folder of its own",
        bad_in_words="a file of 2 GB",
        good_in_words="a file of 1 MB",
        source=_JSON_RFC + ", section 9",
    ),
    "json.too-many-digits": RuleDoc(
        "A number has hundreds of digits.",
        "No quantity does; reading it costs time that grows with the square of its length.",
        "write the digits that were measured, or put a code into quotes",
        b'{"share": ' + b"9" * 5000 + b"}",
        good=b'{"share": 99}',
        bad_in_words='{"share": 9999 … 5000 digits … 9999}',
        source=_JSON_RFC + ", section 9",
    ),
    "json.trailing-comma": RuleDoc(
        "A comma stands before a closing bracket.",
        "Some readers take it for a missing value, others refuse the file.",
        "take the comma out, or add what was to follow it",
        b'{"records": [],}',
        source=_JSON_RFC,
    ),
    "json.truncated": RuleDoc(
        "A file ends in the middle.",
        "An upload or a save was interrupted; what is lost cannot be told from the rest.",
        "fetch the file again from where it is whole, and compare the two",
        b'{"records": [{"id": "brea',
        good=b'{"records": [{"id": "breast"}]}',
    ),
    "json.unreadable": RuleDoc(
        "A file cannot be read.",
        "What it holds would silently be missing from every export.",
        "give whoever runs the check the right to read it",
        bad_in_words="-rw------- root content/one/incidence.json",
        good_in_words="-rw-r--r-- root content/one/incidence.json",
    ),
    "json.unresolved-merge": RuleDoc(
        "A merge was not resolved.",
        "The file holds two versions of the same lines; which of them is right is for a person to say.",
        "keep one version of the lines, and take the other and the three marks out",
        b'{\n<<<<<<< HEAD\n"dose": 4\n=======\n"dose": 40\n>>>>>>> new-doses\n}',
    ),
    "json.utf16": RuleDoc(
        "A file is UTF-16.",
        "Some editors save so by default; JSON is exchanged as UTF-8.",
        "save the file as UTF-8",
        '{"records": []}'.encode("utf-16"),
        source=_JSON_RFC + ", section 8.1",
    ),
    "json.utf32": RuleDoc(
        "A file is UTF-32.",
        "JSON is exchanged as UTF-8.",
        "save the file as UTF-8",
        '{"records": []}'.encode("utf-32"),
        source=_JSON_RFC + ", section 8.1",
    ),
}
