"""Agreement: facts about the same thing state the same of it."""
