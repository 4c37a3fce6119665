"""Makes the pages of reference: docs/fields.md, roles.md, dimensions.md, rules.md and settings.md.

`make docs` writes them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bmkit.config.faults import load_settings_schema, resolve_setting_schema
from bmkit.handbook import (
    GROUP_DESCRIPTIONS,
    collect_example_messages,
    describe_field_type,
    format_examples,
    get_short_template,
    iter_table_fields,
    list_rule_docs,
)
from bmkit.schema.roles import load_roles, load_sorts
from bmkit.ucum.dimensions import read_dimensions
from bmkit.wording import format_quantity
from bmkit.write_json import format_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bmkit.handbook import ExampleMessage
    from bmkit.rule_doc import RuleDoc
    from bmkit.schema import Field, Kind, Schemas
    from bmkit.schema.roles import Role, Sort


_FIELDS_INTRO = """\
# Kinds and their fields

<!-- Made by `make docs`; do not edit. -->

A file of content is `{"$schema": …, "records": [ … ]}`, and its name is the kind of its records. In the
tables **bold** fields must be there.

A *quantity* is `{"value": 4, "unit": "mg"}` or a range, `{"low": 65, "high": 75, "unit": "%"}`; either may
have a `"comparator"` where the article says more than the number (about, at most, above …). Units are UCUM
codes. A line set off with `>` is how a record reads: what is in brackets is left out where a field in it is
missing.
"""


def format_fields_page(schemas: Schemas) -> str:
    """Return docs/fields.md."""
    kinds = list(schemas)
    sections = [_FIELDS_INTRO]
    for group, description in GROUP_DESCRIPTIONS.items():
        group_kinds = [kind for kind in kinds if kind.group == group]
        links = ", ".join(f"[{kind.name}](#{to_anchor(kind.name)})" for kind in group_kinds)
        sections.append(f"## {group}\n\n{description} {len(group_kinds)} kinds: {links}\n")
        sections += [_format_kind_section(kind) for kind in group_kinds]
    return "\n".join(sections)


def _format_kind_section(kind: Kind) -> str:
    template = get_short_template(kind)
    sentence_quote = f"\n> {template}\n" if template else ""
    rows = "".join(_format_field_row(field) for field in iter_table_fields(kind.fields))
    table = f"| field | is | what it says |\n|---|---|---|\n{rows}"
    return f"### {kind.name}\n\n{kind.title}: {kind.description}\n{sentence_quote}\n{table}"


def _format_field_row(field: Field) -> str:
    name = f"`{'.'.join(field.path)}`"
    name_cell = f"**{name}**" if field.required else name
    return (
        f"| {name_cell} | {to_table_cell(describe_field_type(field, _link_kind, _format_monospace))} "
        f"| {to_table_cell(field.description)} |\n"
    )


def _link_kind(kind: str) -> str:
    return f"[{kind}](#{to_anchor(kind)})"


def _format_monospace(unit: str) -> str:
    return f"`{unit}`"


def to_anchor(heading: str) -> str:
    """Return the anchor that GitHub makes of a heading."""
    return heading.lower().replace(".", "")


def to_table_cell(text: str) -> str:
    """Return a text as it may stand in a cell of a table."""
    return " ".join(text.replace("|", "\\|").split())


_RULES_INTRO = """\
# Rules

<!-- Made by `make docs`; do not edit. -->

Every issue names the rule that is broken, as `family.fault`. An **error** must not be published and stops
every export (those of the families `review` and `source` stop only one that
[answers for the facts](review.md)); a **warning** wants a second look. `--select` and `--ignore` take
rules and families; what guards a dose can be neither ignored nor lowered ([settings.md](settings.md)).
"""


_ROLES_INTRO = """\
# Roles

<!-- Made by `make docs`; do not edit. -->

What a kind or a field *is*, whatever it is called: rules, exports and hints ask for roles. A kind or field
whose name is a role has it (`total_in` is `total-in`); a field that refers to a kind has the role of that
kind, if no other field of its object has it or could have it. Where name and role differ, the schema says so:
`"x-role": "dose"`; `"x-role": "none"` takes away a role that the name would give. Within one object a role
stands once. The list is [schema/meta/roles.json](../schema/meta/roles.json);
[annotations.md](annotations.md) explains the parts of a statement and the marks, [changes.md](changes.md) the
gravity.
"""


_SORTS_INTRO = """
## Sorts of characteristics

What tells patients apart is of a sort (the role `sort` of a `characteristic`). What is said of patients in a
range that is an exception contradicts nothing that is said of patients in general. Nobody is outside of the
plausible ranges, or measured in other units.

