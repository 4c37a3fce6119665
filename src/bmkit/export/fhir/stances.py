"""What the words for a stance come to: what forbids, what only permits, what is a contraindication."""

from __future__ import annotations

# Stances that forbid: an order made from such a definition must say "do not".
FORBIDDING_STANCES = frozenset(
    {"not practised", "not recommended", "to be avoided", "contraindicated", "strictly prohibited"}
)
# Stances that permit: of what may be done no order can be made, neither to do it nor to leave it.
PERMITTING_STANCES = frozenset(
    {"allowed", "allowed with a doctor's approval", "allowed only with a doctor's approval"}
)
# Stances that leave no exception.
CONTRAINDICATING_STANCES = frozenset({"contraindicated", "strictly prohibited"})
