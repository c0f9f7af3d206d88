"""From an Economy to the kernel's `Static`: the one place where yearly figures become daily."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from keian.crisis._arrays import LAST_CLASS, F, Ints, Static
from keian.crisis.rules import Rules
from keian.economy.nouns import Economy, Good

Arrays = dict[str, npt.NDArray[Any]]

FINAL_KINDS = 2  # vital and ordinary final demand
SERVICE_TIERS = 3


@dataclass(frozen=True, slots=True)
class Index:
    """Where things are in the arrays, by id."""

    unit: dict[str, int]
    product: dict[str, int]
    region: dict[str, int]
    good: dict[str, int]
    service: dict[str, int]
    pool: dict[str, int]
    lines: tuple[tuple[str, str], ...]  # (good, origin)
    uses: tuple[tuple[str, str], ...]  # (good, unit)
    service_uses: tuple[tuple[str, str], ...]  # (service, unit)
    service_rows: tuple[tuple[int, int, int], ...]  # (service, unit, position of the use)


def list_service_uses(economy: Economy) -> list[tuple[int, int, int]]:
    """List (service, unit, position of the use); a named unit overrides `*`."""
    at = {u: k for k, u in enumerate(economy.units)}
    rows: list[tuple[int, int, int]] = []
    for v, service in enumerate(economy.services):
        named = {u.unit: k for k, u in enumerate(service.uses) if u.unit != "*"}
        star = next((k for k, u in enumerate(service.uses) if u.unit == "*"), None)
        for unit in economy.units:
            if not unit.startswith(service.region + ".") or economy.masked[at[unit]]:
                continue
            if unit == service.provider:
                continue
            k = named.get(unit, star)
            if k is not None:
                rows.append((v, at[unit], k))
    return rows


def list_other_uses(economy: Economy) -> list[Good]:
    """Goods of which households and others use a part that no unit stands for.

    Their use follows the listed uses in the arrays, in this order.
    """
    return [g for g in economy.goods if g.uses_not_modelled_share.high > 0]


def index_economy(economy: Economy) -> Index:
    """Number everything that the arrays hold."""
    rows = list_service_uses(economy)
    return Index(
        unit={u: k for k, u in enumerate(economy.units)},
        product={p: k for k, p in enumerate(economy.products)},
        region={r: k for k, r in enumerate(economy.regions)},
        good={g.id: k for k, g in enumerate(economy.goods)},
        service={s.id: k for k, s in enumerate(economy.services)},
        pool={p.id: k for k, p in enumerate(p for g in economy.goods for p in g.pools)},
        lines=tuple((g.id, s.origin) for g in economy.goods for s in g.supplies),
        uses=tuple((u.good, u.unit) for u in economy.uses),
        service_uses=tuple((economy.services[v].id, economy.units[i]) for v, i, _ in rows),
        service_rows=tuple(rows),
    )


def calc_daily_flows(economy: Economy, rules: Rules, rows: Ints) -> F:
    """Turn the yearly sales of some units into daily ones.

    Parameters
    ----------
    rows : (k,) numbers of the units that sell; a table whole is too large to hold twice.

    Returns
    -------
    (k, J) float, MUSD/day; clients are the units, then vital and ordinary final demand of each region.
    """
    n, n_regions = len(economy.units), len(economy.regions)
    flows = np.empty((rows.size, n + FINAL_KINDS * n_regions))
    flows[:, :n] = economy.Z[rows]
    vital = economy.vital_share[economy.unit_product[rows]][:, None]
    consumed = economy.Y[rows, :, :3].sum(axis=2)
    flows[:, n::FINAL_KINDS] = vital * consumed
    flows[:, n + 1 :: FINAL_KINDS] = (1.0 - vital) * consumed + economy.Y[rows, :, 3]
    flows /= rules.days_per_year
    return flows


def _supplier_blocks(economy: Economy, rules: Rules) -> Arrays:
    """Purchases by product and the suppliers' shares in them, as flat blocks."""
    n, n_products = len(economy.units), len(economy.products)
    n_clients = n + FINAL_KINDS * len(economy.regions)
    b = np.zeros((n_products, n_clients))
    sellers = np.argsort(economy.unit_product, kind="stable").astype(np.int32)
    counts = np.bincount(economy.unit_product, minlength=n_products)
    sup_ptr = np.concatenate([[0], np.cumsum(counts)])
    s_t = np.empty(n * n_clients)
    for p in range(n_products):
        part = calc_daily_flows(economy, rules, sellers[sup_ptr[p] : sup_ptr[p + 1]])
        b[p] = part.sum(axis=0)
        block = s_t[sup_ptr[p] * n_clients : sup_ptr[p + 1] * n_clients].reshape(part.shape)
        np.divide(part, b[p], out=block, where=b[p] > 0)
        block[:, ~(b[p] > 0)] = 0.0
    return {
        "b": b,
        "sup_ptr": sup_ptr.astype(np.int32),
        "sup_unit": sellers,
        "s_ptr": sup_ptr.astype(np.int64) * n_clients,
        "s_t": s_t,
    }


