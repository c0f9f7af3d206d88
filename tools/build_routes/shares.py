"""Write route_shares.csv: ``python -m tools.build_routes.shares [OUT]``.

What share of Japan's imports of raw materials from each region has a shortest way through each
route: the trade panel by country, over passages.csv. A floor under the ranges of sea_lanes.yaml,
which also hold for manufactures and for ships that do not take the shortest way.
"""

import sys
from pathlib import Path

import pandas as pd

DATA = Path(__file__).parents[2] / "src/keian/economy/data/japan"
YEAR = 2022  # the latest year of the panel whose release is known
FUEL_CHAPTER = "27"
COLUMNS = ("region", "cargo", "route", "share", "value_musd", "known_share")


def calc_route_shares(data: Path) -> pd.DataFrame:
    """Calculate shares by value of each region's sales to Japan, fuels and other materials apart.

    Returns
    -------
    One row for each region, cargo and route that is passed; `known_share` is the part of the value
    that comes from countries with a port in ports.csv.
    """
    trade = pd.read_parquet(data / "trade/imports_jpn.parquet")
    trade = trade[trade["year"] == YEAR].astype({"exporter": str, "product": str})
    countries = pd.read_csv(data / "trade/countries.csv", keep_default_na=False)
    region = dict(zip(countries["iso3"], countries["region"], strict=True))
    trade["region"] = trade["exporter"].map(region)
    trade["cargo"] = trade["product"].str.startswith(FUEL_CHAPTER).map({True: "fuel", False: "raw"})
    distances = pd.read_csv(data / "routes/distances.csv", keep_default_na=False)
    ports = set(distances.loc[distances["cargo"] == "any", "country"])
    passages = pd.read_csv(data / "routes/passages.csv")
    passages = passages[passages["cargo"] == "any"]
    passing = {route: set(rows["country"]) for route, rows in passages.groupby("route")}
    rows = []
    for (name, cargo), part in trade.groupby(["region", "cargo"]):
        total = float(part["value_kusd"].sum())
        known = float(part.loc[part["exporter"].isin(ports), "value_kusd"].sum())
        for route, through in sorted(passing.items()):
            value = float(part.loc[part["exporter"].isin(through), "value_kusd"].sum())
            if value > 0:
                rows.append((name, cargo, route, value / total, value / 1e3, known / total))
    return pd.DataFrame(rows, columns=list(COLUMNS)).round(
        {"share": 4, "value_musd": 1, "known_share": 4}
    )


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else DATA / "routes"
    calc_route_shares(DATA).to_csv(folder / "route_shares.csv", index=False, lineterminator="\n")
