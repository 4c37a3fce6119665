"""The pages of the handbook, as Markdown."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from bmkit.handbook.answers import answers
from bmkit.handbook.marks import anchor, cell
from bmkit.handbook.told import TOLD
from bmkit.jsontext.rules import JSON_RULES
from bmkit.rules import load_all_rules

if TYPE_CHECKING:
    from bmkit.handbook.answers import Answer
    from bmkit.schema import Schemas

_RULES = """\
# Rules

<!-- Made by `make docs`; do not edit. -->

Every issue names the rule that is broken, as `family.fault`. An **error** must not be published and stops
every export; a **warning** wants a second look. `--select` and `--ignore` take rules and families.
"""


class Page(NamedTuple):
    """What there is to say of a rule; the examples are texts of JSON, or what comes nearest to it.

    `fix` is how a fault of its sort is put right, "" where the hints of its issues say that; see `fix_of`.
    """

    rule: str
    severity: str
    title: str
    why: str
    bad: tuple[str, ...]
    good: tuple[str, ...]
    fix: str = ""
    source: str = ""

    @property
    def family(self) -> str:
        """The group that the rule belongs to, the first half of its id."""
        return self.rule.partition(".")[0]


def every_rule() -> list[Page]:
    """Give the page of every rule, by id."""
    pages = [
        Page(
            rule.id,
            rule.severity.value,
            rule.title,
            rule.why,
            tuple(_json(scrap) for scrap in rule.bad),
            tuple(_json(scrap) for scrap in rule.good),
            rule.fix,
            rule.source,
        )
        for rule in load_all_rules()
    ]
    for name, told in JSON_RULES.items():
        # What is wrong with bytes cannot be shown as text: then the bytes are shown as Python writes them.
        shown = told.bad.decode("utf-8").strip() if told.bad.isascii() else str(told.bad)[2:-1]
        bad, good = (told.bad_in_words or shown,), (told.good_in_words or told.good.decode("utf-8"),)
        pages.append(Page(name, "error", told.title, told.why, bad, good, told.fix, told.source))
    for name, one in TOLD.items():
        bad, good = (_example(name, one.bad),), (_example(name, one.good),)
        pages.append(Page(name, one.severity, one.title, one.why, bad, good, one.fix, one.source))
    return sorted(pages)


def rules_page() -> str:
    """Give docs/rules.md."""
    pages = every_rule()
    parts = [
        _RULES,
        "| rule | | what is wrong |\n|---|---|---|\n"
        + "".join(
            f"| [{page.rule}](#{anchor(page.rule)}) | {page.severity} | {cell(page.title)} |\n"
            for page in pages
        ),
    ]
    family = ""
    for page in pages:
        if page.family != family:
            family = page.family
            parts.append(f"## {family}\n")
        parts.append(f"### {page.rule}\n\n*{page.severity}*: **{page.title}** {page.why}".rstrip() + "\n")
        parts += [f"To put it right: {page.fix}.\n"] if page.fix else []
        parts += [f"Bad:\n\n{_fenced(text)}" for text in page.bad[:1]]
        said = answers(page.rule)
        parts += [_answer(said[0])] if said else []
        parts += [f"Good:\n\n{_fenced(text)}" for text in page.good[:1]]
        parts += [f"Source: {page.source}.\n"] if page.source else []
    return "\n".join(parts)


def _example(name: str, example: Any) -> str:
    """Show an example of a rule that is no function: as JSON, or file by file."""
    if name.startswith(("shape.", "schema.")):
        return _json(example)
    return "\n".join(f"{path}:\n{text}".rstrip() for path, text in example.items())


def _fenced(text: str) -> str:
    form = "json" if text.startswith(("{", "[")) else "text"
    return f"```{form}\n{text}\n```\n"


def _answer(answer: Answer) -> str:
    hint = f"; hint: {answer.hint}" if answer.hint else ""
    return f"bmkit says: {cell(answer.message)}{cell(hint)}\n"


def editor_settings(schemas: Schemas) -> str:
    """Give .vscode/settings.json, which ties the files of content to the schemas of their kinds."""
    ties = [
        {"fileMatch": [f"content/*/{name}.json"], "url": f"./schema/{name}.schema.json"}
        for name in schemas.kind_names
    ]
    return json.dumps({"json.schemas": ties}, indent=2) + "\n"


def _json(scrap: Any) -> str:
    text = json.dumps(scrap, indent=2, ensure_ascii=False, default=_number)
    # A list or object that fits on a line is easier to read there.
    return _folded(json.loads(text, parse_float=Decimal), "", 100)


def _number(value: object) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(type(value).__name__)


def _folded(value: Any, indent: str, room: int) -> str:
    """Write JSON with each list and object on one line where it has room, else one item a line."""
    flat = json.dumps(value, ensure_ascii=False, default=_number)
    if len(indent) + len(flat) <= room or not isinstance(value, dict | list):
        return flat
    inner = indent + "  "
    if isinstance(value, list):
        items = [_folded(item, inner, room) for item in value]
        ends = "[]"
    else:
        items = [
            f"{json.dumps(key, ensure_ascii=False)}: {_folded(item, inner, room)}"
            for key, item in value.items()
        ]
        ends = "{}"
    lines = f",\n{inner}".join(items)
    return f"{ends[0]}\n{inner}{lines}\n{indent}{ends[1]}"
