"""Write what a review found into the stories: their numbers are made, never typed.

`python -m tools.write_stories REVIEW_JSON` replaces, on each page in `docs/stories` whose scenario the
review played, what stands between the marks `<!-- run -->` and `<!-- /run -->`. The rest of a page
is written by a person who has read the numbers.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

STORIES = Path(__file__).parents[1] / "docs" / "stories"
START, END = "<!-- run -->", "<!-- /run -->"
MOST_DRIVERS, MOST_MEASURES = 3, 5
LEAST_LOSS = 5e-4  # % of a year; a smaller effect is not listed
LEAST_HARM = 0.005  # % of a year
LOSSES = {
    "value_added": "Value added lost, % of one year's baseline",
    "output": "Gross output lost, % of one year's baseline",
    "unmet_final": "Final demand not met, % of one year's baseline",
    "unmet_vital": "Vital demand not met, % of one year's baseline",
}
Json = dict[str, Any]


def write_value(value: float | None, unit: str, horizon: int) -> str:
    """Write a number of a figure: days without decimals, the rest with two digits that count."""
    if value is None:
        return "-"
    if unit in ("day", "days"):
        if unit == "day" and value >= horizon:
            return f"not by day {horizon}"
        return f"{'day ' if unit == 'day' else ''}{value:.0f}"
    return f"{float(f'{value:.2g}'):g}" if abs(value) >= LEAST_LOSS else "0"


def write_row(name: str, figure: Json, horizon: int) -> str:
    """Write a figure with the band of the draws and that of the model variants."""

    def write(value: float | None) -> str:
        return write_value(value, figure["unit"], horizon)

    def join(pair: tuple[float | None, float | None]) -> str:
        low, high = map(write, pair)
        return low if low == high else f"{low} to {high}"

    draws = join((figure["low"], figure["high"])) if figure["low"] is not None else "-"
    wide = figure["structural"]
    variants = join((wide[0], wide[1])) if wide else "-"
    return f"| {name} | {write(figure['value'])} | {draws} | {variants} |"


def list_found(found: Json) -> Iterator[str]:
    """List what falls and what is lost."""
    horizon = found["horizon_days"]
    yield "| what | mode run | 80 % of draws | model variants |"
    yield "|---|---|---|---|"
    shown = [out for out in found["runs_out"] if out["below_share"]["value"] > 0]
    for out in sorted(shown, key=lambda x: (x["day"]["value"] or horizon, x["id"])):
        falls = f"{100 * out['below_share']['value']:.0f} % of draws"
        yield write_row(f"{out['names']['en']} below its floor ({falls})", out["day"], horizon)
    if not shown:
        yield "| Anything below its floor | in no draw | - | - |"
    for loss in found["losses"]:
        yield write_row(LOSSES.get(loss["kind"], loss["kind"]), loss["share_of_year"], horizon)
    stuck = [v["value_added_share"] for v in found["variants"] if not v["returns"]]
    if stuck:
        worst = write_value(max(stuck), "", horizon)
        yield ""
        yield (
            f"{len(stuck)} of {len(found['variants'])} model variants do not come back within the run "
            f"(value added up to {worst} %); they stand in no band of losses."
        )


def list_names(drivers: list[Json]) -> list[str]:
    """Name inputs; those that share a name are told apart by the shock they belong to."""
    names = [d["names"]["en"] for d in drivers]
    return [
        f"{name} [{d['key'].split('.')[1]}]" if names.count(name) > 1 else name
        for name, d in zip(names, drivers, strict=True)
    ]


def list_drivers(found: Json) -> Iterator[str]:
    """Say which inputs, each moved alone over its range, move the first day or the loss most."""
    ranked = sorted(found["drivers"], key=lambda d: -(d["swing"]["value"] or 0.0))
    if not ranked:
        yield "No input, moved alone over its range, moves the first day or the loss."
        return
    unit = ranked[0]["swing"]["unit"]
    digits = [write_value(d["swing"]["value"], unit, 10**9) for d in ranked]
    names = list_names(ranked)
    told = [f"{name} ({x})" for name, x in zip(names, digits, strict=True)]
    yield (
        f"Moved alone from 5 to 95 % of its range, in {unit}: "
        + "; ".join(told[:MOST_DRIVERS])
        + "."
    )


def list_measures(found: Json, names: dict[str, str]) -> Iterator[str]:
    """List the measures that change most."""
    rows = []
    for effect in found["effects"]:
        loss, days = effect["loss_avoided"], effect["days_bought"]
        bought = 0.0 if days is None else days["value"] or 0.0
        if max(abs(loss["value"] or 0.0), abs(bought) * LEAST_LOSS) >= LEAST_LOSS:
            rows.append((-(loss["value"] or 0.0), effect, loss, days))
    if not rows:
        yield "No measure changes a day or a loss that counts."
        return
    rows.sort(key=lambda row: (row[0], row[1]["measure"]))
    yield "| measure | loss avoided, % of one year (80 % of draws) | days bought | first limit |"
    yield "|---|---|---|---|"
    best, harm = (
        rows[:MOST_MEASURES],
        [row for row in rows[MOST_MEASURES:] if row[0] > LEAST_HARM][-2:],
    )
    for _, effect, loss, days in (*best, *harm):
        band = ""
        if loss["low"] is not None:
            band = " to ".join(write_value(loss[k], loss["unit"], 10**9) for k in ("low", "high"))
        bought = "-" if days is None else write_value(days["value"], "days", 10**9)
        held = " or more" if days is not None and days["censored"] == ">=" else ""
        value = write_value(loss["value"], loss["unit"], 10**9) + (f" ({band})" if band else "")
        limit = effect["first_limit"]["en"]
        yield f"| {names[effect['measure']]} | {value} | {bought}{held} | {limit} |"


def write_block(review: Json, found: Json) -> str:
    """Write all that a page shows of a run."""
    names = {m["id"]: m["names"]["en"] for m in review["measures"]}
    how = f"`keian review --scenario {found['id']}`"
    told = f"Without measures; {found['draws']} draws, economy `{review['economy_id']}`"
    lines = [
        f"{told}; {how} shows them.", "", *list_found(found), "", *list_drivers(found), "",
        *list_measures(found, names),
    ]  # fmt: skip
    return "\n".join(lines)


def write_page(text: str, block: str) -> str:
    """Put a block between the marks of a page."""
    head, rest = text.split(START)
    return f"{head}{START}\n\n{block}\n\n{END}{rest.split(END)[1]}"


def main(path: str) -> None:
    """Write the pages of all scenarios of a review."""
    review = json.loads(Path(path).read_text(encoding="utf-8"))["review"]
    for found in review["scenarios"]:
        page = STORIES / f"{found['id']}.md"
        text = page.read_text(encoding="utf-8")
        page.write_text(write_page(text, write_block(review, found)), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
