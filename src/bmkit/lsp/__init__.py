"""The language server: what editors show of content while it is being typed."""

from __future__ import annotations
