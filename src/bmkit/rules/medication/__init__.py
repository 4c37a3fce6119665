"""Rules about medicines, and the regimens, usual doses and limits that they share."""
