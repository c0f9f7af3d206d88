"""Measures against scenarios: a table whose cells draw themselves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from keian.core import Figure
from keian.report.bought import is_held, say_bought, say_bought_band
from keian.report.numbers import MINUS, Numbers
from keian.report.setting import Grid, Mark, Setting, start_sentence
from keian.review.nouns import MeasureEffect, MeasureReview, ScenarioReview

# Shares of a cell's width, %.
_LEFT_PAD = 2.0
_RIGHT_PAD = 4.0
_FULL = 100.0
MOST_COLUMNS = 4  # side by side on A4
MOST_HELD = 3  # measures named in the title


@dataclass(frozen=True, slots=True)
class Cell:
    """One measure in one scenario. `kind`: value, none (no effect), missing (not run)."""

    kind: str
    text: str
    band: str = ""
    gain: float = 0.0
    loss: float = 0.0
    harm: str = ""
    hurts: bool = False
    partner: str = ""
    why: str = ""
    held: bool = False


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One measure in every scenario."""

    measure: MeasureReview
    name: str
    group: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """Columns of a matrix that stand side by side."""

    start: int
    stop: int

    @property
    def share(self) -> str:
        """Width its columns take of those of a full block."""
        return f"{(self.stop - self.start) / MOST_COLUMNS:g}"


