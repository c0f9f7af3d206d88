"""Structural band: the mode run under every setting of the model's switches, by switch."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from markupsafe import Markup

from keian.report.figures.curve_panel import format_step
from keian.report.numbers import format_sig
from keian.report.setting import PAGE_PX, Chart, Grid, Setting, build_empty, start_sentence
from keian.report.svg import (
    CHART_PX,
    dot,
    drawing,
    fit,
    join,
    nice_ceiling,
    path,
    rect,
    text,
)
from keian.review.nouns import ScenarioReview, Variant

NAME_END = 288.0
DAY_PLOT = (310.0, 530.0)
LOSS_PLOT = (580.0, 790.0)
HEAD_PX = 26.0
ROW_PX = 22.0
GROUP_GAP_PX = 8.0
_BAR_PX = 10.0
_SAME = 1e-9


@dataclass(frozen=True, slots=True)
class _Row:
    group: str
    name: str
    variants: tuple[Variant, ...]


@dataclass(frozen=True, slots=True)
class _Axis:
    start: float
    end: float
    last: float

    def at(self, value: float) -> float:
        return self.start + (self.end - self.start) * min(max(value, 0.0), self.last) / self.last


def draw_structure(setting: Setting, scenario: ScenarioReview, *, key: str) -> Chart:
    """Chart of what each switch of the model does to the day and to the loss."""
    if len(scenario.variants) <= 1:
        name, why = setting.say("structure.name"), setting.say("structure.empty")
        return build_empty(setting, key, name, "", why)
    rows = _build_rows(setting, scenario.variants)
    days = [float(v.binding_day) for v in scenario.variants if v.binding_day is not None]
    axis_day = _Axis(*DAY_PLOT, nice_ceiling(max(days, default=float(scenario.horizon_days))))
    most = max(v.value_added_share for v in scenario.variants)
    axis_loss = _Axis(*LOSS_PLOT, nice_ceiling(max(most, _SAME)))
    tops = _place(rows)
    bottom = tops[-1] + ROW_PX
    body = [_draw_head(setting, axis_day, axis_loss, bottom)]
    for row, top in zip(rows, tops, strict=True):
        body.append(_draw_row(setting, scenario, row, top, (axis_day, axis_loss)))
    return Chart(
        id=key,
        title=start_sentence(_say_title(setting, scenario)),
        unit=setting.say("structure.unit", count=str(len(scenario.variants))),
        svg=drawing(PAGE_PX, bottom + 20, join(body), setting.say("structure.alt")),
        grid=_build_grid(setting, scenario),
        note=setting.say("structure.note", stuck=_say_stuck(setting, scenario)),
    )


def _build_rows(setting: Setting, variants: tuple[Variant, ...]) -> list[_Row]:
    def values(pick: Callable[[Variant], object]) -> list[object]:
        return sorted({pick(v) for v in variants}, key=str)

    rows = [_Row("", setting.say("structure.all"), variants)]
    for kappa in sorted({v.kappa for v in variants}):
        name = setting.say(f"structure.kappa.{_kappa_key(kappa)}")
        rows.append(_Row("kappa", name, tuple(v for v in variants if v.kappa == kappa)))
    for rule in reversed(values(lambda v: v.criticality)):
        name = setting.say(f"structure.criticality.{rule}")
        rows.append(_Row("rule", name, tuple(v for v in variants if v.criticality == rule)))
    for phi in sorted({v.phi for v in variants}):
        key = "structure.phi.one" if phi <= 1 else "structure.phi.more"
        name = setting.say(key, times=f"{phi:g}")
        rows.append(_Row("phi", name, tuple(v for v in variants if v.phi == phi)))
    return rows


def _kappa_key(kappa: float) -> str:
    if math.isinf(kappa):
        return "producers"
    return "equal" if kappa <= 1 else "between"


def _place(rows: list[_Row]) -> list[float]:
    tops, top, group = [], HEAD_PX, rows[0].group
    for row in rows:
        top += GROUP_GAP_PX if row.group != group else 0.0
        group = row.group
        tops.append(top)
        top += ROW_PX
    return tops


def _say_title(setting: Setting, scenario: ScenarioReview) -> str:
    days = [v.binding_day for v in scenario.variants]
    found = [d for d in days if d is not None]
    losses = [v.value_added_share for v in scenario.variants]
    ends = format_sig(min(losses)), format_sig(max(losses))
    loss = setting.numbers().join_range(*ends) + "%"
    if not found:
        return setting.say("structure.title_loss", loss=loss)
    if len(found) < len(days):
        return setting.say(
            "structure.title_some", some=str(len(found)), count=str(len(days)), loss=loss
        )
    if min(found) == max(found):
        return setting.say("structure.title_same", day=str(found[0]), loss=loss)
    return setting.say("structure.title", low=str(min(found)), high=str(max(found)), loss=loss)


def _say_stuck(setting: Setting, scenario: ScenarioReview) -> str | None:
    """Say how many settings do not come back, and that the bands of losses leave them out."""
    stuck = [v for v in scenario.variants if not v.returns]
    if not stuck:
        return None
    worst = format_sig(max(v.value_added_share for v in stuck))
    count = str(len(scenario.variants))
    return setting.say("structure.stuck", some=str(len(stuck)), count=count, loss=f"{worst}%")


def _draw_head(setting: Setting, day: _Axis, loss: _Axis, bottom: float) -> Markup:
    parts = [
        text(day.start, 12, setting.say("structure.col_day"), "q"),
        text(loss.start, 12, setting.say("structure.col_loss"), "q"),
        path(f"M0 {HEAD_PX - 4:g}H{PAGE_PX:g}", "axis"),
    ]
    for axis, suffix in ((day, ""), (loss, "%")):
        for share in (0.0, 0.5, 1.0):
            x = axis.at(axis.last * share)
            label = format_step(axis.last * share, axis.last / 2)
            label += suffix if share == 1.0 else ""
            parts.append(path(f"M{x:.1f} {HEAD_PX - 4:g}V{bottom:g}", "gridline"))
            parts.append(text(x, bottom + 15, label, "q m tick"))
    return join(parts)


def _draw_row(
    setting: Setting,
    scenario: ScenarioReview,
    row: _Row,
    top: float,
    axes: tuple[_Axis, _Axis],
) -> Markup:
    y = top + ROW_PX / 2
    name = fit(row.name, NAME_END, CHART_PX, most=1)[0]
    parts = [text(0 if not row.group else 10, y + 4.5, name, "b" if not row.group else "")]
    days = [float(v.binding_day) for v in row.variants if v.binding_day is not None]
    if days:
        parts.append(_draw_spread(axes[0], days, y, strong=not row.group))
    else:
        never = setting.say("runs_out.never", horizon=str(scenario.horizon_days))
        parts.append(text(axes[0].start, y + 4.5, never, "q"))
    losses = [v.value_added_share for v in row.variants]
    parts.append(_draw_spread(axes[1], losses, y, strong=not row.group))
    return join(parts)


def _draw_spread(axis: _Axis, values: list[float], y: float, *, strong: bool) -> Markup:
    low, high = axis.at(min(values)), axis.at(max(values))
    dots = [dot(axis.at(v), y, 2.8, "dot" if strong else "ring-ours") for v in sorted(values)]
    bar = rect(low - 4, y - _BAR_PX / 2, high - low + 8, _BAR_PX, "variants")
    return join((bar, *dots))


def _build_grid(setting: Setting, scenario: ScenarioReview) -> Grid:
    never = setting.say("runs_out.never", horizon=str(scenario.horizon_days))
    names = {out.id: setting.name(out.names) for out in scenario.runs_out}
    rows = []
    for v in scenario.variants:
        phi = setting.say(
            "structure.phi.one" if v.phi <= 1 else "structure.phi.more", times=f"{v.phi:g}"
        )
        rows.append(
            (
                setting.say(f"structure.kappa.{_kappa_key(v.kappa)}"),
                setting.say(f"structure.criticality.{v.criticality}"),
                phi,
                never if v.binding_day is None else str(v.binding_day),
                format_sig(v.value_added_share) + "%",
                names.get(v.first_out or "", v.first_out or "–"),
            )
        )
    keys = ("share_rule", "criticality", "origin_rule", "binding_day", "loss_va", "first_out")
    return Grid(
        setting.say("structure.name"), tuple(setting.say(f"col.{k}") for k in keys), tuple(rows)
    )
