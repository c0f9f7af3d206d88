"""Split one industry of one region into parts, rows and columns, totals unchanged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tools.build_japan.world import HOME, Array, World

EXPORT = "export"
INVENTORY = "inventory"
OUTPUT = "output"


@dataclass(frozen=True, slots=True)
class Split:
    """Shares that part one industry.

    Attributes
    ----------
    industry
        The industry to part, such as ``c17``.
    parts
        Ids of the parts, such as ``("c17e", "c17g", "c17w")``.
    sales
        Shares over the parts by buyer: a home industry, a home final demand category,
        ``export`` for every buyer abroad, ``output`` for all others.
    purchases
        Shares over the parts by input industry (home and abroad alike), ``output`` for
        inputs that are not named.
    own
        Shares of the industry's sales to itself, part by part; they sum to one.
    """

    industry: str
    parts: tuple[str, ...]
    sales: Mapping[str, tuple[float, ...]]
    purchases: Mapping[str, tuple[float, ...]]
    own: tuple[tuple[float, ...], ...]


def split_industry(world: World, split: Split) -> World:
    """Return the world table with one home industry parted.

    Every original cell equals the sum of its parts to rounding; the largest part takes
    the rounding.

    Parameters
    ----------
    world
        The table to part.
    split
        The shares.
    """
    at = world.ids.index(f"{HOME}.{split.industry}")
    parts = len(split.parts)
    sales = np.array([_choose(split.sales, key) for key in _list_buyers(world)])
    final = np.array([_choose(split.sales, key) for key in _list_finals(world)])
    inputs = np.array([_choose(split.purchases, industry) for industry in world.industry])
    own = np.array(split.own)
    bought = _part(world.Z[:, at], inputs)
    own_block = _part(np.full(1, world.Z[at, at]), own.reshape(1, -1)).reshape(parts, parts)
    sold = _part(world.Z[at], sales)
    wide = _insert(world.Z, bought, at, axis=1)
    sold = np.concatenate([sold[:at], own_block.T, sold[at + 1 :]])
    stock_shares = np.tile(_choose(split.sales, INVENTORY), (len(world.regions), 1))
    Z = _insert(wide, sold.T, at, axis=0)
    Y = _insert(world.Y, _part(world.Y[at], final).T, at, axis=0)
    inventory = _insert(world.inventory, _part(world.inventory[at], stock_shares).T, at, axis=0)
    x = Z[at : at + parts].sum(axis=1) + Y[at : at + parts].sum(axis=1)
    published = _part(world.source_x[at : at + 1], (x / x.sum()).reshape(1, -1))
    return World(
        regions=world.regions,
        finals=world.finals,
        region=_replace(world.region, at, (HOME,) * parts),
        industry=_replace(world.industry, at, split.parts),
        Z=Z,
        Y=Y,
        inventory=inventory,
        source_x=_insert(world.source_x, published[0], at, axis=0),
    )


def _list_buyers(world: World) -> list[str]:
    """Name the share key of each intermediate buyer."""
    return [
        industry if region == HOME else EXPORT
        for region, industry in zip(world.region, world.industry, strict=True)
    ]


def _list_finals(world: World) -> list[str]:
    """Name the share key of each final buyer."""
    return [
        category if region == HOME else EXPORT
        for region in world.regions
        for category in world.finals
    ]


def _choose(shares: Mapping[str, tuple[float, ...]], key: str) -> tuple[float, ...]:
    """Return the shares of a key, else the shares of output."""
    return shares.get(key, shares[OUTPUT])


def _part(whole: Array, shares: Array) -> Array:
    """Part (m,) values into (m, parts); the largest part absorbs the rounding."""
    pieces = whole[:, None] * shares
    largest = shares.argmax(axis=1)
    rows = np.arange(len(whole))
    rest = pieces.sum(axis=1) - pieces[rows, largest]
    pieces[rows, largest] = whole - rest
    return pieces


def _insert(array: Array, pieces: Array, at: int, *, axis: int) -> Array:
    """Replace one row or column by its pieces."""
    before, _, after = np.split(array, [at, at + 1], axis=axis)
    return np.concatenate([before, pieces, after], axis=axis)


def _replace(names: tuple[str, ...], at: int, new: tuple[str, ...]) -> tuple[str, ...]:
    """Replace one name by several."""
    return names[:at] + new + names[at + 1 :]


def scale(values: Sequence[float]) -> tuple[float, ...]:
    """Scale values to shares that sum to one."""
    total = sum(values)
    return tuple(value / total for value in values)


def scale_block(block: Sequence[Sequence[float]]) -> tuple[tuple[float, ...], ...]:
    """Scale a block of values so that all of them sum to one."""
    total = sum(map(sum, block))
    return tuple(tuple(value / total for value in row) for row in block)
