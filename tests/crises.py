"""Random crises and measures on the small worlds of `tests/worlds.py`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from types import SimpleNamespace

import numpy as np

from keian.core import Names, Triple
from keian.crisis import Run, Switches
from keian.crisis._arrays import Drawn, Forcing, Record, State
from keian.crisis._kernels import run_days
from keian.crisis.compile import Compiled, compile_run
from keian.crisis.start import make_record, make_state, make_work
from keian.economy import Economy
from keian.economy.nouns import Service
from keian.scenario.nouns import CapacityLoss, Measure, Scenario
from tests.worlds import SOURCE, fixed, make_scenario, shrink

LATEST = 20  # last start day
LONGEST = 40  # days
KINDS = (
    "region",
    "industry",
    "workforce",
    "demand",
    "route",
    "source",
    "service",
    "port",
    "stock",
    "surge",
)


def play_arrays(compiled: Compiled, dr: Drawn, fx: Forcing, days: int) -> tuple[State, Record]:
    """Play a compiled run: the state after its last day, and the record of all units."""
    st = compiled.static
    state, units = make_state(st, dr, fx), np.arange(st.x0.size)
    record = make_record(st, days, units, compiled.index.region[compiled.economy.home])
    run_days(days, st, dr, fx, state, make_work(st), record)
    return state, record


def stack(parts: Sequence[State | Record]) -> SimpleNamespace:
    """Fields of several runs along a last axis; those whose shapes differ are left out."""
    fields = {}
    for name in parts[0]._fields:
        values = [np.asarray(getattr(part, name)) for part in parts]
        if len({v.shape for v in values}) == 1:
            fields[name] = np.stack(values, axis=-1)
    return SimpleNamespace(**fields)


def play(
    compiled: Compiled, runs: Sequence[Run], days: int
) -> tuple[SimpleNamespace, SimpleNamespace]:
    """Play runs: the states after their last day and their records, a run a place of the last axis."""
    done = [play_arrays(compiled, *compile_run(compiled, run, days), days) for run in runs]
    return stack([state for state, _ in done]), stack([record for _, record in done])


def make_measure(lever: dict[str, object], *, name: str = "m", **effect: object) -> Measure:
    """A measure with one lever that works from the first day on unless said otherwise."""
    fields = {
        k: effect.pop(k) for k in ("decision_day", "requires", "prepared_before") if k in effect
    }
    return Measure.model_validate(
        {
            "id": name,
            "names": {"en": name, "ja": name},
            "group": "stocks",
            "lever": lever,
            "effect": {"lead_days": 0} | effect,
            "decider": {"en": "test", "ja": "test"},
            "legal_basis": {"kind": "none_needed"},
            "limit": {"en": "test", "ja": "test"},
            "evidence": "D",
            "sources": [SOURCE],
        }
        | fields
    )


def open_detour(world: Economy, days: float, spare: float = 0.0) -> Economy:
    """The same world, its strait with a way around it."""
    around = {
        "detour_days": Triple(low=days, mode=days, high=days),
        "fleet_spare_share": Triple(low=spare, mode=spare, high=spare),
    }
    return shrink(world, routes=tuple(r.model_copy(update=around) for r in world.routes))


def add_households(world: Economy, share: float) -> Economy:
    """The same world, a share of every good used by households, whom no unit stands for."""
    rest = Triple(low=share, mode=share, high=share)
    goods = tuple(g.model_copy(update={"uses_not_modelled_share": rest}) for g in world.goods)
    return shrink(world, goods=goods)


def add_ports(world: Economy) -> Economy:
    """The same world, with ports that most trade passes."""
    ports = Service(
        id="ports", names=Names(en="ports", ja="ports"), provider=None, uses=(),
        carries_trade_share=fixed(0.9), floor_level=fixed(0.5), sources=(SOURCE,),
    )  # fmt: skip
    return shrink(world, services=(*world.services, ports))


def mask_unit(world: Economy, unit: int) -> Economy:
    """The same world without one unit: it sells nothing and buys nothing."""
    Z, Y = world.Z.copy(), world.Y.copy()
    Z[unit] = 0.0
    Z[:, unit] = 0.0
    Y[unit] = 0.0
    x = Z.sum(axis=1) + Y.sum(axis=(1, 2))
    masked = x <= 0.0
    v = np.where(masked, 0.0, 1.0 - Z.sum(axis=0) / np.where(masked, 1.0, x))
    return shrink(world, Z=Z, Y=Y, x=x, v=v, masked=masked)


def cut_links(rng: np.random.Generator, world: Economy, share: float) -> Economy:
    """The same world, in which a share of all pairs of suppliers and clients do not trade."""
    Z = np.where(rng.random(world.Z.shape) < share, 0.0, world.Z)
    Y = np.where(rng.random(world.Y.shape[:2]) < share, 0.0, 1.0)[:, :, None] * world.Y
    x = Z.sum(axis=1) + Y.sum(axis=(1, 2))
    return shrink(world, Z=Z, Y=Y, x=x, v=1.0 - Z.sum(axis=0) / x)


def draw_shock(rng: np.random.Generator, world: Economy, kind: str) -> dict[str, object]:
    """Draw one shock of a kind, as in a file."""
    when = {
        "start_day": float(rng.integers(0, LATEST)),
        "duration_days": float(rng.integers(1, LONGEST)),
        "recovery_half_days": float(rng.choice([0.0, 3.0, 10.0])),
    }
    loss = float(rng.choice([0.05, 0.3, 0.6, 1.0]))
    region = str(rng.choice(world.regions))
    unit = str(rng.choice(world.units))
    foreign = str(rng.choice(world.regions[1:]))
    match kind:
        case "region":
            what = {"kind": "capacity_loss", "units": [f"{region}.*"], "loss": loss}
        case "industry":
            what = {"kind": "capacity_loss", "units": [unit], "loss": loss}
        case "workforce":
            what = {"kind": "workforce_loss", "units": [unit], "loss": loss}
        case "demand":
            what = {
                "kind": "demand_surge", "region": region, "products": list(world.products),
                "change": float(rng.choice([-0.3, 0.2])),
            }  # fmt: skip
        case "route":
            what = {"kind": "route_closure", "route": "strait", "loss": loss}
        case "source":
            what = {
                "kind": "source_cut", "origin": foreign, "destination": world.home,
                "products": list(world.products[:2]), "loss": loss,
            }  # fmt: skip
        case "service":
            what = {"kind": "service_outage", "service": "power", "loss": loss}
        case "port":
            what = {"kind": "service_outage", "service": "ports", "loss": loss}
        case "stock":
            what = {"kind": "stock_loss", "pool": "reserve", "loss": loss}
        case _:
            what = {
                "kind": "demand_surge", "goods": ["metal"], "change": float(rng.choice([-0.2, 0.3])),
            }  # fmt: skip
    return what | when


def draw_levers(rng: np.random.Generator, world: Economy) -> list[dict[str, object]]:
    """Draw some levers that fit a world."""
    levers: list[dict[str, object]] = [{"kind": "open_route", "route": "strait", "share": 0.5}]
    if world.goods:
        levers += [
            {"kind": "release_stock", "pools": ["reserve"]},
            {"kind": "restrain_demand", "goods": ["metal"], "share": 0.2, "output_loss_share": 0.3},
            {"kind": "add_supply", "good": "ore", "origins": ["CHN"], "share": 0.2},
            {"kind": "restore_source", "origin": "CHN", "goods": "all", "share": 0.5},
        ]
    if "power" in {s.id for s in world.services}:
        levers.append(
            {"kind": "harden_service", "services": ["power"], "outage_share": 0.3,
             "backup_days": 2, "faster_share": 0.5}
        )  # fmt: skip
    return [lever for lever in levers if rng.random() < 0.4]


def list_kinds(world: Economy) -> list[str]:
    """Kinds of shock that a world can have."""
    out = set()
    if not world.goods:
        out |= {"stock", "surge"}
    if "power" not in {s.id for s in world.services}:
        out |= {"service"}
    if "ports" not in {s.id for s in world.services}:
        out |= {"port"}
    return [kind for kind in KINDS if kind not in out]


def draw_scenario(rng: np.random.Generator, world: Economy, days: int) -> Scenario:
    """Draw up to four shocks."""
    kinds = rng.choice(list_kinds(world), int(rng.integers(0, 5)))
    return make_scenario(*(draw_shock(rng, world, str(kind)) for kind in kinds), days=days)


def draw_run(rng: np.random.Generator, world: Economy, days: int) -> Run:
    """Draw shocks, measures and switches."""
    measures = [
        make_measure(
            lever, name=f"m{k}", decision_day=float(rng.integers(0, 10)),
            ramp_days=float(rng.integers(0, 5)), plateau_days=float(rng.integers(5, 60)),
            decay_half_days=float(rng.integers(1, 10)),
        )
        for k, lever in enumerate(draw_levers(rng, world))
    ]  # fmt: skip
    switches = Switches(
        kappa=float(rng.choice([1.0, 2.0, np.inf])),
        criticality=str(rng.choice(["rated", "all"])),
        phi=float(rng.choice([1.0, 3.0, 10.0])),
    )
    return Run(draw_scenario(rng, world, days), tuple(measures), switches=switches)


__all__ = [
    "draw_run",
    "draw_scenario",
    "draw_shock",
    "make_measure",
    "mask_unit",
    "open_detour",
    "play",
    "play_arrays",
]


def destroy(rng: np.random.Generator, world: Economy, run: Run) -> Run:
    """Add plants that are destroyed and built again to a run, one of them abroad."""
    shocks = list(run.scenario.shocks)
    for k, units in enumerate((["JPN.p0"], ["JPN.*"], ["CHN.p1"])):
        shock = {
            "id": f"ruin{k}", "kind": "capacity_loss", "units": units, "sources": [SOURCE],
            "loss": float(rng.uniform(0.1, 1.0)), "start_day": float(rng.uniform(0, 20)),
            "duration_days": float(rng.uniform(0, 15)),
            "rebuild": {
                "capital_years": float(rng.uniform(0.1, 2.0)), "build_days": float(rng.uniform(5, 60)),
                "products": [
                    {"product": world.products[0], "share": 0.7},
                    {"product": world.products[1], "share": 0.3},
                ],
            },
        }  # fmt: skip
        shocks.append(CapacityLoss.model_validate(shock))
    return replace(run, scenario=run.scenario.model_copy(update={"shocks": tuple(shocks)}))
