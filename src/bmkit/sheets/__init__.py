"""Workbooks that come back: read with distrust, compared with what was exported, and merged into content."""
