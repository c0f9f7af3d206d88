"""Figures that speak for or against each requirement of a designation, and the gaps in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from keian.core import Triple
from keian.economy import Good
from keian.exposure.card import Choke, Cover
from keian.exposure.card_writing import list_chokes, list_shares, tell_cover
from keian.exposure.choke_points import GRADES
from keian.exposure.designation_tests import TestId
from keian.exposure.dossier import Dossier
from keian.exposure.goods_screen import REST
from keian.exposure.subjects import Subject
from keian.exposure.survival import ENDS, list_uses
from keian.exposure.trade_view import TradeView, know, view_trade

CONCENTRATED = "cabinet_office"  # the criterion whose limit the supplier's share is held against
PASSAGES = frozenset({"strait", "canal", "cape"})
PUBLIC = frozenset({"state", "joint"})
OPEN = GRADES.index("open")
CHOKES = GRADES.index("mode")  # from this grade on a node is a choke point at the modes


@dataclass(frozen=True, slots=True)
class Found:
    """One figure held against a limit; without a limit it is shown and does not decide.

    about : the country, passage or act that the figure is of.
    """

    measure: str
    low: float | None
    value: float | None
    high: float | None
    limit: Triple | None
    about: str | None
    sources: tuple[str, ...]

    @property
    def decides(self) -> bool:
        """Whether the figure is known and has a limit."""
        return self.value is not None and self.limit is not None

    @property
    def is_met(self) -> bool:
        """Whether the figure reaches its limit."""
        return self.limit is not None and self.value is not None and self.value >= self.limit.mode

    @property
    def is_firmly_met(self) -> bool:
        """Whether the least reading reaches the greatest limit."""
        return self.limit is not None and self.low is not None and self.low >= self.limit.high

    @property
    def is_firmly_not_met(self) -> bool:
        """Whether the greatest reading stays under the least limit."""
        return self.limit is not None and self.high is not None and self.high < self.limit.low


@dataclass(frozen=True, slots=True)
class Gathered:
    """Evidence for one requirement.

    unknown : what is known does not suffice for a verdict.   doubt : no verdict on it is firm.
    """

    found: tuple[Found, ...] = ()
    gaps: tuple[str, ...] = ()
    unknown: bool = False
    doubt: bool = False


def gather_importance(dossier: Dossier, subject: Subject) -> Gathered:
    """Gather how much of home output stops without the good, and whether it is vital."""
    good = subject.good
    if good is None:
        return Gathered(gaps=("no_uses",), unknown=True)
    yes = _fix(1)
    vital = [Found("vital", 1, 1, 1, yes, None, good.sources)] if good.vital else []
    share = calc_exposed_share(dossier, good)
    if share is None:
        return Gathered(tuple(vital), ("no_uses",))
    limit = dossier.tests.limits.exposed_output_share
    uses = list_uses(dossier.economy, good)
    cited = tuple(dict.fromkeys(s for u in uses for s in (*u.sources, *u.exposed_share.sources)))
    found = Found("exposed_output_share", *share, limit, None, (*cited, *limit.sources))
    return Gathered((*vital, found))


def calc_exposed_share(dossier: Dossier, good: Good) -> tuple[float, float, float] | None:
    """Calculate the share of home output that stops at once without a good: low, mode, high.

    Gross output of the users that need it, before anything passes on through the chain; None
    where no user is known.
    """
    economy, uses = dossier.economy, list_uses(dossier.economy, good)
    if not uses:
        return None
    home = economy.regions.index(economy.home)
    output = dict(zip(economy.units, economy.x.tolist(), strict=True))
    total = float(economy.x[economy.unit_region == home].sum())
    low, mode, high = (
        sum(getattr(use.exposed_share, end) * output[use.unit] for use in uses) / total
        for end in ENDS
    )
    return low, mode, high


def gather_dependence(dossier: Dossier, subject: Subject) -> Gathered:
    """Gather the greatest share of one country or passage abroad, by every source that has one."""
    views = _view(dossier, subject)
    found = [*_find_supplier(dossier, subject), *_find_passage(dossier, subject)]
    if not any(item.decides for item in found):
        found += [item for view in views for item in _find_imports(dossier, view)]
    found += [_show("hhi_value", view.hhi_value, view, dossier) for view in views]
    found += [_show("hhi_quantity", view.hhi_quantity, view, dossier) for view in views]
    gaps = [] if any(item.decides for item in found) else ["no_shares"]
    if any(view.hub for view in views):
        gaps.append("hub")
    if any(view.disagree not in {None, "none"} for view in views):
        gaps.append("disagree")
    # What was met in one of five years may be met again: the Act asks for the risk too.
    wavering = any(flag.stable is False for view in views for flag in view.find_flags(CONCENTRATED))
    if wavering:
        gaps.append("wavering")
    return Gathered(
        tuple(item for item in found if item.value is not None), tuple(gaps), doubt=wavering
    )


def _find_supplier(dossier: Dossier, subject: Subject) -> Iterator[Found]:
    """Find the first foreign supplier's share of national supply, or of a registered good's imports."""
    home = dossier.economy.home
    shares = list_shares(dossier, subject)
    foreign = [share for share in shares if share.origin not in {home, REST}]
    limit = dossier.tests.limits.supplier_share
    total = sum(share.share.mode for share in shares) if subject.good else 1.0
    if not foreign or total <= 0:
        return
    by_origin: dict[str, list[float]] = {}
    for line in foreign:
        ends = by_origin.setdefault(line.origin, [0.0, 0.0, 0.0])
        for place, end in enumerate(ENDS):
            ends[place] += getattr(line.share, end) / total
    top = max(sorted(by_origin), key=lambda origin: by_origin[origin][1])
    low, mode, high = by_origin[top]
    cited = tuple(dict.fromkeys(s for f in foreign if f.origin == top for s in f.sources))
    name = "supplier_share" if subject.good else "import_top_share"
    yield Found(name, low, mode, min(high, 1.0), limit, top, (*cited, *limit.sources))
    if subject.good is not None:
        abroad = 1 - sum(s.share.mode for s in shares if s.origin == home) / total
        yield Found("abroad_share", None, abroad, None, None, None, cited)


def _find_passage(dossier: Dossier, subject: Subject) -> Iterator[Found]:
    """Find the passage that takes most of supply if it is lost."""
    limit = dossier.tests.limits.passage_share
    routes = {route.id: route.sources for route in dossier.economy.routes}
    passages = [c for c in _list_single(dossier, subject) if c.kind in PASSAGES]
    if passages:
        top = max(passages, key=lambda choke: choke.loss_share)
        yield Found(
            "passage_share", top.loss_share_low, top.loss_share, top.loss_share_high, limit,
            top.node, (*routes[top.node], *limit.sources),
        )  # fmt: skip


def _find_imports(dossier: Dossier, view: TradeView) -> Iterator[Found]:
    """Find the first supplier's share of imports: by value and tonnes, whichever are known."""
    limit = dossier.tests.limits.supplier_share
    if not view.suppliers or all(f.verdict is None for f in view.find_flags(CONCENTRATED)):
        return
    top = view.suppliers[0]
    ends = [share for share in (top.value_share, top.quantity_share) if share is not None]
    cited = (*dossier.found.panel.sources, *limit.sources)
    yield Found("import_top_share", min(ends), ends[0], max(ends), limit, top.country, cited)


