"""Small crises played for tests of the review, and summaries made up by hand."""

from __future__ import annotations

from functools import cache

from keian.core import AMBER, Triple
from keian.crisis import compile_economy, load_rules
from keian.crisis.baseline import calc_baseline
from keian.crisis.run import Run
from keian.registers import load_registers
from keian.review.describe import Setting
from keian.review.evaluate import Evaluation, Request, evaluate
from keian.review.needs import Need, list_needs
from keian.review.parameters import load_parameters
from keian.review.play import Job, Played, Summary, play
from keian.review.study import Study, plan_first
from keian.scenario.draws import MODE_DRAW
from tests.crises import make_measure
from tests.worlds import SOURCE, fixed, make_scenario, make_world, name, shrink

RULES = load_parameters()
REGISTERS = load_registers()
DAYS = 90
CLOSURE = {
    "kind": "route_closure",
    "route": "strait",
    "loss": {"low": 0.7, "mode": 0.9, "high": 1.0},
    "duration_days": {"low": 50, "mode": 60, "high": 70},
}


def widen(triple: Triple, by: float = 0.2) -> Triple:
    """The same value with a range around it."""
    return Triple(low=triple.mode * (1 - by), mode=triple.mode, high=triple.mode * (1 + by))


@cache
def plain_world():
    """The invented world with users who save late, and a small reserve."""
    world = make_world(0)
    goods = tuple(
        g.model_copy(
            update={
                "stretch_days": fixed(10),
                "pools": tuple(
                    p.model_copy(update={"quantity_days": fixed(3)}) if p.id == "reserve" else p
                    for p in g.pools
                ),
            }
        )
        for g in world.goods
    )
    return shrink(world, goods=goods)


@cache
def build_world():
    """The same with ranges where the shipped one has them."""
    world = plain_world()
    goods = tuple(
        g.model_copy(
            update={
                "stretch_days": widen(g.stretch_days),
                "catch_up_share": widen(g.catch_up_share),
                "floor_days": widen(g.floor_days),
                "pools": tuple(
                    p.model_copy(
                        update={k: widen(getattr(p, k)) for k in ("quantity_days", "draw_limit")}
                        | {"usable_share": Triple(low=0.6, mode=0.9, high=1.0)}
                    )
                    for p in g.pools
                ),
                "supplies": tuple(
                    s.model_copy(
                        update={
                            "share": widen(s.share),
                            "routes": tuple(
                                r.model_copy(update={"share": Triple(low=0.8, mode=0.9, high=1.0)})
                                for r in s.routes
                            ),
                        }
                    )
                    for s in g.supplies
                ),
            }
        )
        for g in world.goods
    )
    uses = tuple(
        u.model_copy(
            update={
                k: widen(getattr(u, k))
                for k in ("exposed_share", "use_share", "cover_days", "floor_share")
                if getattr(u, k).mode > 0
            }
        )
        for u in world.uses
    )
    services = tuple(
        s.model_copy(
            update={
                "uses": tuple(
                    u.model_copy(
                        update={"floor": widen(u.floor), "backup_days": widen(u.backup_days)}
                    )
                    for u in s.uses
                )
            }
        )
        for s in world.services
    )
    return shrink(world, goods=goods, uses=uses, services=services)


def list_measures():
    """Measures of which one acts on nothing, one needs a partner, and one does harm."""
    needs = ({"measure": "cover", "without": 0.0, "why": "nobody sails uninsured"},)
    return (
        make_measure({"kind": "release_stock", "pools": ["reserve"]}, name="release"),
        make_measure({"kind": "open_route", "route": "strait", "share": 0.1}, name="cover"),
        make_measure(
            {"kind": "open_route", "route": "strait", "share": 0.3}, name="escort", requires=needs
        ),
        make_measure(
            {"kind": "harden_service", "services": ["power"], "outage_share": 0.5}, name="harden"
        ),
        make_measure({"kind": "restrain_demand", "goods": ["ore"], "share": -0.3}, name="subsidy"),
        make_measure(
            {
                "kind": "add_supply", "good": "ore", "origins": ["CHN"], "share": 0.2,
            },
            name="partner", lead_days=2,
        ),
    )  # fmt: skip


@cache
def review_closure(draws: int = 3, threads: int = 2) -> Evaluation:
    """A closed strait on the invented world, all measures, end to end."""
    scenario = make_scenario(CLOSURE, days=DAYS)
    return evaluate(
        Request(build_world(), (scenario,), list_measures(), REGISTERS, draws, threads=threads)
    )


def set_up(world) -> Setting:
    """What figures of a scenario need."""
    compiled = compile_economy(world, load_rules())
    return Setting(compiled, calc_baseline(compiled), AMBER, "run")


def study(world, scenario, *measures, draws: int = 0) -> tuple[Setting, Study]:
    """Play the first stage of a scenario."""
    setting = set_up(world)
    needs = list_needs(world, RULES)
    played = play(setting.compiled, needs, plan_first(scenario, measures, draws), threads=1)
    return setting, Study(scenario, measures, needs, draws, played)


def play_more(setting: Setting, known: Study, *jobs: Job) -> Study:
    """Play more jobs of a study."""
    more = play(setting.compiled, known.needs, jobs, threads=1)
    return Study(known.scenario, known.measures, known.needs, known.draws, {**known.played, **more})


def summary(loss: float = 0.0, **first: float) -> Summary:
    """A summary made up by hand: a loss of value added and the day each need falls."""
    return Summary(first, dict.fromkeys(first, 0.0), loss, *[0.0] * 7)


def need(key: str, *, vital: bool = True) -> Need:
    """A good that must not run out."""
    return Need(key, "good", name(key), vital, 0, fixed(1.0), f"{key}.floor_days", (SOURCE,))


def hand_study(needs, base: Summary, *, draws=(), measures=(), days: int = 100, more=None) -> Study:
    """A study whose results are made up: the base in the mode run and in draws, and more by tag."""
    scenario = make_scenario(days=days)
    run = Run(scenario)
    results = {("base", MODE_DRAW): base} | {("base", d): s for d, s in enumerate(draws)}
    results |= more or {}
    played = {("test", *tag): Played(run, s, None) for tag, s in results.items()}
    return Study(scenario, tuple(measures), tuple(needs), len(draws), played)
