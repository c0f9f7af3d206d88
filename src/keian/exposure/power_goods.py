"""Power over home by good: what each origin of sourced supply costs if it stops, one way only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from keian.core import Names, Triple
from keian.economy import Economy
from keian.exposure.card import SourcedShare
from keian.exposure.goods_screen import REST
from keian.exposure.power_products import PowerOfProducts
from keian.exposure.power_view import list_origins

if TYPE_CHECKING:
    import pandas as pd

TIERS = ("modelled", "registered", "illustrative")
COLUMNS = (
    "good", "name_en", "name_ja", "tier", "basis_of_share", "origin", "share", "share_low",
    "share_high", "loss_to_home", "loss_to_home_low", "loss_to_home_high", "cited",
)  # fmt: skip


def list_good_power(economy: Economy) -> pd.DataFrame:
    """List goods and origins by what home loses if the origin stops (schema/power_goods.csv).

    Shares of goods that run are of national supply, home output included; those of registered goods
    are of imports. What others would lose without home is in no sourced share, so it is not told here.
    """
    import pandas as pd

    rows: list[dict[str, Any]] = [
        {
            "good": good,
            "name_en": names.en,
            "name_ja": names.ja,
            "tier": tier,
            "basis_of_share": "imports" if tier == "registered" else "supply",
            "origin": one.origin,
            "share": one.share.mode,
            "share_low": one.share.low,
            "share_high": one.share.high,
            "loss_to_home": one.loss.mode,
            "loss_to_home_low": one.loss.low,
            "loss_to_home_high": one.loss.high,
            "cited": ", ".join(dict.fromkeys(s for line in lines for s in line.sources)),
        }
        for good, names, tier, lines in _list_lines(economy)
        for one in list_origins(lines, economy.home, REST)
    ]
    # Tiers stay apart: an illustrative good enters no ranking of the modelled ones.
    rows.sort(
        key=lambda row: (
            TIERS.index(str(row["tier"])), -float(row["loss_to_home"]), row["good"], row["origin"],
        )
    )  # fmt: skip
    return pd.DataFrame(rows, columns=list(COLUMNS))


def add_good_power(power: PowerOfProducts, economy: Economy) -> PowerOfProducts:
    """Set the goods of home's economy beside power by product, with the join of both labels."""
    goods = list_good_power(economy)
    cited = (name for row in goods["cited"].tolist() for name in str(row).split(", ") if name)
    return replace(
        power,
        goods=goods,
        names={**economy.country_names, **power.names},
        sources=tuple(dict.fromkeys([*power.sources, *cited])),
        label=power.label.join(economy.label),
    )


def _list_lines(economy: Economy) -> Iterator[tuple[str, Names, str, tuple[SourcedShare, ...]]]:
    """List goods of every tier with their sourced shares."""

    def name(origin: str) -> Names:
        return economy.country_names.get(origin, Names(en=origin, ja=origin))

    for good in (*economy.goods, *economy.aside):
        lines = tuple(
            SourcedShare(
                line.origin, name(line.origin), line.share, line.grade,
                tuple(dict.fromkeys((*line.sources, *line.share.sources))),
            )
            for line in good.supplies
        )  # fmt: skip
        yield good.id, good.names, good.tier, lines
    for listed in economy.registered:
        lines = tuple(
            SourcedShare(
                part.country, name(part.country),
                Triple(low=part.share, mode=part.share, high=part.share), None, listed.sources,
            )
            for part in listed.imports
        )  # fmt: skip
        yield listed.id, listed.names, "registered", lines