@dataclass(frozen=True, slots=True)
class Matrix:
    """The table, its scale (% of a cell per unit) and zero line (% from the left)."""

    id: str
    title: str
    unit: str
    columns: tuple[str, ...]
    rows: tuple[MatrixRow, ...]
    scale: str
    zero: str
    harm: str
    has_pairs: bool
    has_harm: bool
    marks: tuple[Mark, ...]
    grid: Grid

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The columns in tables of at most four, so that every cell keeps its width on paper."""
        return tuple(
            Block(start, min(start + MOST_COLUMNS, len(self.columns)))
            for start in range(0, len(self.columns), MOST_COLUMNS)
        )


def build_days_matrix(setting: Setting) -> Matrix:
    """Days bought, with harm in days to the left of zero."""
    return _build(setting, "m-days", "days", _build_days_cell)


def build_loss_matrix(setting: Setting) -> Matrix:
    """Loss of value added avoided, in % of a year."""
    return _build(setting, "m-loss", "loss", _build_loss_cell)


_CellRule = Callable[[Setting, Numbers, MeasureEffect], Cell]


def _build(setting: Setting, key: str, what: str, rule: _CellRule) -> Matrix:
    review = setting.review
    rows = [_build_row(setting, measure, rule, review.scenarios) for measure in review.measures]
    rows.sort(key=lambda row: _rank(row, review.worst, review.scenarios))
    idle: list[MatrixRow] = []
    if what == "loss":  # what does nothing anywhere stands, with its reason, in the table of days
        idle = [row for row in rows if row.cells and all(c.kind == "none" for c in row.cells)]
        rows = [row for row in rows if row not in idle]
    gain = max((c.gain for row in rows for c in row.cells), default=0.0)
    loss = max((c.loss for row in rows for c in row.cells), default=0.0)
    room = _FULL - _LEFT_PAD - _RIGHT_PAD
    scale = room / (gain + loss) if gain + loss > 0 else 0.0
    effects = [e for s in review.scenarios for e in s.effects]
    return Matrix(
        id=key,
        title=start_sentence(_say_title(setting, what, rows, review.worst)),
        unit=setting.say(f"matrix.{what}.unit"),
        columns=tuple(setting.name(s.names) for s in review.scenarios),
        rows=tuple(rows),
        scale=f"{scale:.4f}%",
        zero=f"{_LEFT_PAD + loss * scale:.2f}%",
        harm=_say_harm(setting, effects) if what == "days" else _say_idle(setting, idle),
        has_pairs=any(c.partner for row in rows for c in row.cells),
        has_harm=any(c.hurts or c.loss for row in rows for c in row.cells),
        marks=setting.cite(*(e.days_bought if what == "days" else e.loss_avoided for e in effects)),
        grid=_build_grid(setting, what, rows),
    )


def _build_row(
    setting: Setting,
    measure: MeasureReview,
    rule: _CellRule,
    scenarios: tuple[ScenarioReview, ...],
) -> MatrixRow:
    cells = []
    for scenario in scenarios:
        effect = next((e for e in scenario.effects if e.measure == measure.id), None)
        if effect is None:
            cells.append(Cell("missing", setting.say("matrix.not_run")))
        elif effect.no_effect is not None:
            why = setting.name(effect.no_effect)
            cells.append(Cell("none", setting.say("matrix.no_effect"), why=why))
        else:
            cells.append(rule(setting, setting.numbers(scenario), effect))
    return MatrixRow(
        measure, setting.name(measure.names), setting.say(f"group.{measure.group}"), tuple(cells)
    )


def _build_days_cell(setting: Setting, numbers: Numbers, effect: MeasureEffect) -> Cell:
    open_bar = not effect.works_alone and effect.with_partner is not None
    figure = effect.with_partner if open_bar else effect.days_bought
    if figure is None or figure.value is None:
        return Cell("none", setting.say("matrix.nothing_to_buy"))
    harm = effect.harm_figure
    hurts_days = harm is not None and "day" in harm.unit and figure.value >= 0
    return Cell(
        "value",
        _strip(say_bought(setting, numbers, figure)),
        (None if open_bar else say_bought_band(numbers, effect))
        or numbers.band(figure)
        or setting.say("band.mode_short"),
        gain=max(figure.value, 0.0),
        loss=abs(harm.value or 0.0) if hurts_days and harm else max(-figure.value, 0.0),
        harm=_say_harm_days(numbers, harm) if hurts_days and harm else "",
        hurts=figure.value < 0,
        partner=_letter(setting, effect.partner) if open_bar else "",
        held=is_held(figure),
    )


def _build_loss_cell(setting: Setting, numbers: Numbers, effect: MeasureEffect) -> Cell:
    figure = effect.loss_avoided
    if figure.value is None:
        return Cell("missing", setting.say("matrix.not_run"))
    return Cell(
        "value",
        numbers.value(figure, sign=True),
        numbers.band(figure) or setting.say("band.mode_short"),
        gain=max(figure.value, 0.0),
        loss=max(-figure.value, 0.0),
        hurts=figure.value < 0,
        partner="" if effect.works_alone else _letter(setting, effect.partner),
    )


def _strip(text: str) -> str:
    """Days without their unit, which the head of the table names."""
    return text.removesuffix(" d").removesuffix("日")


def _say_harm_days(numbers: Numbers, harm: Figure) -> str:
    text = _strip(numbers.value(harm, short=True))
    return text if text.startswith(MINUS) else MINUS + text


def _letter(setting: Setting, measure: str | None) -> str:
    found = setting.measures.get(measure or "")
    return found.letter if found else ""


def _rank(row: MatrixRow, worst: str, scenarios: tuple[ScenarioReview, ...]) -> tuple[float, ...]:
    """Best in the worst scenario first; what only works in pairs after what works alone."""
    at = next((i for i, s in enumerate(scenarios) if s.id == worst), 0)
    order = [at, *(i for i in range(len(scenarios)) if i != at)]
    return tuple(
        -(c.gain - c.loss) if c.kind == "value" else 0.0 for c in (row.cells[i] for i in order)
    )


def _say_title(setting: Setting, what: str, rows: list[MatrixRow], worst: str) -> str:
    """Title by rule: what helps most and what hurts, in the worst scenario if anything does."""
    at = next((i for i, s in enumerate(setting.review.scenarios) if s.id == worst), 0)
    cells = [(row.name, row.cells[at]) for row in rows]
    if not any(cell.gain for _, cell in cells):
        cells = [(row.name, cell) for row in rows for cell in row.cells]
    best = max(cells, key=lambda pair: pair[1].gain, default=None)
    hurt = max((c for c in cells if c[1].hurts), key=lambda pair: pair[1].loss, default=None)
    if best is None or best[1].gain == 0:
        return setting.say(f"matrix.{what}.title_none")
    worst_name = None if hurt is None else hurt[0]
    held = [name for name, cell in cells if cell.held and not cell.partner]
    if held:
        more = [setting.say("cover.rest", count=str(len(held) - MOST_HELD))]
        names = setting.words.join(held[:MOST_HELD] + more * (len(held) > MOST_HELD))
        return setting.say("matrix.days.title_holds", names=names, hurt=worst_name)
    return setting.say(f"matrix.{what}.title", best=best[0], value=best[1].text, hurt=worst_name)


def _say_idle(setting: Setting, rows: list[MatrixRow]) -> str:
    """Name by letter the measures that do nothing in any scenario; empty where there are none."""
    if not rows:
        return ""
    letters = sorted((row.measure.letter for row in rows), key=lambda x: (len(x), x))
    return setting.say("matrix.idle", letters=setting.words.join(letters))


def _say_harm(setting: Setting, effects: list[MeasureEffect]) -> str:
    reasons: dict[str, str] = {}
    for effect in effects:
        if effect.harm is not None:
            letter = _letter(setting, effect.measure) or effect.measure
            reasons.setdefault(letter, setting.name(effect.harm))
    if not reasons:
        return ""
    why = [setting.say("matrix.harm_one", letter=k, words=v) for k, v in reasons.items()]
    return setting.say("matrix.harm", why=setting.say("matrix.harm_next").join(why))


def _build_grid(setting: Setting, what: str, rows: list[MatrixRow]) -> Grid:
    def say(cell: Cell) -> str:
        if cell.kind != "value":
            return f"{cell.text}: {cell.why}" if cell.why else cell.text
        words = f"{cell.text} ({cell.band})" + (f"; {cell.harm}" if cell.harm else "")
        if cell.partner:
            words = setting.say("matrix.alone_zero", partner=cell.partner, value=words)
        return words

    head = (
        setting.say("col.measure"),
        setting.say("col.grade"),
        *(setting.name(s.names) for s in setting.review.scenarios),
    )
    return Grid(
        setting.say(f"matrix.{what}.unit"),
        head,
        tuple(
            (
                f"{row.measure.letter} {row.name}",
                row.measure.evidence,
                *(say(cell) for cell in row.cells),
            )
            for row in rows
        ),
    )
