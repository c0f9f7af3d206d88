"""The command `keian`: a thin door over the rooms, one file a subject."""

from keian.cli.door import app, main

__all__ = ["app", "main"]
