"""Scenarios and measures as data: load, combine, check against economy and law, explain."""

from keian.scenario.check import check
from keian.scenario.explain import explain
from keian.scenario.load import list_shipped, load_measures, load_scenario, load_scenarios

__all__ = [
    "check",
    "explain",
    "list_shipped",
    "load_measures",
    "load_scenario",
    "load_scenarios",
]
