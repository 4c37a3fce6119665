"""The handbook: what there is to say of every rule and every field, made from the rules and schemas."""

from __future__ import annotations

from bmkit.handbook.answers import Answer, answers, fix_of
from bmkit.handbook.fields import fields_page, shown, what
from bmkit.handbook.names import rule_names
from bmkit.handbook.pages import Page, editor_settings, every_rule, rules_page

__all__ = [
    "Answer",
    "Page",
    "answers",
    "editor_settings",
    "every_rule",
    "fields_page",
    "fix_of",
    "rule_names",
    "rules_page",
    "shown",
    "what",
]
