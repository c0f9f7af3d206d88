"""Exposure: what a country depends on - concentration, look-through, choke points."""

from keian.exposure.criteria import load_criteria
from keian.exposure.panel import Panel, load_panel, take_panel
from keian.exposure.screen import Screen, screen

__all__ = ["Panel", "Screen", "load_criteria", "load_panel", "screen", "take_panel"]
