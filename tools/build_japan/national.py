"""Japan's national input-output table of 2011 as two small look-up tables."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tools.build_japan.raw import OWN, read_rows

MILLION_TO_BILLION = 1e-3
MINING_AND_MANUFACTURING = ("02", "03")
SERVICES = ("06", "07", "08", "09", "10", "11", "12", "13")
HOUSEHOLDS = ("71", "72")
UTILITIES = "05"
INDUSTRIES = tuple(f"{code:02d}" for code in range(1, 14))
BROAD_USES = (*INDUSTRIES, "71", "72", "73", "74", "76", "77", "81", "84", "85", "86")
MUSD_PER_BUSD = 1e3
FINALS = {
    "hh_consumption": ("hhco",),
    "npish_consumption": ("hhco",),
    "government": ("gvci", "gvcc"),
    "gfcf": ("invp", "invg"),
    "export": ("expo",),
}


@dataclass(frozen=True, slots=True)
class Concordance:
    """What one world-table industry corresponds to in the national tables."""

    activities: tuple[str, ...]
    goods: tuple[str, ...]
    group: str


@dataclass(frozen=True, slots=True)
class National:
    """The two national tables, billion yen of 2011.

    Attributes
    ----------
    detail
        26 goods (domestic and imported) by 18 activities and final uses.
    broad
        13 sectors by 13 sectors and final uses.
    """

    detail: dict[tuple[str, str, str], float]
    broad: dict[tuple[str, str], float]

    def sum_detail(
        self,
        goods: Iterable[str],
        users: Iterable[str],
        *,
        origins: tuple[str, ...] = ("dom", "imp"),
    ) -> float:
        """Sum cells of the detailed table, billion yen."""
        users = tuple(users)
        return sum(
            self.detail.get((good, origin, user), 0.0)
            for good in goods
            for origin in origins
            for user in users
        )

    def sum_broad(self, rows: Iterable[str], columns: Iterable[str]) -> float:
        """Sum cells of the 13-sector table, billion yen."""
        columns = tuple(columns)
        return sum(self.broad[row, column] for row in rows for column in columns)

    def calc_output(self, good: str) -> float:
        """Return the domestic output of one good, billion yen."""
        return self.detail[good, "dom", "sum"]


def read_national(raw: Path) -> National:
    """Read both national tables."""
    folder = raw / "japan-io-2011"
    detail = {}
    for row in read_rows(folder / "japan_2011_26x18_dom_imp_bn_yen.csv"):
        for user, cell in row.items():
            if user not in ("row", "origin") and cell:
                detail[row["row"], row["origin"], user] = float(cell)
    broad = {}
    for row in read_rows(folder / "iotable_13sector_2011_wider.csv"):
        seller = _read_code(row["input"])
        for user, cell in row.items():
            if user != "input" and cell:
                broad[seller, _read_code(user)] = float(cell) * MILLION_TO_BILLION
    return National(detail=detail, broad=broad)


def _read_code(label: str) -> str:
    """Take the two-digit code out of a label such as ``industry/05_Electricity``."""
    return label.split("/")[1].split("_", maxsplit=1)[0]


def read_concordance() -> dict[str, Concordance]:
    """Read keian's own map from world-table industries to the national tables."""
    return {
        row["industry"]: Concordance(
            activities=tuple(row["activities26"].split()),
            goods=tuple(row["goods26"].split()),
            group=row["sector13"],
        )
        for row in read_rows(OWN / "wiod_to_national.csv")
    }


def calc_implied_yen_per_usd(national: National, output_musd: float) -> float:
    """Derive the yen rate at which both tables show the same output of Japan.

    It is a check: its distance from the market rate shows how far the two tables differ
    in what they count as output.

    Parameters
    ----------
    national
        The national tables, billion yen.
    output_musd
        Japan's output in the world table as published, MUSD/year.
    """
    return national.sum_broad(INDUSTRIES, BROAD_USES) / output_musd * MUSD_PER_BUSD
