"""What there is to say about the rules that are no functions of rules/: of shape, of folders, of schemas."""

from __future__ import annotations

from bmkit.handbook.told.files import BASELINE_RULE_DOCS, CODES_RULE_DOCS, CONTENT_RULE_DOCS
from bmkit.handbook.told.schema import SCHEMA_RULE_DOCS
from bmkit.handbook.told.shape import SHAPE_RULE_DOCS
from bmkit.handbook.told.told import RuleDoc

__all__ = ["OTHER_RULE_DOCS", "RuleDoc"]

OTHER_RULE_DOCS = {
    f"{family}.{fault}": rule_doc
    for family, faults in {
        "shape": SHAPE_RULE_DOCS,
        "content": CONTENT_RULE_DOCS,
        "codes": CODES_RULE_DOCS,
        "schema": SCHEMA_RULE_DOCS,
        "baseline": BASELINE_RULE_DOCS,
    }.items()
    for fault, rule_doc in faults.items()
}
