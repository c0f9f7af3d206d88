"""A company's own goods: template, refusal of the example, addition."""

import openpyxl
import pytest

from keian.core import InputError
from keian.economy import check_economy, load_economy
from keian.sheets import import_economy, write_template
from keian.sheets.template import load_template


@pytest.fixture(scope="module", params=["en", "ja"])
def template(request, tmp_path_factory):
    return write_template(tmp_path_factory.mktemp("t") / "template.xlsx", lang=request.param)


def fill(template, path, words):
    """Replace words of the example everywhere."""
    book = openpyxl.load_workbook(template)
    for sheet in book:
        for row in sheet.iter_rows(min_row=2):
            for cell in row:
                if isinstance(cell.value, str):
                    cell.value = words.get(cell.value, cell.value)
    book.save(path)
    book.close()
    return path


def test_the_example_is_refused(template, tmp_path):
    with pytest.raises(InputError, match=r"'example_part', the example|記入例の'example_part'"):
        import_economy(template, tmp_path / "mine")
    assert not (tmp_path / "mine").exists()


def test_a_filled_template_adds_its_good(template, tmp_path):
    path = fill(template, tmp_path / "my.xlsx", {"example_part": "valve", "CHN": "中国"})
    made = import_economy(path, tmp_path / "mine")
    economy = load_economy(made.folder, illustrative=True)
    good = next(good for good in economy.goods if good.id == "valve")
    assert made.added == ("valve",)
    assert good.tier == "illustrative"
    assert [supply.origin for supply in good.supplies] == ["CHN", "VNM", "JPN"]
    assert good.supplies[1].lag_days.mode > 1  # from the shipped distances
    assert good.supplies[1].routes  # the usual ways of the country
    assert good.pools[0].quantity_days.mode == 30.0
    assert check_economy(economy).ok
    assert len(economy.goods) == len(load_economy("japan", illustrative=True).goods) + 1


def test_a_second_template_adds_to_the_first(template, tmp_path):
    one = fill(template, tmp_path / "a.xlsx", {"example_part": "valve"})
    made = import_economy(one, tmp_path / "one")
    words = {"example_part": "pump", "my-figures": "other", "my-assumption": "guess", "example_stock": "store"}  # fmt: skip
    two = fill(template, tmp_path / "b.xlsx", words)
    both = import_economy(two, tmp_path / "two", economy=made.folder)
    assert {"valve", "pump"} <= {good.id for good in load_economy(both.folder).aside}


def test_ids_that_are_taken_are_told_together(template, tmp_path):
    path = fill(
        template, tmp_path / "my.xlsx", {"example_part": "crude_oil", "my-figures": "searoute"}
    )
    with pytest.raises(InputError) as caught:
        import_economy(path, tmp_path / "mine")
    found = [problem.found for problem in caught.value.problems]
    told = ("'crude_oil', taken already", "'searoute', taken already")
    japanese = ("既に使われている'crude_oil'", "既に使われている'searoute'")
    assert found in (list(told), list(japanese))


def test_every_column_of_the_template_is_a_column_of_its_sheet():
    from keian.sheets.layout import list_sheets

    sheets = {sheet.id: sheet for sheet in list_sheets()}
    form = load_template()
    for name, columns in form.columns.items():
        assert set(columns) <= {head.key for head in sheets[name].heads}, name
        needed = {head.key for head in sheets[name].heads if head.needed}
        assert needed <= set(columns), (name, needed - set(columns))
        for row in form.rows[name]:
            assert set(row) <= set(columns), name
