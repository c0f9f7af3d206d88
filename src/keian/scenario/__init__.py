"""Scenarios and measures as data: load, combine, check against economy and law, explain."""

from keian.scenario.check import check
from keian.scenario.explain import explain
from keian.scenario.load import load_measures, load_scenarios
from keian.scenario.nouns import Measure, Scenario

__all__ = ["Measure", "Scenario", "check", "explain", "load_measures", "load_scenarios"]
