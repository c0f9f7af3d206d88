"""Build the table of sailing distances that goods and routes of Japan rest on."""
