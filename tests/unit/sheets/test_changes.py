"""A changed figure carries a source: its own new one, or the user's."""

import csv

import pytest

from keian.core import KeianWarning
from keian.economy import load_economy
from keian.sheets import import_economy


@pytest.fixture
def edit(as_csv, tmp_path):
    """Copy the export, change cells by sheet, row (from 1 below the header) and column."""

    def change(*edits):
        folder = tmp_path / "my figures"
        folder.mkdir()
        for file in as_csv.glob("*.csv"):
            (folder / file.name).write_bytes(file.read_bytes())
        for sheet, row, column, value in edits:
            path = folder / f"{sheet}.csv"
            with path.open(encoding="utf-8-sig", newline="") as stream:
                rows = list(csv.reader(stream))
            rows[row][rows[0].index(column)] = value
            with path.open("w", encoding="utf-8-sig", newline="") as stream:
                csv.writer(stream).writerows(rows)
        return import_economy(folder, tmp_path / "out")

    return change


def find_pool(made, name):
    economy = load_economy(made.folder)
    good = economy.goods[0]
    return economy, next(pool for pool in good.pools if pool.id == name)


def test_a_changed_stock_gets_the_source_of_the_user(edit):
    made = edit(("pools", 1, "Stock in units: stock", "20"))
    economy, pool = find_pool(made, "tanks")
    (user,) = [key for key in economy.sources if key.startswith("user-my-figures-")]
    assert made.changed == ("pools oil/tanks quantity: stock 13.72 -> 20",)
    assert pool.quantity_days.sources == (user,)
    assert pool.sources == ("stat", user)
    source = economy.sources[user]
    assert source.kind == "assumption"
    assert "my figures" in source.title
    assert "pools oil/tanks quantity" in source.note


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("300", "stock 13.72 -> 300 (more than 20-fold: check the unit)"),
        ("0.5", "stock 13.72 -> 0.5 (more than 20-fold: check the unit)"),
        ("200", "stock 13.72 -> 200"),
    ],
)
def test_a_change_that_smells_of_another_unit_is_told(edit, value, told):
    made = edit(("pools", 1, "Stock in units: stock", value))
    assert made.changed == (f"pools oil/tanks quantity: {told}",)


def test_a_stock_of_more_than_ten_years_is_told(edit):
    made = edit(
        ("pools", 2, "Stock in days: most likely", "4000"),
        ("pools", 2, "Stock in days: high", "5000"),
    )
    assert len(made.changed) == 1
    assert "more than 3650 days: check that the unit is days of use" in made.changed[0]


def test_a_figure_changed_with_its_source_keeps_that_source(edit):
    made = edit(
        ("pools", 2, "Stock in days: most likely", "25"),
        ("pools", 2, "Stock in days: sources", "guess"),
    )
    _, pool = find_pool(made, "oil.state")
    assert made.changed == ()
    assert (pool.quantity_days.mode, pool.quantity_days.sources) == (25.0, ("guess",))


def test_digits_that_a_program_drops_are_no_change(edit, small):
    made = edit(("pools", 2, "Stock in days: most likely", "20.10000001"))
    assert made.changed == ()
    assert find_pool(made, "oil.state")[1].quantity_days.mode == 20.1


def test_a_figure_where_none_was_gets_the_source_of_the_user(edit):
    made = edit(("uses", 1, "Least rate: most likely", "0.3"))
    assert made.changed == ("uses 1 floor_share: mode 0 -> 0.3",)


def test_a_single_number_of_a_row_puts_the_user_first_among_its_sources(edit):
    made = edit(("uses", 1, "Carries of the parent flow", "0.2"))
    use = load_economy(made.folder).uses[0]
    assert made.changed == ("uses 1 *: carries_parent 0.25 -> 0.2",)
    assert use.carries_parent == 0.2
    assert use.sources[0].startswith("user-")


def test_a_parameter_names_the_user(edit):
    made = edit(("parameters", 6, "Value", "99.5"))
    assert made.changed == (
        "parameters yen_per_usd: value 1 -> 99.5 (more than 20-fold: check the unit)",
    )
    assert load_economy(made.folder).yen_per_usd == 99.5


def test_a_changed_table_points_to_the_user(edit):
    made = edit(("region_lags", 1, "Days on the way", "20"))
    economy = load_economy(made.folder)
    assert made.changed == ("region_lags lag_days",)
    assert economy.assumptions["lag_days"].startswith("user-")


def test_flows_that_still_balance_are_marked_row_by_row(edit, as_csv):
    with (as_csv / "flows.csv").open(encoding="utf-8-sig", newline="") as stream:
        row = list(csv.reader(stream))[1]
    one, two = float(row[1]), float(row[2])
    made = edit(("flows", 1, "JPN.c2", repr(one + 0.5)), ("flows", 1, "JPN.c8", repr(two - 0.5)))
    assert made.changed == ("flows JPN.c2",)


def test_without_the_baseline_a_warning_says_what_is_lost(as_csv, tmp_path):
    for file in as_csv.glob("*.csv"):
        if file.stem != "baseline":
            (tmp_path / file.name).write_bytes(file.read_bytes())
    with pytest.warns(KeianWarning, match="baseline"):
        import_economy(tmp_path, tmp_path / "out")


def test_rows_may_come_in_another_order_and_go(edit, as_csv, tmp_path):
    folder = tmp_path / "sorted"
    folder.mkdir()
    for file in as_csv.glob("*.csv"):
        lines = file.read_text(encoding="utf-8-sig").splitlines(keepends=True)
        if file.stem in {"units", "flows", "criticality", "baseline"}:
            lines = [lines[0], *reversed(lines[1:])]
        (folder / file.name).write_text("".join(lines), encoding="utf-8")
    made = import_economy(folder, tmp_path / "out")
    assert made.changed == ()


def test_a_passage_taken_off_the_list_stays_off(as_csv, tmp_path):
    folder = tmp_path / "edited"
    folder.mkdir()
    for file in as_csv.glob("*.csv"):
        lines = file.read_text(encoding="utf-8-sig").splitlines(keepends=True)
        if file.stem == "supply_routes":
            assert "oil,2,strait" in lines[1]
            lines[1] = lines[1].replace("oil,2,strait", "oil,1,strait")
        (folder / file.name).write_text("".join(lines), encoding="utf-8")
    good = load_economy(import_economy(folder, tmp_path / "out").folder).goods[0]
    assert [len(supply.routes) for supply in good.supplies] == [1, 0, 0]
