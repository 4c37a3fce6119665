"""Agreement: facts that speak of the same thing say the same of it."""
