"""Pack the factors that shocks and measures set into the kernel's `Forcing`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np

from keian.crisis._arrays import Drawn, F, Forcing, Ints, Static

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Group:
    """A flow of the table that some event touches: a product from one region to another."""

    product: int
    origin: int
    destination: int


@dataclass(slots=True)
class Passage:
    """A strait or port that a flow passes: how far on the way, and what it lets through.

    open : (T,) share.   extra : (T,) days of detour.   units : the clients it can stop, None = all.
    """

    position: float  # days from the origin
    yard: float  # days of normal flow that may wait
    open: F
    extra: F
    units: set[int] | None = None


@dataclass(frozen=True, slots=True)
class Build:
    """Plant of one unit that is destroyed and built again (2.9b).

    lost : (T,) share of the unit's capital, as if nothing were built.   part : (T,) share of the
    day on which building goes on.   cost : MUSD.   rate : MUSD/day at most.   mix : share of the
    cost by product.
    """

    unit: int
    lost: F
    part: F
    cost: float
    rate: float
    mix: dict[int, float]


@dataclass(slots=True)
class Factors:
    """Daily factors of one run while its scenario is compiled; multiplied where they meet.

    The only mutable thing of this room: it lives inside one call of `compile_run`. Passages of a
    flow are kept apart by name, because each stops its own clients at its own place.
    """

    days: int
    capital: dict[int, F] = field(default_factory=dict)
    work: dict[int, F] = field(default_factory=dict)
    demand: dict[tuple[int, int], F] = field(default_factory=dict)
    builds: list[Build] = field(default_factory=list)
    outage_left: dict[int, F] = field(default_factory=dict)
    backup: dict[int, F] = field(default_factory=dict)
    source: dict[Group, F] = field(default_factory=dict)
    passages: dict[Group, dict[str, Passage]] = field(default_factory=dict)
    line_source: dict[int, F] = field(default_factory=dict)
    line_seen: dict[int, F] = field(default_factory=dict)
    entry: F = field(init=False)  # open share of the ports of home
    straits: dict[int, dict[str, Passage]] = field(default_factory=dict)
    good_extra: dict[int, F] = field(default_factory=dict)
    good_need: dict[int, F] = field(default_factory=dict)
    good_side: dict[int, F] = field(default_factory=dict)
    use_factor: dict[int, F] = field(default_factory=dict)
    pool_draw: dict[int, F] = field(default_factory=dict)
    pool_loss: dict[int, F] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.entry = np.ones(self.days)

    def series(self, table: dict[Key, F], key: Key, start: float = 1.0) -> F:
        """Return the (T,) series of a target, made on first use."""
        if key not in table:
            table[key] = np.full(self.days, start)
        return table[key]

    def passage(
        self, table: dict[Key, dict[str, Passage]], key: Key, name: str, *,
        position: float, yard: float, units: set[int] | None = None,
    ) -> Passage:  # fmt: skip
        """Return a passage of a flow or line, made open on first use."""
        named = table.setdefault(key, {})
        if name not in named:
            ones, zeros = np.ones(self.days), np.zeros(self.days)
            named[name] = Passage(position, yard, ones, zeros, units)
        return named[name]


def _pack(table: dict[int, F], days: int) -> tuple[Ints, F]:
    keys = sorted(table)
    series = np.stack([table[k] for k in keys]) if keys else np.zeros((0, days))
    return np.array(keys, np.int32), np.ascontiguousarray(series)


def _fill(table: dict[int, F], count: int, days: int, start: float) -> F:
    series = np.full((count, days), start)
    for key, value in table.items():
        series[key] = value
    return series


def _stack(parts: list[F], days: int, dtype: type = np.float64) -> F:
    return np.ascontiguousarray(np.stack(parts) if parts else np.zeros((0, days)), dtype=dtype)


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


def _in_order(passages: dict[str, Passage], lag: int) -> list[tuple[int, Passage]]:
    """Passages as ships meet them, with the whole days from the origin."""
    places = [(round(min(p.position, lag)), name, p) for name, p in passages.items()]
    return [(up, p) for up, _, p in sorted(places, key=lambda x: x[:2])]


def _pack_passages(
    st: Static, f: Factors, groups: list[Group], lags: list[int]
) -> dict[str, F | Ints]:
    """The passages of each group in order, and which clients each can stop."""
    width = int(np.diff(st.unit_start).max())
    ptr, ups, rows, arrive = [0], [], [], []
    part: list[F] = []
    for group, lag in zip(groups, lags, strict=True):
        u0 = int(st.unit_start[group.destination])
        for up, passage in _in_order(f.passages.get(group, {}), lag):
            ups.append(up)
            rows.append(passage)
            arrive.append(_shift(passage.open, lag - up))
            units = passage.units
            part.append(np.array([float(units is None or u0 + w in units) for w in range(width)]))
        ptr.append(len(rows))
    final = [float(p.units is None) for p in rows]
    return {
        "pass_ptr": np.array(ptr, np.int32),
        "pass_up": np.array(ups, np.int32),
        "pass_yard": np.array([p.yard for p in rows], np.float64),
        "pass_part": _stack(part, width),
        "pass_part_final": np.repeat(np.array(final, np.float64)[:, None], 2, axis=1),
        "pass_open": _stack([p.open for p in rows], f.days),
        "pass_arrive": _stack(arrive, f.days),
        "pass_extra": _stack([p.extra for p in rows], f.days, np.int32),
    }


def _pack_groups(st: Static, f: Factors) -> dict[str, F | Ints]:
    regions = st.unit_start.size - 1
    named = {g for g in [*f.source, *f.passages] if _supplier(st, g)[1] >= 0}
    groups = sorted(named, key=lambda g: (g.product, g.destination, g.origin))
    cells = np.array([g.product * regions + g.destination for g in groups], np.int64)
    counts = np.bincount(cells, minlength=st.b.shape[0] * regions)
    lags = [int(st.lag_days[st.lag_class[g.product, g.origin, g.destination]]) for g in groups]
    ones = np.ones(f.days)
    source = [f.source.get(g, ones) for g in groups]
    where = [_supplier(st, g) for g in groups]
    group_of = np.full((st.b.shape[0], int(np.diff(st.sup_ptr).max()), regions), -1, np.int32)
    for number, (group, (k, _)) in enumerate(zip(groups, where, strict=True)):
        group_of[group.product, k, group.destination] = number
    return {
        "group_ptr": np.concatenate([[0], np.cumsum(counts)]).astype(np.int32),
        "group_sup": np.array([k for k, _ in where], np.int32),
        "group_unit": np.array([unit for _, unit in where], np.int32),
        "group_of": group_of,
        "source_open": _stack(source, f.days),
        "source_arrive": _stack([_shift(s, d) for s, d in zip(source, lags, strict=True)], f.days),
        **_pack_passages(st, f, groups, lags),
    }


def _pack_straits(st: Static, dr: Drawn, f: Factors) -> dict[str, F | Ints]:
    """The passages of each supply line in order."""
    ptr, ups, rows = [0], [], []
    open_ = np.ones((st.line_good.size, f.days))
    for c in range(st.line_good.size):
        for up, passage in _in_order(f.straits.get(c, {}), int(dr.line_lag[c])):
            ups.append(up)
            rows.append(passage)
            open_[c] *= passage.open
        ptr.append(len(rows))
    return {
        "line_open": open_,
        "strait_ptr": np.array(ptr, np.int32),
        "strait_up": np.array(ups, np.int32),
        "strait_yard": np.array([p.yard for p in rows], np.float64),
        "strait_open": _stack([p.open for p in rows], f.days),
        "strait_extra": _stack([p.extra for p in rows], f.days, np.int32),
    }


def _pack_builds(st: Static, f: Factors) -> dict[str, F | Ints]:
    mix = np.zeros((len(f.builds), st.b.shape[0]))
    for k, build in enumerate(f.builds):
        for p, share in build.mix.items():
            mix[k, p] = share
    return {
        "build_unit": np.array([b.unit for b in f.builds], np.int32),
        "build_loss": _stack([b.lost for b in f.builds], f.days),
        "build_part": _stack([b.part for b in f.builds], f.days),
        "build_cost": np.array([b.cost for b in f.builds], np.float64),
        "build_rate": np.array([b.rate for b in f.builds], np.float64),
        "build_mix": mix,
    }


def pack_forcing(st: Static, dr: Drawn, f: Factors) -> Forcing:
    """Pack the factors of a run.

    Returns
    -------
    Forcing whose neutral values (1 for factors, 0 for additions) stand where nothing happens.
    """
    regions = st.unit_start.size - 1
    goods, uses, pools = st.good_parent.size, st.use_good.size, st.pool_good.size
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
        "line_source": _fill(f.line_source, st.line_good.size, f.days, 1.0),
        "line_seen": _fill(f.line_seen, st.line_good.size, f.days, 1.0),
        "good_extra": _fill(f.good_extra, goods, f.days, 0.0),
        "good_need": _fill(f.good_need, goods, f.days, 1.0),
        "good_side": _fill(f.good_side, goods, f.days, 0.0),
        "use_factor": _fill(f.use_factor, uses, f.days, 1.0),
        "pool_draw": _fill(f.pool_draw, pools, f.days, 0.0),
        "pool_loss": _fill(f.pool_loss, pools, f.days, 0.0),
    }
    fields |= _pack_builds(st, f)
    fields |= _pack_groups(st, f) | _pack_straits(st, dr, f)
    return Forcing(**fields)  # type: ignore[arg-type]  # one dict of arrays


def open_pools(f: Factors, dr: Drawn, limits: F) -> None:
    """Commercial tanks feed users without a decision, up to their limit."""
    for k in np.flatnonzero(dr.pool_auto):
        f.series(f.pool_draw, int(k), 0.0)[:] = limits[k]
