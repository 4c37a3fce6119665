"""Regimens: whether they say all that is needed, and whether how often and how long agree."""
