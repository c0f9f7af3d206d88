"""What a card or a verdict is about: a good of any tier, or a product of the trade panel alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from keian.core import Names
from keian.economy import Economy, Good, RegisteredGood
from keian.exposure.designation_tests import load_designation_tests
from keian.exposure.screen import Screen

SubjectTier = Literal["modelled", "illustrative", "registered", "product"]


@dataclass(frozen=True, slots=True)
class Subject:
    """A good or a product; `products` are the codes of the panel that hold it.

    codes : customs headings that hold it, whether the panel has them or not.
    """

    id: str
    names: Names
    tier: SubjectTier
    codes: tuple[str, ...]
    products: tuple[str, ...]
    designated: str | None
    good: Good | None = None
    registered: RegisteredGood | None = None


def list_subjects(economy: Economy, found: Screen) -> tuple[Subject, ...]:
    """List the goods of every tier, then the products that no good stands for."""
    products = tuple(found.panel.products)
    goods = [_take_good(good, products) for good in (*economy.goods, *economy.aside)]
    listed = [
        Subject(
            good.id, good.names, "registered", good.hs, match_products(good.hs, products),
            good.designated, registered=good,
        )
        for good in economy.registered
    ]  # fmt: skip
    held = {code for subject in (*goods, *listed) for code in subject.products}
    rest = [
        Subject(code, found.panel.product_names[code], "product", (code,), (code,), None)
        for code in found.table["product"].tolist()
        if code not in held
    ]
    return (*goods, *listed, *rest)


def _take_good(good: Good, products: Iterable[str]) -> Subject:
    matched = match_products(good.hs92, products)
    return Subject(
        good.id, good.names, good.tier, good.hs92, matched, good.designated, good=good
    )  # fmt: skip


def match_products(codes: Iterable[str], products: Iterable[str]) -> tuple[str, ...]:
    """Match customs headings with the codes of a panel; crops are named there, not numbered."""
    crops = load_designation_tests().crops
    wanted = set(codes)
    return tuple(
        product
        for product in products
        if product in wanted
        or any(code.startswith(head) for head in crops.get(product, ()) for code in wanted)
    )
