"""What rules derive from records: amounts, texts, codes, hierarchies."""