def _lags(economy: Economy, b: F, blocks: Arrays) -> Arrays:
    """Lag classes by product, origin and destination, and the mean lag of each purchase."""
    n_products, n_regions, n = len(economy.products), len(economy.regions), len(economy.units)
    days = np.unique(np.concatenate([[0], economy.lag_days.ravel()]))
    classes = np.searchsorted(days, economy.lag_days)
    lag_class = np.zeros((n_products, n_regions, n_regions), np.int32)
    lag_class[economy.moves_by_sea] = classes
    lag_mean = np.zeros(b.shape)
    # a table without ways by sea has one class, whose share nobody reads
    class_share = np.zeros((n_products, days.size, n if days.size > 1 else 0))
    sup_ptr, s_ptr = blocks["sup_ptr"], blocks["s_ptr"]
    sup_unit = blocks["sup_unit"].astype(int)
    for p in range(n_products):
        rows = sup_unit[int(sup_ptr[p]) : int(sup_ptr[p + 1])]
        share = blocks["s_t"][int(s_ptr[p]) : int(s_ptr[p + 1])].reshape(rows.size, b.shape[1])
        lag = days[lag_class[p][economy.unit_region[rows]]]  # (suppliers, R)
        mine = lag_class[p][economy.unit_region[rows]][:, economy.unit_region]  # (suppliers, n)
        for c in range(days.size if days.size > 1 else 0):
            class_share[p, c] = np.where(mine == c, share[:, :n], 0.0).sum(axis=0)
        lag_mean[p, :n] = (share[:, :n] * lag[:, economy.unit_region]).sum(axis=0)
    return {
        "lag_class": lag_class,
        "lag_days": days.astype(np.int32),
        "lag_mean": lag_mean,
        "class_share": class_share,
        "class_used": np.any(class_share, axis=2).astype(np.int8),  # read where lags differ
        "one_lag": np.all(class_share[:, 1:] == 0, axis=(1, 2)).astype(np.int8),
    }


def _limits(economy: Economy, rules: Rules, b: F, x0: F) -> Arrays:
    """Covers and criticalities; what a critical good carries no longer limits in the table."""
    n = x0.size
    n_clients = b.shape[1]
    at = {u: k for k, u in enumerate(economy.units)}
    product = {p: k for k, p in enumerate(economy.products)}
    stocked = np.ones(len(economy.products), np.int8)
    for service in economy.services:
        if service.provider is not None:
            stocked[economy.unit_product[at[service.provider]]] = 0
    cover = np.zeros(b.shape)
    cover[:, :n] = np.maximum(economy.cover_days, rules.floor_cover_days)
    # the longest way into the region, not the mean one: a short stock behind a long way never fills
    far = np.where(economy.moves_by_sea[:, None], economy.lag_days.max(axis=0)[None, :], 0)
    cover[:, :n] = np.maximum(cover[:, :n], far[:, economy.unit_region] / rules.lag_per_cover)
    cover[:, n:n_clients] = 0.0
    matters = (
        (b[:, :n] > 0)
        & (b[:, :n] >= rules.least_input_share * x0)
        & (x0 > 0)
        & (stocked[:, None] == 1)
    )
    left = np.ones((len(economy.products), n))
    parent = {g.id: g.parent_product for g in economy.goods}
    for use in economy.uses:
        left[product[parent[use.good]], at[use.unit]] -= use.carries_parent
    left = np.clip(left, 0.0, 1.0)
    return {
        "stocked": stocked,
        "cover": cover,
        "beta_rated": np.where(matters, economy.criticality * left, 0.0),
        "beta_all": np.where(matters, left, 0.0),
    }


