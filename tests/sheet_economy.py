"""A small invented economy in a folder, with one of everything that has a sheet."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from keian.sheets import write_iosystem

REGIONS = ("JPN", "ROW")
SECTORS = ("c2", "c8", "c17e")
FINALS = ("HFCE", "NPISH", "GGFC", "GFCF", "INVNT")

GOODS = """
pool_sets:
  shared:
    - id: state
      names: {en: State stock, ja: 国家備蓄}
      owner: state
      quantity_days: {low: 10, mode: 20.1, high: 30, source: stat}
      usable_share: 0.9
      draw_limit: {low: 0.3, mode: 0.6, high: 1, source: guess}
      sources: [stat]
goods:
  - id: oil
    names: {en: Oil, ja: 石油}
    tier: modelled
    vital: true
    parent_product: c2
    hs92: ["270900"]
    unit: kL
    floor_days: {low: 3, mode: 7, high: 14, source: guess}
    stretch_days: {dist: uniform, low: 30, high: 90, source: guess}
    catch_up_share: {dist: lognormal, low: 0.05, high: 0.2, source: guess}
    uses_not_modelled_share: {low: 0, mode: 0.1, high: 0.2, source: stat}
    uses_not_modelled: {en: Households, ja: 家計}
    supplies:
      - {origin: JPN, share: 0.1, made_by: JPN.c2, sources: [stat]}
      - {origin: ROW, share: {low: 0.6, mode: 0.8, high: 0.9, source: stat}, lag_days: {low: 10, mode: 20, high: 25, source: guess}, grade: A, sources: [stat]}
      - {origin: rest, share: 0.1, routes: [], sources: [stat]}
    pools:
      - id: tanks
        names: {en: Tanks, ja: タンク}
        owner: private
        quantity: {stock: 13.72, factor: 0.95, part: 0.3, per_day: [0.28, 0.28, 0.38], sources: [stat]}
        usable_share: {low: 0.8, mode: 0.86, high: 0.95, source: guess}
        draw_limit: 1
        automatic: true
        sources: [stat]
    pool_set: shared
    missing: [stocks of refiners, "grades, by field"]
    note: "= not a formula"
    sources: [stat]
  - id: wax
    names: {en: Wax, ja: ろう}
    tier: illustrative
    parent_product: c2
    unit: t
    floor_days: 1
    stretch_days: 30
    catch_up_share: 0.1
    supplies:
      - {origin: JPN, share: {low: 0.2, mode: 0.5, high: 0.8, source: guess}, sources: [guess]}
      - {origin: rest, share: 0.5, routes: [], sources: [guess]}
    missing: [nearly all]
    sources: [guess]
registered:
  - id: tar
    names: {en: Tar, ja: タール}
    designated: critical-minerals
    hs: ["270600"]
    known:
      - {what: {en: Made at home, ja: 国内生産}, value: 12.5, unit: "%", sources: [stat]}
      - {what: {en: World output, ja: 世界生産}, value: 1000000, unit: t, sources: [stat]}
    covered_by: [oil]
    missing:
      - {en: "users, stock", ja: 利用者と在庫}
      - {en: imports by country, ja: 国別の輸入}
    note: {en: Listed only., ja: 登録のみ。}
"""
USES = """
uses:
  - good: oil
    units: [JPN.c8, JPN.c17e]
    output_share: {low: 0.5, mode: 0.7, high: 0.9, source: guess}
    use_share: {low: 0.8, mode: 0.9, high: 1, source: stat}
    carries_parent: 0.25
    cover_days: 3
    substitute_days: {low: 30, mode: 60, high: 90, source: guess}
    substitute_share: 0.5
    why: "Refiners make nothing without it."
    sources: [stat]
