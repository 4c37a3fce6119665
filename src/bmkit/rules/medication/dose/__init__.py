"""Doses compared with the maxima, and the maxima with each other."""
