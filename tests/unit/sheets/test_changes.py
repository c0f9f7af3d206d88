"""A changed figure carries a source: its own new one, or the user's."""

import csv
import json
import re
import shutil

import pytest

from keian.core import KeianWarning
from keian.core.texts import tell_text
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
    assert made.changed == ("pools oil/tanks: Stock in units: stock 13.72 -> 20",)
    assert pool.quantity_days.sources == (user,)
    assert pool.sources == (user, "stat")
    source = economy.sources[user]
    assert source.kind == "assumption"
    assert "my figures" in source.title
    assert "pools oil/tanks: Stock in units: stock 13.72 -> 20" in source.note


STOCK = "pools oil/tanks: Stock in units: stock"
STOCK_CELL = "pools.csv, sheet pools, row 2, column Stock in units: stock (M2)"


@pytest.mark.parametrize("value", ["300", "0.5"])
def test_a_change_that_smells_of_another_unit_is_warned_of_once_with_its_place(edit, value):
    with pytest.warns(KeianWarning, match="more than 20-fold") as caught:
        made = edit(("pools", 1, "Stock in units: stock", value))
    assert made.changed == (f"{STOCK} 13.72 -> {value}",)
    assert len(caught) == 1
    (doubt,) = made.doubts
    assert doubt.where == STOCK_CELL
    assert doubt.found == f"a change by more than 20-fold: 13.72 -> {value}"
    assert doubt.where in str(caught[0].message)


def test_a_smaller_change_is_not_warned_of(edit):
    made = edit(("pools", 1, "Stock in units: stock", "200"))
    assert made.changed == (f"{STOCK} 13.72 -> 200",)
    assert made.doubts == ()


def test_a_leap_in_a_table_is_warned_of_at_its_cell(edit):
    with pytest.warns(KeianWarning, match="more than 20-fold") as caught:
        made = edit(("inventory_days", 2, "Stock of inputs", "3000"))
    assert len(caught) == 1
    assert made.changed == ("inventory_days Stock of inputs",)
    (doubt,) = made.doubts
    assert doubt.where == (
        "inventory_days.csv, sheet inventory_days, row 3, column Stock of inputs (B3)"
    )
    assert doubt.found == "a change by more than 20-fold: 3000 now"


def test_a_stock_of_more_than_ten_years_is_warned_of_once_with_its_place(edit):
    with pytest.warns(KeianWarning) as caught:
        made = edit(
            ("pools", 2, "Stock in days: low", "3000"),
            ("pools", 2, "Stock in days: most likely", "3600"),
            ("pools", 2, "Stock in days: high", "5000"),
            ("pools", 2, "Stock in days: sources", "guess"),
        )
    stocks = [doubt for doubt in made.doubts if "lasts" in doubt.found]
    assert [doubt.where for doubt in stocks] == [
        "pools.csv, sheet pools, row 3, column Stock in days: most likely (H3)"
    ]
    assert sum("lasts for 5000 days" in str(warning.message) for warning in caught) == 1


def test_a_stock_in_units_of_more_than_ten_years_is_warned_of(edit):
    with pytest.warns(KeianWarning):
        made = edit(
            ("pools", 1, "Stock in units: stock", "137.2"),
            ("pools", 1, "Stock in units: use per day: low", "0.003"),
            ("pools", 1, "Stock in units: use per day: most likely", "0.0101818"),
            ("pools", 1, "Stock in units: use per day: high", "0.02"),
        )
    # 137.2 units, 95 % of 30 % of them usable, over 0.0101818 units a day
    found = {doubt.found for doubt in made.doubts if "lasts" in doubt.found}
    assert found == {"a stock that lasts for 3840.38 days"}


def test_a_very_long_name_is_warned_of_once_with_its_place(edit):
    with pytest.warns(KeianWarning, match="a name of 200 letters") as caught:
        made = edit(("goods", 1, "Name: English", "o" * 200))
    assert len(caught) == 1
    (doubt,) = made.doubts
    assert doubt.where == "goods.csv, sheet goods, row 2, column Name: English (B2)"
    assert load_economy(made.folder).goods[0].names.en == "o" * 200


def test_doubts_are_told_in_the_language_asked_and_kept(as_csv, tmp_path):
    folder = tmp_path / "sheets"
    shutil.copytree(as_csv, folder)
    path = folder / "goods.csv"
    text = path.read_text(encoding="utf-8-sig").replace("oil,Oil,", f"oil,{'o' * 200},", 1)
    path.write_text(text, encoding="utf-8")
    with pytest.warns(KeianWarning, match="200字の名称"):
        made = import_economy(folder, tmp_path / "out", lang="ja")
    assert made.doubts[0].where == "goods.csv、シート「goods」、2行目、列「Name: English」（B2）"
    assert "200字の名称" in (made.folder / "manifest.json").read_text(encoding="utf-8")


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
    assert made.changed == ("uses 1: Least rate: most likely 0 -> 0.3",)


