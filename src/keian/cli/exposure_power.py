"""keian exposure power: what withheld inputs cost, between home and every other region."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from keian.cli.errors import write_json
from keian.cli.exposure import Shown, list_records, show_tables, write_out
from keian.cli.viewer import parse_viewer
from keian.core import to_plain
from keian.economy import load_economy
from keian.exposure.citations import find_sources
from keian.exposure.power import load_elasticities, weigh_power
from keian.report.exposure_tables import tell_power
from keian.share import release


def show_power(shown: Shown, *, economy: str, allies: Sequence[str]) -> None:
    """Weigh power between home and others and show it, most leverage first.

    Raises
    ------
    InputError
        An ally is no region of the table.
    """
    power = weigh_power(load_economy(economy), allies)
    released = release(power, parse_viewer(shown.viewer))
    tables = tell_power(released, shown.lang)
    found = released.value
    if shown.as_json:
        write_json(
            {
                "home": found.home,
                "year": found.year,
                "label": str(found.label),
                "allies": list(found.allies),
                "elasticities": to_plain(load_elasticities()),
                "power": list_records(found.table),
                "sources": {n: to_plain(s) for n, s in find_sources(found.sources).items()},
            }
        )
    elif shown.out is None:
        sheet = tables.sheets[0]
        rows = [[_write(cell) for cell in row] for row in sheet.rows]
        show_tables(tables, rows, sheet.columns, shown)
    write_out(tables, "power", shown)


def _write(cell: Any) -> Any:  # noqa: ANN401 - cells hold text and numbers
    return f"{cell:.4f}" if isinstance(cell, float) else cell
