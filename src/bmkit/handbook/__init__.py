"""The handbook: the documentation of every rule and every field, made from the rules and schemas."""

from __future__ import annotations

from bmkit.handbook.fields import describe_field_type, format_fields_page, iter_table_fields
from bmkit.handbook.pages import (
    format_dimensions_page,
    format_editor_settings,
    format_examples,
    format_roles_page,
    format_rules_page,
)
from bmkit.handbook.rule_docs import (
    ExampleMessage,
    collect_example_messages,
    find_fix,
    list_rule_docs,
    list_rule_names,
)

__all__ = [
    "ExampleMessage",
    "collect_example_messages",
    "describe_field_type",
    "find_fix",
    "format_dimensions_page",
    "format_editor_settings",
    "format_examples",
    "format_fields_page",
    "format_roles_page",
    "format_rules_page",
    "iter_table_fields",
    "list_rule_docs",
    "list_rule_names",
]