def test_a_single_number_of_a_row_puts_the_user_first_among_its_sources(edit):
    made = edit(("uses", 1, "Carries of the parent flow", "0.2"))
    use = load_economy(made.folder).uses[0]
    assert made.changed == ("uses 1: Carries of the parent flow 0.25 -> 0.2",)
    assert use.carries_parent == 0.2
    assert use.sources[0].startswith("user-")


def test_a_parameter_names_the_user(edit):
    with pytest.warns(KeianWarning, match="parameters.csv, sheet parameters, row 7, column Value"):
        made = edit(("parameters", 6, "Value", "99.5"))
    assert made.changed == ("parameters: yen_per_usd.value 1 -> 99.5",)
    assert load_economy(made.folder).yen_per_usd == 99.5


def test_a_changed_table_points_to_the_user(edit):
    made = edit(("region_lags", 1, "Days on the way", "20"))
    economy = load_economy(made.folder)
    assert made.changed == ("region_lags Days on the way",)
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


def test_the_source_of_a_change_is_told_in_either_language(edit):
    made = edit(("pools", 1, "Stock in units: stock", "20"))
    economy, _ = find_pool(made, "tanks")
    (user,) = [s for key, s in economy.sources.items() if key.startswith("user-my-figures-")]
    assert tell_text(user.title, "en") == "Figures supplied by the user in my figures"
    assert tell_text(user.title, "ja") == "利用者の数値（my figures）"
    assert tell_text(user.note, "ja").startswith(
        "出典を変えずに表計算で変更した数値。変更：pools oil/tanks"
    )


def test_words_and_rows_that_changed_are_told(as_csv, tmp_path):
    folder = tmp_path / "edited"
    shutil.copytree(as_csv, folder)
    rows = read_rows(folder / "pools.csv")
    gone = rows.pop(2)[:2]
    write_rows(folder / "pools.csv", rows)
    rows = read_rows(folder / "goods.csv")
    rows[1][rows[0].index("Name: English")] = "Dark oil"
    write_rows(folder / "goods.csv", rows)
    made = import_economy(folder, tmp_path / "out")
    assert made.changed == ()
    assert made.noted == (
        "goods oil: Name: English -> Dark oil",
        f"pools {gone[0]}/{gone[1]}: removed",
    )
    told = json.loads((made.folder / "manifest.json").read_text("utf-8"))
    assert told["noted"] == list(made.noted)


def test_a_row_added_is_told(as_csv, tmp_path):
    folder = tmp_path / "edited"
    shutil.copytree(as_csv, folder)
    rows = read_rows(folder / "pools.csv")
    more = list(rows[1])
    more[1] = "more"
    write_rows(folder / "pools.csv", [*rows, more])
    made = import_economy(folder, tmp_path / "out")
    assert made.noted == (f"pools {more[0]}/more: added",)


def test_another_unit_of_a_good_is_doubted_with_what_hangs_on_it(edit):
    with pytest.warns(KeianWarning, match="another unit of oil: barrels"):
        made = edit(("goods", 1, "Unit", "barrels"))
    assert made.noted == ("goods oil: Unit -> barrels",)
    (doubt,) = made.doubts
    assert doubt.where == "goods.csv, sheet goods, row 2, column Unit (H2)"
    assert "use per day of its rows in pools" in doubt.fix


def test_an_export_that_nobody_edited_tells_nothing(as_csv, tmp_path):
    made = import_economy(as_csv, tmp_path / "out")
    assert (made.changed, made.noted, made.doubts) == ((), (), ())


def test_decimals_with_a_comma_between_semicolons_are_read_and_told(as_csv, tmp_path):
    folder = tmp_path / "european"
    shutil.copytree(as_csv, folder)
    rows = read_rows(folder / "pools.csv")
    number = re.compile(r"-?[0-9]+\.[0-9]+")
    rows = [[c.replace(".", ",") if number.fullmatch(c) else c for c in row] for row in rows]
    with (folder / "pools.csv").open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream, delimiter=";").writerows(rows)
    with pytest.warns(KeianWarning, match="decimals with a comma"):
        made = import_economy(folder, tmp_path / "out")
    assert made.changed == ()
    assert made.digest == import_economy(as_csv, tmp_path / "plain").digest


def read_rows(path):
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.reader(stream))


def write_rows(path, rows):
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream).writerows(rows)
