"""UCUM units: whether a code is valid, what it measures, conversion, and words for people.

Each module is imported by itself: `names` needs no table of units.
"""
