"""Error-prone writing: ways of writing doses that people have misread, and that harmed patients."""
