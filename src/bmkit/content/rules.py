"""The rules of the families "content" and "codes": files, folders, the lock of codes."""

from __future__ import annotations

from bmkit.rule_doc import RuleDoc, index_rule_docs

_FACTS_PATH = "content/one/result.json"
_CODE_LOCK_PATH = "content/codes.lock.tsv"
_LOCK_HEADER_LINE = "system\tcode\tdisplay\n"
_RIB_LINE = "UBERON\tUBERON:0002228\trib\n"


def _make_empty_file(kind: str) -> str:
    return f'{{"$schema": "../../schema/{kind}.schema.json", "records": []}}'


CONTENT_RULES = index_rule_docs(
    RuleDoc(
        "content.folder-too-deep",
        "warning",
        "A folder stands in a folder of content/.",
        "Only one level of folders is read.",
        "move its files one folder up, or make it an article of its own beside the others",
        ({"content/one/tables/result.json": _make_empty_file("result")},),
        ({_FACTS_PATH: _make_empty_file("result")},),
        guards_dose=True,
    ),
    RuleDoc(
        "content.misplaced-file",
        "error",
        "A file of records stands in content/ itself.",
        "It belongs to no article and to no reference list, so nobody reads it.",
        "move it to content/terms/ or to the folder of its article",
        ({"content/result.json": _make_empty_file("result")},),
        ({_FACTS_PATH: _make_empty_file("result")},),
        guards_dose=True,
    ),
    RuleDoc(
        "content.stray-file",
        "warning",
        "A file in content/ is not content.",
        "It is ignored, although somebody may have meant it as content.",
        "move it out of content/, or turn it into records",
        ({"content/one/result.csv": "tumour,estimate\nbreast-cancer,65\n"},),
        ({_FACTS_PATH: _make_empty_file("result")},),
    ),
    RuleDoc(
        "content.suffix-case",
        "error",
        "A file of records ends with .JSON or the like.",
        "Only .json is read, on every system: the records of the file would silently be missing.",
        "rename it so that it ends with .json",
        ({"content/one/result.JSON": _make_empty_file("result")},),
        ({_FACTS_PATH: _make_empty_file("result")},),
        guards_dose=True,
    ),
    RuleDoc(
        "content.unknown-kind",
        "error",
        "A file is named after an unknown kind.",
        "Without a schema its records cannot be checked, so none of them is read.",
        "name it after its kind, in the singular (bmkit fields lists them), or write a schema for it",
        ({"content/one/results.json": _make_empty_file("result")},),
        ({_FACTS_PATH: _make_empty_file("result")},),
        guards_dose=True,
    ),
    RuleDoc(
        "content.wrong-folder",
        "error",
        "A file stands in the wrong folder for its kind.",
        "All articles share the terms in content/terms/; a fact there belongs to none of them.",
        "move it to the folder of its article",
        ({"content/terms/result.json": _make_empty_file("result")},),
        (
            {_FACTS_PATH: _make_empty_file("result")},
            {"content/terms/site.json": _make_empty_file("site")},
            {"content/one/site.json": _make_empty_file("site")},
        ),
        guards_dose=True,
    ),
    RuleDoc(
        "content.wrong-schema",
        "error",
        "A file names another schema than that of its kind.",
        "Editors would complete and check it as another kind.",
        "name the schema of the kind that the file is named after",
        ({_FACTS_PATH: _make_empty_file("statement")},),
        ({_FACTS_PATH: _make_empty_file("result")},),
    ),
)

CODES_RULES = index_rule_docs(
    RuleDoc(
        "codes.lock-header",
        "error",
        "The lock of codes does not start with its header.",
        "Without it the meaning of the columns would be a guess.",
        "make system, code and display the first line, with tabs between; terms may be the fourth column",
        ({_CODE_LOCK_PATH: _RIB_LINE},),
        ({_CODE_LOCK_PATH: _LOCK_HEADER_LINE + _RIB_LINE},),
    ),
    RuleDoc(
        "codes.lock-line",
        "error",
        "A line of the lock of codes is not system, code and display.",
        "Its code cannot be checked.",
        "write all three, with tabs between, not blanks",
        ({_CODE_LOCK_PATH: _LOCK_HEADER_LINE + "UBERON UBERON:0002228 rib\n"},),
        ({_CODE_LOCK_PATH: _LOCK_HEADER_LINE + _RIB_LINE},),
    ),
    RuleDoc(
        "codes.lock-repeated",
        "error",
        "A code stands twice in the lock of codes.",
        "If the two displays differ, either of them would pass.",
        "keep the line whose display is that of the terminology",
        ({_CODE_LOCK_PATH: f"{_LOCK_HEADER_LINE}{_RIB_LINE}UBERON\tUBERON:0002228\tribs\n"},),
        ({_CODE_LOCK_PATH: _LOCK_HEADER_LINE + _RIB_LINE},),
    ),
    RuleDoc(
        "codes.lock-terms",
        "error",
        "The terms of a code in the lock are not written as kind/id.",
        "A code on the wrong term would not be noticed.",
        "write the kind/id of each term of the code, one blank between them, or leave the cell empty",
        ({_CODE_LOCK_PATH: "system\tcode\tdisplay\tterms\nUBERON\tUBERON:0002228\trib\tribs, rib\n"},),
        ({_CODE_LOCK_PATH: "system\tcode\tdisplay\tterms\nUBERON\tUBERON:0002228\trib\tsite/ribs\n"},),
    ),
)
