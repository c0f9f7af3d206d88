"""Load an economy: world table, goods, essential services, routes and parameters."""

from __future__ import annotations

import warnings
from dataclasses import replace
from datetime import date
from pathlib import Path

from keian.core import (
    InputError,
    KeianWarning,
    Label,
    Names,
    Problem,
    Source,
    load_document,
    load_sources,
)
from keian.economy.check import (
    check_references,
    check_tiers,
    check_use_shares,
    economy_digest,
    list_newer,
)
from keian.economy.distances import load_ways, read_region_lags
from keian.economy.essential import load_services
from keian.economy.forms import Parameters
from keian.economy.frames import read_frame
from keian.economy.goods import Setting, load_goods, load_trade
from keian.economy.nouns import Economy
from keian.economy.overlays import load_overlays
from keian.economy.parameters import (
    calc_cover,
    check_parameters,
    list_assumptions,
    mark_products,
    spread_by_product,
)
from keian.economy.routes import load_routes
from keian.economy.uses import load_uses
from keian.economy.world_table import load_world_table

DATA = Path(__file__).parent / "data"
SOURCE_FILES = ("sources.yaml", "sources_goods.yaml")
MORE_SOURCES = ("sources_services.yaml",)  # an own economy may do without


def load_economy(
    name_or_path: str | Path = "japan", *, as_of: date | None = None, illustrative: bool = False
) -> Economy:
    """Load an economy that keian ships, or the folder of one's own.

    Parameters
    ----------
    name_or_path
        Name of a shipped economy, or a folder laid out like it.
    as_of
        Date of the review: figures newer than it are named in a `KeianWarning`.
    illustrative
        Let the illustrative goods run too. Otherwise they are checked like all others and stand
        aside, their uses left out.

    Raises
    ------
    InputError
        Unknown name, or documents that break their form; all problems at once.
    DataError
        Tables that do not fit together.

    Examples
    --------
    >>> load_economy("japan").year
    2011
    """
    folder = find_economy(name_or_path)
    parameters = load_document(folder / "parameters.yaml", Parameters)
    table = load_world_table(folder / "table")
    problems = check_parameters(parameters, table)
    if problems:
        raise InputError(problems)
    lags = read_region_lags(folder / "routes", table.regions)
    trade = load_trade(folder / "trade", parameters.home)
    ways = load_ways(folder / "routes", parameters.knots)
    goods, registered = load_goods(folder / "goods", Setting(trade, ways, parameters.rest_lag_days))
    uses = load_uses(folder / "goods" / "uses.yaml", goods, table)
    overlays = load_overlays(folder / "overlays", parameters.regional_table)
    services = load_services(folder / "essential_services", parameters.home, table, overlays)
    routes = load_routes(folder / "routes", table.regions, table.products, lags)
    regions, names = read_countries(folder / "trade" / "countries.csv")
    economy = Economy(
        name=folder.name,
        title=parameters.title,
        year=parameters.year,
        currency=parameters.currency,
        yen_per_usd=parameters.yen_per_usd.value,
        home=parameters.home,
        regions=table.regions,
        region_names=table.region_names,
        products=table.products,
        product_names=table.product_names,
        units=table.units,
        unit_names=table.unit_names,
        unit_region=table.unit_region,
        unit_product=table.unit_product,
        masked=table.masked,
        Z=table.Z,
        Y=table.Y,
        x=table.x,
        v=table.v,
        criticality=table.criticality,
        cover_days=calc_cover(table, parameters.cover, lags),
        lag_days=lags,
        vital_share=spread_by_product(parameters.vital_share, table.products, 0.0),
        moves_by_sea=mark_products(table.products, parameters.moves_by_sea.products),
        reroute_share=spread_by_product(parameters.reroute_share, table.products, 0.0),
        reroute_days=spread_by_product(
            parameters.reroute_days, table.products, parameters.reroute_days_default.value
        ),
        goods=goods,
        uses=uses,
        services=services.acting,
        routes=routes,
        country_region=regions,
        country_names=names,
        sources=load_source_files(folder),
        assumptions=list_assumptions(parameters),
        label=Label(parameters.label),
        digest="",
        registered=registered,
        registered_services=services.registered,
        service_needs=services.needs,
        cables=overlays.cables,
        workforce=overlays.workforce,
        areas=overlays.areas,
        repair_pools=overlays.repair_pools,
        regional_table=parameters.regional_table,
    )
    problems = [
        *check_references(economy),
        *check_use_shares(goods, uses),
        *check_tiers(economy),
    ]
    if problems:
        raise InputError(problems)
    if not illustrative:
        economy = set_aside(economy)
    if as_of is not None:
        _warn_of_newer(economy, as_of)
    return replace(economy, digest=economy_digest(economy))


def set_aside(economy: Economy) -> Economy:
    """Take the illustrative goods and their uses out of what runs."""
    aside = tuple(good for good in economy.goods if good.tier == "illustrative")
    left_out = {good.id for good in aside}
    return replace(
        economy,
        goods=tuple(good for good in economy.goods if good.id not in left_out),
        uses=tuple(use for use in economy.uses if use.good not in left_out),
        aside=(*economy.aside, *aside),
    )


def find_economy(name_or_path: str | Path) -> Path:
    """Find the folder of an economy: a shipped name first, then a folder."""
    shipped = sorted(path.name for path in DATA.iterdir() if path.is_dir())
    if str(name_or_path) in shipped:
        return DATA / str(name_or_path)
    folder = Path(name_or_path)
    if (folder / "parameters.yaml").is_file():
        return folder
    raise InputError(
        [
            Problem(
                where="economy",
                found=str(name_or_path),
                wanted=f"one of {shipped}, or a folder that holds parameters.yaml",
                fix="correct the name, or copy the layout of the shipped folder",
            )
        ]
    )


def load_source_files(folder: Path) -> dict[str, Source]:
    """Load the sources of an economy by id; an id that stands twice is an error."""
    sources: dict[str, Source] = {}
    problems: list[Problem] = []
    more = tuple(name for name in MORE_SOURCES if (folder / name).is_file())
    for name in (*SOURCE_FILES, *more):
        for key, source in load_sources(folder / name).items():
            if key in sources:
                fix = "keep one of the two"
                problems.append(Problem(where=name, found=key, wanted="one source an id", fix=fix))
            sources[key] = source
    if problems:
        raise InputError(problems)
    return sources


def read_countries(path: Path) -> tuple[dict[str, str], dict[str, Names]]:
    """Read the region and the names of every country."""
    frame = read_frame(path)
    names = {
        iso: Names(en=en, ja=ja)
        for iso, en, ja in zip(frame["iso3"], frame["name_en"], frame["name_ja"], strict=True)
    }
    return dict(zip(frame["iso3"], frame["region"], strict=True)), names


def _warn_of_newer(economy: Economy, as_of: date) -> None:
    """Warn that figures are newer than the date of the review."""
    newer = list_newer(economy, as_of)
    if newer:
        text = f"{len(newer)} figures are newer than {as_of}: {', '.join(newer)}"
        warnings.warn(text, KeianWarning, stacklevel=3)
