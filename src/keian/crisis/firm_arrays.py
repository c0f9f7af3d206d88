"""Turn a network, rules and shocks into the arrays of the firm-day kernel."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from keian.core import InputError, Problem, calc_uniform
from keian.crisis._arrays_firms import (
    CLASSES,
    CRITICAL,
    ENOUGH,
    EXPECTED,
    FILL,
    HANDS,
    IMPORTANT,
    LEVEL,
    MEASURES,
    MISS,
    NEVER,
    ON_CAPACITY,
    ON_FINAL,
    REALISED,
    ROWS,
    UNSTOCKED,
    FirmForcing,
    FirmState,
    FirmStatic,
    FirmWork,
)
from keian.crisis._kernels_firm_layout import cut_chunks, cut_positions, turn_links
from keian.crisis.firm_rules import FirmRules, FirmShock, FirmTraits, calc_course
from keian.network import FirmNetwork

CHUNK_FIRMS = 1024  # their tables and the desks of their suppliers stay in the second-level cache
CHUNK_LINKS = 4096
LINKS_PER_BLOCK = 200_000  # below it a second thread costs more than it brings
BLOCKS = 2
FIRM_COST = 2  # of a firm against a link, when blocks are cut evenly
HALF = 0.5  # criticality of an important input
BETA = (0.0, 0.5, 1.0, 0.0)  # by kind: NEVER, IMPORTANT, CRITICAL, UNSTOCKED
ALLOCATIONS = (("fill", FILL), ("level", LEVEL), ("classes", CLASSES))
Ints = npt.NDArray[np.int32]


def compile_firms(
    network: FirmNetwork,
    rules: FirmRules,
    traits: FirmTraits,
    *,
    dtype: Any = np.float32,  # noqa: ANN401 - float32 or float64
    blocks: int | None = None,
    classes: npt.NDArray[np.uint8] | None = None,
) -> FirmStatic:
    """Turn a network into arrays.

    Parameters
    ----------
    network, rules, traits : see `simulate_firms`.
    dtype : of states and coefficients.
    blocks : parts that threads take; default two from 200,000 links a block on, else one.
    classes : (N,) priority class of each client, 0 first, 2 last; default as the traits say.

    Raises
    ------
    InputError
        Firms without sales, or rules and traits that have no rest; all problems together.
    """
    _check_rules(rules, traits)
    n, m = network.firm_count, network.link_count
    link_start = network.client_start.astype(np.int32)
    sup, w = np.empty(m, np.int32), np.empty(m, dtype)
    slot_start, bought, volume = cut_positions(
        link_start, network.supplier, network.value, network.product, sup, w
    )
    volume /= rules.days_per_year
    x0, final = _split_sales(network, rules)
    kind = _rate(network, rules, traits, (slot_start, bought, volume, x0))
    chunks = cut_chunks(link_start, CHUNK_FIRMS, CHUNK_LINKS)
    count = blocks or (BLOCKS if m >= BLOCKS * LINKS_PER_BLOCK else 1)
    allocation = dict(ALLOCATIONS)[rules.allocation]
    volume = volume.astype(dtype)
    pull = _turn(n, sup, w, volume, dtype, needed=allocation != FILL)
    by_firm = traits.priority[network.product] if classes is None else classes
    cell, cell_start = _find_cells(network)
    unstocked = rules.orders == "realised"
    return FirmStatic(
        sup=sup, w=w, link_start=link_start, slot_start=slot_start, slot_product=bought,
        volume=volume, owner=_count_owners(slot_start, chunks), kind=kind,
        slot_class=np.repeat(by_firm, np.diff(slot_start)) if allocation == CLASSES
        else np.empty(0, np.uint8),
        beta=np.array(BETA),
        stocked=np.array([1.0, 1.0, 1.0, 0.0]),
        x0=x0.astype(dtype),
        v=traits.value_added[network.product].astype(dtype),
        final=final.astype(dtype),
        vital=traits.vital_share[network.product].astype(dtype),
        room=_find_room(network, rules).astype(dtype),
        cover=traits.cover_days[network.product].astype(dtype),
        cell=cell,
        cell_start=cell_start,
        chunk_firm=chunks,
        block_chunk=_cut_blocks(link_start, chunks, count),
        pull_start=pull[0], pull_slot=pull[1], pull_value=pull[2],
        allocation=allocation,
        orders=REALISED if unstocked else EXPECTED,
        kappa=rules.kappa,
        tau=rules.tau_days,
        smooth=rules.smooth_days,
    )  # fmt: skip


def _check_rules(rules: FirmRules, traits: FirmTraits) -> None:
    """Refuse rules and traits under which an economy without events would not be at rest."""
    least = 1.0 if rules.orders == "realised" else 0.0
    problems = [
        Problem("rules", f"{key} {getattr(rules, key)}", "1 day at least", "correct it")
        for key in ("tau_days", "smooth_days")
        if not getattr(rules, key) >= 1
    ]
    if rules.kappa not in {1.0, 2.0, np.inf}:
        problems.append(Problem("rules", f"kappa {rules.kappa}", "1, 2 or inf", "choose one"))
    if not (traits.cover_days >= least).all():
        wanted = f"{least:g} days at least"
        found = f"a cover of {np.nanmin(traits.cover_days):g} days"
        problems.append(Problem("traits", found, wanted, "raise it"))
    if problems:
        raise InputError(problems)


def _split_sales(
    network: FirmNetwork, rules: FirmRules
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Split sales into links and final users (1.1); links that exceed sales raise them."""
    sold = np.bincount(network.supplier, network.value, network.firm_count)
    sales = np.maximum(network.sales, sold)
    idle = int((sales <= 0).sum())
    if idle:
        problem = Problem(
            "firms", f"{idle} firms without sales", "sales above 0", "leave these firms out"
        )
        raise InputError([problem])
    return sales / rules.days_per_year, 1.0 - sold / sales


