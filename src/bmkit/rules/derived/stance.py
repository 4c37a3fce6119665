"""What a stance comes to: whether something may be done."""

ALLOWING_STANCES = ("required", "recommended", "strongly recommended", "practised", "allowed")
"""The stances that let something be done."""
ADVISING_STANCES = ("required", "recommended", "strongly recommended")
"""Those of them that want it done."""
FORBIDDING_STANCES = (
    "not practised",
    "not recommended",
    "to be avoided",
    "contraindicated",
    "strictly prohibited",
)
"""The stances that forbid it; those that ask a doctor first do neither."""
