"""Plant and staff lost by unit: areas of the country, kinds of contract, the minimum crew (2.2c)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from keian.core import Triple
from keian.crisis._arrays import F
from keian.crisis.cast import Cast, draw_loss, match_units
from keian.crisis.forcing import Build, Factors
from keian.crisis.run import draw_input
from keian.scenario import nouns as n
from keian.scenario.draws import key_shock
from keian.scenario.parts import find_workforce, has_contracts, list_area_units

EVERYWHERE = None  # the part of a unit that lies in no struck area
CONTRACTS = ("regular", "non_regular")
Struck = n.CapacityLoss | n.WorkforceLoss


def strike_units(cast: Cast, f: Factors) -> None:
    """Set what losses of plant and staff leave of each unit's capital and workforce."""
    lost: dict[int, list[tuple[Struck, F]]] = {}
    for shock in cast.run.scenario.shocks:
        if isinstance(shock, n.CapacityLoss | n.WorkforceLoss):
            series = draw_loss(cast, shock, shock.loss, "loss")
            for i in _list_struck(cast, shock):
                lost.setdefault(i, []).append((shock, series))
    for i, losses in lost.items():
        plants = [(s, x) for s, x in losses if isinstance(s, n.CapacityLoss) and s.rebuild is None]
        staff = [(s, x) for s, x in losses if isinstance(s, n.WorkforceLoss)]
        if plants:
            f.series(f.capital, i)[:] *= _leave_capital(cast, i, plants)
        if staff:
            f.series(f.work, i)[:] *= _leave_staff(cast, i, staff)
        for shock, series in losses:
            if isinstance(shock, n.CapacityLoss) and shock.rebuild is not None:
                f.series(f.capital, i)  # set anew every day, then lowered by what is not built
                ruin = _build_again(cast, i, shock, shock.rebuild, series)
                if ruin.cost > 0.0:
                    f.builds.append(ruin)


def _list_struck(cast: Cast, shock: Struck) -> Iterator[int]:
    """List the units that a loss can reach: with a share in its area, with contracts of its kind."""
    there = None if shock.area is None else list_area_units(cast.economy, shock.area)
    for i in match_units(cast, shock.units):
        unit = cast.economy.units[i]
        if there is not None and unit not in there:
            continue
        by_contract = isinstance(shock, n.WorkforceLoss) and shock.contract != "all"
        if by_contract and not has_contracts(cast.economy, unit):
            continue
        yield i


def _split(cast: Cast, i: int, areas: Sequence[str]) -> list[tuple[str | None, float]]:
    """Split a unit into its parts in struck areas and the rest; shares sum to 1.

    Shares of all areas are drawn, so that what is drawn too high together is scaled to the whole.
    """
    if not areas:
        return [(EVERYWHERE, 1.0)]
    unit = cast.economy.units[i]
    drawn = {
        area.id: draw_input(cast.run, f"area.{area.id}.{unit}.share", part.share)
        for area in cast.economy.areas
        for part in area.shares
        if part.unit_id == unit
    }
    whole = max(1.0, sum(drawn.values()))
    parts: list[tuple[str | None, float]] = [(a, drawn[a] / whole) for a in areas]
    return [*parts, (EVERYWHERE, 1.0 - sum(share for _, share in parts))]


def _build_again(cast: Cast, i: int, shock: n.CapacityLoss, rebuild: n.Rebuild, lost: F) -> Build:
    """What of a unit is destroyed, what that costs, and how fast it can be built (2.9b)."""

    def draw(field: str, triple: Triple) -> float:
        return draw_input(cast.run, key_shock(cast.run.scenario, shock, field), triple)

    share = 1.0
    if shock.area is not None:
        share = dict(_split(cast, i, [shock.area]))[shock.area]
    ready = draw("start_day", shock.start_day) + draw("duration_days", shock.duration_days)
    made = float(cast.st.v[i] * cast.st.x0[i]) * cast.rules.days_per_year  # MUSD a year
    years = draw("rebuild.capital_years", rebuild.capital_years)
    cost = years * made * draw("loss", shock.loss) * share
    return Build(
        unit=i,
        lost=share * lost,
        part=np.clip(np.arange(cast.days) + 1.0 - ready, 0.0, 1.0),
        cost=cost,
        rate=cost / draw("rebuild.build_days", rebuild.build_days),
        mix={cast.index.product[part.product]: part.share for part in rebuild.products},
    )


def _list_areas(losses: Sequence[tuple[Struck, F]]) -> list[str]:
    return sorted({shock.area for shock, _ in losses if shock.area is not None})


def _leave_capital(cast: Cast, i: int, losses: Sequence[tuple[Struck, F]]) -> F:
    left = np.zeros(cast.days)
    for area, share in _split(cast, i, _list_areas(losses)):
        part = np.ones(cast.days)
        for shock, lost in losses:
            if shock.area in (None, area):
                part *= 1.0 - lost
        left += share * part
    return left


def _leave_staff(cast: Cast, i: int, losses: Sequence[tuple[Struck, F]]) -> F:
    """Who is there of the staff, by part and contract; below the minimum crew a part stops."""
    line = find_workforce(cast.economy, cast.economy.units[i])
    crew = 0.0
    if line is not None:
        crew = draw_input(cast.run, f"workforce.{line.id}.minimum_crew", line.minimum_crew)
    heads = _share_contracts(cast, i, losses)
    left = np.zeros(cast.days)
    for area, share in _split(cast, i, _list_areas(losses)):
        there = np.zeros(cast.days)
        for contract, head in heads:
            part = np.ones(cast.days)
            for shock, lost in losses:
                struck = isinstance(shock, n.WorkforceLoss) and shock.contract in ("all", contract)
                if struck and shock.area in (None, area):
                    part *= 1.0 - lost
            there += head * part
        left += share * np.where(there >= crew, there, 0.0)
    return left


def _share_contracts(
    cast: Cast, i: int, losses: Sequence[tuple[Struck, F]]
) -> list[tuple[str, float]]:
    """Shares of the staff by contract; one head where no loss tells contracts apart."""
    if all(isinstance(s, n.WorkforceLoss) and s.contract == "all" for s, _ in losses):
        return [("all", 1.0)]
    line = find_workforce(cast.economy, cast.economy.units[i])
    if line is None or line.regular_share is None or line.non_regular_share is None:
        return [("all", 1.0)]
    shares = (line.regular_share, line.non_regular_share)
    drawn = [
        draw_input(cast.run, f"workforce.{line.id}.{contract}_share", share)
        for contract, share in zip(CONTRACTS, shares, strict=True)
    ]
    return [(c, x / sum(drawn)) for c, x in zip(CONTRACTS, drawn, strict=True)]
