"""Sailing days and passages on the way home, from the shipped distances."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from keian.core import DataError, InputError, Problem, Triple, load_document
from keian.economy.forms import PassageForm, WayFile
from keian.economy.frames import read_frame
from keian.economy.nouns import IntArray, RouteShare

KM_PER_KNOT_DAY = 1.852 * 24  # one knot is 1.852 km an hour
ANY = "any"


@dataclass(frozen=True, slots=True)
class Ways:
    """Distances of ports and usual passages of countries.

    km : (country, cargo, variant) -> km by sea; 0 means that there is no way.
    """

    km: dict[tuple[str, str, str], float]
    passages: dict[str, tuple[PassageForm, ...]]
    knots: dict[str, Triple]
    where: str


def load_ways(folder: Path, knots: dict[str, Triple]) -> Ways:
    """Read distances.csv and ways.yaml of the folder `routes`."""
    frame = read_frame(folder / "distances.csv").dropna(subset="country")
    keys = zip(frame["country"], frame["cargo"], frame["variant"], strict=True)
    km = dict(zip(keys, frame["km"].astype(float), strict=True))
    file = load_document(folder / "ways.yaml", WayFile)
    passages = {country: way.routes for way in file.ways for country in way.countries}
    return Ways(km, passages, knots, f"{folder.name}/distances.csv")


def calc_lag(ways: Ways, country: str, cargo: str) -> Triple:
    """Calculate days at sea from a country to the home port by cargo.

    Raises
    ------
    InputError
        No port stands for the country.
    """
    km = _find_km(ways, country, cargo, "shortest")
    if not km:
        problem = Problem(
            where=ways.where,
            found=f"no way by sea from {country} ({cargo})",
            wanted="a port with a way to the home port",
            fix="add a port for the country to tools/build_routes/ports.csv and build again",
        )
        raise InputError([problem])
    speed = _find_knots(ways, cargo)
    return Triple(
        low=km / (speed.high * KM_PER_KNOT_DAY),
        mode=km / (speed.mode * KM_PER_KNOT_DAY),
        high=km / (speed.low * KM_PER_KNOT_DAY),
        sources=("searoute", *speed.sources),
    )


def list_passages(
    ways: Ways, country: str, cargo: str, given: tuple[PassageForm, ...]
) -> tuple[RouteShare, ...]:
    """List the routes a country's cargo passes; `given` replaces what is usual, by route."""
    usual = {passage.route: passage for passage in ways.passages.get(country, ())}
    usual |= {passage.route: passage for passage in given}
    return tuple(
        RouteShare(
            route=passage.route,
            share=passage.share,
            position_days=_find_position(ways, country, cargo, passage),
        )
        for passage in usual.values()
    )


def read_region_lags(folder: Path, regions: tuple[str, ...]) -> IntArray:
    """Read days between regions; within a region 0.

    Returns
    -------
    (R, R) int, days, origin by destination.
    """
    place = {region: at for at, region in enumerate(regions)}
    lags = np.zeros((len(regions), len(regions)), dtype=np.int32)
    frame = read_frame(folder / "region_lags.csv")
    ends = zip(frame["origin"], frame["destination"], strict=True)
    given = dict(zip(ends, frame["lag_days"], strict=True))
    missing = [(a, b) for a in regions for b in regions if a != b and (a, b) not in given]
    if missing:
        where, fix = f"{folder.name}/region_lags.csv", "add a row for each"
        raise DataError(
            [
                Problem(where=where, found=f"no {a} to {b}", wanted="every pair", fix=fix)
                for a, b in missing
            ]
        )
    for (a, b), days in given.items():
        if a in place and b in place:
            lags[place[a], place[b]] = int(days)
    lags.setflags(write=False)
    return lags


def _find_position(ways: Ways, country: str, cargo: str, passage: PassageForm) -> float:
    """Find the days from the origin to a passage; a place that is not listed counts as 0."""
    if passage.position_days is not None:
        return passage.position_days
    km = _find_km(ways, country, cargo, f"to_{passage.route}")
    return km / (_find_knots(ways, cargo).mode * KM_PER_KNOT_DAY)


def _find_km(ways: Ways, country: str, cargo: str, variant: str) -> float:
    """Find a distance by cargo, else by the country's usual port; 0 where there is none."""
    special = ways.km.get((country, cargo, variant))
    if special is not None or (country, cargo, "shortest") in ways.km:
        return special or 0.0
    return ways.km.get((country, ANY, variant), 0.0)


def _find_knots(ways: Ways, cargo: str) -> Triple:
    """Find the speed of a cargo."""
    return ways.knots.get(cargo, ways.knots[ANY])
