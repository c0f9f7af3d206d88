"""Firm networks at the command line: make one, read one's own, judge it, play a shock through it."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from keian.cli.errors import write_json, write_line
from keian.cli.set import add_row, load_cli_words, make_console, print_text, start_table
from keian.cli.viewer import parse_viewer
from keian.core import InputError, Label, Problem, tell_text, to_plain
from keian.network import FirmNetwork, check_network, generate_network, load_network, save_network
from keian.network.arrange import Tag
from keian.network.generate import Shape
from keian.network.read import make_own_source, read_network
from keian.network.verdict import Degrees, NetworkVerdict
from keian.scenario.words import Lang
from keian.share import release

DAYS = 180  # played when nobody says how many
MOST_SHOWN = 12  # industries in the table of a run
SHOCK = "capacity=0.5,from=3,to=30,region=R1"
NUMBERS = ("capacity", "final_demand", "from", "to", "half_life", "part", "seed")
NAMES = ("region", "product", "firm")


@dataclass(frozen=True, slots=True)
class Own:
    """What the user says of an own list."""

    name: str
    currency: str
    year: int | None
    source: str
    label: str


def make_synthetic(
    out: Path, economy: str, shape: Shape, asked: tuple[int, int], *, as_json: bool
) -> None:
    """Draw a network from an economy and say where it is; `asked` are regions and seed."""
    from keian.crisis.firm_economy import make_industry_table
    from keian.economy import load_economy

    table = make_industry_table(load_economy(economy), asked[0])
    network = generate_network(table, shape, asked[1])
    _tell_saved(network, save_network(network, out), as_json=as_json)


def import_lists(
    paths: tuple[Path, Path, Path],
    own: Own,
    columns: Sequence[str],
    repairs: Sequence[str],
    *,
    as_json: bool,
) -> None:
    """Read own lists of firms and links into a network; `paths` are firms, links and folder."""
    firms, links, out = paths
    viewer = parse_viewer(own.label)
    label = Label(viewer.level, viewer.compartments, viewer.groups or None)
    missing = [path for path in (firms, links) if not path.is_file()]
    if missing:
        raise InputError(
            [Problem(str(path), "no file", "a list", "name a file") for path in missing]
        )
    sources = make_own_source(firms, links, own.source)
    tag = Tag(own.name, own.currency, own.year, sources, label)
    network = read_network(firms, links, tag, columns=_split_columns(columns), repairs=repairs)
    _tell_saved(network, save_network(network, out), as_json=as_json)


def _split_columns(columns: Sequence[str]) -> dict[str, str]:
    """Split OURS=THEIRS."""
    wrong = [text for text in columns if "=" not in text]
    if wrong:
        raise InputError(
            [Problem("--column", repr(t), "OURS=THEIRS", "write sales=uriage") for t in wrong]
        )
    pairs = (text.split("=", 1) for text in columns)
    return {ours.strip(): theirs.strip() for ours, theirs in pairs}


def _tell_saved(network: FirmNetwork, folder: Path, *, as_json: bool) -> None:
    if as_json:
        write_json(
            {
                "network": str(folder),
                "digest": network.digest,
                "firms": network.firm_count,
                "links": network.link_count,
                "repairs": list(network.repairs),
                "label": str(network.label),
            }
        )
        return
    for repair in network.repairs:
        write_line(f"repaired, as asked: {repair}")
    write_line(f"{network.firm_count:,} firms, {network.link_count:,} links, {network.label}")
    write_line(f"network {network.digest[:12]} in {folder}")
    write_line(f"next: keian network check {folder}")


def show_check(folder: Path, viewer: str, lang: Lang, *, verify: bool, as_json: bool) -> bool:
    """Show the verdict on a network; returns whether it is fit."""
    network = release(load_network(folder, verify=verify), parse_viewer(viewer)).value
    verdict = check_network(network)
    if as_json:
        plain = asdict(verdict)
        for side in ("suppliers", "clients"):
            plain[side] = _drop_nan(asdict(getattr(verdict, side)))
        write_json({"verdict": plain, "sources": to_plain(network.sources)})
        return verdict.ok
    console = make_console()
    for line in tell_verdict(network, verdict, lang):
        print_text(console, line)
    return verdict.ok


def _drop_nan(numbers: Mapping[str, float]) -> dict[str, float | None]:
    return {key: None if np.isnan(value) else value for key, value in numbers.items()}


def tell_verdict(network: FirmNetwork, v: NetworkVerdict, lang: Lang) -> Iterable[str]:
    """Tell a verdict line by line."""
    say = load_cli_words().say
    yield f"{v.name} ({v.digest[:12]}), {network.label}"
    yield say("net_counts", lang, firms=f"{v.firms:,}", links=f"{v.links:,}",
              products=str(v.products), regions=str(v.regions))  # fmt: skip
    for key, degrees in (("net_suppliers", v.suppliers), ("net_clients", v.clients)):
        yield say(key, lang, degrees=_tell_degrees(degrees, lang))
    yield say("net_components", lang, share=f"{v.component_share:.1%}", count=f"{v.components:,}",
              core=f"{v.core_share:.1%}", alone=f"{v.alone_count:,}")  # fmt: skip
    yield say("net_coverage", lang, share=f"{v.link_sales_share:.1%}", pairs=f"{v.pairs_share:.1%}",
              over=f"{v.oversold_count:,}", bought=f"{v.overbought_count:,}",
              known=f"{v.capacity_known_share:.1%}")  # fmt: skip
    for repair in v.repairs:
        yield say("net_repair", lang, repair=repair)
    for problem in v.problems:
        yield str(problem)
    for source in network.sources:
        kind = f" ({say('assumption', lang)})" if source.kind == "assumption" else ""
        yield f"{source.id}: {tell_text(source.title, lang)}{kind}"


def _tell_degrees(d: Degrees, lang: Lang) -> str:
    tail = "-" if np.isnan(d.exponent) else f"{d.exponent:.2f}"
    return load_cli_words().say(
        "net_degrees", lang, mean=f"{d.mean:.2f}", median=f"{d.median:.0f}", p99=f"{d.p99:.0f}",
        most=f"{d.most:,.0f}", tail=tail,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Play:
    """How a shock is played from the command line."""

    shocks: tuple[str, ...]
    rules: str
    days: int
    precision: str
    threads: int
    watch: tuple[str, ...]
    economy: str | None
    viewer: str
    out: Path | None


def read_shock(text: str) -> Any:  # noqa: ANN401 - FirmShock, imported when it is needed
    """Read a shock written as `capacity=0.5,from=3,to=30,region=R1`.

    Raises
    ------
    InputError
        It names no loss, or a word that is not known; all problems.
    """
    from keian.crisis.firm_rules import FirmShock

    where, problems, numbers = f"--shock {text}", [], {}
    names: dict[str, list[str]] = {key: [] for key in NAMES}
    for part in text.split(","):
        key, _, value = part.strip().partition("=")
        if key in NAMES and value:
            names[key].append(value)
        elif key in NUMBERS and _is_number(value):
            numbers[key] = float(value)
        else:
            known = ", ".join((*NUMBERS, *NAMES))
            problems.append(Problem(where, repr(part), f"KEY=VALUE of {known}", f"as in {SHOCK}"))
    losses = [key for key in ("capacity", "final_demand") if key in numbers]
    if len(losses) != 1 or "to" not in numbers:
        found = f"{len(losses)} losses" if "to" in numbers else "no end"
        problems.append(Problem(where, found, "one loss with an end", f"as in {SHOCK}"))
    if problems:
        raise InputError(problems)
    return FirmShock(
        kind="capacity" if losses[0] == "capacity" else "final_demand",
        share=numbers[losses[0]],
        start_day=int(numbers.get("from", 0)),
        end_day=int(numbers["to"]),
        half_life_days=numbers.get("half_life", 0.0),
        firms=tuple(names["firm"]),
        products=tuple(names["product"]),
        regions=tuple(names["region"]),
        part=numbers.get("part", 1.0),
        seed=int(numbers.get("seed", 0)),
    )


def _is_number(text: str) -> bool:
    try:
        return bool(np.isfinite(float(text)))
    except ValueError:
        return False


def find_precision(text: str) -> Literal["single", "double"]:
    """Read the name of a precision.

    Raises
    ------
    InputError
        There is no such precision.
    """
    if text == "single":
        return "single"
    if text == "double":
        return "double"
    raise InputError([Problem("--precision", repr(text), "single or double", "choose one")])


def play(folder: Path, asked: Play, lang: Lang, *, as_json: bool) -> None:
    """Play shocks through a network and show what they cost, by industry."""
    from keian.crisis.firm_economy import make_traits
    from keian.crisis.firm_rules import load_firm_rules
    from keian.crisis.firms import FirmRun, simulate_firms
    from keian.economy import load_economy

    if not asked.shocks:
        fix = f"as in --shock {SHOCK}; or play a scenario with --scenario"
        raise InputError([Problem("--shock", "none", "a shock, or a scenario", fix)])
    rules = load_firm_rules(asked.rules)
    shocks = [read_shock(text) for text in asked.shocks]
    network = load_network(folder)
    traits = None
    if asked.economy is not None:
        traits = make_traits(load_economy(asked.economy), network, rules)
    how = FirmRun(
        precision=find_precision(asked.precision), threads=asked.threads, watch=asked.watch
    )
    begun = time.perf_counter()
    outcome = simulate_firms(network, shocks, rules, asked.days, traits=traits, run=how)
    seconds = time.perf_counter() - begun
    shown = release(outcome, parse_viewer(asked.viewer)).value
    files = [] if asked.out is None else write_outcome(shown, asked.out)
    summary = summarise(shown)
    if as_json:
        write_json({**summary, "seconds": seconds, "files": [str(file) for file in files]})
        return
    print_run(summary, lang)
    for file in files:
        write_line(str(file))


def summarise(outcome: Any) -> dict[str, Any]:  # noqa: ANN401 - FirmOutcome, imported when it is needed
    """Sum a run up: losses in days of normal output, the deepest day, what bound whom, industries."""
    output, base = outcome.total("output"), float(outcome.baseline.sum())
    low = int(output.argmin())
    want, got = outcome.total("final_want"), outcome.total("final_got")
    added = outcome.total("value_added")
    rows = []
    for name in dict.fromkeys(outcome.cell_product):
        cells = [k for k, p in enumerate(outcome.cell_product) if p == name]
        normal = float(outcome.baseline[cells].sum())
        lost = float((normal - outcome.cells[:, cells, 0].sum(axis=1)).sum())
        rows.append({"product": name, "lost_days": lost / normal})
    rows.sort(key=lambda row: -row["lost_days"])
    return {
        "network": outcome.network,
        "label": str(outcome.label),
        "days": len(output),
        "currency": outcome.currency,
        "baseline_per_day": base,
        "output_lost_days": float((base - output).sum() / base),
        "value_added_lost_share": None if np.isnan(added).any()
        else float(1 - added.sum() / (added[0] * len(added))),
        "lowest_output_share": float(output[low] / base),
        "lowest_day": low,
        "end_output_share": float(output[-1] / base),
        "final_unmet_share": float((want - got).sum() / want.sum()) if want.sum() else 0.0,
        "lost_by_cause_days": {
            cause: float(outcome.total(f"lost_{cause}").sum() / base)
            for cause in ("demand", "capacity", "input")
        },
        "residual": float(outcome.residual.max(initial=0.0)),
        "blocks": outcome.blocks,
        "precision": outcome.precision,
        "industries": rows,
    }  # fmt: skip


def print_run(summary: Mapping[str, Any], lang: Lang) -> None:
    """Tell what firms lost and why, and the industries that lose most."""
    words = load_cli_words()
    console = make_console()
    print_text(console, words.say(
        "net_run", lang, days=str(summary["days"]), lost=f"{summary['output_lost_days']:.2f}",
        low=f"{summary['lowest_output_share']:.1%}", day=str(summary["lowest_day"]),
        end=f"{summary['end_output_share']:.1%}", unmet=f"{summary['final_unmet_share']:.2%}",
    ))  # fmt: skip
    causes = summary["lost_by_cause_days"]
    print_text(console, words.say(
        "net_causes", lang, capacity=f"{causes['capacity']:.2f}", input=f"{causes['input']:.2f}",
        demand=f"{causes['demand']:.2f}",
    ))  # fmt: skip
    table = start_table(
        words, lang, ("net_industry", "net_lost_days"), words.say("net_worst", lang)
    )
    for row in summary["industries"][:MOST_SHOWN]:
        add_row(table, (row["product"], f"{row['lost_days']:.2f}"))
    console.print(table)
    print_text(console, f"{words.say('label', lang)}: {summary['label']}")


def write_outcome(outcome: Any, folder: Path) -> list[Path]:  # noqa: ANN401 - as above
    """Write a run as Parquet: cells by day, and watched firms by day."""
    import pandas as pd

    from keian.crisis.firms import CAUSES, SERIES

    folder.mkdir(parents=True, exist_ok=True)
    days, cells, _ = outcome.cells.shape
    frame = pd.DataFrame({
        "day": np.repeat(np.arange(days), cells),
        "product": np.tile(outcome.cell_product, days),
        "region": np.tile(outcome.cell_region, days),
        **{f"{name}_{outcome.currency.lower()}_per_day": outcome.cells[:, :, k].ravel() for name, k in SERIES},
    })  # fmt: skip
    files = [folder / "cells.parquet"]
    frame.to_parquet(files[0])
    if outcome.watched:
        days, firms, _ = outcome.firms.shape
        flat = outcome.firms.reshape(days * firms, -1)
        bound = flat[:, 7]
        frame = pd.DataFrame({
            "day": np.repeat(np.arange(days), firms),
            "firm": np.tile(outcome.watched, days),
            "output_share": flat[:, 0], "demand_share": flat[:, 1], "limit_share": flat[:, 2],
            "capacity_share": flat[:, 3], "fill_share": flat[:, 4], "least_stock_days": flat[:, 5],
            "cause": [CAUSES[int(c)] for c in flat[:, 6]],
            "bound_by": [None if np.isnan(p) else outcome.products[int(p)] for p in bound],
        })  # fmt: skip
        files.append(folder / "firms.parquet")
        frame.to_parquet(files[1])
    return files
