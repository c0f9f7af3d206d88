"""Build keian's tables for Japan: ``python -m tools.build_japan``."""

import argparse
import sys
import tempfile
from pathlib import Path

from tools.build_japan.baci import check_wheel, fetch_wheel, read_flows
from tools.build_japan.criticality import write_criticality
from tools.build_japan.crops import write_crops
from tools.build_japan.manifest import write_manifest, write_sources
from tools.build_japan.raw import RawFileError, check_raw_files, read_pins
from tools.build_japan.table import Built, build_world, list_deviations, write_regions, write_world
from tools.build_japan.trade import write_trade
from tools.build_japan.world import HOME

OUT = Path("src/keian/economy/data/japan")
RAW = Path("../shared/data")
PRINTED = 12
NOTHING_BUILT = 3


def build(raw: Path, wheel: Path | None, out: Path) -> Built:
    """Check the raw files, then build and write every table.

    Parameters
    ----------
    raw
        Folder of the raw files.
    wheel
        The trade wheel; downloaded if None.
    out
        Folder to write to.
    """
    pins = read_pins()
    check_raw_files(raw, pins)
    with tempfile.TemporaryDirectory() as folder:
        file = wheel or fetch_wheel(Path(folder))
        check_wheel(file)
        flows = read_flows(file)
    for part in ("table", "trade"):
        (out / part).mkdir(parents=True, exist_ok=True)
    built = build_world(raw)
    write_world(built, out / "table")
    write_regions(raw, out / "table")
    write_criticality(raw, out / "table")
    write_trade(flows, raw, out / "trade")
    write_crops(raw, out / "trade")
    write_sources(pins, out)
    write_manifest(built, pins, out)
    return built


def print_summary(built: Built) -> None:
    """Print the largest changes of output and Japan's parted units."""
    world = built.world
    print("Largest changes of output against the source, MUSD:")
    for unit, source_x, x, difference, relative, stock in list_deviations(world)[:PRINTED]:
        print(
            f"  {unit:10} {source_x:12,.0f} -> {x:12,.0f}  {difference:+10,.0f}"
            f"  {relative:+7.1%}  inventory change {stock:+,.0f}"
        )
    print("Parted units of Japan, output in MUSD and value-added ratio:")
    for split in built.splits:
        for part in split.parts:
            at = world.ids.index(f"{HOME}.{part}")
            print(f"  {world.ids[at]:10} {world.x[at]:12,.0f}  {world.v[at] / world.x[at]:.3f}")
    print(
        f"yen per dollar {built.yen_per_usd} (implied by output {built.implied_yen_per_usd:.2f}), "
        f"market part of industries' road purchases {built.own_account_factor:.3f}"
    )


def main() -> int:
    """Run the build from the command line."""
    parser = argparse.ArgumentParser(prog="python -m tools.build_japan", description=__doc__)
    parser.add_argument("--raw", type=Path, default=RAW, help="folder of the raw files")
    parser.add_argument("--wheel", type=Path, help="the trade wheel, if already downloaded")
    parser.add_argument("--out", type=Path, default=OUT, help="folder to write to")
    options = parser.parse_args()
    try:
        built = build(options.raw, options.wheel, options.out)
    except RawFileError as error:
        print(f"Nothing was built. {error}", file=sys.stderr)
        return NOTHING_BUILT
    print_summary(built)
    return 0


if __name__ == "__main__":
    sys.exit(main())
