"""Supplier concentration of critical goods whose shares come from sourced single facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from keian.economy import Economy, Good
from keian.economy.nouns import Supply
from keian.exposure.screen import Screen
from keian.exposure.survival import calc_cover, calc_survival_days, is_cover_known, list_uses

if TYPE_CHECKING:
    import pandas as pd

REST = "rest"


def screen_goods(economy: Economy) -> pd.DataFrame:
    """Screen the goods of an economy by their sourced supply lines (schema/goods_screen.csv).

    Shares are of national supply, home output included, and only foreign ones are squared, so a
    good made at home is not taken for one that depends on its few foreign suppliers. Countries that are not named count as many small
    ones in the lower end of the concentration and as one in the upper end. The time to survive is
    that of losing the greatest foreign supplier. Greatest share first, modelled goods before illustrative ones.
    """
    import pandas as pd

    rows = [_describe(economy, good) for good in (*economy.goods, *economy.aside)]
    frame = pd.DataFrame(rows)
    # Tiers stay apart: an illustrative good enters no ranking of the modelled ones.
    return frame.sort_values(
        ["tier", "top_share", "good"],
        ascending=[False, False, True],
        ignore_index=True,
        na_position="last",
    )


def add_goods(found: Screen, economy: Economy) -> Screen:
    """Set the goods of an economy beside a screen, with the join of both labels."""
    goods = screen_goods(economy)
    cited = (name for row in goods["cited"].tolist() for name in str(row).split(", ") if name)
    return replace(
        found,
        goods=goods,
        sources=tuple(dict.fromkeys([*found.sources, *cited])),
        label=found.label.join(economy.label),
    )


def _describe(economy: Economy, good: Good) -> dict[str, object]:
    lines = [line for line in good.supplies if line.share.mode > 0]
    total = sum(line.share.mode for line in lines)
    shares = sum_origins(lines, total)
    foreign = {name: s for name, s in shares.items() if name not in {economy.home, REST}}
    top = max(sorted(foreign), key=lambda name: foreign[name], default=None)
    named = float(sum(share**2 for share in foreign.values()))
    rest = shares.get(REST, 0.0)
    mine = [line for line in lines if line.origin == top]
    uses = list_uses(economy, good)
    cover = calc_cover(good, uses, "mode").days if is_cover_known(good, uses) else np.nan
    days = calc_survival_days(cover, foreign[top]) if top else np.inf
    cited = dict.fromkeys(s for line in lines for s in (*line.sources, *line.share.sources))
    return {
        "good": good.id,
        "name_en": good.names.en,
        "name_ja": good.names.ja,
        "tier": good.tier,
        "top_supplier": top,
        "top_share": foreign[top] if top else np.nan,
        "top_share_low": sum(line.share.low for line in mine) / total if mine else np.nan,
        "top_share_high": min(1.0, sum(line.share.high for line in mine) / total)
        if mine
        else np.nan,
        "home_share": shares.get(economy.home, 0.0),
        "rest_share": rest,
        "hhi_low": named if shares else np.nan,
        "hhi_high": named + rest**2 if shares else np.nan,
        "cover_days": cover,
        "survive_days": days if np.isfinite(days) else np.nan,
        "cited": ", ".join(cited),
    }


def sum_origins(lines: Sequence[Supply], total: float) -> dict[str, float]:
    """Sum the shares of supply lines by origin; they sum to one."""
    shares: dict[str, float] = {}
    for line in lines:
        shares[line.origin] = shares.get(line.origin, 0.0) + line.share.mode / total
    return shares
