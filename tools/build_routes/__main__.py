"""Write distances.csv, passages.csv and region_lags.csv: ``python -m tools.build_routes [OUT]``.

Needs the build-time package searoute (Apache-2.0); nothing at run time depends on it.
"""

import csv
import sys
import warnings
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import searoute

HERE = Path(__file__).parent
OUT = HERE.parents[1] / "src/keian/economy/data/japan/routes"
HOME_PORT = (139.67, 35.43)  # Yokohama, at the mouth of Tokyo Bay
KYUSHU_PORT = (131.05, 33.95)  # Kitakyushu, the western end of the Inland Sea
SINGAPORE = (103.85, 1.22)
PASSAGES = {
    "hormuz": (56.45, 26.45),
    "malacca": SINGAPORE,
    "taiwan_strait": (119.30, 24.20),
    "bab-el-mandeb": (43.35, 12.55),
    "suez": (32.55, 29.90),
    "panama": (-79.55, 8.85),
    "luzon-strait": (120.90, 20.80),
    "lombok": (115.75, -8.80),
    "sunda": (105.80, -6.00),
    "cape": (18.40, -35.00),
}
# Passages that ships from anywhere may take; the others only where a way leads through them.
ASKED_EVERYWHERE = ("malacca", "taiwan_strait", "luzon-strait", "cape", "panama")
# What the network's own tags are called in routes/straits.yaml.
TAGS = {
    "ormuz": "hormuz",
    "malacca": "malacca",
    "babalmandab": "bab-el-mandeb",
    "suez": "suez",
    "panama": "panama",
    "sunda": "lombok-sunda",
    "south_africa": "cape",
}
# Passages without a tag: a way passes where it crosses the line between these two points.
GATES = {
    "taiwan_strait": ((119.0, 25.3), (121.3, 24.9)),
    "luzon-strait": ((120.9, 22.0), (120.8, 18.4)),
    "lombok-sunda": ((115.3, -8.6), (116.4, -8.6)),
}
CLOSED = {
    "shortest": (),
    "without_hormuz": ("ormuz",),
    "without_malacca": ("malacca",),
    "without_malacca_sunda": ("malacca", "sunda"),
    "without_suez": ("suez",),
    "without_panama": ("panama",),
    "without_babalmandab": ("babalmandab",),
    "without_suez_panama": ("suez", "panama"),
}
MERGED = {"lombok": "lombok-sunda", "sunda": "lombok-sunda"}  # two gates of one route
ALWAYS_CLOSED = ("northwest",)  # no merchant line uses the Northwest Passage
LAG_CLASSES = (3, 10, 20, 30)
KNOTS = 14.0  # between a laden tanker (about 12) and a container ship (about 17)
KM_PER_KNOT_DAY = 1.852 * 24
Point = tuple[float, float]


def calc_km(start: Point, end: Point, closed: Sequence[str] = ()) -> tuple[float, tuple[str, ...]]:
    """Calculate the shortest way by sea; a length of 0 means that there is none (cut).

    Returns
    -------
    Length in km and the narrow passages on the way.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the package warns where we record a cut
        line: Any = searoute.searoute(
            list(start),
            list(end),
            units="km",
            restrictions=[*closed, *ALWAYS_CLOSED],
            return_passages=True,
        )
    return float(line.properties["length"]), tuple(
        sorted(line.properties.get("traversed_passages") or ())
    )


def list_distances() -> list[tuple[str, ...]]:
    """List every port's ways to Yokohama: shortest, with passages closed, and to passages."""
    rows: list[tuple[str, ...]] = []
    for port in _read("ports.csv"):
        start = (float(port["longitude"]), float(port["latitude"]))
        base, passed = calc_km(start, HOME_PORT)
        for variant, closed in CLOSED.items():
            km, by = (base, passed) if not closed else calc_km(start, HOME_PORT, closed)
            if closed and not set(closed) & set(passed):
                continue
            rows.append(_row(port, variant, km, by))
        met = list_met(start, passed)
        for name, point in PASSAGES.items():
            if name not in ASKED_EVERYWHERE and name not in met:
                continue
            # a ship rounds the Cape because it does not take the canal
            km, by = calc_km(start, point, ("suez",) if name == "cape" else ())
            rows.append(_row(port, f"to_{MERGED.get(name, name)}", km, by))
    for name, port_at in (("Yokohama", HOME_PORT), ("Kitakyushu", KYUSHU_PORT)):
        gate = {"country": "", "cargo": "gate", "port": f"Singapore to {name}"}
        east, by = calc_km(SINGAPORE, port_at)
        strait = PASSAGES["taiwan_strait"]
        inside = calc_km(SINGAPORE, strait)[0] + calc_km(strait, port_at)[0]
        rows += [_row(gate, "shortest", east, by), _row(gate, "by_taiwan_strait", inside, by)]
    return rows


