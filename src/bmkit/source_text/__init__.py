"""What a text says, read from its words alone, and the facts held against that."""
