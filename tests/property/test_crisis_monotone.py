"""How often the order of harm is turned may not grow beyond what the method page says."""

from pathlib import Path

import pytest

from tests.monotone import FEW, RULES, list_rates, read_rates

PAGE = Path(__file__).parents[2] / "docs" / "method" / "crisis.md"
MANY = 2000
ROUNDING = 1e-5  # days: the page gives five digits


@pytest.fixture(scope="module")
def stored():
    return read_rates(PAGE.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("column", "worlds"), [(0, FEW), pytest.param(1, MANY, marks=pytest.mark.slow)]
)
def test_turned_pairs_do_not_become_more_or_larger(stored, column, worlds):
    assert list(stored) == list(RULES)
    for rate in list_rates(range(worlds)):
        turned, size = stored[rate.rule][column]
        assert rate.turned <= turned, f"{rate.rule}: {rate.largest}"
        assert rate.largest.size <= size + ROUNDING, f"{rate.rule}: {rate.largest}"
        moved = abs(rate.largest.worse - rate.largest.better)
        assert moved > 0, f"{rate.rule}: nothing happened at all"