def _find_room(network: FirmNetwork, rules: FirmRules) -> npt.NDArray[np.float64]:
    """Find 1 + headroom: capacity over sales where it is known (1.2)."""
    known = network.capacity / network.sales
    room: npt.NDArray[np.float64] = np.where(
        np.isnan(known), 1.0 + rules.headroom_share, np.maximum(known, 1.0)
    )
    return room


def _find_cells(network: FirmNetwork) -> tuple[Ints, Ints]:
    """Number the pairs of product and region that have firms, and find where each begins."""
    pair = network.product.astype(np.int64) * len(network.regions) + network.region
    cell = np.concatenate([[0], np.cumsum(np.diff(pair) != 0)]).astype(np.int32)
    counts = np.bincount(cell)
    return cell, np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)


def _count_owners(slot_start: Ints, chunks: Ints) -> npt.NDArray[np.uint16]:
    """Count the firm of every position from the first firm of its chunk."""
    first = np.repeat(chunks[:-1], np.diff(chunks))
    local = np.arange(first.size) - first
    return np.repeat(local.astype(np.uint16), np.diff(slot_start))


def _rate(
    network: FirmNetwork, rules: FirmRules, traits: FirmTraits, slots: tuple[Any, ...]
) -> npt.NDArray[np.uint8]:
    """Rate every position: how far its stock limits output (1.3)."""
    slot_start, bought, volume, x0 = slots
    counts = np.diff(slot_start)
    rating = traits.criticality[bought, np.repeat(network.product, counts)]
    kind = np.full(bought.size, NEVER, np.uint8)
    kind[rating >= HALF] = IMPORTANT
    kind[rating >= 1.0] = CRITICAL
    kind[volume < rules.least_input_share * np.repeat(x0, counts)] = NEVER
    kind[~traits.stocked[bought]] = UNSTOCKED
    return kind


def _turn(
    n: int,
    sup: Ints,
    w: npt.NDArray[Any],
    volume: npt.NDArray[Any],
    dtype: Any,  # noqa: ANN401 - float32 or float64
    *,
    needed: bool,
) -> tuple[Any, ...]:
    """List the clients of every supplier, where the rule of allocation looks at them."""
    if not needed:
        return np.empty(0, np.int64), np.empty(0, np.int32), np.empty(0, dtype)
    slot, value = np.empty(sup.size, np.int32), np.empty(sup.size, dtype)
    return turn_links(n, sup, w, volume, slot, value), slot, value


def _cut_blocks(link_start: Ints, chunks: Ints, count: int) -> Ints:
    """Cut chunks into blocks of equal work."""
    work = link_start[chunks].astype(np.int64) + FIRM_COST * chunks.astype(np.int64)
    targets = work[-1] * np.arange(1, count) / count
    return np.concatenate([[0], np.searchsorted(work, targets), [len(chunks) - 1]]).astype(np.int32)


def compile_shocks(network: FirmNetwork, shocks: Sequence[FirmShock], days: int) -> FirmForcing:
    """Turn shocks into firms, depths and courses.

    Raises
    ------
    InputError
        A shock names what the network does not have, or its share or days are impossible.
    """
    problems = [p for k, shock in enumerate(shocks) for p in _check_shock(network, shock, k)]
    if problems:
        raise InputError(problems)
    firms = [_select(network, shock) for shock in shocks]
    start = np.concatenate([[0], np.cumsum([f.size for f in firms])]).astype(np.int32)
    firm = np.concatenate([*firms, np.empty(0, np.int32)])
    kinds = {"capacity": ON_CAPACITY, "final_demand": ON_FINAL}
    return FirmForcing(
        hit=np.unique(firm).astype(np.int32),
        start=start,
        firm=firm.astype(np.int32),
        depth=np.repeat([s.share for s in shocks], np.diff(start)).astype(np.float64),
        kind=np.array([kinds[s.kind] for s in shocks], np.int32),
        course=np.array([calc_course(s, days) for s in shocks]).reshape(len(shocks), days),
    )


