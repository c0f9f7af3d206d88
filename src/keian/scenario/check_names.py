"""Checks that every name a document uses exists, and offers the nearest where it does not."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from types import MappingProxyType

from keian.core import Problem
from keian.economy.nouns import Economy, RegisteredGood
from keian.scenario.check_values import Place
from keian.scenario.nouns import (
    AddSupply,
    AddTeams,
    CableCut,
    CapacityLoss,
    DecisionDelay,
    DemandSurge,
    HardenService,
    Measure,
    OpenRoute,
    QualifySubstitute,
    RecordedShock,
    ReleaseStock,
    RestoreSource,
    RestrainDemand,
    RouteClosure,
    Scenario,
    ServiceOutage,
    SourceCut,
    StockLoss,
    WorkforceLoss,
)
from keian.scenario.triples import Key, walk_triples

NEAREST = 3  # names offered


@dataclass(frozen=True, slots=True)
class Known:
    """Names that documents may use, by kind."""

    units: frozenset[str]
    regions: frozenset[str]
    products: frozenset[str]
    goods: frozenset[str]
    pools: frozenset[str]
    services: frozenset[str]
    routes: frozenset[str]
    origins: frozenset[str]
    measures: frozenset[str]
    agreements: frozenset[str]
    sources: frozenset[str]
    money_units: frozenset[str]
    areas: frozenset[str]
    repair_pools: frozenset[str]
    cables: frozenset[str]
    landings: Mapping[str, frozenset[str]]  # by pool of cables
    curves: Mapping[str, frozenset[str]]  # of restoration, by service
    anchors: frozenset[str] | None  # None = not known here, so not checked
    not_running: Mapping[str, str] = field(
        default_factory=dict
    )  # good -> how to bring it in, if at all


Use = tuple[Key, str, str]  # key, kind of name, name


def collect_known(
    economy: Economy,
    *,
    measures: Collection[str],
    agreements: Collection[str],
    sources: Collection[str],
    units: Collection[str],
    anchors: Collection[str] | None = None,
) -> Known:
    """Collect the names of an economy and of what stands beside it."""
    suppliers = {s.origin for g in economy.goods for s in g.supplies} - {"rest"}
    return Known(
        units=frozenset(economy.units) | {f"{r}.*" for r in economy.regions},
        regions=frozenset(economy.regions),
        products=frozenset(economy.products),
        goods=frozenset(g.id for g in economy.goods),
        pools=frozenset(p.id for g in economy.goods for p in g.pools),
        services=frozenset(s.id for s in economy.services),
        routes=frozenset(r.id for r in economy.routes),
        origins=frozenset(economy.regions) | set(economy.country_region) | suppliers,
        measures=frozenset(measures),
        agreements=frozenset(agreements),
        sources=frozenset(sources) | set(economy.sources),
        money_units=frozenset(units),
        areas=frozenset(a.id for a in economy.areas),
        repair_pools=frozenset(p.id for p in economy.repair_pools),
        cables=frozenset(p.id for p in economy.cables),
        landings={p.id: frozenset(x.id for x in p.landings) for p in economy.cables},
        curves={s.id: frozenset(x.id for x in s.restoration) for s in economy.services},
        anchors=None if anchors is None else frozenset(anchors),
        not_running={
            **{g.id: "it is illustrative: ask for it with --illustrative" for g in economy.aside},
            **{g.id: _tell_covered(g) for g in economy.registered},
        },
    )


def _tell_covered(good: RegisteredGood) -> str:
    """Tell what may stand in for a good that is listed only."""
    if not good.covered_by:
        return "it is registered only, without the figures of a run: name another good"
    return f"it is registered only: name what stands for a part of it, {', '.join(good.covered_by)}"


def check_scenario_names(scenario: Scenario, known: Known, place: Place) -> Iterator[Problem]:
    """Check the names that a scenario uses."""
    for index, shock in enumerate(scenario.shocks):
        for key, kind, name in USES[type(shock).__name__](shock):
            yield from _check_name(("shocks", index, *key), kind, name, known, place)
    if known.anchors is not None:
        for index, name in enumerate(scenario.anchors):
            yield from _check_name(("anchors", index), "anchors", name, known, place)
    yield from _check_sources(scenario, known, place)


def check_measure_names(measure: Measure, known: Known, place: Place) -> Iterator[Problem]:
    """Check the names that a measure uses."""
    uses = [
        (("lever", *key), kind, name)
        for key, kind, name in USES[type(measure.lever).__name__](measure.lever)
    ]
    if measure.effect.exhausts is not None:
        uses.append((("effect", "exhausts"), "pools", measure.effect.exhausts))
    if measure.legal_basis.entry is not None:
        uses.append((("legal_basis", "entry"), "agreements", measure.legal_basis.entry))
    if measure.cost is not None:
        uses.append((("cost", "unit"), "money_units", measure.cost.unit))
    uses += [
        (("requires", index, "measure"), "measures", requirement.measure)
        for index, requirement in enumerate(measure.requires)
    ]
    for key, kind, name in uses:
        yield from _check_name(key, kind, name, known, place)
    yield from _check_sources(measure, known, place)


WHAT: Mapping[str, str] = MappingProxyType(
    {
        "units": "a unit of the economy, or REGION.*",
        "regions": "a region of the table",
        "products": "a product of the table",
        "goods": "a critical good of the economy",
        "pools": "a stock pool of the economy",
        "services": "an essential service of the economy",
        "routes": "a route of the economy",
        "origins": "a region of the table or a country that supplies a good",
        "measures": "a known measure",
        "agreements": "an entry of the register of acts",
        "sources": "the id of a source",
        "money_units": "a known unit",
        "areas": "an area of the economy",
        "repair_pools": "a repair pool of the economy",
        "cables": "a pool of submarine cables of the economy",
        "landings": "a landing of this pool of cables",
        "curves": "a published curve of this service",
        "anchors": "a published estimate that keian holds",
    }
)


def _check_name(key: Key, kind: str, name: str, known: Known, place: Place) -> Iterator[Problem]:
    kind, _, of = kind.partition("/")
    table = getattr(known, kind)
    if of and of not in table:
        return  # told where it is named
    names: frozenset[str] = table[of] if of else table
    if name in names:
        return
    near = get_close_matches(name, sorted(names), n=NEAREST)
    offer = " or ".join(repr(n) for n in near)
    listed = ", ".join(sorted(names)[:NEAREST]) or "none: this economy lists nothing of the kind"
    fix = f"did you mean {offer}?" if near else f"name one that exists, such as {listed}"
    if not names:
        fix = "there is none here: leave it out, or add one to the economy"
    if kind == "goods":
        fix = known.not_running.get(name, fix)
    yield Problem(where=place.where(key), found=repr(name), wanted=WHAT[kind], fix=fix)


def _check_sources(document: Scenario | Measure, known: Known, place: Place) -> Iterator[Problem]:
    lists: list[tuple[Key, tuple[str, ...]]] = [(("sources",), document.sources)]
    if isinstance(document, Scenario):
        lists += [(("shocks", i, "sources"), s.sources) for i, s in enumerate(document.shocks)]
    elif document.cost is not None:
        lists.append((("cost", "sources"), document.cost.sources))
    lists += [((*key, "sources"), triple.sources) for key, triple in walk_triples(document)]
    for key, names in lists:
        for name in names:
            yield from _check_name(key, "sources", name, known, place)


def _list(field: str, kind: str, names: tuple[str, ...] | str) -> list[Use]:
    """List the uses of a field that holds names, or one of its words such as `all`."""
    if isinstance(names, str):
        return []
    return [((field, index), kind, name) for index, name in enumerate(names)]


def _use_source_cut(shock: SourceCut) -> list[Use]:
    return [
        (("origin",), "origins", shock.origin),
        (("destination",), "regions", shock.destination),
        *_list("products", "products", shock.products),
        *_list("goods", "goods", shock.goods),
    ]


def _use_route(item: RouteClosure | OpenRoute) -> list[Use]:
    return [(("route",), "routes", item.route)]


def _use_units(shock: CapacityLoss | WorkforceLoss) -> list[Use]:
    area: list[Use] = [] if shock.area is None else [(("area",), "areas", shock.area)]
    rebuild = shock.rebuild if isinstance(shock, CapacityLoss) else None
    bought: list[Use] = [
        (("rebuild", "products", k, "product"), "products", part.product)
        for k, part in enumerate(() if rebuild is None else rebuild.products)
    ]
    return [*_list("units", "units", shock.units), *area, *bought, *_use_repair(shock)]


def _use_repair(shock: CapacityLoss | WorkforceLoss | ServiceOutage | CableCut) -> list[Use]:
    repair = None if isinstance(shock, WorkforceLoss) else shock.repair
    return [] if repair is None else [(("repair", "pool"), "repair_pools", repair.pool)]


def _use_service(shock: ServiceOutage) -> list[Use]:
    curve: list[Use] = []
    if shock.restoration is not None:
        curve = [(("restoration",), f"curves/{shock.service}", shock.restoration)]
    return [(("service",), "services", shock.service), *curve, *_use_repair(shock)]


def _use_cables(shock: CableCut) -> list[Use]:
    landings = _list("landings", f"landings/{shock.cables}", shock.landings)
    return [(("cables",), "cables", shock.cables), *landings, *_use_repair(shock)]


def _use_teams(lever: AddTeams) -> list[Use]:
    return [(("pool",), "repair_pools", lever.pool)]


def _use_surge(shock: DemandSurge) -> list[Use]:
    return [
        (("region",), "regions", shock.region),
        *_list("products", "products", shock.products),
        *_list("goods", "goods", shock.goods),
    ]


def _use_pool(shock: StockLoss) -> list[Use]:
    return [(("pool",), "pools", shock.pool)]


def _use_delay(shock: DecisionDelay) -> list[Use]:
    return _list("measures", "measures", shock.measures)


def _use_recorded(shock: RecordedShock) -> list[Use]:
    return [(("unit",), "money_units", shock.unit)]


def _use_release(lever: ReleaseStock) -> list[Use]:
    return _list("pools", "pools", lever.pools)


def _use_goods(lever: RestrainDemand | QualifySubstitute) -> list[Use]:
    return _list("goods", "goods", lever.goods)


def _use_supply(lever: AddSupply) -> list[Use]:
    return [
        (("good",), "goods", lever.good),
        *_list("origins", "origins", lever.origins),
        *_list("agreements", "agreements", lever.agreements),
    ]


def _use_restore(lever: RestoreSource) -> list[Use]:
    return [(("origin",), "origins", lever.origin), *_list("goods", "goods", lever.goods)]


def _use_harden(lever: HardenService) -> list[Use]:
    cables = _list("cables", "cables", lever.cables)
    return [*_list("services", "services", lever.services), *cables]


# Each shock and lever with the rule that lists the names it uses.
USES: Mapping[str, Callable[..., list[Use]]] = MappingProxyType(
    {
        "SourceCut": _use_source_cut,
        "RouteClosure": _use_route,
        "CapacityLoss": _use_units,
        "WorkforceLoss": _use_units,
        "ServiceOutage": _use_service,
        "CableCut": _use_cables,
        "DemandSurge": _use_surge,
        "StockLoss": _use_pool,
        "DecisionDelay": _use_delay,
        "RecordedShock": _use_recorded,
        "ReleaseStock": _use_release,
        "RestrainDemand": _use_goods,
        "OpenRoute": _use_route,
        "AddSupply": _use_supply,
        "RestoreSource": _use_restore,
        "HardenService": _use_harden,
        "QualifySubstitute": _use_goods,
        "AddTeams": _use_teams,
    }
)
