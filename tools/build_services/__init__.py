"""Build the table of mutual dependence between essential services."""