def gather_risk(dossier: Dossier, subject: Subject) -> Gathered:
    """Gather whether a loss outlasts the stocks, else how few the world's exporters are."""
    views = _view(dossier, subject)
    shown = [_show("world_top_share", view.world_top_share, view, dossier) for view in views]
    shown += list(_find_instability(dossier, subject, views))
    known = tuple(item for item in shown if item.value is not None)
    singles = _list_single(dossier, subject)
    if subject.good is not None and subject.good.tier == "modelled":
        grade = _grade(dossier, singles)
        # a node that nobody can judge decides nothing, unless another one is a choke point anyway
        gaps = ("no_replacement",) if grade.value == OPEN else ()
        return Gathered((grade, *known), gaps, unknown=bool(gaps))
    limit = dossier.tests.limits.world_top_share
    deciding = [
        Found("world_top_share", v.world_top_share, v.world_top_share, v.world_top_share, limit,
              v.product, (*dossier.found.panel.sources, *limit.sources))
        for v in views if v.world_top_share is not None
    ]  # fmt: skip
    if not deciding:
        return Gathered(known, ("no_run", "no_world"), unknown=True)
    rest = [item for item in known if item.measure != "world_top_share"]
    # Many exporters do not show that they could fill a gap in time: that leaves it open.
    none_met = not any(item.is_met for item in deciding)
    return Gathered((*deciding, *rest), ("no_run",), unknown=none_met, doubt=True)


