"""Repairs that are safe to make without asking: of names, words and text, never of a quantity or a code."""

from bmkit.fix.find import find_repairs
from bmkit.fix.repair import Repair, apply_repairs

__all__ = ["Repair", "apply_repairs", "find_repairs"]
