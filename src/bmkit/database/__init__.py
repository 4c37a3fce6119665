"""The facts as an SQLite database: tables and keys from the schemas, views with labels, questions to it."""
