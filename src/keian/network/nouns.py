"""The noun of the room: who sells how much to whom, firm by firm."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from keian.core import Label, Labelled, Source

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Texts = Any  # pyarrow.LargeStringArray: a million ids as one block of bytes, not as objects


@dataclass(frozen=True, slots=True, eq=False)
class FirmNetwork:
    """Firms and the links between them. Arrays are read-only; N firms, M links.

    Firms stand in the order of product, region and falling sales; links in the order of client and
    supplier, so that all that a firm buys of one product lies together. The digest is the identity.

    Attributes
    ----------
    ids : (N,) text, as the user wrote them.
    products, regions, areas : names behind the numbers in `product`, `region`, `area`.
    product, region : (N,) int, what the firm makes and where.
    area : (N,) int, part of the region; -1 = not known.
    sales : (N,) float, `currency` per year.
    capacity : (N,) float, greatest output, `currency` per year; NaN = not known.
    client_start : (N + 1,) int, links of client i are client_start[i] to client_start[i + 1].
    supplier : (M,) int.
    value : (M,) float, `currency` per year.
    table : what a synthetic network was made from or a user said of an own one, in one line.
    sources : where the figures come from; assumptions are among them.
    repairs : what was changed on reading because the user asked for it.
    """

    name: str
    currency: str
    year: int | None
    ids: Texts
    products: tuple[str, ...]
    regions: tuple[str, ...]
    areas: tuple[str, ...]
    product: Ints
    region: Ints
    area: Ints
    sales: Floats
    capacity: Floats
    client_start: Longs
    supplier: Ints
    value: Floats
    sources: tuple[Source, ...]
    repairs: tuple[str, ...]
    label: Label
    digest: str

    @property
    def firm_count(self) -> int:
        """Number of firms."""
        return len(self.sales)

    @property
    def link_count(self) -> int:
        """Number of links."""
        return len(self.value)

    def parts(self) -> Mapping[str, Labelled]:
        """A network is one piece: without a firm it would be another network."""
        return {}

    def without(self, names: Collection[str]) -> Self:
        """Return the network itself: it has no parts to take out."""
        if names:
            raise KeyError(f"a network has no part {min(names)!r}")
        return self


def list_clients(network: FirmNetwork) -> Ints:
    """List the client of every link.

    Returns
    -------
    (M,) int
    """
    counts = np.diff(network.client_start)
    return np.repeat(np.arange(network.firm_count, dtype=np.int32), counts)


def calc_link_sales(network: FirmNetwork) -> Floats:
    """Add up what each firm sells over its links.

    Returns
    -------
    (N,) float, `currency` per year.
    """
    sold = np.bincount(network.supplier, network.value, network.firm_count)
    return sold.astype(np.float64)


def calc_link_purchases(network: FirmNetwork) -> Floats:
    """Add up what each firm buys over its links.

    Returns
    -------
    (N,) float, `currency` per year.
    """
    clients = list_clients(network)
    bought = np.bincount(clients, network.value, network.firm_count)
    return bought.astype(np.float64)
