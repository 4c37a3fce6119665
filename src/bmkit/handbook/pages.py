"""The pages of the handbook, as Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bmkit.handbook.fields import to_anchor, to_table_cell
from bmkit.handbook.rule_docs import collect_example_messages, list_rule_docs
from bmkit.schema.roles import load_roles, load_sorts
from bmkit.ucum.dimensions import read_dimensions
from bmkit.wording import format_quantity
from bmkit.write_json import format_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bmkit.handbook.rule_docs import ExampleMessage
    from bmkit.rule_doc import RuleDoc
    from bmkit.schema import Schemas
    from bmkit.schema.roles import Role, Sort

_RULES_INTRO = """\
# Rules

<!-- Made by `make docs`; do not edit. -->

Every issue names the rule that is broken, as `family.fault`. An **error** must not be published and stops
every export; a **warning** wants a second look. `--select` and `--ignore` take rules and families; what
guards a dose can be neither ignored nor lowered ([settings.md](settings.md)).
"""


_ROLES_INTRO = """\
# Roles

<!-- Made by `make docs`; do not edit. -->

What a kind or a field *is*, whatever it is called: rules, exports and hints ask for roles. A kind or field
whose name is a role has it (`total_in` is `total-in`); a field that refers to a kind has the role of that
kind, if no other field of its object has it or could have it. Where name and role differ, the schema says so:
`"x-role": "dose"`; `"x-role": "none"` takes away a role that the name would give. Within one object a role
stands once. The list is [schema/meta/roles.json](../schema/meta/roles.json);
[annotations.md](annotations.md) explains the parts of a statement, and the marks.
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
        "| role | part of a field that refers to it | mark | what it is |\n|---|---|---|---|\n"
        + "".join(
            f"| `{role.name}` | {role.part} | {', '.join(sorted(role.marks))} | "
            f"{to_table_cell(role.description)} |\n"
            for role in roles.of_kinds.values()
        )
        + "\n## Of fields\n\n"
        "| role | type | part | mark | compared only with the same | in FHIR | what it is |\n"
        "|---|---|---|---|---|---|---|\n"
        + "".join(
            f"| `{role.name}` | {role.dimension or role.value_type} | {role.part} | "
            f"{', '.join(sorted(role.marks))} | {_list_companions(role)} | {role.fhir_element} | "
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


def format_examples(examples: Sequence[Any], in_words: str = "") -> list[str]:
    """Return the examples of a rule as text: in words if there are any, else as JSON, or file by file."""
    return [in_words] if in_words else [_format_example(example) for example in examples]


def _format_example(example: Any) -> str:
    if isinstance(example, bytes):
        # What is wrong with bytes cannot always be shown as text: then they are shown as Python writes them.
        text = example.decode("utf-8", errors="replace")
        is_readable = example.isascii() or (text.isprintable() and "\ufffd" not in text)
        return text.strip() if is_readable else str(example)[2:-1]
    if example and all(isinstance(part, str) and "." in path for path, part in example.items()):
        return "\n".join(f"{path}:\n{text}".rstrip() for path, text in example.items())
    return _format_json_example(example)


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


def _format_json_example(example: Any) -> str:
    # A list or object that fits on a line is easier to read there.
    return _fold_json(example, "", 100)


def _fold_json(value: Any, indent: str, max_width: int) -> str:
    """Write JSON with each list and object on one line where it has room, else one item a line."""
    one_line = format_json(value)
    if len(indent) + len(one_line) <= max_width or not isinstance(value, dict | list):
        return one_line
    inner_indent = indent + "  "
    if isinstance(value, list):
        items = [_fold_json(item, inner_indent, max_width) for item in value]
        brackets = "[]"
    else:
        items = [
            f"{format_json(key)}: {_fold_json(item, inner_indent, max_width)}" for key, item in value.items()
        ]
        brackets = "{}"
    lines = f",\n{inner_indent}".join(items)
    return f"{brackets[0]}\n{inner_indent}{lines}\n{indent}{brackets[1]}"
