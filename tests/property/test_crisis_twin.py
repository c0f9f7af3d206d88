"""The kernel and its slow twin give the same days, on random small worlds with random crises."""

from dataclasses import replace

import numpy as np
import pytest

from keian.crisis import compile_economy, load_rules
from keian.crisis.compile import compile_run
from tests.crises import (
    add_households,
    add_ports,
    cut_links,
    destroy,
    draw_run,
    mask_unit,
    open_detour,
    play_arrays,
)
from tests.naive import BALANCE, simulate_slowly
from tests.worlds import make_world

WORLDS = 32
VARIANTS = {  # worlds played once more, each with one thing that is off by default
    "plain": range(WORLDS),
    "rebuilt": range(10),
    "level": range(8),
    "classes": range(8, 16),
    "new links": range(16, 26),
}
TOLERANCE = 1e-9  # relative
SINGLE = 2e-7  # the record of units is in single precision


def make_run(seed, variant="plain"):
    """Compile a random world and a random run in it."""
    rng = np.random.default_rng([7, seed])
    world = make_world(
        seed,
        regions=int(rng.integers(2, 5)),
        products=int(rng.integers(3, 6)) if seed % 4 else 4,
        cover_days=[None, 0.0, 3.0][seed % 3],
        service=seed % 5 != 4,
        goods=seed % 7 != 6,
    )
    if seed % 3 == 1:
        world = open_detour(world, days=float(rng.integers(1, 15)), spare=0.2)
    if seed % 4 == 1:
        world = add_ports(world)
    if seed % 6 == 2:
        world = add_households(world, 0.3)
    if variant == "new links":
        world = cut_links(rng, world, 0.4)
    if seed % 8 == 3:
        world = mask_unit(world, len(world.products) + 1)
    # vital users take a quarter of a product in the small worlds: some makers come first, some later
    compiled = compile_economy(world, load_rules().model_copy(update={"vital_maker_share": 0.25}))
    days = int(rng.integers(60, 100))
    run = draw_run(rng, world, days)
    if variant == "rebuilt":
        run = destroy(rng, world, run)
    if variant in ("level", "classes"):
        run = replace(run, switches=replace(run.switches, allocation=variant))
    if variant == "new links":
        run = replace(run, switches=replace(run.switches, new_links=True))
    return compiled, *compile_run(compiled, run, days), days


def close(fast, slow, scale=1.0):
    return np.testing.assert_allclose(
        np.asarray(fast, float), np.asarray(slow, float), rtol=TOLERANCE, atol=TOLERANCE * scale
    )


@pytest.mark.parametrize(
    ("variant", "seed"), [(name, k) for name, seeds in VARIANTS.items() for k in seeds]
)
def test_kernel_equals_its_slow_twin(variant, seed):
    compiled, dr, fx, days = make_run(seed, variant)
    st = compiled.static
    state, record = play_arrays(compiled, dr, fx, days)
    slow = simulate_slowly(st, dr, fx, days)
    assert max(day.balance for day in slow) < BALANCE

    there = st.x0 > 0
    x0 = np.where(there, st.x0, 1.0)
    for t, day in enumerate(slow):
        x = np.array(day.output)
        error = np.abs(record.unit[t] - x / x0)[there].max()
        assert error < SINGLE, f"output of day {t}"
        for r in range(st.unit_start.size - 1):
            total = x[st.unit_start[r] : st.unit_start[r + 1]].sum()
            assert record.output[t, r] == pytest.approx(total, rel=TOLERANCE)
        unmet = day.final_want - day.final_got
        assert record.world_unmet[t] == pytest.approx(unmet, abs=TOLERANCE * st.x0.sum())
        close(record.level[t], day.level)
        close(record.pool[t], day.pool)
        close(record.drawn[t], day.drawn)
        close(record.inflow[t], day.inflow)
        causes = list(zip(record.cause[t], record.cause_index[t], strict=True))
        for i, (found, wanted) in enumerate(zip(causes, day.cause, strict=True)):
            assert found[0] == wanted[0], f"cause of unit {i} on day {t}"
            if found[0] in {4, 5, 6, 7}:
                assert found[1] == wanted[1], f"what binds unit {i} on day {t}"

    last = slow[-1]
    close(state.x / x0, np.array(last.output) / x0)
    close(state.K / x0, np.array(last.capacity) / x0)
    close(state.X / x0, np.array(last.limit) / x0)
    close(state.user_stock, last.user_stock)
    close(state.surplus, last.surplus, days)
    for (p, j), stock in last.stock.items():
        b = st.b[p, j]
        assert state.S[p, j] / b == pytest.approx(stock / b, rel=TOLERANCE, abs=TOLERANCE)
        moving = last.moving[p, j] / b
        assert state.M[p, j] / b == pytest.approx(moving, rel=TOLERANCE, abs=TOLERANCE)
    for (p, j), missing in last.missing.items():
        b = st.b[p, j]
        assert state.U[p, j] / b == pytest.approx(missing / b, abs=TOLERANCE)
