"""Critical goods: expand the written forms with the trade panel, distances and passages."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from keian.core import InputError, Problem, Triple, load_document
from keian.economy.distances import Ways, calc_lag, list_passages
from keian.economy.forms import (
    GoodFile,
    GoodForm,
    PanelForm,
    PoolForm,
    RegisteredForm,
    SupplyForm,
)
from keian.economy.frames import read_frame
from keian.economy.nouns import Good, Origin, Pool, RegisteredGood, RouteShare, Supply

if TYPE_CHECKING:
    import pandas as pd

REST = "rest"
NO_DAYS = Triple(low=0, mode=0, high=0)
PANEL_SOURCE = "baci-hs92"
CROP_SOURCES = ("faostat-tm-2022", "faostat-qcl-2022")
KEPT = frozenset(RegisteredForm.model_fields) - {"imports", "sources"}


@dataclass(frozen=True, slots=True)
class Trade:
    """Trade of the home country: imports by product and exporter, crops, home harvests.

    imports : columns year, product, exporter, value_kusd, quantity_t
    crops : columns crop, exporter, importer, tonnes
    harvests : crop -> tonnes in the form that is traded
    """

    home: str
    imports: pd.DataFrame
    crops: pd.DataFrame
    harvests: dict[str, float]


@dataclass(frozen=True, slots=True)
class Setting:
    """What the expansion of a good may look up."""

    trade: Trade
    ways: Ways
    rest_lag_days: Triple


def load_trade(folder: Path, home: str) -> Trade:
    """Read the trade panel and the crop tables of the folder `trade`."""
    crops = read_frame(folder / "crops_jpn.csv", "crops_trade")
    harvest = read_frame(folder / "crops_production.csv")
    harvest = harvest[harvest["country"] == home]
    return Trade(
        home=home,
        imports=read_frame(folder / "imports_jpn.parquet", "imports"),
        crops=crops[crops["importer"] == home],
        harvests=dict(
            zip(harvest["crop"], harvest["traded_form_tonnes"].astype(float), strict=True)
        ),
    )


def load_goods(
    folder: Path, setting: Setting
) -> tuple[tuple[Good, ...], tuple[RegisteredGood, ...]]:
    """Load every file of goods in a folder, uses.yaml left out.

    Returns
    -------
    Goods of every tier that can run, and goods that are listed only.

    Raises
    ------
    InputError
        A panel has no figures, shares exceed one, a pool set is unknown; all at once.
    """
    problems: list[Problem] = []
    goods: list[Good] = []
    registered: list[RegisteredGood] = []
    for path in sorted(folder.glob("*.yaml")):
        if path.name == "uses.yaml":
            continue
        file = load_document(path, GoodFile)
        for form in file.goods:
            where = f"goods/{path.name}: {form.id}"
            try:
                goods.append(expand_good(form, file.pool_sets, setting, where))
            except InputError as error:
                problems += error.problems
        for listed in file.registered:
            where = f"goods/{path.name}: {listed.id}"
            try:
                registered.append(expand_registered(listed, setting.trade, where))
            except InputError as error:
                problems += error.problems
    if problems:
        raise InputError(problems)
    return tuple(goods), tuple(registered)


def expand_registered(form: RegisteredForm, trade: Trade, where: str) -> RegisteredGood:
    """Expand one listed good: its imports by country come from the panel, if it names one."""
    if not form.missing:
        fix = "say what is missing, or give the figures of a run in another tier"
        raise InputError([Problem(f"{where}.missing", "nothing", "what is not known", fix)])
    shares: dict[str, float] = {}
    if form.imports is not None:
        panel = PanelForm(
            hs92=form.imports.hs92,
            year=form.imports.year,
            weight="tonnes",
            top=form.imports.top,
        )
        shares, _ = calc_panel_shares(panel, trade, where)
    found = (PANEL_SOURCE,) if shares else ()
    stated = (*form.sources, *(name for fact in form.known for name in fact.sources), *found)
    return RegisteredGood(
        **{key: getattr(form, key) for key in type(form).model_fields if key in KEPT},
        imports=tuple(Origin(country=key, share=share) for key, share in shares.items()),
        imports_year=form.imports.year if form.imports else None,
        sources=tuple(dict.fromkeys(stated)),
    )


def expand_good(
    form: GoodForm, pool_sets: dict[str, tuple[PoolForm, ...]], setting: Setting, where: str
) -> Good:
    """Expand one written good into the noun."""
    if form.pool_set is not None and form.pool_set not in pool_sets:
        raise InputError(
            [
                Problem(
                    where=f"{where}.pool_set",
                    found=form.pool_set,
                    wanted=f"one of {sorted(pool_sets)}",
                    fix="name a pool set of the same file or write the pools out",
                )
            ]
        )
    # a set stands for a stock of each good, so its pools carry the good's name
    shared = tuple(
        pool.model_copy(update={"id": f"{form.id}.{pool.id}"})
        for pool in (pool_sets[form.pool_set] if form.pool_set else ())
    )
    pools = form.pools + shared
    same = {
        key: getattr(form, key)
        for key in type(form).model_fields
        if key not in {"supplies", "panel", "ways", "pools", "pool_set"}
    }
    return Good(
        **same,
        supplies=_expand_supplies(form, setting, where),
        pools=tuple(_expand_pool(pool) for pool in pools),
    )


def calc_panel_shares(panel: PanelForm, trade: Trade, where: str) -> tuple[dict[str, float], float]:
    """Calculate shares of imports by country and the home share of supply.

    Returns
    -------
    Shares of the `top` countries and of the rest, largest first, summing to 1; home share
    (0 unless the form names who makes it at home).
    """
    if panel.crop is not None:
        rows = trade.crops[trade.crops["crop"] == panel.crop]
        weights = rows.groupby("exporter", observed=True)["tonnes"].sum()
    else:
        table = trade.imports
        rows = table[(table["year"] == panel.year) & table["product"].isin(panel.hs92)]
        column = "quantity_t" if panel.weight == "tonnes" else "value_kusd"
        weights = rows.groupby("exporter", observed=True)[column].sum()
    total = float(weights.sum())
    if total <= 0:
        raise InputError(
            [
                Problem(
                    where=f"{where}.panel",
                    found=f"no imports of {panel.crop or panel.hs92} in {panel.year}",
                    wanted="a product and year of the trade panel",
                    fix="see trade/products.csv and trade/crops_jpn.csv for what there is",
                )
            ]
        )
    ordered = sorted(weights.items(), key=lambda pair: (-float(pair[1]), str(pair[0])))
    shares = {str(country): float(weight) / total for country, weight in ordered[: panel.top]}
    shares = {country: share for country, share in shares.items() if share > 0}
    left = 1.0 - sum(shares.values())
    if left > 0:
        shares[REST] = left
    harvest = trade.harvests.get(panel.crop or "", 0.0) if panel.home_made_by else 0.0
    return shares, harvest / (harvest + total)


def _expand_supplies(form: GoodForm, setting: Setting, where: str) -> tuple[Supply, ...]:
    """Expand written lines and panel lines; the modes of all shares sum to 1."""
    supply_lines = [line for line in form.supplies if line.of == "supply"]
    import_lines = [line for line in form.supplies if line.of == "imports"]
    left = 1.0 - sum(line.share.mode for line in supply_lines)
    lines = [_expand_line(line, 1.0, form, setting) for line in supply_lines]
    lines += [_expand_line(line, left, form, setting) for line in import_lines]
    if form.panel is not None:
        lines += _expand_panel(form, form.panel, left, setting, where)
    return tuple(lines)


def _expand_line(line: SupplyForm, scale: float, form: GoodForm, setting: Setting) -> Supply:
    """Expand one written line."""
    return Supply(
        origin=line.origin,
        share=scale_triple(line.share, scale),
        lag_days=line.lag_days or _find_lag(line.origin, line.cargo, setting),
        routes=_find_routes(line, form, setting),
        made_by=line.made_by,
        grade=line.grade,
        sources=line.sources,
    )


def _find_routes(line: SupplyForm, form: GoodForm, setting: Setting) -> tuple[RouteShare, ...]:
    """Find the passages of a written line: its own, else the good's over the country's usual."""
    if line.routes == ():
        return ()
    given = form.ways.get(line.origin, ()) if line.routes is None else line.routes
    return list_passages(setting.ways, line.origin, line.cargo, given)


def _expand_panel(
    form: GoodForm, panel: PanelForm, left: float, setting: Setting, where: str
) -> list[Supply]:
    """Expand the panel into supply lines: home first, then countries by weight."""
    shares, home = calc_panel_shares(panel, setting.trade, where)
    sources = CROP_SOURCES if panel.crop else (PANEL_SOURCE,)
    lines: list[Supply] = []
    if home > 0:
        lines.append(
            Supply(
                origin=setting.trade.home,
                share=scale_triple(_fix(home), left),
                made_by=panel.home_made_by,
                grade=panel.grade,
                sources=sources,
            )
        )
    for country, share in shares.items():
        span = panel.spans.get(country)
        triple = Triple(
            low=min(share, span.low if span else share),
            mode=share,
            high=max(share, span.high if span else share),
            sources=(*sources, *(span.sources if span else ())),
        )
        lines.append(
            Supply(
                origin=country,
                share=scale_triple(triple, left * (1.0 - home)),
                lag_days=panel.air_days or _find_lag(country, panel.cargo, setting),
                routes=()
                if panel.air_days
                else list_passages(setting.ways, country, panel.cargo, form.ways.get(country, ())),
                grade=panel.grade,
                sources=triple.sources,
            )
        )
    return lines


def _find_lag(origin: str, cargo: str, setting: Setting) -> Triple:
    """Find the days on the way: none at home, the assumption for the rest."""
    if origin == setting.trade.home:
        return NO_DAYS
    if origin == REST:
        return setting.rest_lag_days
    return calc_lag(setting.ways, origin, cargo)


def _expand_pool(form: PoolForm) -> Pool:
    """Expand one written stock."""
    written = ("quantity", "quantity_days")
    same = {key: getattr(form, key) for key in type(form).model_fields if key not in written}
    same["quantity_days"] = form.quantity.calc_days() if form.quantity else form.quantity_days
    return Pool(**same)


def scale_triple(triple: Triple, factor: float) -> Triple:
    """Scale a triple by a factor of at least 0; sources and note stay."""
    return triple.model_copy(
        update={
            "low": triple.low * factor,
            "mode": triple.mode * factor,
            "high": triple.high * factor,
        }
    )


def _fix(value: float) -> Triple:
    """Give a fixed triple."""
    return Triple(low=value, mode=value, high=value)
