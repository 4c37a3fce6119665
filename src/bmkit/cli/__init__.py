"""The command line: parses, prints, and decides the exit status."""

from __future__ import annotations

from bmkit.cli.main import main, run

__all__ = ["main", "run"]
