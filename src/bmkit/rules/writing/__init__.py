"""Error-prone writing: notations of doses that were misread, and harmed patients."""
