"""Pack the factors that shocks and measures set into the kernel's `Forcing`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np

from keian.crisis._arrays import LANES, F, Forcing, Ints, Lanes, Static

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Group:
    """A flow of the table that some event touches: a product from one region to another."""

    product: int
    origin: int
    destination: int


@dataclass(slots=True)
class Factors:
    """Daily factors while a scenario is compiled; multiplied where they meet, then packed.

    The only mutable thing of this room: it lives inside one call of `compile_forcing`.
    """

    days: int
    capital: dict[int, F] = field(default_factory=dict)
    work: dict[int, F] = field(default_factory=dict)
    demand: dict[tuple[int, int], F] = field(default_factory=dict)
    outage_left: dict[int, F] = field(default_factory=dict)
    backup: dict[int, F] = field(default_factory=dict)
    source: dict[Group, F] = field(default_factory=dict)
    route: dict[Group, F] = field(default_factory=dict)
    group_up: dict[Group, int] = field(default_factory=dict)
    group_yard: dict[Group, F] = field(default_factory=dict)
    group_lag: dict[Group, F] = field(default_factory=dict)
    group_units: dict[Group, set[int] | None] = field(default_factory=dict)  # None = all clients
    line_source: dict[int, F] = field(default_factory=dict)
    line_route: dict[int, F] = field(default_factory=dict)
    line_lag: dict[int, F] = field(default_factory=dict)
    good_extra: dict[int, F] = field(default_factory=dict)
    good_need: dict[int, F] = field(default_factory=dict)
    good_side: dict[int, F] = field(default_factory=dict)
    use_factor: dict[int, F] = field(default_factory=dict)
    pool_draw: dict[int, F] = field(default_factory=dict)
    pool_loss: dict[int, F] = field(default_factory=dict)

    def lane(self, table: dict[Key, F], key: Key, start: float = 1.0) -> F:
        """Return the (T, B) series of a target, made on first use."""
        if key not in table:
            table[key] = np.full((self.days, LANES), start)
        return table[key]


def _pack(table: dict[int, F], days: int) -> tuple[Ints, F]:
    keys = sorted(table)
    series = np.stack([table[k] for k in keys]) if keys else np.zeros((0, days, LANES))
    return np.array(keys, np.int32), np.ascontiguousarray(series)


def _fill(table: dict[int, F], count: int, days: int, start: float) -> F:
    series = np.full((count, days, LANES), start)
    for key, value in table.items():
        series[key] = value
    return series


def _shift(series: F, days: int) -> F:
    """Move a factor later in time; what came before is 1."""
    if days <= 0:
        return series
    moved = np.ones_like(series)
    moved[days:] = series[:-days] if days < series.shape[0] else 1.0
    return moved


def _supplier(st: Static, group: Group) -> tuple[int, int]:
    """Position of the group's supplier inside its product's block, and the unit (-1 = none)."""
    k0, k1 = st.sup_ptr[group.product], st.sup_ptr[group.product + 1]
    for k, unit in enumerate(st.sup_unit[k0:k1]):
        if st.unit_region[unit] == group.origin:
            return k, int(unit)
    return -1, -1


def _pack_parts(st: Static, f: Factors, groups: list[Group]) -> dict[str, F | Ints]:
    """Which clients of a group the events can touch: all, or the users of the goods it carries."""
    width = int(np.diff(st.unit_start).max())
    part, final = np.ones((len(groups), width)), np.ones((len(groups), 2))
    for k, group in enumerate(groups):
        units = f.group_units.get(group)
        if units is not None:
            u0 = int(st.unit_start[group.destination])
            part[k] = [float(u0 + w in units) for w in range(width)]
            final[k] = 0.0
    return {"group_part": part, "group_part_final": final}


def _pack_groups(st: Static, f: Factors) -> dict[str, F | Ints]:
    regions = st.unit_start.size - 1
    named = {g for g in [*f.source, *f.route] if _supplier(st, g)[1] >= 0}
    groups = sorted(named, key=lambda g: (g.product, g.destination, g.origin))
    cells = np.array([g.product * regions + g.destination for g in groups], np.int64)
    counts = np.bincount(cells, minlength=st.b.shape[0] * regions)
    ones = np.ones((f.days, LANES))
    zero = np.zeros((f.days, LANES))
    lag = [int(st.lag_days[st.lag_class[g.product, g.origin, g.destination]]) for g in groups]
    up = [min(f.group_up.get(g, 0), d) for g, d in zip(groups, lag, strict=True)]
    source = [f.source.get(g, ones) for g in groups]
    route = [f.route.get(g, ones) for g in groups]
    arrive = [
        _shift(r, d - u) * _shift(s, d) for r, s, d, u in zip(route, source, lag, up, strict=True)
    ]

    def stack(parts: list[F], dtype: type = np.float64) -> F:
        empty = np.zeros((0, f.days, LANES))
        return np.ascontiguousarray(np.stack(parts) if parts else empty, dtype=dtype)

    return {
        "group_ptr": np.concatenate([[0], np.cumsum(counts)]).astype(np.int32),
        "group_sup": np.array([_supplier(st, g)[0] for g in groups], np.int32),
        "group_unit": np.array([_supplier(st, g)[1] for g in groups], np.int32),
        "group_up": np.array(up, np.int32),
        "group_yard": np.array(
            [f.group_yard.get(g, np.zeros(LANES)) for g in groups], np.float64
        ).reshape(len(groups), LANES),
        **_pack_parts(st, f, groups),
        "source_open": stack(source),
        "route_open": stack(route),
        "arrive_open": stack(arrive),
        "extra_lag": stack([f.group_lag.get(g, zero) for g in groups], np.int32),
    }


def pack_forcing(st: Static, f: Factors) -> Forcing:
    """Pack the factors of a batch.

    Returns
    -------
    Forcing whose neutral values (1 for factors, 0 for additions) stand where nothing happens.
    """
    regions = st.unit_start.size - 1
    lines, goods = st.line_good.size, st.good_parent.size
    uses, pools = st.use_good.size, st.pool_good.size
    capital_unit, capital = _pack(f.capital, f.days)
    work_unit, work = _pack(f.work, f.days)
    demand_cell, demand = _pack({p * regions + r: v for (p, r), v in f.demand.items()}, f.days)
    outage_service, left = _pack(f.outage_left, f.days)
    backup_use, backup = _pack(f.backup, f.days)
    fields: dict[str, object] = {
        "capital_unit": capital_unit,
        "capital": capital,
        "work_unit": work_unit,
        "work": work,
        "demand_cell": demand_cell,
        "demand": demand,
        "outage_service": outage_service,
        "outage": 1.0 - left,
        "backup_use": backup_use,
        "backup": backup,
        "line_source": _fill(f.line_source, lines, f.days, 1.0),
        "line_route": _fill(f.line_route, lines, f.days, 1.0),
        "line_extra": _fill(f.line_lag, lines, f.days, 0.0).astype(np.int32),
        "good_extra": _fill(f.good_extra, goods, f.days, 0.0),
        "good_need": _fill(f.good_need, goods, f.days, 1.0),
        "good_side": _fill(f.good_side, goods, f.days, 0.0),
        "use_factor": _fill(f.use_factor, uses, f.days, 1.0),
        "pool_draw": _fill(f.pool_draw, pools, f.days, 0.0),
        "pool_loss": _fill(f.pool_loss, pools, f.days, 0.0),
    }
    fields |= _pack_groups(st, f)
    return Forcing(**fields)  # type: ignore[arg-type]  # one dict of arrays


def open_pools(f: Factors, ln: Lanes, limits: F) -> None:
    """Commercial tanks feed users without a decision, up to their limit."""
    for k in np.flatnonzero(ln.pool_auto):
        f.lane(f.pool_draw, int(k), 0.0)[:] = limits[k]
