"""Evidence: values, results and schedules of radiotherapy that cannot be as they are stated."""
