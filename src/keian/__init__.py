"""What a country depends on, what crises break first, and what each measure buys."""

from importlib.metadata import version

__version__ = version("keian")

__all__ = ["__version__"]
