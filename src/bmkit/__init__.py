"""bmkit: the facts of a medical article, kept once and checked."""

__version__ = "0.1.0"
