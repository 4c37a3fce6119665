"""Doses beside the highest that may be given: those of regimens, and the limits among themselves."""
