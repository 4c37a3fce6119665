"""Codes: what standard terminologies call our terms."""
