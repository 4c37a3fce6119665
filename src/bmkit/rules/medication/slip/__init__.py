"""Slips: doses that differ from what is usual of their product, by a number or by how they are given."""
