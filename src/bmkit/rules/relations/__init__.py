"""Relations that schemas declare between values, of one record or of several."""
