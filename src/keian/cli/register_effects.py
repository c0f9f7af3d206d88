"""What a review that was played found of each measure: the evidence of the comprehensive review."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from keian.cli.listing import load_register_words
from keian.core import InputError, Label, Problem
from keian.core.digest import Plain
from keian.scenario.words import Lang

SCHEMA = "keian.review/1"
SHORT = 12  # digits of a run that people compare
LEAST = 5e-4  # % of a year; a smaller loss counts as none here
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class PlayedReview:
    """Effects of measures in a review, by measure; nothing here is computed anew.

    Attributes
    ----------
    run : digest of the run as it is stored, else of the review alone.   day : day 0.   scenarios : what was played, by id.
    """

    run: str
    day: str
    label: Label
    scenarios: Mapping[str, Json]
    effects: Mapping[str, tuple[Json, ...]]

    @property
    def short(self) -> str:
        """First digits of the run, as people compare and cite them."""
        return self.run[:SHORT]


def read_review(path: Path, run: str | None = None) -> PlayedReview:
    """Read `review.json` of a review, or of the folder that it lies in.

    Parameters
    ----------
    run : digest under which the run is stored; None = the review's own.

    Raises
    ------
    InputError
        It is not there, or no review.
    """
    file = path / "review.json" if path.is_dir() else path
    wanted, fix = "review.json as `keian review` writes it", "name that file or its folder"
    try:
        plain = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise InputError([Problem(str(file), f"no readable file ({error})", wanted, fix)]) from None
    if not isinstance(plain, dict) or plain.get("schema") != SCHEMA:
        raise InputError([Problem(str(file), "another kind of file", wanted, fix)])
    return collect_effects(plain, run)


def collect_effects(plain: Mapping[str, Any], run: str | None = None) -> PlayedReview:
    """Collect the effects of a review in its plain form, by measure.

    Parameters
    ----------
    run : digest under which the run is stored, which `keian replay` knows; None = the review's own.
    """
    review = plain["review"]
    effects: dict[str, list[Json]] = {}
    for scenario in review["scenarios"]:
        for effect in scenario["effects"]:
            effects.setdefault(effect["measure"], []).append(effect)
    label = review["label"]
    groups = label["releasable_to"]
    return PlayedReview(
        run=run or str(plain["run_id"]),
        day=str(review["as_of"]),
        label=Label(
            label["level"],
            frozenset(label["compartments"]),
            None if groups is None else frozenset(groups),
        ),
        scenarios=MappingProxyType({s["id"]: s for s in review["scenarios"]}),
        effects=MappingProxyType({name: tuple(rows) for name, rows in effects.items()}),
    )


def counts(effect: Json) -> bool:
    """Tell whether an effect moves a day or a loss that counts."""
    days, loss = effect["days_bought"], effect["loss_avoided"]
    bought = 0.0 if days is None else abs(days["value"] or 0.0)
    return bool(bought >= 1.0 or abs(loss["value"] or 0.0) >= LEAST)


def helps(effect: Json) -> bool:
    """Tell whether an effect that counts buys a day or avoids a loss; a gain in neither is harm."""
    days, loss = effect["days_bought"], effect["loss_avoided"]
    bought = 0.0 if days is None else days["value"] or 0.0
    return bool(bought >= 1.0 or (loss["value"] or 0.0) >= LEAST)


def tell_effects(played: PlayedReview, names: Sequence[str], lang: Lang) -> str:
    """Tell what measures do in each scenario in which they change anything, each with the run."""
    words, lines = load_register_words(), []
    for name in names:
        found = played.effects.get(name, ())
        if not found:
            lines.append(words.say("effect_not_played", lang, name=name))
            continue
        moved = [effect for effect in found if counts(effect)]
        if not moved:
            count = len(found)
            lines.append(words.say("effect_none", lang, name=name, count=count))
        lines += [_tell_one(played, effect, lang) for effect in moved]
    return "\n".join(lines)


def _tell_one(played: PlayedReview, effect: Json, lang: Lang) -> str:
    words, loss = load_register_words(), effect["loss_avoided"]
    days = effect["days_bought"]
    bought = words.say("effect_no_day", lang)
    if days is not None and days["value"] is not None:
        sign = "+" if days["value"] >= 0 else ""
        least = words.say("effect_or_more", lang) if days["censored"] == ">=" else ""
        bought = words.say("effect_days", lang, days=f"{sign}{days['value']:.0f}{least}")
    band = ""
    if loss["low"] is not None and loss["high"] is not None:
        band = f" ({loss['low']:.2g}-{loss['high']:.2g})"
    return words.say(
        "effect_played" if helps(effect) else "effect_worse", lang,
        name=effect["measure"],
        scenario=played.scenarios[effect["scenario"]]["names"][lang],
        bought=bought,
        loss=f"{loss['value'] or 0.0:.2g}{band}",
        limit=effect["first_limit"][lang],
        run=played.short,
    )  # fmt: skip


def list_plain(played: PlayedReview, names: Sequence[str]) -> list[Plain]:
    """List the effects of measures as plain data, each with its trace into the run."""
    return [
        {
            "measure": effect["measure"],
            "scenario": effect["scenario"],
            "days_bought": effect["days_bought"],
            "loss_avoided": effect["loss_avoided"],
            "first_limit": effect["first_limit"],
            "run": played.run,
        }
        for name in names
        for effect in played.effects.get(name, ())
        if counts(effect)
    ]
