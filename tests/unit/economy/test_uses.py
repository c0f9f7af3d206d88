"""Uses: exposed share = rating of the parent input x share of output that uses the good."""

import pytest

from keian.core import InputError, Names, Triple
from keian.economy.forms import RatingForm, UseForm
from keian.economy.nouns import Good
from keian.economy.uses import expand_use, load_uses

FIXED = Triple(low=1, mode=1, high=1)


@pytest.fixture
def crude():
    return Good(
        id="crude_oil",
        names=Names(en="Crude oil", ja="原油"),
        tier="modelled",
        parent_product="c2",
        unit="kL",
        floor_days=FIXED,
        stretch_days=FIXED,
        catch_up_share=FIXED,
        supplies=(),
        sources=("s",),
    )


def make_form(**changes):
    fields = {
        "good": "crude_oil",
        "units": ("JPN.c8",),
        "output_share": Triple(low=0.8, mode=0.9, high=1, sources=("s",)),
        "use_share": FIXED,
        "cover_days": FIXED,
        "why": "Refineries run on crude.",
        "sources": ("s",),
    }
    return UseForm(**{**fields, **changes})


def test_the_exposed_share_is_the_rating_times_the_share_of_output(crude, small_table):
    assert expand_use(make_form(), crude, small_table)[0].exposed_share.mode == 0.9
    half = expand_use(make_form(units=("JPN.c17e",)), crude, small_table)[0]
    assert half.exposed_share.mode == 0.45


def test_a_rating_of_its_own_replaces_the_survey_and_is_named(crude, small_table):
    rating = RatingForm(value=1.0, source="a-x", why="Pumps stop")
    use = expand_use(make_form(units=("JPN.c17e",), rating=rating), crude, small_table)[0]
    assert use.exposed_share.mode == 0.9
    assert "a-x" in use.sources
    assert "Pumps stop" in use.why


def test_a_line_with_two_units_is_split_by_their_purchases(crude, small_table):
    uses = expand_use(make_form(units=("JPN.c8", "ROW.c8")), crude, small_table)
    assert [use.use_share.mode for use in uses] == pytest.approx([100 / 150, 50 / 150])


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("good: silver, units: [JPN.c8]", "silver"),
        ("good: crude_oil, units: [JPN.c99]", "JPN.c99"),
        ("good: crude_oil, units: [JPN.c2]", "rating 0"),
    ],
)
def test_a_line_that_ends_nowhere_is_refused_with_its_place(
    crude, small_table, tmp_path, line, word
):
    path = tmp_path / "uses.yaml"
    rest = "output_share: 1, use_share: 1, cover_days: 1, why: because, sources: [s]"
    path.write_text(f"uses:\n  - {{{line}, {rest}}}\n", encoding="utf-8")
    with pytest.raises(InputError, match=word) as error:
        load_uses(path, (crude,), small_table)
    assert "uses[0]" in str(error.value)


def test_a_line_without_a_reason_is_refused(crude, small_table, tmp_path):
    path = tmp_path / "uses.yaml"
    path.write_text(
        "uses:\n  - {good: crude_oil, units: [JPN.c8], output_share: 1, use_share: 1,"
        " cover_days: 1, sources: [s]}\n",
        encoding="utf-8",
    )
    with pytest.raises(InputError, match="why"):
        load_uses(path, (crude,), small_table)
