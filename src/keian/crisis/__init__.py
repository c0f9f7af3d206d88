"""Crises day by day: compile an economy and runs to arrays, play them, collect what happened."""

from keian.crisis.compile import compile_economy
from keian.crisis.inoperability import calc_dynamic_inoperability, calc_inoperability
from keian.crisis.percolation import calc_mutual_percolation
from keian.crisis.result import collect
from keian.crisis.rules import Switches, load_rules
from keian.crisis.run import Run
from keian.crisis.simulate import simulate_runs

__all__ = [
    "Run",
    "Switches",
    "calc_dynamic_inoperability",
    "calc_inoperability",
    "calc_mutual_percolation",
    "collect",
    "compile_economy",
    "load_rules",
    "simulate_runs",
]
