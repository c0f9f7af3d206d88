"""dependence.csv is what its build script makes of the table, the ratings and the expert file."""

import csv

from keian.economy.load import DATA
from tools.build_services.__main__ import COLUMNS, list_rows

FOLDER = DATA / "japan" / "essential_services"


def test_the_shipped_table_is_the_one_that_is_built():
    with (FOLDER / "dependence.csv").open(encoding="utf-8", newline="") as stream:
        shipped = list(csv.reader(stream))
    built = [[str(cell) for cell in row] for row in list_rows(DATA / "japan")]
    assert shipped == [list(COLUMNS), *built], "renew it: python -m tools.build_services"


def test_the_expert_file_wins_and_every_line_of_it_is_used(japan):
    with (FOLDER / "expert.csv").open(encoding="utf-8", newline="") as stream:
        lines = {(row["user"], row["supplier"]): row for row in csv.DictReader(stream)}
    judged = {(n.user, n.supplier): n for n in japan.service_needs if n.basis == "expert"}
    assert set(judged) == set(lines)
    for pair, need in judged.items():
        assert need.floor.mode == float(lines[pair]["floor_mode"]), pair
        assert "a-service-dependence" in need.sources


def test_a_coefficient_is_purchases_over_output(japan):
    need = next(
        n for n in japan.service_needs if (n.user, n.supplier) == ("railway", "electricity")
    )
    rail, power = japan.units.index("JPN.c23r"), japan.products.index("c17e")
    bought = japan.Z[japan.unit_product == power, rail].sum()
    assert abs(need.coefficient - bought / japan.x[rail]) < 1e-5
    assert need.coefficient > 0.05, "trains run on power"
