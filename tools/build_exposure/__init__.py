"""Builds the tables of the room exposure from the pinned wheel: world flows, governance."""
