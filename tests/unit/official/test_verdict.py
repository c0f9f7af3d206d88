"""The verdict finds what is put into a table, and how much of it."""

import dataclasses

import numpy as np
import pytest

from keian.core import Names
from keian.official.nouns import Final, OfficialTable, Origin
from keian.official.settle import calc_import_shares, part_imports, set_apart, transfer_negatives
from keian.official.verdict import check_table
from tests.official_tables import FINALS, REGIONS, SECTORS, R, S, make_world

KINDS = ("hh_consumption", "npish_consumption", "government", "gfcf", "inventories")


def make_table(world=None, **changes):
    world = world or make_world()
    rows = tuple((r, s) for r in REGIONS for s in SECTORS)
    finals = tuple(Final(r, n, k) for r in REGIONS for n, k in zip(FINALS, KINDS, strict=True))
    table = OfficialTable(
        origin=Origin("arrays", "x", ()), year=2011, unit="MUSD", rows=rows,
        region_names={r: Names(en=r, ja=r) for r in REGIONS},
        sector_names={s: Names(en=s, ja=s) for s in SECTORS},
        Z=world.Z.copy(), finals=finals, Y=world.Y.copy(), x=world.x.copy(), v=world.v.copy(),
        partners=(), imports=np.zeros((R * S, 0)),
    )  # fmt: skip
    return dataclasses.replace(table, **changes)


def balance(table):
    """Bring output and value added to what rows and columns say."""
    x = table.Z.sum(axis=1) + table.Y.sum(axis=1) - table.imports.sum(axis=1)
    return dataclasses.replace(table, x=x, v=x - table.Z.sum(axis=0))


def test_a_sound_table_has_nothing_but_inventories():
    verdict = check_table(make_table())
    assert verdict.ok
    found = {f.check for f in verdict.findings if f.count}
    assert found <= {"negative_inventories", "set_apart", "value_added_low"}
    assert verdict.row_residual == verdict.column_residual == 0


def test_row_and_column_residuals_name_the_worst_units():
    table = make_table()
    x = table.x.copy()
    x[5] *= 1.2
    verdict = check_table(dataclasses.replace(table, x=x))
    row, column = verdict.find("row_balance"), verdict.find("column_balance")
    assert (row.count, column.count) == (1, 1)
    assert row.worst[0].where == "JPN.Mining and quarrying"
    assert row.worst[0].value == pytest.approx(-x[5] / 6)
    assert column.worst[0].value == pytest.approx(-x[5] / 6)
    assert [p.where for p in verdict.problems if p.where.startswith("JPN")] == [
        "JPN.Mining and quarrying row", "JPN.Mining and quarrying column",
    ]  # fmt: skip


def test_rounding_is_told_and_not_refused():
    table = make_table()
    x = table.x + np.where(np.arange(R * S) == 2, 0.004 * table.x, 0.0)
    verdict = check_table(dataclasses.replace(table, x=x))
    assert verdict.find("row_balance").count == 1
    assert verdict.ok


def test_negative_flows_and_final_demand_are_counted_with_their_cells():
    table = make_table()
    table.Z[0, 3], table.Z[2, 7] = -4.0, -9.0
    table.Y[1, 0] = -30.0
    verdict = check_table(balance(table))
    flows, final = verdict.find("negative_flows"), verdict.find("negative_final")
    assert (flows.count, flows.value) == (2, 13.0)
    assert flows.worst[0].where == "AUS.Machines -> JPN.Services"
    assert (final.count, final.worst[0].value) == (1, -30.0)


def test_units_without_output_are_counted_and_divide_nothing():
    table = make_table()
    for array in (table.Z, table.Y):
        array[4] = 0.0
    table.Z[:, 4] = 0.0
    verdict = check_table(balance(table))
    assert verdict.find("no_output").count == 1
    assert verdict.ok


def test_implausible_shares_are_found():
    table = make_table()
    table.Z[0, 3] = 0.97 * table.x[3]
    verdict = check_table(balance(table))
    assert verdict.find("great_input").worst[0].where == "AUS.Farming -> AUS.Services"
    assert verdict.find("value_added_low").count >= 1
    v = table.v.copy()
    v[2] = 2 * table.x[2]
    assert check_table(dataclasses.replace(table, v=v)).find("value_added_high").count == 1


def test_what_is_not_published_is_no_finding():
    unknown = np.full(R * S, np.nan)
    verdict = check_table(make_table(x=unknown, v=unknown))
    assert verdict.find("row_balance").count is None
    assert verdict.find("column_balance").count is None
    assert np.isnan(verdict.row_residual)
    assert verdict.ok


def test_an_economy_that_uses_up_more_than_it_makes_is_unfit():
    table = make_table()
    table = dataclasses.replace(table, Z=table.Z * 60, x=np.full(R * S, np.nan), Y=-table.Y)
    verdict = check_table(table)
    assert any(problem.where == "spectral radius of A" for problem in verdict.problems)


@pytest.mark.parametrize("seed", range(20))
def test_settling_keeps_rows_columns_and_value_added(seed):
    """Laws: rows sum to output; transfers leave value added; imports keep home and total flows."""
    draw = np.random.default_rng(seed)
    table = make_table(make_world(seed))
    for _ in range(5):
        table.Z[draw.integers(R * S), draw.integers(R * S)] *= -1
    imports = draw.uniform(0, 400, (R * S, 2)) * (draw.random((R * S, 2)) > 0.3)
    exports = tuple(
        dataclasses.replace(f, kind="exports") if f.kind == "gfcf" else f for f in table.finals
    )
    table = balance(
        dataclasses.replace(table, imports=imports, partners=("ROW", "ROJ"), finals=exports)
    )
    moved = transfer_negatives(set_apart(table))
    assert (moved.Z >= 0).all()
    assert not any(final.kind == "inventories" for final in moved.finals)
    rows = moved.Z.sum(axis=1) + moved.Y.sum(axis=1) - moved.imports.sum(axis=1)
    assert np.allclose(rows, moved.x)
    apart = set_apart(table)
    assert np.allclose(moved.x - moved.Z.sum(axis=0), apart.x - apart.Z.sum(axis=0))
    parted, n = part_imports(moved), R * S
    assert np.allclose(parted.x[:n], moved.x)
    share = calc_import_shares(moved)
    assert (share.sum(axis=1) <= 1 + 1e-12).all()
    assert np.isclose(parted.Z.sum(), moved.Z.sum())
    assert np.allclose(
        parted.Z[:n, :n].sum(axis=0) + parted.Z[n:, :n].sum(axis=0), moved.Z.sum(axis=0)
    )
    assert (parted.Z[:, n:] == 0).all()
    used = moved.Z.sum(axis=1) + moved.Y[:, ~moved.of_kind("exports")].sum(axis=1)
    sold = parted.x[n:].reshape(2, S)
    wanted = (share * used[:, None]).reshape(R, S, 2).sum(axis=0).T
    assert np.allclose(sold, wanted)