"""
SERVICES = """
services:
  - id: power
    names: {en: Power, ja: 電力}
    provider: JPN.c17e
    floor_level: {low: 0.8, mode: 0.9, high: 0.95, source: guess}
    defaults:
      tier: 2
      backup_days: {low: 0, mode: 0, high: 0.5, source: guess}
      floor_by_rating:
        critical: {low: 0.3, mode: 0.5, high: 0.7, source: guess}
        important: {low: 0.5, mode: 0.7, high: 0.85, source: guess}
        other: {low: 0.7, mode: 0.85, high: 0.95, source: guess}
    uses:
      - {units: [JPN.c2], tier: 1, backup_days: [0, 1, 3], why: Mines have pumps of their own.}
    sources: [guess]
  - id: ports
    names: {en: Ports, ja: 港湾}
    provider: null
    floor_level: 0.5
    uses:
      - {units: [JPN.c8], tier: 3, backup_days: 0, floor: [0.1, 0.2, 0.4], why: Oil comes by sea.}
    carries_trade_share: {low: 0.7, mode: 0.9, high: 1, source: guess}
    sources: [guess]
"""
ROUTES = """
routes:
  - id: strait
    names: {en: Strait, ja: 海峡}
    kind: strait
    detour_days: null
    yard_days: {low: 5, mode: 7, high: 14, source: guess}
    flows:
      - {origins: [ROW], destination: JPN, products: [c2], share: {low: 0.5, mode: 0.65, high: 0.8, source: stat}, position_days: 1.5, sources: [stat]}
      - {origins: "*", destination: JPN, products: goods, share: 0.2, position_days: arrival, both_ways: true, sources: [guess]}
    sources: [stat]
"""
WAYS = """
ways:
  - countries: [ROW]
    routes:
      - {route: strait, share: {low: 0.8, mode: 0.9, high: 1, source: stat}, position_days: 2.5}
    why: There is no other way.
    sources: [stat]
"""
SOURCES = """
- {id: stat, title: "Statistics, 統計", publisher: Office, url: "https://example.org/x", published: 2013-11, retrieved: 2026-11-22, licence: CC BY 4.0, grade: A, kind: published, vintage: 2011}
- {id: guess, title: Guess, kind: assumption, note: Invented for tests.}
"""


@dataclass
class Table:
    """What pymrio gives, by its shape."""

    Z: pd.DataFrame
    Y: pd.DataFrame
    x: pd.DataFrame
    unit: pd.DataFrame


def make_table(seed: int = 7) -> Table:
    """Make a table of two regions and three sectors; awkward digits on purpose."""
    rng = np.random.default_rng(seed)
    n = len(REGIONS) * len(SECTORS)
    index = pd.MultiIndex.from_product([REGIONS, SECTORS], names=["region", "sector"])
    finals = pd.MultiIndex.from_product([REGIONS, FINALS], names=["region", "category"])
    Z = pd.DataFrame(rng.random((n, n)) * 10 / 3, index=index, columns=index)
    Y = pd.DataFrame(5 + rng.random((n, len(finals))), index=index, columns=finals)
    x = pd.DataFrame({"indout": Z.sum(axis=1) + Y.sum(axis=1)})
    unit = pd.DataFrame({"unit": ["M.EUR"] * n}, index=index)
    return Table(Z, Y, x, unit)


def write_economy(folder: Path) -> Path:
    """Write the economy; its units are JPN.c2 and the like."""
    write_iosystem(make_table(), folder, home="JPN", year=2020, by_sea=("c2", "c8"))
    texts = {
        "goods/goods.yaml": GOODS,
        "goods/uses.yaml": USES,
        "essential_services/services.yaml": SERVICES,
        "routes/routes.yaml": ROUTES,
        "routes/ways.yaml": WAYS,
        "sources_goods.yaml": SOURCES,
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    distances = "country,cargo,port,variant,km,passages\nROW,any,Port,shortest,9000,strait\n"
    (folder / "routes" / "distances.csv").write_text(distances, encoding="utf-8")
    return folder
