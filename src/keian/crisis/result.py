"""Collect outcomes into labelled arrays with units, for files and for other programs."""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from keian.core import Label
from keian.crisis.compile import Compiled
from keian.crisis.simulate import Outcome, home_units

if TYPE_CHECKING:
    import xarray as xr

# name in Outcome, axes after (draw, day), unit, meaning
UNITS: tuple[tuple[str, tuple[str, ...], str, str], ...] = (
    ("output", ("region",), "MUSD/day", "gross output"),
    ("value_added", ("region",), "MUSD/day", "value added"),
    ("vital_want", (), "MUSD/day", "vital final demand of the home region"),
    ("vital_got", (), "MUSD/day", "vital final demand met"),
    ("final_want", (), "MUSD/day", "final demand of the home region"),
    ("final_got", (), "MUSD/day", "final demand met"),
    ("world_unmet", (), "MUSD/day", "unmet final demand of all regions"),
    ("level", ("service",), "1", "level of essential services, share of what is wanted"),
    ("cover", ("good",), "days", "stock within reach, days of normal use"),
    ("inflow", ("good",), "days/day", "supply that comes in, share of normal use"),
    ("avail", ("good",), "1", "rate of use that users can afford, share of normal"),
    ("pool", ("pool",), "days", "stock left in the pool, days of normal use"),
    ("drawn", ("pool",), "days/day", "drawn from the pool"),
    ("unit", ("unit",), "1", "output, share of baseline"),
    ("cause", ("unit",), "1", "binding cause, see causes.KINDS"),
    ("cause_index", ("unit",), "1", "number of the service, product or use that binds"),
    ("vital_product", ("product",), "1", "vital final demand met by product, share"),
)

RENAMED = MappingProxyType({"unit": "unit_output", "pool": "pool_left"})


def collect(compiled: Compiled, outcomes: Sequence[Outcome], label: Label) -> xr.Dataset:
    """Collect outcomes of one scenario over (draw, day, ...).

    Parameters
    ----------
    outcomes : of one horizon; `draw` -1 is the mode run.
    label : join of the labels of all inputs; travels as an attribute.

    Returns
    -------
    xarray.Dataset with `units` and `long_name` on every variable.
    """
    import xarray as xr  # heavy, and only needed here

    economy = compiled.economy
    pools = [p.id for g in economy.goods for p in g.pools]
    coords = {
        "draw": [o.run.draw for o in outcomes],
        "region": list(economy.regions),
        "service": [s.id for s in economy.services],
        "good": [g.id for g in economy.goods],
        "pool": pools,
        "unit": [economy.units[i] for i in home_units(compiled)],
        "product": list(economy.products),
    }
    data = {}
    for name, axes, unit, text in UNITS:
        values = np.stack([np.asarray(getattr(o, name)) for o in outcomes])
        if values.dtype == np.float64:
            values = values.astype(np.float32)
        # an axis and a variable must not share a name
        data[RENAMED.get(name, name)] = (
            ("draw", "day", *axes),
            values,
            {"units": unit, "long_name": text},
        )
    attrs = {
        "scenario": outcomes[0].run.scenario.id,
        "measures": " ".join(m.id for m in outcomes[0].run.measures),
        "day_0": outcomes[0].run.scenario.as_of.isoformat(),
        "table_year": economy.year,
        "economy": economy.name,
        "economy_digest": economy.digest,
        "label": label.level,
    }
    used = {"draw", *(a for _, axes, _, _ in UNITS for a in axes)}
    return xr.Dataset(data, coords={k: v for k, v in coords.items() if k in used}, attrs=attrs)
