"""The pages of the handbook, as Markdown."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from bmkit.handbook.told import TOLD
from bmkit.json_text.explained import RULES as JSON_RULES
from bmkit.rules import all_rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bmkit.schema import Field, Kind, Schemas

GROUPS = {
    "fact": "What an article states.",
    "term": "Reference lists, which facts refer to.",
    "article": "The article itself.",
}

_RULES = """\
# Rules

<!-- Made by `make docs`; do not edit. -->

Every issue names the rule that is broken, as `family.fault`. An **error** must not be published and stops
every export; a **warning** wants a second look. `--select` and `--ignore` take rules and families.
"""

_FIELDS = """\
# Kinds and their fields

<!-- Made by `make docs`; do not edit. -->

A file of content is `{"$schema": …, "records": [ … ]}`, and its name is the kind of its records. In the
tables **bold** fields must be there.

A *quantity* is `{"value": 4, "unit": "mg"}` or a range, `{"low": 65, "high": 75, "unit": "%"}`; either may
have a `"comparator"` where the article says more than the number (about, at most, above …). Units are UCUM
codes.
"""


class Page(NamedTuple):
    """What there is to say of a rule; the examples are texts of JSON, or what comes nearest to it."""

    rule: str
    severity: str
    title: str
    why: str
    bad: tuple[str, ...] = ()
    good: tuple[str, ...] = ()

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
        )
        for rule in all_rules()
    ]
    for name, told in JSON_RULES.items():
        # What is wrong with bytes cannot be shown as text: then the bytes are shown as Python writes them.
        shown = told.bad.decode("utf-8") if told.bad.isascii() else str(told.bad)[2:-1]
        bad = (shown.strip(),) if shown.strip() else ()
        pages.append(Page(name, "error", told.title, told.why, bad))
    pages += [
        Page(
            name,
            told.severity,
            told.title,
            told.why,
            (told.bad,) * bool(told.bad),
            (told.good,) * bool(told.good),
        )
        for name, told in TOLD.items()
    ]
    return sorted(pages)


def rules_page() -> str:
    """Give docs/rules.md."""
    pages = every_rule()
    parts = [
        _RULES,
        "| rule | | what is wrong |\n|---|---|---|\n"
        + "".join(
            f"| [{page.rule}](#{_anchor(page.rule)}) | {page.severity} | {_cell(page.title)} |\n"
            for page in pages
        ),
    ]
    family = ""
    for page in pages:
        if page.family != family:
            family = page.family
            parts.append(f"## {family}\n")
        parts.append(f"### {page.rule}\n\n*{page.severity}*: **{page.title}** {page.why}".rstrip() + "\n")
        parts += [f"Bad:\n\n```json\n{text}\n```\n" for text in page.bad[:1]]
        parts += [f"Good:\n\n```json\n{text}\n```\n" for text in page.good[:1]]
    return "\n".join(parts)


def fields_page(schemas: Schemas) -> str:
    """Give docs/fields.md."""
    kinds = list(schemas)
    parts = [_FIELDS]
    for group, text in GROUPS.items():
        own = [kind for kind in kinds if kind.group == group]
        links = ", ".join(f"[{kind.name}](#{_anchor(kind.name)})" for kind in own)
        parts.append(f"## {group}\n\n{text} {len(own)} kinds: {links}\n")
        parts += [_kind(kind) for kind in own]
    return "\n".join(parts)


def editor_settings(schemas: Schemas) -> str:
    """Give .vscode/settings.json, which ties the files of content to the schemas of their kinds."""
    ties = [
        {"fileMatch": [f"content/*/{name}.json"], "url": f"./schema/{name}.schema.json"}
        for name in schemas.names
    ]
    return json.dumps({"json.schemas": ties}, indent=2) + "\n"


def _kind(kind: Kind) -> str:
    sentence = f"\n> {kind.sentence}\n" if kind.sentence else ""
    rows = "".join(_row(field) for field in _shown(kind.fields))
    table = f"| field | is | what it says |\n|---|---|---|\n{rows}"
    return f"### {kind.name}\n\n{kind.title}: {kind.description}\n{sentence}\n{table}"


def _shown(fields: Iterable[Field]) -> Iterator[Field]:
    """Give the fields of a table; the parts of a quantity are the same everywhere and told once."""
    for field in fields:
        yield field
        if field.type == "object":
            yield from _shown(field.fields)


def _row(field: Field) -> str:
    name = f"`{'.'.join(field.path)}`"
    shown = f"**{name}**" if field.required else name
    return f"| {shown} | {_cell(_type(field))} | {_cell(field.description)} |\n"


def _type(field: Field) -> str:
    """Say what a value of the field is, such as "list of references to site"."""
    if field.type == "reference":
        one, many = (
            f"reference to [{field.ref}](#{_anchor(field.ref)})",
            f"references to [{field.ref}](#{_anchor(field.ref)})",
        )
    elif field.type == "quantity":
        one = many = "quantity in " + ", ".join(f"`{unit}`" for unit in field.units)
    elif field.values:
        values = ", ".join(str(value) for value in field.values)
        one, many = (values, values) if len(field.values) == 1 else (f"one of: {values}", values)
    elif field.format:
        one, many = field.format, f"{field.format}s"
    else:
        one, many = field.type, "text" if field.type == "text" else f"{field.type}s"
    said = f"list of {many}" if field.many else one
    return ", ".join([said + _limits(field), *map(str, field.relations)])


def _limits(field: Field) -> str:
    if field.minimum is not None and field.maximum is not None:
        return f", {field.minimum} to {field.maximum}"
    if field.minimum is not None:
        return f", from {field.minimum}"
    if field.maximum is not None:
        return f", to {field.maximum}"
    return ""


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


def _anchor(name: str) -> str:
    """Give the anchor that GitHub makes of a heading."""
    return name.lower().replace(".", "")


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())
