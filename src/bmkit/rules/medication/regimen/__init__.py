"""Regimens: whether they are complete, and whether frequency and duration fit each other."""
