"""Build the world table with Japan's splits and write it."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tools.build_japan.national import calc_implied_yen_per_usd, read_concordance, read_national
from tools.build_japan.raw import OWN, read_assumptions, read_published, read_rows
from tools.build_japan.split import Split, split_industry
from tools.build_japan.transport import (
    calc_communication_split,
    calc_land_split,
    calc_own_account_factor,
)
from tools.build_japan.utilities import calc_utility_split
from tools.build_japan.world import HOME, World, read_world
from tools.build_japan.write import Cell, write_rows

LISTED = 25


@dataclass(frozen=True, slots=True)
class Built:
    """The built table, the shares behind it and the figures derived on the way."""

    world: World
    splits: tuple[Split, ...]
    yen_per_usd: float
    implied_yen_per_usd: float
    own_account_factor: float


def build_world(raw: Path) -> Built:
    """Read the raw tables and part Japan's utilities, land transport, communications."""
    world = read_world(raw)
    national, concordance, given = read_national(raw), read_concordance(), read_assumptions()
    home = [region == HOME for region in world.region]
    yen = read_published()["yen_per_usd"]
    implied = calc_implied_yen_per_usd(national, float(world.source_x[home].sum()))
    utilities = calc_utility_split(national, concordance, given)
    world = split_industry(world, utilities)
    factor = calc_own_account_factor(world, national, concordance, yen)
    land = calc_land_split(national, concordance, factor)
    world = split_industry(world, land)
    communication = calc_communication_split(given)
    world = split_industry(world, communication)
    return Built(world, (utilities, land, communication), yen, implied, factor)


def list_negatives(world: World) -> dict[str, list[str]]:
    """List units with a negative flow, final demand or value added.

    None is repaired: a negative figure is kept as it is, printed and written to the
    manifest, because a repair would be an assumption of its own.
    """
    ids = np.array(world.ids)
    return {
        "Z": ids[(world.Z < 0).any(axis=1)].tolist(),
        "Y": ids[(world.Y < 0).any(axis=1)].tolist(),
        "value_added": ids[world.v < 0].tolist(),
    }


def list_deviations(world: World) -> list[tuple[str, float, float, float, float, float]]:
    """List the units whose output moved most against the published output.

    Returns
    -------
    (unit, published, built, difference, relative difference, inventory change) for the
    largest absolute and the largest relative differences, largest first.
    """
    built, published = world.x, world.source_x
    moved = built - published
    relative = np.divide(moved, published, out=np.zeros_like(moved), where=published > 0)
    stock = world.inventory.sum(axis=1)
    picked = {int(i) for i in np.argsort(-np.abs(moved), kind="stable")[:LISTED]}
    picked |= {int(i) for i in np.argsort(-np.abs(relative), kind="stable")[:LISTED]}
    order = sorted(picked, key=lambda i: (-abs(moved[i]), i))
    return [
        (
            world.ids[i],
            float(published[i]),
            float(built[i]),
            float(moved[i]),
            float(relative[i]),
            float(stock[i]),
        )
        for i in order
    ]


def write_world(built: Built, out: Path) -> None:
    """Write units, regions, industries, flows, deviations and split shares."""
    world = built.world
    names = {row["id"]: row for row in read_rows(OWN / "industries.csv")}
    regions = {row["id"]: row for row in read_rows(OWN / "regions.csv")}
    write_rows(
        out / "units.csv",
        (
            "id",
            "region",
            "industry",
            "product",
            "name_en",
            "name_ja",
            "masked",
            "x_musd",
            "v_share",
        ),
        _list_units(world, names, regions),
    )
    write_rows(
        out / "industries.csv",
        ("id", "parent", "name_en", "name_ja"),
        [(row["id"], row["parent"], row["name_en"], row["name_ja"]) for row in names.values()],
    )
    np.savez_compressed(
        out / "flows.npz",
        Z=world.Z,
        Y=world.Y,
        inventory=world.inventory,
        x=world.x,
        v=world.v,
        source_x=world.source_x,
        units=np.array(world.ids),
        regions=np.array(world.regions),
        finals=np.array(world.finals),
    )
    write_rows(
        out / "deviations.csv",
        ("unit", "source_x_musd", "x_musd", "difference_musd", "relative", "inventory_musd"),
        list_deviations(world),
    )
    write_rows(
        out / "split_shares.csv",
        ("industry", "side", "partner", "part", "share"),
        [row for split in built.splits for row in _list_shares(split)],
    )


def write_regions(raw: Path, out: Path) -> None:
    """Write the regions with their member countries."""
    members = {
        row["region"]: row["members"] for row in read_rows(raw / "wiod2013" / "regions_r15.csv")
    }
    rows = read_rows(OWN / "regions.csv")
    write_rows(
        out / "regions.csv",
        ("id", "name_en", "name_ja", "members"),
        [(row["id"], row["name_en"], row["name_ja"], members[row["id"]]) for row in rows],
    )


def _list_units(
    world: World, names: dict[str, dict[str, str]], regions: dict[str, dict[str, str]]
) -> list[tuple[Cell, ...]]:
    """List one row per unit; a unit without output is masked and has no ratio."""
    rows: list[tuple[Cell, ...]] = []
    for at, (region, industry) in enumerate(zip(world.region, world.industry, strict=True)):
        output = float(world.x[at])
        ratio = float(world.v[at]) / output if output else None
        label = f"{regions[region]['name_en']}: {names[industry]['name_en']}"
        label_ja = f"{regions[region]['name_ja']}・{names[industry]['name_ja']}"
        rows.append(
            (
                world.ids[at],
                region,
                industry,
                industry,
                label,
                label_ja,
                int(output == 0),
                output,
                ratio,
            )
        )
    return rows


def _list_shares(split: Split) -> list[tuple[Cell, ...]]:
    """List the shares of one split."""
    rows: list[tuple[Cell, ...]] = []
    for side, shares in (("sales", split.sales), ("purchases", split.purchases)):
        for partner, values in shares.items():
            for part, share in zip(split.parts, values, strict=True):
                rows.append((split.industry, side, partner, part, share))
    for seller, values in zip(split.parts, split.own, strict=True):
        for part, share in zip(split.parts, values, strict=True):
            rows.append((split.industry, "own", seller, part, share))
    return rows
