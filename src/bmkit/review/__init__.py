"""Who has signed what, and what has changed since."""
