"""Turns a published table into one that can be played: origins of imports, no negative flows.

Each step is an assumption; each returns a table whose accounts close as before.
"""

from __future__ import annotations

import dataclasses
from types import MappingProxyType

import numpy as np

from keian.core import Names
from keian.official.nouns import EXPORTS, SET_APART, Floats, OfficialTable
from keian.official.verdict import calc_domestic_use

PARTNERS = MappingProxyType(
    {
        "ROW": Names(en="Rest of the world", ja="海外"),
        "ROJ": Names(en="Rest of Japan", ja="国内他地域"),
        "OUT": Names(en="Outside the region", ja="域外"),
    }
)


def set_apart(table: OfficialTable) -> OfficialTable:
    """Leave out changes of inventories and discrepancies; output falls or rises by them.

    They are what became of goods, not an order: nobody asks for them in a crisis.
    """
    kept = ~table.of_kind(*SET_APART)
    finals = tuple(final for final in table.finals if final.kind not in SET_APART)
    lost = table.Y[:, ~kept].sum(axis=1)
    return dataclasses.replace(table, finals=finals, Y=table.Y[:, kept], x=table.x - lost)


def transfer_negatives(table: OfficialTable) -> OfficialTable:
    """Turn negative flows, as scrap and by-products are written, into sales of who makes them.

    Where sector j makes product i on the side, the table holds Z[i, j] < 0. Here j sells it to the
    sector i: Z[j, i] grows by as much, and the output of both. Value added stays.
    """
    made = np.where(table.Z < 0, -table.Z, 0.0)
    if not made.any():
        return table
    grown = made.sum(axis=1) + made.sum(axis=0)
    Z = np.where(table.Z < 0, 0.0, table.Z) + made.T
    return dataclasses.replace(table, Z=Z, x=table.x + grown)


def calc_import_shares(table: OfficialTable) -> Floats:
    """Calculate which share of domestic use comes from each partner; (n, p), sums to at most 1."""
    use = calc_domestic_use(table)[:, None]
    share: Floats = np.divide(
        table.imports, use, out=np.zeros_like(table.imports), where=(use > 0) & (table.imports > 0)
    )
    capped: Floats = share / np.maximum(share.sum(axis=1, keepdims=True), 1.0)
    return capped


def part_imports(table: OfficialTable) -> OfficialTable:
    """Part flows that hold imports into those of the country and those of each partner.

    Every buyer takes the same share of a product from abroad (import proportionality); exports are
    made at home. Imports above what is used at home leave again, out of exports. Partners get a
    unit for each product, which sells what was imported and buys nothing.
    """
    if not table.partners:
        return table
    share = calc_import_shares(table)
    home = 1.0 - share.sum(axis=1, keepdims=True)
    abroad = table.of_kind(EXPORTS)
    Y = np.where(abroad, table.Y, table.Y * home)
    Y = _pass_on(table, Y, abroad, share)
    blocks = [(table.Z * home, Y)]
    sectors = table.sectors
    adds = np.array([[row[1] == sector for row in table.rows] for sector in sectors], dtype=float)
    for p in range(len(table.partners)):
        part = share[:, [p]]
        final = np.where(abroad, 0.0, table.Y * part)
        blocks.append((adds @ (table.Z * part), adds @ final))
    n, more = len(table.rows), len(sectors) * len(table.partners)
    Z = np.zeros((n + more, n + more))
    Z[:, :n] = np.vstack([flows for flows, _ in blocks])
    Y = np.vstack([final for _, final in blocks])
    return dataclasses.replace(
        table,
        rows=(*table.rows, *((p, s) for p in table.partners for s in sectors)),
        region_names={**table.region_names, **{p: PARTNERS[p] for p in table.partners}},
        Z=Z,
        finals=table.finals,
        Y=Y,
        x=Z.sum(axis=1) + Y.sum(axis=1),
        v=np.full(n + more, np.nan),
        partners=(),
        imports=np.zeros((n + more, 0)),
    )


def _pass_on(
    table: OfficialTable, Y: Floats, abroad: np.typing.NDArray[np.bool_], share: Floats
) -> Floats:
    """Take imports that are not used at home out of exports, greatest column first by share."""
    over = table.imports.sum(axis=1) - calc_domestic_use(table) * share.sum(axis=1)
    exported = np.where(abroad, Y, 0.0)
    total = exported.sum(axis=1)
    part = np.divide(exported, total[:, None], out=np.zeros_like(Y), where=total[:, None] > 0)
    left: Floats = Y - part * np.minimum(np.maximum(over, 0.0), np.maximum(total, 0.0))[:, None]
    return left
