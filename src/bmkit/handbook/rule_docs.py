"""The documentation of all rules, their examples as text, and what bmkit says about the bad ones."""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from bmkit.issue import Severity
from bmkit.jsontext import JsonError, parse_json
from bmkit.rule_doc import RuleDoc
from bmkit.rules import load_all_rules, run_rules
from bmkit.rules.examples import build_content
from bmkit.write_json import format_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bmkit.config import Settings
    from bmkit.issue import Issue
    from bmkit.rules import Rule

_OTHER_RULES_FILE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "other_rules.json")


def _read_other_rules() -> dict[str, RuleDoc]:
    with open(_OTHER_RULES_FILE, "rb") as file:
        entries_by_rule = parse_json(file.read())
    return {
        rule_id: RuleDoc(
            rule_id,
            entry.get("severity", Severity.ERROR.value),
            entry["title"],
            entry["why"],
            entry["fix"],
            _list_examples(rule_id, entry.get("bad", []), entry.get("bad_encoding", "utf-8")),
            _list_examples(rule_id, entry["good"], "utf-8"),
            entry.get("source", ""),
            entry.get("bad_in_words", ""),
            entry.get("good_in_words", ""),
            guards_dose=entry.get("guards_dose", True),
        )
        for rule_id, entry in entries_by_rule.items()
    }


def _list_examples(rule_id: str, value: Any, encoding: str) -> tuple[Any, ...]:
    """Return the examples of a rule, one of which needs no list; those of strict reading are bytes."""
    examples = value if isinstance(value, list) else [value]
    return tuple(text.encode(encoding) if rule_id.startswith("json.") else text for text in examples)


OTHER_RULES = _read_other_rules()
"""The documentation of rules that are no functions: what finds their faults also does the reading."""

_WORD_SCHEMA = {"type": "string", "title": "Word", "description": "A word.", "examples": ["rib"]}
_RECORD_SCHEMA = {
    "type": "object",
    "title": "Kind",
    "description": "A kind.",
    "additionalProperties": False,
    "required": ["id", "word"],
    "properties": {"id": _WORD_SCHEMA, "word": _WORD_SCHEMA},
}
_KIND_SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Kind",
    "description": "A kind.",
    "x-group": "fact",
    "x-sentence": "it is called {word}",
    "type": "object",
    "additionalProperties": False,
    "required": ["$schema", "records"],
    "properties": {
        "$schema": _WORD_SCHEMA,
        "records": {**_WORD_SCHEMA, "type": "array", "items": {"$ref": "#/$defs/record"}, "examples": [[]]},
    },
    "$defs": {"record": _RECORD_SCHEMA},
}


class ExampleMessage(NamedTuple):
    """A message to a bad example, and its hint, which may be ""."""

    message: str
    hint: str


@cache
def list_rule_docs() -> tuple[RuleDoc, ...]:
    """Return the documentation of every rule, by id."""
    rule_docs = {rule.id: rule.doc for rule in load_all_rules()} | OTHER_RULES
    return tuple(rule_docs[rule_id] for rule_id in sorted(rule_docs))


def list_project_rule_docs(settings: Settings) -> tuple[RuleDoc, ...]:
    """Return the documentation of every rule, and of the project's own behind them."""
    return (*list_rule_docs(), *(own_rule.doc for own_rule in settings.own_rules))


def list_rule_names(settings: Settings | None = None) -> list[str]:
    """Return the names of all families and rules, each family before its rules; those of a project, too."""
    rule_docs = list_rule_docs() if settings is None else list_project_rule_docs(settings)
    return list(dict.fromkeys(name for rule_doc in rule_docs for name in (rule_doc.family, rule_doc.rule_id)))


def collect_example_messages(rule_doc: RuleDoc, max_examples: int | None = None) -> list[ExampleMessage]:
    """Return the messages to the bad examples of a rule, each message once; empty if they cannot be run.

    Only the first `max_examples` are run.
    """
    return list(
        dict.fromkeys(
            ExampleMessage(message, hint)
            for example in rule_doc.bad[:max_examples]
            for message, hint in _run_bad_example(rule_doc, example)
        )
    )


def find_fix(rule_doc: RuleDoc) -> str:
    """Return how to fix what a rule finds: as its documentation says, or else a hint at a bad example."""
    return rule_doc.fix or next(
        (message.hint for message in collect_example_messages(rule_doc) if message.hint), ""
    )


def _run_bad_example(rule_doc: RuleDoc, example: Any) -> Iterator[tuple[str, str]]:
    rules_by_id: dict[str, Rule] = {rule.id: rule for rule in load_all_rules()}
    issues: list[Issue] = []
    if rule_doc.rule_id in rules_by_id:
        issues = list(run_rules([rules_by_id[rule_doc.rule_id]], build_content(example)))
    elif rule_doc.family == "shape":
        issues = find_shape_example_issues(example)
    elif rule_doc.family == "schema":
        issues = find_schema_example_issues(example)
    elif rule_doc.family == "json":
        try:
            parse_json(example)
        except JsonError as error:
            for fault in error.faults:
                if fault.rule == rule_doc.rule_id:
                    yield fault.message, fault.hint
    for issue in issues:
        if issue.rule == rule_doc.rule_id:
            yield issue.message, issue.hint


def find_shape_example_issues(example: dict[str, Any]) -> list[Issue]:
    """Return the issues of shape in an example."""
    from bmkit.shape import ShapeChecker, find_shape_issues

    return find_shape_issues(build_content(example), ShapeChecker())


def find_schema_example_issues(schema_part: dict[str, Any]) -> list[Issue]:
    """Return the issues in the schema of a kind that is good but for this part."""
    from bmkit.schema import SCHEMA_SUFFIX, Schemas
    from bmkit.schema_lint import find_schema_issues
    from bmkit.shape import ShapeChecker

    schemas = Schemas(
        "", ("kind",), documents={f"kind{SCHEMA_SUFFIX}": _merge_documents(_KIND_SCHEMA, schema_part)}
    )
    return find_schema_issues(schemas, ShapeChecker())


def _merge_documents(document: Any, changes: Any, *, are_properties: bool = False) -> Any:
    """Put a part into a document: objects are merged, but each of `properties` is as the part has it."""
    merged = dict(document)
    for key, value in changes.items():
        is_nested = not are_properties and isinstance(value, dict) and isinstance(document.get(key), dict)
        merged[key] = (
            _merge_documents(document[key], value, are_properties=key == "properties") if is_nested else value
        )
    return merged


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
