"""The shipped economy, loaded once, and a small world that tests may bend."""

from dataclasses import replace

import numpy as np
import pytest

from keian.core import Names
from keian.economy import load_economy
from keian.economy.world_table import WorldTable


@pytest.fixture(scope="session")
def japan():
    return load_economy("japan")


@pytest.fixture
def small_table():
    """Two regions with three products: mining, refining, power; x = Z1 + Y1."""
    units = ("JPN.c2", "JPN.c8", "JPN.c17e", "ROW.c2", "ROW.c8", "ROW.c17e")
    Z = np.zeros((6, 6))
    Z[0, 1] = 10.0
    Z[3, 1] = 90.0
    Z[3, 4] = 50.0
    Z[1, 2] = 30.0
    Z[2, 0] = 5.0
    Z[2, 1] = 5.0
    Y = np.full((6, 2, 4), 20.0)
    x = Z.sum(axis=1) + Y.sum(axis=(1, 2))
    criticality = np.array([[0.0, 1, 0.5, 0, 1, 0], [0, 0, 1, 0, 0, 1], [1, 0.5, 0, 1, 0.5, 0]])
    names = {unit: Names(en=unit, ja=unit) for unit in units}
    return WorldTable(
        regions=("JPN", "ROW"),
        region_names={r: Names(en=r, ja=r) for r in ("JPN", "ROW")},
        products=("c2", "c8", "c17e"),
        product_names={p: Names(en=p, ja=p) for p in ("c2", "c8", "c17e")},
        units=units,
        unit_names=names,
        industries=("c2", "c8", "c17e") * 2,
        unit_region=np.array([0, 0, 0, 1, 1, 1], dtype=np.int32),
        unit_product=np.array([0, 1, 2, 0, 1, 2], dtype=np.int32),
        masked=np.zeros(6, dtype=bool),
        Z=Z,
        Y=Y,
        x=x,
        v=1.0 - Z.sum(axis=0) / x,
        criticality=criticality,
        inventory_days=np.array([2.5, 20.0, 2.0, 2.5, 20.0, 2.0]),
    )


@pytest.fixture
def bend():
    """Change fields of the frozen economy."""
    return replace
