"""`python -m bmkit` is the command bmkit."""

from __future__ import annotations

from bmkit.cli import run

run()
