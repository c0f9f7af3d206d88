"""Economies: world table, critical goods, essential services, routes and their parameters."""

from keian.economy.check import Verdict, check_economy, economy_digest
from keian.economy.load import load_economy, set_aside
from keian.economy.nouns import Economy, Good, RegisteredGood

__all__ = [
    "Economy",
    "Good",
    "RegisteredGood",
    "Verdict",
    "check_economy",
    "economy_digest",
    "load_economy",
    "set_aside",
]
