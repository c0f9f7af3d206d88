"""Build keian's own tables of figures for Japan from the pinned public raw files."""
