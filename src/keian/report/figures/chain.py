"""Chain of causes: from the shock, left to right, to what people feel."""

from __future__ import annotations

from markupsafe import Markup

from keian.report.numbers import Numbers
from keian.report.setting import PAGE_PX, Chart, Grid, Setting, build_empty, start_sentence
from keian.report.svg import (
    CHART_PX,
    LINE_PX,
    NAME_PX,
    drawing,
    fit,
    join,
    measure,
    path,
    rect,
    tag,
    text,
)
from keian.review.nouns import ChainStep, ScenarioReview

BOX_PX = 102.0
MOST_IN_ROW = 6
_DAY_Y = 12.0
_BOX_TOP = 20.0
_PAD = 8.0
_ARROW_MOST = 9.0
_ARROW_LEAST = 1.5
_OTHER_ROW_PX = 24.0
_OTHER_TOP_PX = 26.0
_HEAD_PX = 30.0


def draw_chain(setting: Setting, scenario: ScenarioReview, *, key: str) -> Chart:
    """Chart of the binding chain, and below it the paths that did not bind."""
    if not scenario.chain:
        name, why = setting.say("chain.name"), setting.say("chain.empty")
        return build_empty(setting, key, name, "", why)
    numbers = setting.numbers(scenario)
    top = _HEAD_PX
    body = [_draw_reading(setting)]
    for start in range(0, len(scenario.chain), MOST_IN_ROW):
        part = scenario.chain[start : start + MOST_IN_ROW]
        last = start + MOST_IN_ROW >= len(scenario.chain)
        drawn, height = _draw_steps(setting, numbers, part, last=last)
        body.append(tag("g", drawn, transform=f"translate(0 {top:g})"))
        top += height
    if scenario.other_chains:
        drawn, height = _draw_others(setting, numbers, scenario.other_chains)
        body.append(tag("g", drawn, transform=f"translate(0 {top:g})"))
        top += height
    figures = [f for step in scenario.chain for f in (step.change, step.link_share)]
    return Chart(
        id=key,
        title=start_sentence(_say_title(setting, scenario.chain)),
        unit=setting.say("chain.unit", need=setting.noun(scenario.chain[-1].names)),
        svg=drawing(PAGE_PX, top, join(body), _say_alt(setting, numbers, scenario.chain)),
        grid=_build_grid(setting, numbers, scenario.chain),
        marks=setting.cite(*figures),
    )


