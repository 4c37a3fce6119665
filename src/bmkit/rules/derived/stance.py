"""What a stance comes to: whether something may be done."""

YES = ("required", "recommended", "strongly recommended", "practised", "allowed")
"""The stances that let something be done."""
ADVISED = ("required", "recommended", "strongly recommended")
"""Those of them that want it done."""
NO = ("not practised", "not recommended", "to be avoided", "contraindicated", "strictly prohibited")
"""The stances that forbid it; those that ask a doctor first do neither."""
