"""Codes: the terms of standard terminologies that our terms stand for."""
