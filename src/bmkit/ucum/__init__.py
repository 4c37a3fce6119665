"""UCUM units: is a code valid, what does it measure, how much is it in another, and how do people say it.

`algebra` answers the first three, `dimensions` names what fields may measure, `words` is for people.  Each is
imported by itself: who says a unit in words does not wait for the table of all units.
"""
