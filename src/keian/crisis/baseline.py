"""A normal day of the home region: what losses are counted from."""

from __future__ import annotations

from dataclasses import dataclass

from keian.crisis.compile import Compiled


@dataclass(frozen=True, slots=True)
class Baseline:
    """A normal day of the home region, MUSD/day."""

    value_added: float
    output: float
    final: float
    vital: float


def calc_baseline(compiled: Compiled) -> Baseline:
    """Calculate a normal day of the home region."""
    st, home = compiled.static, compiled.index.region[compiled.economy.home]
    mine = st.unit_region == home
    at = st.x0.size + 2 * home  # final demand stands behind the units, vital first
    vital, ordinary = float(st.b[:, at].sum()), float(st.b[:, at + 1].sum())
    return Baseline(
        value_added=float((st.v * st.x0)[mine].sum()),
        output=float(st.x0[mine].sum()),
        final=vital + ordinary,
        vital=vital,
    )