def _services(economy: Economy, b: F) -> Arrays:
    """Providers, users and tiers of the essential services."""
    at = {u: k for k, u in enumerate(economy.units)}
    rows = list_service_uses(economy)
    provider = [at[s.provider] if s.provider else -1 for s in economy.services]
    tier = np.array([economy.services[v].uses[k].tier - 1 for v, _, k in rows], np.int32)
    share = np.zeros((len(economy.services), SERVICE_TIERS))
    for (v, i, _), level in zip(rows, tier, strict=True):
        if provider[v] >= 0:
            share[v, level] += b[economy.unit_product[provider[v]], i]
    total = share.sum(axis=1, keepdims=True)
    share = np.divide(share, total, out=np.zeros_like(share), where=total > 0)
    counts = np.bincount([v for v, _, _ in rows], minlength=len(economy.services))
    is_provider = np.zeros(len(economy.units), np.int8)
    is_provider[[i for i in provider if i >= 0]] = 1
    return {
        "service_provider": np.array(provider, np.int32),
        "outage_unit": np.array(
            [at.get(s.provider or s.outage_unit or "", -1) for s in economy.services], np.int32
        ),
        "service_ptr": np.concatenate([[0], np.cumsum(counts)]).astype(np.int32),
        "service_unit": np.array([i for _, i, _ in rows], np.int32),
        "service_tier": tier,
        "tier_share": share,
        "is_provider": is_provider,
        "providers": np.flatnonzero(is_provider).astype(np.int32),
    }


def _goods(economy: Economy) -> Arrays:
    """Topology of the goods: which line, pool and use belongs to which good and unit."""
    at = {u: k for k, u in enumerate(economy.units)}
    good = {g.id: k for k, g in enumerate(economy.goods)}
    product = {p: k for k, p in enumerate(economy.products)}
    lines = [(good[g.id], s) for g in economy.goods for s in g.supplies]
    use_unit = np.array([at[u.unit] for u in economy.uses], np.int32)
    order = np.argsort(use_unit, kind="stable").astype(np.int32)
    counts = np.bincount(use_unit, minlength=len(economy.units))
    others = [good[g.id] for g in list_other_uses(economy)]
    return {
        "good_parent": np.array([product[g.parent_product] for g in economy.goods], np.int32),
        "good_from": np.array([good.get(g.made_from or "", -1) for g in economy.goods], np.int32),
        "use_good": np.array([*(good[u.good] for u in economy.uses), *others], np.int32),
        "use_unit": np.concatenate([use_unit, np.full(len(others), -1, np.int32)]),
        "unit_use_ptr": np.concatenate([[0], np.cumsum(counts)]).astype(np.int32),
        "unit_use": order,
        "line_good": np.array([g for g, _ in lines], np.int32),
        "line_unit": np.array([at[s.made_by] if s.made_by else -1 for _, s in lines], np.int32),
        "pool_good": np.array([good[g.id] for g in economy.goods for _ in g.pools], np.int32),
    }


def make_static(economy: Economy, rules: Rules) -> Static:
    """Compile an economy to the kernel's arrays, the same for every run.

    Parameters
    ----------
    economy : checked economy; money per year.
    rules : parameters of the model.

    Returns
    -------
    Static, money per day.
    """
    x0 = economy.x / rules.days_per_year
    blocks = _supplier_blocks(economy, rules)
    b = np.asarray(blocks["b"])
    lags = _lags(economy, b, blocks)
    regions = np.arange(len(economy.regions))
    # copies, because the kernel is compiled anew for arrays that are read-only
    fields: dict[str, object] = {
        "x0": x0,
        "v": np.array(economy.v, np.float64),
        "unit_region": np.array(economy.unit_region, np.int32),
        "unit_product": np.array(economy.unit_product, np.int32),
        "unit_start": np.searchsorted(economy.unit_region, np.arange(regions.size + 1)).astype(
            np.int32
        ),
        "client_region": np.concatenate(
            [economy.unit_region, np.repeat(regions, FINAL_KINDS)]
        ).astype(np.int32),
        "mu": np.array(economy.reroute_share, np.float64),
        "reroute_days": np.array(economy.reroute_days, np.float64),
        "tau": rules.tau_days,
        "smooth": rules.smooth_days,
        "queue_rate": rules.queue_rate_share,
    }
    bought, there = b[:, : x0.size], x0 > 0
    fields |= {
        "per_x": np.divide(bought, x0, out=np.zeros_like(bought), where=there),
    }
    fields |= blocks | lags | _limits(economy, rules, b, x0)
    fields |= _services(economy, b) | _goods(economy)
    first = economy.vital_share[economy.unit_product] >= rules.vital_maker_share
    fields["rank"] = np.where(first, LAST_CLASS - 1, LAST_CLASS).astype(np.int8)
    return Static(**fields)  # type: ignore[arg-type]  # one dict of arrays, checked by the kernel
