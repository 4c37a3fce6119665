"""The families "content", "codes" and "baseline": files, folders, the lock of codes, known issues."""

from __future__ import annotations

from bmkit.handbook.told.told import Told

_FACTS = "content/one/incidence.json"
_LOCK = "content/codes.lock.tsv"
_HEAD = "system\tcode\tdisplay\n"
_RIB = "UBERON\tUBERON:0002228\trib\n"
_BASELINE = "known.json"


def _empty(kind: str) -> str:
    return f'{{"$schema": "../../schema/{kind}.schema.json", "records": []}}'


CONTENT = {
    "folder-too-deep": Told(
        "A folder stands in a folder of content/.",
        "Content has one level of folders; what is deeper is not read.",
        "move its files one folder up, or make it an article of its own beside the others",
        {"content/one/tables/incidence.json": _empty("incidence")},
        {_FACTS: _empty("incidence")},
        "warning",
    ),
    "misplaced-file": Told(
        "A file of records stands in content/ itself.",
        "It belongs to no article and to no reference list, so nobody reads it.",
        "move it to content/terms/ or to the folder of its article",
        {"content/incidence.json": _empty("incidence")},
        {_FACTS: _empty("incidence")},
    ),
    "stray-file": Told(
        "A file in content/ is not content.",
        "It is ignored, which whoever put it there may not know.",
        "move it out of content/, or write what it says as records",
        {"content/one/incidence.csv": "tumour,share\nbreast-cancer,65\n"},
        {_FACTS: _empty("incidence")},
        "warning",
    ),
    "suffix-case": Told(
        "A file of records ends with .JSON or the like.",
        "Only .json is read, on every system alike: all that the file says would silently be missing.",
        "rename it so that it ends with .json",
        {"content/one/incidence.JSON": _empty("incidence")},
        {_FACTS: _empty("incidence")},
    ),
    "unknown-kind": Told(
        "A file is named after a kind that there is not.",
        "No schema says what its records mean, so none of them is read.",
        "name it after its kind, in the singular (bmkit fields lists them), or write a schema for it",
        {"content/one/incidences.json": _empty("incidence")},
        {_FACTS: _empty("incidence")},
    ),
    "wrong-folder": Told(
        "A file stands in a folder that its kind does not belong in.",
        "Terms are shared and stand in content/terms/; facts belong to the folder of their article.",
        "move terms to content/terms/, and facts to the folder of their article",
        {"content/one/site.json": _empty("site")},
        {"content/terms/site.json": _empty("site")},
    ),
    "wrong-schema": Told(
        "A file names another schema than that of its kind.",
        "Editors would complete and check it as something that it is not.",
        "name the schema of the kind that the file is named after",
        {_FACTS: _empty("survival")},
        {_FACTS: _empty("incidence")},
    ),
}

CODES = {
    "lock-header": Told(
        "The lock of codes does not start with its header.",
        "What its columns mean would be a guess.",
        "make system, code and display the first line, with tabs between; terms may be the fourth column",
        {_LOCK: _RIB},
        {_LOCK: _HEAD + _RIB},
    ),
    "lock-line": Told(
        "A line of the lock of codes is not system, code and display.",
        "Its code cannot be checked.",
        "write all three, with tabs between, not blanks",
        {_LOCK: _HEAD + "UBERON UBERON:0002228 rib\n"},
        {_LOCK: _HEAD + _RIB},
    ),
    "lock-repeated": Told(
        "A code stands twice in the lock of codes.",
        "With two displays, either of them would pass.",
        "keep the line whose display is that of the terminology",
        {_LOCK: f"{_HEAD}{_RIB}UBERON\tUBERON:0002228\tribs\n"},
        {_LOCK: _HEAD + _RIB},
    ),
    "lock-terms": Told(
        "The terms of a code in the lock are not written as kind/id.",
        "On whichever term the code stands, nobody would notice that it is the wrong one.",
        "write kind/id of each term that the code is of, one blank between them, or nothing",
        {_LOCK: "system\tcode\tdisplay\tterms\nUBERON\tUBERON:0002228\trib\tribs, rib\n"},
        {_LOCK: "system\tcode\tdisplay\tterms\nUBERON\tUBERON:0002228\trib\tsite/ribs\n"},
    ),
}

BASELINE = {
    "gone": Told(
        "An issue of the baseline is not found any more.",
        "It was mended. Left in the baseline, it would hide the next fault of its sort in that record.",
        "take it out of the file, or let bmkit validate --write-baseline do it",
        {_BASELINE: f'{{"version": 1, "issues": [{{"rule": "limits.inverted", "file": "{_FACTS}"}}]}}'},
        {_BASELINE: '{"version": 1, "issues": []}'},
        "warning",
    ),
}
