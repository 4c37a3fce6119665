"""`python -m bmkit` is the command bmkit."""

from __future__ import annotations

import sys

from bmkit.cli import main

sys.exit(main())