def _grade(dossier: Dossier, singles: tuple[Choke, ...]) -> Found:
    """Grade the gravest node: 4 firm, 3 at the modes, 2 unknown, 1 at the worst only, 0 none."""
    limit = dossier.tests.limits.choke_loss_share
    best = max(singles, key=lambda c: (GRADES.index(c.grade), c.loss_share), default=None)
    place = 0 if best is None else GRADES.index(best.grade)
    # firm holds at every reading, mode falls to worst, worst may rise to mode, unknown may be all
    low = {0: 0, 1: 0, 2: 0, 3: 1, 4: 4}[place]
    high = {0: 0, 1: 3, 2: 4, 3: 4, 4: 4}[place]
    return Found(
        "choke_grade", low, place, high, _fix(CHOKES),
        None if best is None else best.node, limit.sources,
    )  # fmt: skip


def _find_instability(
    dossier: Dossier, subject: Subject, views: tuple[TradeView, ...]
) -> Iterator[Found]:
    """Find how unstable the first supplier is held to be; it is shown and does not decide."""
    first = next((item.about for item in _find_supplier(dossier, subject)), None)
    if first is None and views and views[0].suppliers:
        first = views[0].suppliers[0].country
    years = [year for country, year in dossier.instability if country == first]
    if first is not None and years:
        year = min(max(years), dossier.found.year)
        value = dossier.instability.get((first, year), np.nan)
        yield Found(
            "instability", None, know(value), None, None, first, ("wgi-political-stability",)
        )


def gather_necessity(dossier: Dossier, subject: Subject) -> Gathered:
    """Gather whether another system secures the good, and show how long its stocks last.

    Whether a loss outlasts the stocks is the requirement before this one; here it decides nothing.
    The list of other acts is not whole, so a good free of them is never so firmly.
    """
    good = subject.good
    if good is None:
        return Gathered(gaps=("no_stocks",), unknown=True)
    rule = dossier.tests.other_systems
    held = [pool for pool in good.pools if pool.legal_basis in rule.acts]
    if held:
        days = sum(pool.quantity_days.mode * pool.usable_share.mode for pool in held)
        acts = ", ".join(dict.fromkeys(str(pool.legal_basis) for pool in held))
        cited = (*dict.fromkeys(s for pool in held for s in pool.sources), rule.source)
        # The figure speaks against: another system is there, so the limit is not reached.
        other = Found("free_of_other_system", 0, 0, 0, _fix(1), acts, (rule.source,))
        return Gathered((other, Found("other_system_days", None, days, None, None, acts, cited)))
    cover = tell_cover(dossier.economy, good)
    if cover is None or good.tier != "modelled":
        return Gathered(gaps=("no_stocks",), unknown=True)
    nameless = [p for p in good.pools if p.owner in PUBLIC and p.legal_basis is None]
    shown = _find_days(cover, good)
    if nameless:
        return Gathered((*shown,), ("basis_unknown",), unknown=True)
    assumed = any(stock.assumed for stock in cover.stocks) or not cover.stocks
    gaps = ("other_acts", "stocks_assumed") if assumed else ("other_acts",)
    free = Found("free_of_other_system", 1, 1, 1, _fix(1), None, (rule.source,))
    return Gathered((free, *shown), gaps, doubt=True)


def _find_days(cover: Cover, good: Good) -> tuple[Found, ...]:
    cited = tuple(dict.fromkeys(s for stock in cover.stocks for s in stock.sources)) or good.sources
    days = Found("cover_days", cover.low, cover.mode, cover.high, None, None, cited)
    if cover.survive is None:
        return (days,)
    survive = Found(
        "survive_days",
        cover.survive_low,
        cover.survive,
        cover.survive_high,
        None,
        cover.lost,
        cited,
    )
    return (days, survive)


def _list_single(dossier: Dossier, subject: Subject) -> tuple[Choke, ...]:
    return tuple(c for c in list_chokes(dossier, subject.id) if c.second is None)


def _view(dossier: Dossier, subject: Subject) -> tuple[TradeView, ...]:
    views = (view_trade(dossier.found, code) for code in subject.products)
    return tuple(view for view in views if view is not None)


def _show(measure: str, value: float | None, view: TradeView, dossier: Dossier) -> Found:
    return Found(measure, None, value, None, None, view.product, dossier.found.panel.sources)


def _fix(value: float) -> Triple:
    return Triple(low=value, mode=value, high=value)


EVIDENCE: Mapping[TestId, Callable[[Dossier, Subject], Gathered]] = MappingProxyType(
    {
        "importance": gather_importance,
        "dependence": gather_dependence,
        "risk": gather_risk,
        "necessity": gather_necessity,
    }
)