| sort | plausible | exceptions |
|---|---|---|
"""


def format_roles_page() -> str:
    """Return docs/roles.md."""
    roles = load_roles()
    field_roles = [role for name, role in roles.of_fields.items() if name not in roles.of_kinds]
    return (
        f"{_ROLES_INTRO}\n## Of kinds\n\n"
        "| role | part of a field that refers to it | mark | gravity | what it is |\n|---|---|---|---|---|\n"
        + "".join(
            f"| `{role.name}` | {role.part} | {', '.join(sorted(role.marks))} | {role.gravity} | "
            f"{to_table_cell(role.description)} |\n"
            for role in roles.of_kinds.values()
        )
        + "\n## Of fields\n\n"
        "| role | type | part | mark | compared only with the same | in FHIR | gravity | what it is |\n"
        "|---|---|---|---|---|---|---|---|\n"
        + "".join(
            f"| `{role.name}` | {role.dimension or role.value_type} | {role.part} | "
            f"{', '.join(sorted(role.marks))} | {_list_companions(role)} | {role.fhir_element} | "
            f"{role.gravity} | "
            f"{to_table_cell(role.description)} |\n"
            for role in field_roles
        )
        + _SORTS_INTRO
        + "".join(
            f"| {sort.name} | {_list_ranges(sort.plausible_ranges)} | {_describe_exceptions(sort)} |\n"
            for sort in load_sorts().values()
        )
    )


def _list_companions(role: Role) -> str:
    return ", ".join(
        [*role.companions, *(f"{name} (if both state it)" for name in role.companions_if_stated)]
    )


def _describe_exceptions(sort: Sort) -> str:
    if sort.is_exception:
        return "all"
    return _list_ranges(sort.exceptional_ranges)


def _list_ranges(ranges: Iterable[dict[str, Any]]) -> str:
    return ", ".join(map(format_quantity, ranges))


_DIMENSIONS_INTRO = """\
# Dimensions

<!-- Made by `make docs`; do not edit. -->

What a unit measures. `x-unit` of a quantity names a dimension, or a group of them; rules compare, convert and
add within one dimension only, whatever UCUM's algebra allows: to that, `mg/kg` is a share and `mg/kg/d` a
radioactivity. A unit that is not in the table can be compared with itself alone. A code of several
dimensions is of the one that its field names, else of the first here.