def _check_shock(network: FirmNetwork, shock: FirmShock, number: int) -> list[Problem]:
    """List what is wrong with a shock."""
    where = f"shock {number + 1}"
    problems = [
        Problem(f"{where}: {key}", f"{getattr(shock, key)}", "0 to 1", "write a share")
        for key in ("share", "part")
        if not 0 <= getattr(shock, key) <= 1
    ]
    if not 0 <= shock.start_day < shock.end_day or shock.half_life_days < 0:
        found = f"day {shock.start_day} to {shock.end_day}, half-life {shock.half_life_days}"
        wanted = "a start from 0 on, a later end, no negative half-life"
        problems.append(Problem(where, found, wanted, "correct the days"))
    for key, known in (("products", network.products), ("regions", network.regions)):
        problems += [
            Problem(f"{where}: {key}", repr(name), "a name of the network", "`keian network check`")
            for name in getattr(shock, key)
            if name not in known
        ]
    if shock.firms:
        lost = [
            name
            for name, at in zip(shock.firms, _find(network, shock.firms), strict=True)
            if at < 0
        ]
        problems += [
            Problem(f"{where}: firms", repr(name), "the id of a firm", "look it up in the list")
            for name in lost
        ]
    return problems


def _find(network: FirmNetwork, ids: Sequence[str]) -> Ints:
    """Find firms by id; -1 where there is none."""
    import pyarrow as pa
    import pyarrow.compute as pc

    found = pc.index_in(pa.array(list(ids), pa.large_string()), value_set=network.ids)
    places: Ints = pc.fill_null(found, -1).to_numpy(zero_copy_only=False).astype(np.int32)
    return places


def _select(network: FirmNetwork, shock: FirmShock) -> Ints:
    """List the firms that a shock hits."""
    fits = np.ones(network.firm_count, dtype=np.bool_)
    if shock.products:
        wanted = [network.products.index(name) for name in shock.products]
        fits &= np.isin(network.product, wanted)
    if shock.regions:
        wanted = [network.regions.index(name) for name in shock.regions]
        fits &= np.isin(network.region, wanted)
    if shock.firms:
        named = np.zeros_like(fits)
        named[_find(network, shock.firms)] = True
        fits &= named
    chosen = np.flatnonzero(fits)
    if shock.part < 1.0:
        u = calc_uniform(shock.seed, "hit", chosen)
        chosen = chosen[np.argsort(u, kind="stable")[: round(shock.part * chosen.size)]]
    return np.sort(chosen).astype(np.int32)


def make_firm_state(st: FirmStatic) -> FirmState:
    """Make the state of rest: full stocks, orders at baseline."""
    n, slots = st.x0.size, st.volume.size
    dtype = st.x0.dtype
    owner = np.repeat(np.arange(n), np.diff(st.slot_start))
    day = 1.0 if st.orders == EXPECTED else 0.0  # expected: the working day is part of the stock
    desk = np.zeros((st.block_chunk.size - 1, n, 4), dtype)
    if st.allocation != FILL:
        desk[:, :, MISS] = ENOUGH
    return FirmState(
        stock=(st.cover[owner] + dtype.type(day)).astype(dtype),
        first=np.ones(slots, dtype),
        again=np.zeros(slots, dtype),
        share=np.ones(n, dtype),
        limit=np.ones(n, dtype),
        expected=np.ones(n, dtype),
        factor=np.ones(n, dtype),
        wanted=np.ones(n, dtype),
        desk=desk,
    )


def make_firm_work(st: FirmStatic) -> FirmWork:
    """Make the room for one day."""
    blocks = st.block_chunk.size - 1
    slots = int(np.diff(st.slot_start[st.chunk_firm]).max(initial=1))
    clients = int(np.diff(st.pull_start).max(initial=1)) if st.pull_start.size else 2
    return FirmWork(
        rows=np.zeros((blocks, ROWS, slots + 1), st.x0.dtype),
        hands=np.zeros((blocks, HANDS, CHUNK_FIRMS), st.x0.dtype),
        ratios=np.zeros((blocks, 2, max(clients, 2) + 1)),
        sums=np.zeros((blocks, int(st.cell[-1]) + 1, MEASURES)),
        flows=np.zeros((blocks, 2)),
    )