def list_met(start: Point, passed: Sequence[str]) -> set[str]:
    """List the places that the shortest way meets, with the southern gate nearest to it."""
    met = {TAGS[tag] for tag in passed if tag in TAGS} | list_gates(start)
    met.add("sunda" if "sunda" in passed else "lombok")
    return met


def list_gates(start: Point) -> set[str]:
    """List the untagged passages that the shortest way from a port to Yokohama crosses."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        line: Any = searoute.searoute(
            list(start), list(HOME_PORT), units="km", restrictions=[*ALWAYS_CLOSED]
        )
    places = [(float(x), float(y)) for x, y in line.geometry["coordinates"]]
    return {
        name for name, gate in GATES.items() if any(crosses(leg, gate) for leg in pairwise(places))
    }


def crosses(leg: tuple[Point, Point], gate: tuple[Point, Point]) -> bool:
    """Tell whether two straight lines on the map cross or touch."""

    def turn(a: Point, b: Point, c: Point) -> float:
        return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])

    (a, b), (c, d) = leg, gate
    return turn(a, b, c) * turn(a, b, d) <= 0 and turn(c, d, a) * turn(c, d, b) <= 0


def list_passages() -> list[tuple[str, ...]]:
    """List the routes that the shortest way of every port passes, by the ids of straits.yaml."""
    rows: list[tuple[str, ...]] = []
    for port in _read("ports.csv"):
        start = (float(port["longitude"]), float(port["latitude"]))
        passed = calc_km(start, HOME_PORT)[1]
        routes = {TAGS[tag] for tag in passed if tag in TAGS} | list_gates(start)
        rows += [(port["country"], port["cargo"], port["port"], route) for route in sorted(routes)]
    return rows


def list_region_lags() -> list[tuple[str, ...]]:
    """List days between the regions of the world table, in few classes.

    Land neighbours take the shortest class; every other pair the class nearest to its days.
    """
    regions = _read("regions.csv")
    land = {frozenset((row["region_a"], row["region_b"])) for row in _read("land.csv")}
    rows: list[tuple[str, ...]] = []
    for a in regions:
        for b in regions:
            if a is b:
                continue
            start = (float(a["longitude"]), float(a["latitude"]))
            end = (float(b["longitude"]), float(b["latitude"]))
            km = calc_km(start, end)[0]
            days = km / (KNOTS * KM_PER_KNOT_DAY)
            by_land = frozenset((a["region"], b["region"])) in land
            lag = LAG_CLASSES[0] if by_land else min(LAG_CLASSES, key=lambda c: abs(c - days))
            rows.append(
                (a["region"], b["region"], f"{km:.0f}", f"{days:.1f}", str(int(by_land)), str(lag))
            )
    return rows


def write_routes(out: Path) -> None:
    """Write both tables into the folder `out`."""
    out.mkdir(parents=True, exist_ok=True)
    _write(
        out / "distances.csv",
        ("country", "cargo", "port", "variant", "km", "passages"),
        list_distances(),
    )
    _write(out / "passages.csv", ("country", "cargo", "port", "route"), list_passages())
    _write(
        out / "region_lags.csv",
        ("origin", "destination", "km", "days", "by_land", "lag_days"),
        list_region_lags(),
    )


def _row(port: dict[str, str], variant: str, km: float, passed: Sequence[str]) -> tuple[str, ...]:
    """Give one line of distances.csv."""
    return (port["country"], port["cargo"], port["port"], variant, f"{km:.0f}", " ".join(passed))


def _read(name: str) -> list[dict[str, str]]:
    """Read one of keian's own lists beside this file."""
    with (HERE / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _write(path: Path, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Write a CSV with line feeds."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


if __name__ == "__main__":
    write_routes(Path(sys.argv[1]) if len(sys.argv) > 1 else OUT)
