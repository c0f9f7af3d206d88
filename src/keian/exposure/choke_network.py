"""Sets centralities and the network's own losses beside choke points."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from keian.economy import Economy, Good
from keian.economy.nouns import FloatArray
from keian.exposure.centrality import (
    calc_centrality,
    calc_delivery_losses,
    observe_delivery,
)
from keian.exposure.choke_points import ChokePoints
from keian.exposure.flows import Flows

if TYPE_CHECKING:
    import pandas as pd

FIRST = 5  # ranks that count as central when centralities are compared
NETWORK_COLUMNS = (
    "strength_rank", "betweenness_rank", "katz_rank", "agree", "network_loss_share",
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class GoodNetwork:
    """World trade of one good: matrix of values and the countries in it.

    W : (n, n) thousand USD, row sells to column.
    """

    W: FloatArray
    place: Mapping[str, int]


def take_network(flows: Flows, good: Good, year: int) -> GoodNetwork | None:
    """Take the trade network of a good's headings; None if the flows hold none of them."""
    codes = [flows.products.index(code) for code in good.hs92 if code in flows.products]
    rows = (flows.year == year) & np.isin(flows.product, codes)
    if not rows.any():
        return None
    sellers, buyers = flows.exporter[rows], flows.importer[rows]
    nodes = np.unique(np.concatenate([sellers, buyers]))
    W = np.zeros((len(nodes), len(nodes)))
    np.add.at(
        W,
        (np.searchsorted(nodes, sellers), np.searchsorted(nodes, buyers)),
        flows.value_kusd[rows],
    )
    return GoodNetwork(W, {flows.countries[node]: at for at, node in enumerate(nodes.tolist())})


def add_network(points: ChokePoints, economy: Economy, flows: Flows, year: int) -> ChokePoints:
    """Add ranks by three centralities and N-1, N-2 losses of the deliverable flow.

    Rows of passages and goods without flows stay missing: trade figures do not tell the way.
    """
    import pandas as pd

    networks = {good.id: take_network(flows, good, year) for good in economy.goods}
    parts = [
        _describe(table, networks.get(str(name)), economy.home)
        for name, table in points.table.groupby("good", sort=False)
    ]
    added = pd.concat(parts).sort_index() if parts else pd.DataFrame(columns=list(NETWORK_COLUMNS))
    table = points.table.join(added)
    sources = tuple(dict.fromkeys([*points.sources, *flows.sources]))
    return replace(points, table=table, sources=sources)


def _describe(table: pd.DataFrame, network: GoodNetwork | None, home: str) -> pd.DataFrame:
    """Describe the rows of one good."""
    import pandas as pd

    told = pd.DataFrame(np.nan, index=table.index, columns=list(NETWORK_COLUMNS))
    if network is None or home not in network.place:
        return told
    ranks = calc_centrality(network.W).ranks()
    cuts = {}
    second = table["second"].where(table["second"].notna(), "").tolist()
    for index, *both in zip(table.index.tolist(), table["node"].tolist(), second, strict=True):
        names = [name for name in both if name]
        if all(name in network.place for name in names):
            cuts[index] = np.array([network.place[name] for name in names], dtype=np.int32)
    losses = calc_delivery_losses(
        observe_delivery(network.W, network.place[home]), list(cuts.values())
    )
    for (index, cut), loss in zip(cuts.items(), losses.tolist(), strict=True):
        told.loc[index, "network_loss_share"] = loss
        if len(cut) == 1:
            mine = ranks[:, cut[0]]
            told.loc[index, list(NETWORK_COLUMNS[:3])] = mine
            told.loc[index, "agree"] = float(len(set((mine <= FIRST).tolist())) == 1)
    return told
