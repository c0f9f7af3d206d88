"""A company's own goods: template, refusal of the example, addition."""

import openpyxl
import pytest

from keian.core import AMBER, CLEAR, InputError
from keian.economy import check_economy, load_economy
from keian.sheets import import_economy, write_template
from keian.sheets.template import load_template


@pytest.fixture(scope="module", params=["en", "ja"])
def template(request, tmp_path_factory):
    return write_template(tmp_path_factory.mktemp("t") / "template.xlsx", lang=request.param)


def fill(template, path, words, *, dated=True):
    """Replace words of the example everywhere."""
    book = openpyxl.load_workbook(template)
    for sheet in book:
        for row in sheet.iter_rows(min_row=2):
            for cell in row:
                if isinstance(cell.value, str):
                    cell.value = words.get(cell.value, cell.value)
    sources = book["sources" if "sources" in book.sheetnames else "出典"]
    titles = [str(cell.value).capitalize() for cell in sources[1]]
    note, vintage = (
        next(k for k, t in enumerate(titles, 1) if t in names)
        for names in (("Note", "備考"), ("Vintage", "時点"))
    )
    if dated:
        sources.cell(2, vintage).value = "2026-03-31"
        for row in (2, 3):
            sources.cell(row, note).value = "Ledger of the warehouse, plant B"
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


def test_what_is_added_is_amber_unless_asked_otherwise(template, tmp_path):
    path = fill(template, tmp_path / "my.xlsx", {"example_part": "valve"})
    made = import_economy(path, tmp_path / "mine")
    assert made.label == AMBER == load_economy(made.folder).label
    public = import_economy(path, tmp_path / "public", label="TLP:CLEAR")
    assert public.label == CLEAR == load_economy(public.folder).label
    other = {"example_part": "pump", "my-figures": "other", "my-assumption": "guess", "example_stock": "store"}  # fmt: skip
    more = fill(template, tmp_path / "b.xlsx", other)
    with pytest.raises(InputError) as caught:
        import_economy(more, tmp_path / "two", economy=made.folder, label="TLP:GREEN")
    assert caught.value.problems[0].where == "--label"
    with pytest.raises(InputError):
        import_economy(path, tmp_path / "three", label="TLP:PINK")
    assert not (tmp_path / "three").exists()


def test_the_digest_is_that_of_what_the_next_review_plays(template, tmp_path):
    path = fill(template, tmp_path / "my.xlsx", {"example_part": "valve"})
    made = import_economy(path, tmp_path / "mine")
    assert made.digest == load_economy(made.folder, illustrative=True).digest


def test_a_record_without_a_day_and_the_notes_of_the_template_are_refused(template, tmp_path):
    path = fill(template, tmp_path / "my.xlsx", {"example_part": "valve"}, dated=False)
    with pytest.raises(InputError) as caught:
        import_economy(path, tmp_path / "mine")
    found = [problem.found for problem in caught.value.problems]
    english = ["the note of the template", "nothing", "the note of the template"]
    assert found in (english, ["ひな形の注意書きのまま", "空欄", "ひな形の注意書きのまま"])
    fixes = " ".join(problem.fix for problem in caught.value.problems)
    assert "Vintage" in fixes or "「時点」" in fixes


def test_the_example_speaks_the_language_of_the_template(tmp_path):
    path = write_template(tmp_path / "ja.xlsx", lang="ja")
    book = openpyxl.load_workbook(path, read_only=True)
    english = load_template().japanese
    words = {
        cell
        for sheet in book
        if not sheet.title.startswith("#")
        for row in sheet.iter_rows(min_row=2, values_only=True)
        for cell in row
    }
    assert not words & set(english)
    assert set(english.values()) <= words


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
