"""The handbook: the documentation of every rule and every field, made from the rules and schemas."""

from __future__ import annotations

from bmkit.handbook.fields import (
    GROUP_DESCRIPTIONS,
    describe_field_type,
    get_short_template,
    iter_table_fields,
    list_needed_kinds,
)
from bmkit.handbook.rule_docs import (
    ExampleMessage,
    collect_example_messages,
    find_fix,
    format_examples,
    list_project_rule_docs,
    list_rule_docs,
    list_rule_names,
)
from bmkit.handbook.settings import describe_refused_ignore, refuse_wrong_settings

__all__ = [
    "GROUP_DESCRIPTIONS",
    "ExampleMessage",
    "collect_example_messages",
    "describe_field_type",
    "describe_refused_ignore",
    "find_fix",
    "format_examples",
    "get_short_template",
    "iter_table_fields",
    "list_needed_kinds",
    "list_project_rule_docs",
    "list_rule_docs",
    "list_rule_names",
    "refuse_wrong_settings",
]
