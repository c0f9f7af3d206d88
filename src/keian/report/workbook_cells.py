"""Cells of a figure in a workbook: its value, quantiles, ends over the variants, marks."""

from __future__ import annotations

from keian.core import Figure
from keian.report.setting import Setting

LOW, HIGH = 0.1, 0.9
DEFAULT_QUANTILES = 4  # digits that tell quantiles apart


def value(figure: Figure | None) -> float | None:
    """Value of a figure; None where there is none."""
    return None if figure is None else figure.value


def find_quantile(figure: Figure | None, share: float) -> float | None:
    """Find a quantile of the draws; None where there is none."""
    if figure is None:
        return None
    found = {round(q, DEFAULT_QUANTILES): value for q, value in figure.quantiles}
    return found.get(share)


def list_variants(figure: Figure) -> tuple[float | None, float | None]:
    """List the ends of the band over the model variants."""
    return figure.structural or (None, None)


def cite(setting: Setting, *groups: Figure | tuple[str, ...]) -> str:
    """Name the marks of the sources behind figures or lists of sources."""
    return " ".join(mark.mark for mark in setting.cite(*groups))
