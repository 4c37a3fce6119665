"""Text: characters that mislead, and words that do not agree with the fields beside them."""
