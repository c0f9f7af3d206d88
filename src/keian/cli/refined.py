"""Firms inside a scenario at the command line: what the table says alone, and with firms in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from keian.cli.errors import write_json, write_line
from keian.cli.inputs import Inputs
from keian.cli.network import MOST_SHOWN, Play, find_precision, print_run, read_shock, summarise
from keian.cli.network import write_outcome as write_firms
from keian.cli.set import add_row, load_cli_words, make_console, print_text, start_table
from keian.cli.viewer import parse_viewer
from keian.core import InputError, Problem
from keian.crisis import compile_economy, load_rules
from keian.crisis.compile import Compiled
from keian.crisis.firm_rules import load_firm_rules
from keian.crisis.firms import FirmRun
from keian.crisis.refined import RefinedOutcome, simulate_refined
from keian.crisis.run import Run
from keian.crisis.simulate import Outcome, home_units, simulate_run
from keian.network import load_network
from keian.scenario.words import Lang, choose
from keian.share import release

HELD = 0.999  # share of normal below which the world counts as holding a unit's firms


def play_refined(
    folder: Path, asked: Play, days: int | None, inputs: Inputs, lang: Lang, *, as_json: bool
) -> None:
    """Play a scenario's mode run with a network in place of the units it stands for, and show both.

    Raises
    ------
    InputError
        Days were named beside a scenario, or the network has no unit of the economy.
    ClearanceError
        The viewer may not see it.
    """
    if days is not None:
        found, fix = f"{days} days beside a scenario", "leave --days out, or change the scenario"
        raise InputError([Problem("--days", found, "the horizon of the scenario", fix)])
    compiled = compile_economy(inputs.economy, load_rules())
    run = Run(inputs.scenarios[0], measures=inputs.measures)
    how = FirmRun(
        precision=find_precision(asked.precision), threads=asked.threads, watch=asked.watch
    )
    outcome = simulate_refined(
        compiled, run, load_network(folder), load_firm_rules(asked.rules),
        shocks=[read_shock(text) for text in asked.shocks], firm_run=how,
    )  # fmt: skip
    shown = release(outcome, parse_viewer(asked.viewer)).value
    alone = simulate_run(compiled, run, home_units(compiled))
    files = [] if asked.out is None else write_refined(shown, asked.out)
    summary = sum_up(compiled, shown, alone)
    if as_json:
        write_json({**summary, "files": [str(file) for file in files]})
        return
    _print(compiled, summary, lang)
    for file in files:
        write_line(str(file))


def calc_lost(compiled: Compiled, outcome: Outcome) -> float:
    """Value added of the home country lost over the horizon, share of normal."""
    home, st = compiled.index.region[compiled.economy.home], compiled.static
    normal = float((st.v * st.x0)[st.unit_region == home].sum())
    made = float(outcome.value_added[:, home].sum())
    return 1.0 - made / (normal * len(outcome.value_added))


def sum_up(compiled: Compiled, refined: RefinedOutcome, alone: Outcome) -> dict[str, Any]:
    """Sum up what the table loses alone and with firms in it, in all and by unit."""
    units = home_units(compiled).tolist()
    match = refined.refinement
    rows: list[dict[str, Any]] = []
    for k, unit in enumerate(match.unit.tolist()):
        at = units.index(unit)
        held = np.flatnonzero(np.isfinite(refined.level[:, k]) & (refined.outside[:, k] < HELD))
        rows.append({
            "unit": match.units[k],
            "table_alone_lost_days": float((1.0 - alone.unit[:, at]).sum()),
            "lost_days": float((1.0 - refined.world.unit[:, at]).sum()),
            "lowest_able_share": float(refined.able[:, k].min()),
            "lowest_outside_share": float(min(1.0, refined.outside[:, k].min())),
            "held_from_day": int(held[0]) if held.size else None,
            "covered_share": float(match.covered[k]),
        })  # fmt: skip
    rows.sort(key=lambda row: -row["lost_days"])
    lowest = refined.world.level.min(axis=0)
    before = alone.level.min(axis=0)
    return {
        "scenario": refined.world.run.scenario.id,
        "measures": [m.id for m in refined.world.run.measures],
        "label": str(refined.label),
        "value_added_lost_share": calc_lost(compiled, refined.world),
        "table_alone_value_added_lost_share": calc_lost(compiled, alone),
        "left_out": list(match.left_out),
        "services": [
            {"service": s.id, "lowest_share": float(low), "table_alone_lowest_share": float(was)}
            for s, low, was in zip(compiled.economy.services, lowest, before, strict=True)
        ],
        "units": rows,
        "firms": summarise(replace(refined.firms, label=refined.label)),
    }


def _print(compiled: Compiled, summary: Mapping[str, Any], lang: Lang) -> None:
    words, console, economy = load_cli_words(), make_console(), compiled.economy
    print_text(console, words.say(
        "refined_loss", lang, scenario=summary["scenario"],
        lost=f"{summary['value_added_lost_share']:.2%}",
        alone=f"{summary['table_alone_value_added_lost_share']:.2%}",
    ))  # fmt: skip
    if summary["left_out"]:
        print_text(console, words.say("refined_left_out", lang, names=_list(summary["left_out"])))
    print_run(summary["firms"], lang)
    columns = ("net_industry", "refined_alone", "refined_with", "refined_able", "refined_outside")
    table = start_table(words, lang, columns, words.say("net_worst", lang))
    for row in summary["units"][:MOST_SHOWN]:
        name = choose(economy.unit_names[row["unit"]], lang)
        add_row(table, (
            f"{row['unit']} {name}", f"{row['table_alone_lost_days']:.2f}",
            f"{row['lost_days']:.2f}", f"{row['lowest_able_share']:.1%}",
            f"{row['lowest_outside_share']:.1%}",
        ))  # fmt: skip
    console.print(table)
    names = {s.id: s.names for s in economy.services}
    for row in summary["services"]:
        if row["lowest_share"] < HELD:
            print_text(console, words.say(
                "refined_service", lang, service=choose(names[row["service"]], lang),
                low=f"{row['lowest_share']:.1%}", was=f"{row['table_alone_lowest_share']:.1%}",
            ))  # fmt: skip
    print_text(console, words.say("refined_note", lang))


def _list(names: Sequence[str]) -> str:
    shown = ", ".join(names[:MOST_SHOWN])
    return f"{shown} …" if len(names) > MOST_SHOWN else shown


def write_refined(refined: RefinedOutcome, folder: Path) -> list[Path]:
    """Write a run as Parquet: cells and watched firms as a run of firms, and units by day."""
    import pandas as pd

    files = write_firms(refined.firms, folder)
    match = refined.refinement
    days, units = refined.able.shape
    frame = pd.DataFrame({
        "day": np.repeat(np.arange(days), units),
        "unit": np.tile(match.units, days),
        "able_share": refined.able.ravel(),
        "outside_share": refined.outside.ravel(),
        "level_share": np.where(np.isfinite(refined.level), refined.level, np.nan).ravel(),
        "demand_share": refined.demand.ravel(),
    })  # fmt: skip
    path = folder / "units.parquet"
    frame.to_parquet(path)
    return [*files, path]