The table, with the exact factors, is [schema/common/dimensions.json](../schema/common/dimensions.json); the
kinds of quantity are those of [QUDT](https://qudt.org). Quantities that the fields of a schema may refer to
are in [schema/common/quantity.schema.json](../schema/common/quantity.schema.json).
"""


_MAX_LISTED_CODES = 12


def format_dimensions_page() -> str:
    """Return docs/dimensions.md."""
    table = read_dimensions()
    group_rows = (
        f"| `{group.name}` | {to_table_cell(group.description)} "
        f"| {_list_names(group.members) if len(group.members) < len(table.dimensions) else 'all'} |\n"
        for group in table.groups.values()
    )
    dimension_rows = (
        f"| `{dimension.name}` | {dimension.quantity_kind} | {_list_names(tuple(dimension.factors))} "
        f"| {to_table_cell(dimension.description)} |\n"
        for dimension in table.dimensions.values()
    )
    return (
        f"{_DIMENSIONS_INTRO}\n## Groups\n\n| group | what it is | its dimensions |\n|---|---|---|\n"
        + "".join(group_rows)
        + "\n## Dimensions\n\n| dimension | kind of quantity | units | what it is |\n|---|---|---|---|\n"
        + "".join(dimension_rows)
    )


def _list_names(names: tuple[str, ...]) -> str:
    listed = ", ".join(f"`{name}`" for name in names[:_MAX_LISTED_CODES])
    more = len(names) - _MAX_LISTED_CODES
    return f"{listed} and {more} more" if more > 0 else listed


def format_rules_page() -> str:
    """Return docs/rules.md."""
    rule_docs = list_rule_docs()
    sections = [
        _RULES_INTRO,
        "| rule | | what is wrong |\n|---|---|---|\n"
        + "".join(
            (
                f"| [{rule_doc.rule_id}](#{to_anchor(rule_doc.rule_id)}) | "
                f"{rule_doc.severity} | {to_table_cell(rule_doc.title)} |\n"
            )
            for rule_doc in rule_docs
        ),
    ]
    family = ""
    for rule_doc in rule_docs:
        if rule_doc.family != family:
            family = rule_doc.family
            sections.append(f"## {family}\n")
        sections.append(
            f"### {rule_doc.rule_id}\n\n*{_describe_severity(rule_doc)}*: "
            + f"**{rule_doc.title}** {rule_doc.why}".rstrip()
            + "\n"
        )
        sections += [f"How to fix: {rule_doc.fix}.\n"] if rule_doc.fix else []
        sections += [
            f"Bad:\n\n{_fence_code(text)}"
            for text in format_examples(rule_doc.bad, rule_doc.bad_in_words)[:1]
        ]
        example_messages = collect_example_messages(rule_doc)
        sections += [_format_example_message(example_messages[0])] if example_messages else []
        sections += [
            f"Good:\n\n{_fence_code(text)}"
            for text in format_examples(rule_doc.good, rule_doc.good_in_words)[:1]
        ]
        sections += [f"Source: {rule_doc.source}.\n"] if rule_doc.source else []
    return "\n".join(sections)


def _describe_severity(rule_doc: RuleDoc) -> str:
    return f"{rule_doc.severity}, guards a dose" if rule_doc.guards_dose else rule_doc.severity


def _fence_code(text: str) -> str:
    language = "json" if text.startswith(("{", "[")) else "text"
    return f"```{language}\n{text}\n```\n"


def _format_example_message(example_message: ExampleMessage) -> str:
    hint = f"; hint: {example_message.hint}" if example_message.hint else ""
    return f"bmkit says: {to_table_cell(example_message.message)}{to_table_cell(hint)}\n"


def format_editor_settings(schemas: Schemas) -> str:
    """Return .vscode/settings.json, which ties the files of content to the schemas of their kinds."""
    schema_associations = [
        {"fileMatch": [f"content/*/{kind_name}.json"], "url": f"./schema/{kind_name}.schema.json"}
        for kind_name in schemas.kind_names
    ]
    return format_json({"json.schemas": schema_associations}, indent=2) + "\n"


_SETTINGS_INTRO = """\
# Settings

<!-- Made by `make docs`; do not edit. -->

A project is settled in one file: `bmkit.toml` beside `content/`. The same keys may stand under
`[tool.bmkit]` of `pyproject.toml` instead; both at once are refused. All keys are optional, and every
command reads them, so that the language server, the hooks and the action do, too. What the command line says
wins over the file.

```toml
schemas = 1

[publisher]
name = "Example Hospital, Department of Pharmacy"
url = "https://hospital.example.org"

[content]
version = "2025.2"
licence = "CC-BY-4.0"

[rules.ignore]
"writing.ratio" = "the journal writes strengths as ratios"

[rules.severity]
"references.unused" = { severity = "error", reason = "a term without facts is a mistake here" }

[terminologies]
FORMULARY = "https://terms.example.org/formulary"

[export]
base-url = "https://fhir.example.org/r5"

[export.fhir]
release = "R4B"

[review]
max-age-days = 730
```

A fault of the file is named by the path of its keys, and ends the command with exit status 2:

```
bmkit: bmkit.toml: rules.severity."slip.unusal": there is no rule "slip.unusal"; did you mean "slip.unusual"?
```

Its JSON Schema is [schema/settings/bmkit.schema.json](../schema/settings/bmkit.schema.json).

## All keys

NAME is a name of your own: of a rule or a family of rules, a terminology, a sheet, a heading.
"""


_GUARDS_INTRO = """\
## Rules that guard a dose

Some rules can be neither ignored nor lowered from error to warning, here or with `--ignore`: a wrong dose
could pass unseen, in any record, from then on. A record that is right although such a rule reports it is
allowed at its place, by a record of the kind `suppression` with a reason and a last day
([living-with-it.md](living-with-it.md)). What is wrong with a file, a schema
or the shape of a record cannot be allowed at all: correct it. These rules guard a dose, by family:

"""


def format_settings_page() -> str:
    """Return docs/settings.md."""
    rows = "".join(
        f"| `{key}` | {_describe_type(subschema)} | {to_table_cell(subschema['description'])} |\n"
        for key, subschema in _iter_settings(load_settings_schema(), "")
    )
    guards = [rule_doc for rule_doc in list_rule_docs() if rule_doc.guards_dose]
    family_lines = []
    for family in dict.fromkeys(rule_doc.family for rule_doc in guards):
        family_guards = [rule_doc for rule_doc in guards if rule_doc.family == family]
        is_whole = len(family_guards) == sum(rule_doc.family == family for rule_doc in list_rule_docs())
        rule_names = "all of it" if is_whole else ", ".join(f"`{guard.rule_id}`" for guard in family_guards)
        family_lines.append(f"| {family} | {rule_names} |\n")
    return (
        f"{_SETTINGS_INTRO}\n| key | is | says |\n|---|---|---|\n{rows}\n{_GUARDS_INTRO}"
        f"| family | rules |\n|---|---|\n{''.join(family_lines)}"
    )


def _iter_settings(subschema: dict[str, Any], key: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the key and the schema of each setting in a table; NAME stands for a name of one's own."""
    for name, property_schema in subschema.get("properties", {}).items():
        yield from _iter_setting(property_schema, f"{key}{name}")
    named_schema = subschema.get("additionalProperties")
    if isinstance(named_schema, dict):
        described_schema = {"description": subschema["description"], **named_schema}
        yield from _iter_setting(described_schema, f"{key}NAME")


def _iter_setting(setting_schema: dict[str, Any], key: str) -> Iterator[tuple[str, dict[str, Any]]]:
    subschema = resolve_setting_schema(setting_schema)
    if subschema["type"] == "object":
        yield from _iter_settings(subschema, f"{key}.")
    else:
        yield key, subschema


def _describe_type(subschema: dict[str, Any]) -> str:
    items = subschema.get("items", {})
    words = subschema.get("enum") or items.get("enum")
    if words:
        joined = ", ".join(f"`{word}`" for word in words)
        return f"list of {joined}" if items else joined
    return {"string": "text", "integer": "whole number", "boolean": "true or false"}[subschema["type"]]
