"""Ensembles: many draws of one scenario, played anywhere, resumed after anything."""

from keian.crisis.ensemble.executors import Executor, make_executor
from keian.crisis.ensemble.files import read_statistics
from keian.crisis.ensemble.plan import Plan
from keian.crisis.ensemble.play import Pace, begin_ensemble, find_finished, play_ensemble
from keian.crisis.ensemble.statistics import Statistics

__all__ = [
    "Executor",
    "Pace",
    "Plan",
    "Statistics",
    "begin_ensemble",
    "find_finished",
    "make_executor",
    "play_ensemble",
    "read_statistics",
]
