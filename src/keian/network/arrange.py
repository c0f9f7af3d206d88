"""Put firms and links in the order of a network, and give it its identity."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from keian.core import Label, Source, digest_json
from keian.network._kernels import bucket_links, sort_within
from keian.network.nouns import FirmNetwork, Floats, Ints, Longs, Texts

ARRAYS = (
    "product", "region", "area", "sales", "capacity", "client_start", "supplier", "value",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Firms:
    """Firms as read or drawn, in any order; fields as in `FirmNetwork`."""

    ids: Texts
    products: tuple[str, ...]
    regions: tuple[str, ...]
    areas: tuple[str, ...]
    product: Ints
    region: Ints
    area: Ints
    sales: Floats
    capacity: Floats


@dataclass(frozen=True, slots=True)
class Links:
    """Links in the order of clients, sorted by supplier within each."""

    client_start: Longs
    supplier: Ints
    value: Floats


@dataclass(frozen=True, slots=True)
class Tag:
    """What travels with a network: name, money, year, sources, repairs, label."""

    name: str
    currency: str
    year: int | None
    sources: tuple[Source, ...]
    label: Label
    repairs: tuple[str, ...] = ()


def order_firms(firms: Firms) -> tuple[Firms, Longs]:
    """Put firms in the order of product, region and falling sales; ties keep their order.

    Returns
    -------
    Firms, (N,) int
        The firms, and the new place of each old one.
    """
    import pyarrow as pa

    order = np.lexsort((-firms.sales, firms.region, firms.product))
    place = np.empty(order.size, np.int64)
    place[order] = np.arange(order.size)
    moved: dict[str, Any] = {
        name: getattr(firms, name)[order]
        for name in ("product", "region", "area", "sales", "capacity")
    }
    ids = firms.ids.take(pa.array(order))
    return Firms(ids, firms.products, firms.regions, firms.areas, **moved), place


def order_links(n: int, supplier: Ints, client: Ints, value: Floats) -> Links:
    """Put links in the order of clients and suppliers, in time proportional to their number."""
    start, suppliers, values, _ = bucket_links(n, supplier, client, value)
    sort_within(suppliers, values, start)
    return Links(start, suppliers, values)


def make_network(firms: Firms, links: Links, tag: Tag) -> FirmNetwork:
    """Make the network of ordered firms and links; its arrays become read-only."""
    import pyarrow as pa

    arrays = {
        **{name: getattr(firms, name) for name in ARRAYS[:5]},
        **{name: getattr(links, name) for name in ARRAYS[5:]},
    }
    ids = firms.ids.cast(pa.large_string())
    ids = ids.combine_chunks() if isinstance(ids, pa.ChunkedArray) else ids
    for array in arrays.values():
        array.setflags(write=False)
    names = (firms.products, firms.regions, firms.areas)
    return FirmNetwork(
        name=tag.name,
        currency=tag.currency,
        year=tag.year,
        ids=ids,
        products=names[0],
        regions=names[1],
        areas=names[2],
        sources=tag.sources,
        repairs=tag.repairs,
        label=tag.label,
        digest=digest_network(tag, names, ids, arrays),
        **arrays,
    )


def split_ids(ids: Texts) -> tuple[Longs, npt.NDArray[np.uint8]]:
    """Split ids into where each begins and one block of UTF-8."""
    offsets, block = ids.buffers()[1:]
    start = np.frombuffer(offsets, np.int64)[ids.offset : ids.offset + len(ids) + 1]
    raw = np.frombuffer(block, np.uint8) if block is not None else np.empty(0, np.uint8)
    return start - start[0], raw[start[0] : start[-1]]


def digest_network(
    tag: Tag, names: tuple[tuple[str, ...], ...], ids: Texts, arrays: dict[str, Any]
) -> str:
    """Calculate the identity of a network from everything in it."""
    start, block = split_ids(ids)
    parts = {"id_start": start, "id_bytes": block, **arrays}
    return digest_json({"tag": tag, "names": names, "arrays": digest_arrays(parts)})


def digest_arrays(arrays: dict[str, Any]) -> dict[str, str]:
    """Calculate the sha256 of arrays by name."""
    return {
        name: hashlib.sha256(np.ascontiguousarray(array).data).hexdigest()
        for name, array in arrays.items()
    }
