"""What the industries of a country rest on abroad, at face value and looked through the chain."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np

from keian.core import Label, Labelled, Names
from keian.economy import Economy
from keian.economy.nouns import FloatArray, IntArray
from keian.exposure.extraction import calc_cut, calc_each_extraction
from keian.exposure.world_links import (
    WorldLinks,
    calc_backward,
    calc_forward,
    calc_pass_through,
    calc_reliance,
    calc_sales_reliance,
    factorise,
)
from keian.share import raise_to_floor

if TYPE_CHECKING:
    import pandas as pd

ALL = "all"  # every industry of the country, weighted by its inputs
TABLE_SOURCES = ("wiod2013-2011", "mic-io-2011")
FOREIGN = "foreign"  # every origin but home


@dataclass(frozen=True, slots=True, eq=False)
class LookThrough:
    """Reliance by industry and origin, linkages by industry, cuts and passages by region.

    reliance : schema/reliance.csv.   linkages : schema/linkages.csv.
    regions : schema/region_cuts.csv.   passages : schema/transits.csv.
    names : units, regions in both languages.
    """

    home: str
    year: int
    reliance: pd.DataFrame
    linkages: pd.DataFrame
    regions: pd.DataFrame
    passages: pd.DataFrame
    names: Mapping[str, Names]
    sources: tuple[str, ...]
    label: Label

    def parts(self) -> Mapping[str, Labelled]:
        """The tables belong together: one piece."""
        return {}

    def without(self, names: Collection[str]) -> Self:
        """Return the tables themselves: they have no parts to take out."""
        if names:
            raise KeyError(f"a look-through has no part {min(names)!r}")
        return self


def look_through(economy: Economy, *, replacement_share: float = 0.0) -> LookThrough:
    """Look through the world table of an economy from its home country.

    Parameters
    ----------
    replacement_share : share of what a region no longer delivers that other regions' makers of the
        same product take over; 0 gives the upper bound.

    Source
    ------
    Baldwin, Freeman, Theodorakopoulos 2023; Inomata, Hanaka 2021; Miller and Blair 2009.
    """
    links = factorise(economy.Z, economy.x)
    home = economy.regions.index(economy.home)
    mine = np.flatnonzero((economy.unit_region == home) & (economy.x > 0)).astype(np.int32)
    names = {**economy.unit_names, **economy.region_names}
    names |= {ALL: Names(en="All industries", ja="全産業"), FOREIGN: Names(en="Abroad", ja="海外")}
    return LookThrough(
        home=economy.home,
        year=economy.year,
        reliance=_list_reliance(economy, links, mine, home),
        linkages=_list_linkages(economy, links, mine),
        regions=_list_cuts(economy, links, mine, home, replacement_share),
        passages=_list_passages(economy, links, mine, home),
        names=names,
        sources=(
            *(name for name in TABLE_SOURCES if name in economy.sources),
            *("baldwin-2023", "inomata-hanaka-2021"),
        ),
        label=raise_to_floor(economy.label),
    )


def _list_reliance(economy: Economy, links: WorldLinks, mine: IntArray, home: int) -> pd.DataFrame:
    """List shares of inputs and of sales by industry and region; `foreign` sums all but home."""
    import pandas as pd

    regions = len(economy.regions)
    bought = calc_reliance(links, economy.unit_region, regions, mine)
    sold = calc_sales_reliance(links, economy.unit_region, regions, mine)
    inputs = np.asarray(links.A[:, mine].sum(axis=0)).ravel() * links.x[mine]
    sales = np.asarray(economy.Z[mine].sum(axis=1)).ravel()
    shares = {
        "face": (bought.face, inputs),
        "look_through": (bought.look_through, inputs),
        "sales_face": (sold.face, sales),
        "sales_look_through": (sold.look_through, sales),
    }
    columns = {name: _extend(share, weight, home) for name, (share, weight) in shares.items()}
    units = [*(economy.units[u] for u in mine.tolist()), ALL]
    origins = [*economy.regions, FOREIGN]
    frame = pd.DataFrame(
        {
            "unit": np.tile(units, len(origins)),
            "region": np.repeat(origins, len(units)),
            **{name: share.ravel() for name, share in columns.items()},
        }
    )
    face = frame["face"].to_numpy()
    frame["hidden_ratio"] = np.divide(
        frame["look_through"].to_numpy(), face, out=np.full(len(frame), np.nan), where=face > 0
    )
    return frame.sort_values(
        ["look_through", "unit", "region"], ascending=[False, True, True], ignore_index=True
    )


def _extend(share: FloatArray, weight: FloatArray, home: int) -> FloatArray:
    """Add a column for all industries and a row for everything but home."""
    known = ~np.isnan(share).any(axis=0)
    whole = share[:, known] @ weight[known] / weight[known].sum()
    wide = np.column_stack([share, whole])
    abroad = wide.sum(axis=0) - wide[home]
    return np.vstack([wide, abroad])


def _list_linkages(economy: Economy, links: WorldLinks, mine: IntArray) -> pd.DataFrame:
    """List backward and forward linkages of industries and the output lost without each."""
    import pandas as pd

    lost = calc_each_extraction(links, mine)
    return pd.DataFrame(
        {
            "unit": [economy.units[u] for u in mine.tolist()],
            "output_musd": economy.x[mine],
            "backward": calc_backward(links)[mine],
            "forward": calc_forward(links)[mine],
            "extraction_loss_musd": lost,
            "others_loss_musd": lost - economy.x[mine],
        }
    ).sort_values("others_loss_musd", ascending=False, ignore_index=True)


def _list_cuts(
    economy: Economy, links: WorldLinks, mine: IntArray, home: int, replacement_share: float
) -> pd.DataFrame:
    """List what is lost upstream when a region no longer delivers inputs to home."""
    import pandas as pd

    rows = []
    for region, name in enumerate(economy.regions):
        if region == home:
            continue
        sellers = np.flatnonzero(economy.unit_region == region).astype(np.int32)
        lost = calc_cut(
            links, sellers, mine, economy.unit_product, replacement_share=replacement_share
        )
        rows.append(
            (
                name,
                replacement_share,
                float(economy.Z[np.ix_(sellers, mine)].sum()),
                float(lost.sum()),
                float(lost[sellers].sum()),
                float(lost[mine].sum()),
            )
        )
    columns = (
        "region",
        "replacement_share",
        "cut_musd",
        "lost_musd",
        "lost_there_musd",
        "lost_home_musd",
    )
    return pd.DataFrame(rows, columns=list(columns)).sort_values(
        "lost_musd", ascending=False, ignore_index=True
    )


def _list_passages(economy: Economy, links: WorldLinks, mine: IntArray, home: int) -> pd.DataFrame:
    """List how often paths from each origin to home's industries visit each region on the way."""
    import pandas as pd

    demand = np.zeros(len(links.x))
    demand[mine] = links.x[mine]
    sets = {name: economy.unit_region == at for at, name in enumerate(economy.regions)}
    weight, frequency = calc_pass_through(links, demand, sets)
    rows = []
    for origin, name in enumerate(economy.regions):
        here = (economy.unit_region == origin) & (weight > 0)
        volume = float(weight[here].sum())
        if origin == home or volume == 0:
            continue
        for through, visits in frequency.items():
            counted = float((visits[here] * weight[here]).sum() / volume)
            if through not in {name, economy.home}:  # end points count themselves
                rows.append((name, through, counted, volume, counted * volume))
    columns = ("origin", "through", "transits", "volume_musd", "passed_musd")
    return pd.DataFrame(rows, columns=list(columns)).sort_values(
        "passed_musd", ascending=False, ignore_index=True
    )
