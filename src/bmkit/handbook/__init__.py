"""The handbook: what there is to say of every rule and every field, made from the rules and schemas."""

from __future__ import annotations

from bmkit.handbook.answers import ExampleMessage, collect_example_messages, find_fix
from bmkit.handbook.fields import describe_field_type, format_fields_page, iter_table_fields
from bmkit.handbook.names import list_rule_names
from bmkit.handbook.pages import RuleDoc, format_editor_settings, format_rules_page, list_rule_docs

__all__ = [
    "ExampleMessage",
    "RuleDoc",
    "collect_example_messages",
    "describe_field_type",
    "find_fix",
    "format_editor_settings",
    "format_fields_page",
    "format_rules_page",
    "iter_table_fields",
    "list_rule_docs",
    "list_rule_names",
]
