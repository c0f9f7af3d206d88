"""Charts of the report, one per file."""
