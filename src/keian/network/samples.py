"""The textbook table of two sectors: the smallest thing a network can be made from."""

from __future__ import annotations

import numpy as np

from keian.core import Source
from keian.network.generate import IndustryTable


def make_two_industries() -> IndustryTable:
    """Make the textbook table of two sectors (Miller & Blair 2009, chapter 2)."""
    source = Source(
        id="miller-blair-2009",
        title="Input-Output Analysis, second edition, the table of two sectors of chapter 2",
        publisher="Cambridge University Press",
        published="2009",
        kind="published",
        grade="C",
    )
    return IndustryTable(
        name="two-sectors",
        currency="money",
        year=None,
        products=("one", "two"),
        Z=np.array([[150.0, 500.0], [200.0, 100.0]]),
        x=np.array([1000.0, 2000.0]),
        regions=("whole",),
        shares=np.ones((2, 1)),
        sources=(source,),
    )