def _say_title(setting: Setting, chain: tuple[ChainStep, ...]) -> str:
    first, last = _say_step(setting, chain[0]), _say_step(setting, chain[-1])
    middle = [_say_step(setting, step) for step in chain[1:-1]]
    if not middle:
        return setting.say("chain.title_direct", first=first, last=last)
    return setting.say("chain.title", first=first, last=last, middle=middle[len(middle) // 2])


def _say_step(setting: Setting, step: ChainStep) -> str:
    """Name inside a sentence; passages, countries and units keep their capital."""
    common = step.kind in ("good", "service", "stock", "final")
    return setting.noun(step.names) if common else setting.name(step.names)


def _say_alt(setting: Setting, numbers: Numbers, chain: tuple[ChainStep, ...]) -> str:
    return "; ".join(f"{numbers.value(s.day)}: {setting.name(s.names)}" for s in chain)


def _draw_reading(setting: Setting) -> Markup:
    forth, back = setting.say("chain.forth"), setting.say("chain.back")
    start = measure(forth) + 6
    return join(
        (
            text(0, 12, forth, "q"),
            path(f"M{start:.0f} 8h60", "rule", marker_end="url(#tip)"),
            text(PAGE_PX, 12, back, "q e"),
            path(f"M{PAGE_PX - measure(back) - 6:.0f} 8h-60", "rule", marker_end="url(#tip)"),
        )
    )


def _draw_steps(
    setting: Setting, numbers: Numbers, part: tuple[ChainStep, ...], *, last: bool
) -> tuple[Markup, float]:
    """A row of boxes with arrows; the words of a link stand under its arrow."""
    pitch = (PAGE_PX - BOX_PX - 2) / max(1, min(MOST_IN_ROW, len(part)) - 1)
    width = min(1.5 * BOX_PX, pitch - 36) if len(part) > 1 else 2 * BOX_PX
    width = max(width, BOX_PX)
    pitch = (PAGE_PX - width - 2) / max(1, len(part) - 1)
    names = [fit(setting.name(s.names), width - 2 * _PAD, NAME_PX, most=3) for s in part]
    box = 22 + 15 * max(len(name) for name in names) + 12
    links = [fit(_say_link(setting, numbers, s), pitch - 8, CHART_PX, most=3) for s in part]
    parts = []
    for i, step in enumerate(part):
        x = pitch * i
        ends = last and i == len(part) - 1
        parts.append(_draw_box(setting, numbers, step, names[i], (x, width, box), ends=ends))
        if i < len(part) - 1:
            parts.append(_draw_arrow(step, x + width + 2, x + pitch - 2, _BOX_TOP + box - 20))
            middle = x + (width + pitch) / 2
            if links[i]:
                parts.append(
                    path(f"M{middle:.1f} {_BOX_TOP + box - 8:g}V{_BOX_TOP + box + 8:g}", "axis")
                )
                parts += [
                    text(middle, _BOX_TOP + box + 22 + LINE_PX * n, line, "m q")
                    for n, line in enumerate(links[i])
                ]
    most = max((len(link) for link in links[:-1]), default=0)
    return join(parts), _BOX_TOP + box + (18 + LINE_PX * most if most else 0) + 12


def _say_link(setting: Setting, numbers: Numbers, step: ChainStep) -> str:
    """Words of a link with the share that comes this way."""
    words = setting.name(step.link)
    if not words or step.link_share is None or step.link_share.value is None:
        return words
    return setting.say("chain.link", link=words, share=numbers.share(step.link_share))


def _draw_box(
    setting: Setting,
    numbers: Numbers,
    step: ChainStep,
    name: list[str],
    place: tuple[float, float, float],
    *,
    ends: bool,
) -> Markup:
    x, width, height = place
    cls = "step-end" if ends else "step-start" if step.kind in ("shock", "route") else "step"
    change = numbers.value(step.change)
    below = "▼ " if ends else ""
    return join(
        (
            text(x, _DAY_Y, numbers.value(step.day), "b h"),
            rect(x + 1, _BOX_TOP, width, height, cls),
            *(
                text(x + 1 + _PAD, _BOX_TOP + 19 + 15 * i, line, "b n")
                for i, line in enumerate(name)
            ),
            text(
                x + 1 + _PAD,
                _BOX_TOP + height - 10,
                below + setting.say("chain.change", change=change),
                "b harm-text" if ends else "q",
            ),
        )
    )


def _draw_arrow(step: ChainStep, start: float, end: float, y: float) -> Markup:
    """Arrow as wide as the share of the input that comes this way; thin and open if unknown."""
    share = None if step.link_share is None else step.link_share.value
    if share is None:
        return path(f"M{start:.1f} {y:g}H{end - 1:.1f}", "rule", marker_end="url(#tip)")
    half = _ARROW_LEAST + (_ARROW_MOST / 2 - _ARROW_LEAST) * min(abs(share), 1.0)
    neck = end - 9
    return path(
        f"M{start:.1f} {y - half:.1f}H{neck:.1f}V{y - half - 4:.1f}L{end:.1f} {y:g}"
        f" {neck:.1f} {y + half + 4:.1f}V{y + half:.1f}H{start:.1f}Z",
        "ink",
    )


def _draw_others(
    setting: Setting, numbers: Numbers, chains: tuple[tuple[ChainStep, ...], ...]
) -> tuple[Markup, float]:
    """Paths that did not bind: small open rings on a line each."""
    parts = [
        path(f"M0 4H{PAGE_PX:g}", "gridline"),
        text(0, 20, setting.say("chain.others"), "q"),
    ]
    for i, chain in enumerate(chains):
        y = _OTHER_TOP_PX + _OTHER_ROW_PX * i + 16
        pitch = PAGE_PX / max(1, len(chain))
        for j, step in enumerate(chain):
            x = pitch * j + 5
            words = f"{setting.name(step.names)} {numbers.value(step.change)}"
            if j == len(chain) - 1:
                words += f", {numbers.value(step.day)}"
            line = fit(words, pitch - 44, CHART_PX, most=1)[0]
            parts.append(tag("circle", class_="ring", cx=x, cy=y - 4, r=4))
            parts.append(text(x + 10, y, line, "q"))
            if j < len(chain) - 1:
                from_x = x + 14 + measure(line)
                parts.append(
                    path(
                        f"M{from_x:.1f} {y - 4:g}H{x + pitch - 8:.1f}",
                        "axis",
                        marker_end="url(#tip)",
                    )
                )
    return join(parts), _OTHER_TOP_PX + _OTHER_ROW_PX * len(chains) + 4


def _build_grid(setting: Setting, numbers: Numbers, chain: tuple[ChainStep, ...]) -> Grid:
    keys = ("step", "day", "change", "link", "link_share", "sources")
    rows = tuple(
        (
            setting.name(step.names),
            numbers.brief(step.day),
            numbers.brief(step.change),
            setting.name(step.link) or "–",
            numbers.share(step.link_share, band=True),
            " ".join(m.mark for m in setting.cite(step.change, step.link_share)) or "–",
        )
        for step in chain
    )
    return Grid(setting.say("chain.name"), tuple(setting.say(f"col.{k}") for k in keys), rows)
