"""Flows between countries as columns of numbers: the one checked table all readers give."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal, Self

import numpy as np
import numpy.typing as npt

from keian.core import Label, Labelled
from keian.economy.nouns import FloatArray, IntArray

SmallArray = npt.NDArray[np.int16]
RemarkKind = Literal[
    "negative", "duplicate", "self_trade", "unknown_country", "unknown_product",
    "unchecked_product", "missing_quantity", "missing_value", "odd_unit", "other_flow", "total",
    "other_level", "provisional", "joined", "replaced", "no_correspondence",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Remark:
    """What a reader met in a file and what became of it; nothing leaves a table without one.

    kind : what was met.   count : rows.   value_kusd : their value, thousand USD (NaN = unknown).
    kept : True if the rows are still in the table.   examples : a few of them.
    """

    kind: RemarkKind
    count: int
    value_kusd: float
    kept: bool
    examples: tuple[str, ...] = ()

    @property
    def fate(self) -> str:
        """What became of the rows, in a word or two."""
        if self.kind == "duplicate":
            return "added up"
        if self.kind == "replaced":
            return "replaced"
        return "kept" if self.kept else "set aside"


@dataclass(frozen=True, slots=True, eq=False)
class Flows:
    """Yearly flows from exporter to importer by product; each (year, i, j, k) stands once.

    year : (n,) int16.   exporter, importer : (n,) index into `countries`.
    product : (n,) index into `products`.   value_kusd : (n,) thousand USD of the year, NaN = missing.
    quantity_t : (n,) metric tonnes, NaN = missing.
    countries : ISO 3166 alpha-3 codes; `?490` = a code nobody knows.
    products : headings of the nomenclature.   provisional : years likely to be revised.
    """

    year: SmallArray
    exporter: IntArray
    importer: IntArray
    product: IntArray
    value_kusd: FloatArray
    quantity_t: FloatArray
    countries: tuple[str, ...]
    products: tuple[str, ...]
    nomenclature: str
    provisional: frozenset[int]
    remarks: tuple[Remark, ...]
    sources: tuple[str, ...]
    label: Label
    digest: str

    def parts(self) -> Mapping[str, Labelled]:
        """Flows are one piece."""
        return {}

    def without(self, names: Collection[str]) -> Self:
        """Return the flows themselves: they have no parts to take out."""
        if names:
            raise KeyError(f"flows have no part {min(names)!r}")
        return self

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.year)
