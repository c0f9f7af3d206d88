"""How far users of a good already use less before it falls below its floor, and what that costs.

Users restrain earlier the less stands behind them (docs/method/crisis.md 2.4b), so a smaller reserve
can give a later day. A day is therefore never told without the restraint that holds it up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from keian.core import Figure
from keian.crisis._arrays import F
from keian.crisis.simulate import Outcome
from keian.review.describe import Setting
from keian.review.needs import Need
from keian.review.nouns import Restraint
from keian.review.stats import make_figure
from keian.review.study import Study

LEAST_SHARE = 0.005  # of normal use; below this nobody would call it restraint


@dataclass(frozen=True, slots=True)
class Restrained:
    """Restraint in one run: first day (inf = never), mean share not used, loss until the fall."""

    from_day: float
    share: float
    lost: float  # MUSD


def find_restraint(avail: F, lost: F, until: int) -> Restrained:
    """Find the restraint in one run before a day.

    Parameters
    ----------
    avail : (T,) rate of use that users afford, 1 = normal.
    lost : (T,) value added lost, MUSD/day.
    until : day on which the good falls below its floor, or the horizon.

    Examples
    --------
    >>> found = find_restraint(np.array([1.0, 0.9, 0.7, 0.1]), np.array([0.0, 1.0, 2.0, 9.0]), 3)
    >>> found.from_day, round(found.share, 3), found.lost
    (1.0, 0.2, 3.0)
    >>> find_restraint(np.ones(3), np.array([0.0, 5.0, 5.0]), 3)
    Restrained(from_day=inf, share=0.0, lost=0.0)
    """
    unused = 1.0 - avail[:until]
    days = np.flatnonzero(unused > LEAST_SHARE)
    if not days.size:
        return Restrained(float("inf"), 0.0, 0.0)
    start = int(days[0])
    return Restrained(float(start), float(unused[start:].mean()), float(lost[:until].sum()))


def describe_restraint(setting: Setting, study: Study, need: Need) -> Restraint | None:
    """Describe the restraint that holds up a good; None where its users take what they normally do."""
    if need.kind != "good":
        return None
    mode = _find_in(setting, study, need, study.mode(), study.base().first[need.id])
    if not mode.share:
        return None
    kept = [(study.at("base", d).outcome, study.base(d)) for d in study.numbers()]
    draws = [
        _find_in(setting, study, need, outcome, summary.first[need.id])
        for outcome, summary in kept
        if outcome is not None
    ]
    trace = f"{setting.run_id}/{study.scenario.id}/{need.id}/restraint"
    yearly = 100.0 / setting.year()

    def figure(value: float, values: Sequence[float], unit: str, key: str) -> Figure:
        return make_figure(value, values, unit=unit, label=setting.label, trace=f"{trace}/{key}")

    return Restraint(
        share=figure(100.0 * mode.share, [100.0 * d.share for d in draws], "%", "share"),
        from_day=figure(
            mode.from_day, [d.from_day for d in draws if d.share], "day", "from_day"
        ),
        lost=figure(
            setting.yen(mode.lost), [setting.yen(d.lost) for d in draws], "billion yen", "lost"
        ),
        lost_share=figure(
            yearly * mode.lost, [yearly * d.lost for d in draws], "% of one year", "lost_share"
        ),
    )  # fmt: skip


def _find_in(
    setting: Setting, study: Study, need: Need, outcome: Outcome, first: float
) -> Restrained:
    home = setting.compiled.index.region[setting.compiled.economy.home]
    until = int(min(first, study.scenario.horizon_days))
    lost = setting.base.value_added - outcome.value_added[:, home]
    return find_restraint(outcome.avail[:, need.index], lost, until)
