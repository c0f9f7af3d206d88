"""A user's own trade figures beside the shipped panel, and headings of another edition."""

import numpy as np
import pytest

from keian.core import InputError
from keian.exposure import load_criteria, load_panel, screen
from keian.exposure.correspondence import convert_flows, read_correspondence
from keian.exposure.panel import concentrate
from keian.exposure.panel_join import find_worldwide, join_panel
from keian.exposure.trade_files import read_baci

HEAD = "t,i,j,k,v,q\n"
MINE = HEAD + "2022,704,392,280530,300,30\n2022,36,392,280530,100,10\n2022,156,392,999111,50,1\n"


@pytest.fixture(scope="module")
def panel():
    return load_panel(load_criteria())


def read(tmp_path, text, **options):
    path = tmp_path / "mine.csv"
    path.write_text(text)
    return read_baci(path, **options)


def take(panel, side, product, year):
    rows = (side.product == panel.products.index(product)) & (side.year == panel.years.index(year))
    names = [panel.countries[at] for at in side.partner[rows].tolist()]
    return dict(zip(names, side.value_kusd[rows].tolist(), strict=True))


def test_own_rows_take_the_place_of_the_same_year_and_product_only(panel, tmp_path):
    joined = join_panel(panel, read(tmp_path, MINE), {}, {}, ["mine.csv"])
    assert take(joined, joined.imports, "280530", 2022) == {"VNM": 300, "AUS": 100}
    for year in (2021, 2023):
        assert take(joined, joined.imports, "280530", year) == take(
            panel, panel.imports, "280530", year
        )
    for side in ("exports", "world"):
        mine, shipped = getattr(joined, side), getattr(panel, side)
        assert take(joined, mine, "280530", 2022) == take(panel, shipped, "280530", 2022)
    assert take(joined, joined.imports, "999111", 2022) == {"CHN": 50}


def test_what_was_replaced_is_told_and_the_file_is_a_source(panel, tmp_path):
    joined = join_panel(panel, read(tmp_path, MINE), {}, {}, ["mine.csv"])
    told = {remark.kind: remark for remark in joined.remarks}
    shipped = take(panel, panel.imports, "280530", 2022)
    assert told["replaced"].count == len(shipped)
    assert told["replaced"].value_kusd == pytest.approx(sum(shipped.values()))
    assert (told["joined"].count, told["joined"].examples) == (3, ("mine.csv",))
    assert "mine.csv" in joined.sources
    assert "mine.csv" in screen(joined, load_criteria(), year=2022).sources


def test_joining_the_shipped_rows_themselves_changes_no_concentration(panel, tmp_path):
    at = panel.years.index(2022)
    rows = np.flatnonzero(panel.imports.year == at)
    from keian.exposure.trade_build import load_country_codes

    codes = {iso: code for code, iso in load_country_codes().items()}
    lines = [
        f"2022,{codes[panel.countries[panel.imports.partner[r]]]},392,"
        f"{panel.products[panel.imports.product[r]]},{panel.imports.value_kusd[r]!r},1"
        for r in rows.tolist()
        if panel.products[panel.imports.product[r]].isdigit()
        and panel.countries[panel.imports.partner[r]] in codes
    ]
    text = HEAD + "\n".join(line.replace("np.float64(", "").replace(")", "") for line in lines)
    joined = join_panel(panel, read(tmp_path, text), {}, {})
    ours = concentrate(joined, joined.imports, joined.imports.value_kusd).hhi
    theirs = concentrate(panel, panel.imports, panel.imports.value_kusd).hhi
    np.testing.assert_allclose(ours, theirs, rtol=1e-9)


def test_a_file_of_one_country_says_nothing_of_world_exports(panel, tmp_path):
    flows = read(tmp_path, HEAD + "2026,704,392,280530,300,30\n2026,36,392,280530,100,10\n")
    assert find_worldwide(flows, "JPN") == frozenset()
    joined = join_panel(panel, flows, {}, {})
    assert take(joined, joined.world, "280530", 2026) == {}
    row = screen(joined, load_criteria(), year=2026).table.set_index("product").loc["280530"]
    assert np.isnan(row["world_hhi"])
    third = read(tmp_path, HEAD + "2026,704,392,280530,3,3\n2026,156,410,280530,1,1\n")
    assert take(joined, joined.world, "280530", 2026) == {}
    wide = join_panel(panel, third, {}, {})
    assert take(wide, wide.world, "280530", 2026) == {"VNM": 3, "CHN": 1}


def test_another_edition_is_refused_with_the_way_out(panel, tmp_path):
    flows = read(tmp_path, MINE, nomenclature="H6")
    with pytest.raises(InputError, match="HS22") as caught:
        join_panel(panel, flows, {}, {}, ["mine.csv"])
    assert "--correspondence" in caught.value.problems[0].fix


def convert(tmp_path, table, text=MINE):
    path = tmp_path / "table.csv"
    path.write_text(table)
    flows = read(tmp_path, text, nomenclature="HS22")
    return convert_flows(flows, read_correspondence(path), "HS92", path=path)


def tell(flows):
    return {
        (flows.countries[i], flows.products[k]): (value, quantity)
        for i, k, value, quantity in zip(
            flows.exporter.tolist(), flows.product.tolist(), flows.value_kusd.tolist(),
            flows.quantity_t.tolist(), strict=True,
        )
    }  # fmt: skip


def test_headings_are_renamed_joined_and_split_by_share(tmp_path):
    text = HEAD + "2022,156,392,100001,10,4\n2022,156,392,100002,5,NA\n2022,704,392,100003,8,2\n"
    table = (
        "from,to,share\n100001,200001,\n100002,200001,\n100003,200001,0.25\n100003,200002,0.75\n"
    )
    found = convert(tmp_path, table, text)
    assert found.nomenclature == "HS92"
    rows = tell(found)
    assert rows["CHN", "200001"][0] == 15
    assert np.isnan(rows["CHN", "200001"][1])  # tonnes of one part are missing
    assert rows["VNM", "200001"] == (2, 0.5)
    assert rows["VNM", "200002"] == (6, 1.5)
    assert found.sources[-1] == "table.csv"


def test_a_heading_without_a_line_is_set_aside_and_told(tmp_path):
    found = convert(tmp_path, "from,to\n280530,280530\n")
    aside = next(r for r in found.remarks if r.kind == "no_correspondence")
    assert (aside.count, aside.value_kusd, aside.kept, aside.examples) == (
        1,
        50,
        False,
        ("999111",),
    )
    assert found.products == ("280530",)


@pytest.mark.parametrize(
    ("table", "where"),
    [
        ("from,to\n280530,280530\n280530,280540\n", "table.csv 280530"),
        ("from,to,share\n280530,280530,0.5\n280530,280540,0.6\n", "table.csv 280530"),
        ("from,to\n2805,280530\n", "table.csv:2 from"),
        ("from,to,share\n280530,280530,nan\n", "table.csv:2 share"),
        ("old,new\n280530,280530\n", "table.csv:1"),
    ],
)
def test_a_correspondence_that_would_guess_is_refused(tmp_path, table, where):
    with pytest.raises(InputError) as caught:
        convert(tmp_path, table)
    assert caught.value.problems[0].where.endswith(where)
