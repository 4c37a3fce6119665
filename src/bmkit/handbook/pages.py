"""The pages of the handbook, as Markdown."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from bmkit.handbook.answers import collect_example_messages
from bmkit.handbook.marks import to_anchor, to_table_cell
from bmkit.handbook.told import OTHER_RULE_DOCS
from bmkit.jsontext.rules import JSON_RULES
from bmkit.rules import load_all_rules

if TYPE_CHECKING:
    from bmkit.handbook.answers import ExampleMessage
    from bmkit.schema import Schemas

_RULES_INTRO = """\
# Rules

<!-- Made by `make docs`; do not edit. -->

Every issue names the rule that is broken, as `family.fault`. An **error** must not be published and stops
every export; a **warning** wants a second look. `--select` and `--ignore` take rules and families.
"""


class RuleDoc(NamedTuple):
    """What there is to say of a rule; the examples are texts of JSON, or what comes nearest to it.

    `fix` is how a fault of its sort is put right, "" where the hints of its issues say that; see `fix_of`.
    """

    rule_id: str
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
        return self.rule_id.partition(".")[0]


def list_rule_docs() -> list[RuleDoc]:
    """Give the page of every rule, by id."""
    rule_docs = [
        RuleDoc(
            rule.id,
            rule.severity.value,
            rule.title,
            rule.why,
            tuple(_format_json_example(example) for example in rule.bad),
            tuple(_format_json_example(example) for example in rule.good),
            rule.fix,
            rule.source,
        )
        for rule in load_all_rules()
    ]
    for rule_id, json_rule in JSON_RULES.items():
        # What is wrong with bytes cannot be shown as text: then the bytes are shown as Python writes them.
        bad_text = (
            json_rule.bad.decode("utf-8").strip() if json_rule.bad.isascii() else str(json_rule.bad)[2:-1]
        )
        bad_texts, good_texts = (
            (json_rule.bad_in_words or bad_text,),
            (json_rule.good_in_words or json_rule.good.decode("utf-8"),),
        )
        rule_docs.append(
            RuleDoc(
                rule_id,
                "error",
                json_rule.title,
                json_rule.why,
                bad_texts,
                good_texts,
                json_rule.fix,
                json_rule.source,
            )
        )
    for rule_id, other_rule in OTHER_RULE_DOCS.items():
        bad_texts, good_texts = (
            (_format_other_example(rule_id, other_rule.bad),),
            (_format_other_example(rule_id, other_rule.good),),
        )
        rule_docs.append(
            RuleDoc(
                rule_id,
                other_rule.severity,
                other_rule.title,
                other_rule.why,
                bad_texts,
                good_texts,
                other_rule.fix,
                other_rule.source,
            )
        )
    return sorted(rule_docs)


def format_rules_page() -> str:
    """Give docs/rules.md."""
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
            f"### {rule_doc.rule_id}\n\n*{rule_doc.severity}*: **{rule_doc.title}** {rule_doc.why}".rstrip()
            + "\n"
        )
        sections += [f"To put it right: {rule_doc.fix}.\n"] if rule_doc.fix else []
        sections += [f"Bad:\n\n{_fence_code(text)}" for text in rule_doc.bad[:1]]
        example_messages = collect_example_messages(rule_doc.rule_id)
        sections += [_format_example_message(example_messages[0])] if example_messages else []
        sections += [f"Good:\n\n{_fence_code(text)}" for text in rule_doc.good[:1]]
        sections += [f"Source: {rule_doc.source}.\n"] if rule_doc.source else []
    return "\n".join(sections)


def _format_other_example(rule_id: str, example: Any) -> str:
    """Show an example of a rule that is no function: as JSON, or file by file."""
    if rule_id.startswith(("shape.", "schema.")):
        return _format_json_example(example)
    return "\n".join(f"{path}:\n{text}".rstrip() for path, text in example.items())


def _fence_code(text: str) -> str:
    language = "json" if text.startswith(("{", "[")) else "text"
    return f"```{language}\n{text}\n```\n"


def _format_example_message(example_message: ExampleMessage) -> str:
    hint = f"; hint: {example_message.hint}" if example_message.hint else ""
    return f"bmkit says: {to_table_cell(example_message.message)}{to_table_cell(hint)}\n"


def format_editor_settings(schemas: Schemas) -> str:
    """Give .vscode/settings.json, which ties the files of content to the schemas of their kinds."""
    schema_associations = [
        {"fileMatch": [f"content/*/{kind_name}.json"], "url": f"./schema/{kind_name}.schema.json"}
        for kind_name in schemas.kind_names
    ]
    return json.dumps({"json.schemas": schema_associations}, indent=2) + "\n"


def _format_json_example(example: Any) -> str:
    text = json.dumps(example, indent=2, ensure_ascii=False, default=_to_json_float)
    # A list or object that fits on a line is easier to read there.
    return _fold_json(json.loads(text, parse_float=Decimal), "", 100)


def _to_json_float(value: object) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(type(value).__name__)


def _fold_json(value: Any, indent: str, max_width: int) -> str:
    """Write JSON with each list and object on one line where it has room, else one item a line."""
    one_line = json.dumps(value, ensure_ascii=False, default=_to_json_float)
    if len(indent) + len(one_line) <= max_width or not isinstance(value, dict | list):
        return one_line
    inner_indent = indent + "  "
    if isinstance(value, list):
        items = [_fold_json(item, inner_indent, max_width) for item in value]
        brackets = "[]"
    else:
        items = [
            f"{json.dumps(key, ensure_ascii=False)}: {_fold_json(item, inner_indent, max_width)}"
            for key, item in value.items()
        ]
        brackets = "{}"
    lines = f",\n{inner_indent}".join(items)
    return f"{brackets[0]}\n{inner_indent}{lines}\n{indent}{brackets[1]}"
