"""SVG as text: escaped by construction, with measured words (a static SVG cannot wrap them)."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Sequence
from types import MappingProxyType

from markupsafe import Markup, escape

CHART_PX = 12.0  # smallest text of a chart, in units of the drawing
NAME_PX = 13.0  # names of rows
LINE_PX = 15.0
_WIDE = 1.0  # CJK characters are as wide as they are high in every font
_SAFETY = 1.06  # fonts wider than the reference by as much
# Advance widths of a common sans face in thousandths of the size, by character; others: 0.56.
_NARROW = MappingProxyType(
    {
        **dict.fromkeys("ijl'|’‘", 0.22),
        **dict.fromkeys(" .,:;!ftI()[]/\\·", 0.28),
        **dict.fromkeys('r-“”"', 0.35),
        **dict.fromkeys("csvxyzkJ", 0.5),
        **dict.fromkeys("mw", 0.8),
        **dict.fromkeys("MWOQ%@", 0.85),
        **dict.fromkeys("ABEKPSVXYCDGHNRUTZ", 0.69),
    }
)
_OTHER = 0.56
_BOLD = 1.06
_NO_LINE_START = "、。，．）」』】・ー！？：；々ぁぃぅぇぉっゃゅょァィゥェォッャュョ%％,.;:!?)"


def tag(name: str, *children: object, **attributes: object) -> Markup:
    """One element; attribute values and plain children are escaped.

    `class_` gives `class`, underscores give hyphens, `viewBox` keeps its case, None is left out.
    """
    pairs = Markup("").join(
        Markup(' {}="{}"').format(_name(key), _plain(value))
        for key, value in attributes.items()
        if value is not None
    )
    body = Markup("").join(escape(child) for child in children)
    if not children:
        return Markup("<{}{}/>").format(name, pairs)
    return Markup("<{}{}>{}</{}>").format(name, pairs, body, name)


def text(x: float, y: float, words: object, cls: str = "", **attributes: object) -> Markup:
    """A line of text at a baseline."""
    return tag("text", words, class_=cls or None, x=x, y=y, **attributes)


def lines(x: float, y: float, words: Sequence[str], cls: str = "", step: float = LINE_PX) -> Markup:
    """Several lines of text, the first at `y`."""
    return join(text(x, y + step * i, line, cls) for i, line in enumerate(words))


def path(d: str, cls: str, **attributes: object) -> Markup:
    """A path with a class."""
    return tag("path", class_=cls, d=d, **attributes)


def rect(x: float, y: float, w: float, h: float, cls: str, **attributes: object) -> Markup:
    """A rectangle with a class."""
    return tag("rect", class_=cls, x=x, y=y, width=max(w, 0.0), height=h, **attributes)


def dot(x: float, y: float, r: float = 5, cls: str = "dot") -> Markup:
    """A filled circle."""
    return tag("circle", class_=cls, cx=x, cy=y, r=r)


def join(parts: Iterable[Markup]) -> Markup:
    """Elements one after the other."""
    return Markup("").join(parts)


def drawing(
    width: float, height: float, body: Markup, label: str, *, group: bool = False
) -> Markup:
    """A whole SVG: an image with a label, or a group where it has links."""
    role = "group" if group else "img"
    box = f"0 0 {number(width)} {number(height)}"
    return tag("svg", body, viewBox=box, role=role, aria_label=label)


def number(value: float) -> str:
    """A coordinate with at most one decimal."""
    return f"{round(value, 1):g}"


def polyline(points: Iterable[tuple[float, float]]) -> str:
    """Path data through points."""
    return "M" + " ".join(f"{number(x)},{number(y)}" for x, y in points)


def measure(words: str, size: float = CHART_PX, *, bold: bool = False) -> float:
    """Width of a line, on the safe side, in the unit of `size`."""
    latin = _SAFETY * (_BOLD if bold else 1.0)
    return size * sum(_WIDE if _is_wide(ch) else _NARROW.get(ch, _OTHER) * latin for ch in words)


def wrap(words: str, width: float, size: float = CHART_PX, *, bold: bool = False) -> list[str]:
    """Break a text into lines no wider than `width`, at spaces or between CJK characters."""
    made: list[str] = []
    line = ""
    for piece in _pieces(words):
        if line and measure((line + piece).rstrip(), size, bold=bold) > width:
            made.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
    return [*made, line.rstrip()] if line.strip() else made


def fit(words: str, width: float, size: float = CHART_PX, *, most: int = 2) -> list[str]:
    """`wrap` cut to `most` lines; a cut text ends in an ellipsis (the table has it whole)."""
    made = wrap(words, width, size)
    if len(made) <= most:
        return [shorten(line, width, size) for line in made]
    return [*made[: most - 1], shorten(" ".join(made[most - 1 :]), width, size, cut=True)]


def shorten(words: str, width: float, size: float = CHART_PX, *, cut: bool = False) -> str:
    """Cut one line to a width, with an ellipsis where something is lost."""
    if not cut and measure(words, size) <= width:
        return words
    kept = words
    while kept and measure(kept + "…", size) > width:
        kept = kept[:-1]
    return kept.rstrip(" ,、") + "…"


def _name(key: str) -> str:
    return key.rstrip("_").replace("_", "-")


def _plain(value: object) -> object:
    return number(value) if isinstance(value, float) else value


def _is_wide(ch: str) -> bool:
    return unicodedata.east_asian_width(ch) in "WF"


def _pieces(words: str) -> list[str]:
    """Unbreakable pieces: Latin words with their space, single CJK characters."""
    made: list[str] = []
    for ch in words:
        wide = _is_wide(ch)
        glued = bool(made) and (
            ch in _NO_LINE_START or ch == " " or (not wide and not made[-1].endswith(" "))
        )
        starts_after_wide = bool(made) and not wide and _ends_wide(made[-1]) and ch != " "
        if glued and not (starts_after_wide and ch not in _NO_LINE_START):
            made[-1] += ch
        else:
            made.append(ch)
    return made


def _ends_wide(piece: str) -> bool:
    return _is_wide(piece[-1])


def nice_ceiling(value: float) -> float:
    """Smallest of 1, 1.5, 2, 3, 4, 5, 6, 8, 10 times a power of ten that is at least `value`."""
    if value <= 0 or not math.isfinite(value):
        return 1.0
    power: float = 10.0 ** math.floor(math.log10(value))
    for step in (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0):
        if value <= step * power * (1 + 1e-9):
            return step * power
    return 10.0 * power


def day_ticks(last: float) -> list[int]:
    """Round days for an axis that ends at `last`: three to six of them."""
    most = 6
    for step in (1, 2, 5, 7, 10, 14, 15, 30, 60, 90, 120, 180, 365, 730, 1825):
        if last / step <= most:
            return list(range(0, int(last) + 1, step))
    return [0, int(last)]
