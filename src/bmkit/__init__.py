"""bmkit: the facts of a medical article, kept once and checked."""

__version__ = "0.1.0"
SCHEMAS_VERSION = 1
"""The version of the shipped schemas; the schema of settings has it, too."""
