"""What rules read out of records: amounts, patients, usual ranges."""
