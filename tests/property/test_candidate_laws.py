"""Laws of trade screens and of the four requirements on small random worlds."""

import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from keian.core import CLEAR, Triple
from keian.exposure import load_criteria, screen, take_panel
from keian.exposure.candidates import conclude, judge_test
from keian.exposure.evidence import Found, Gathered
from keian.exposure.flows import Flows
from keian.exposure.trade_view import find_place, list_suppliers, view_trade
from keian.report.figures.trade_map import lay_boxes

COUNTRIES = ("AAA", "BBB", "CCC", "DDD", "HKG", "JPN")
PRODUCTS = ("010101", "020202")
FEW = settings(max_examples=15)  # a screen takes some hundredths of a second
HOME = COUNTRIES.index("JPN")
PLACES = st.tuples(
    st.integers(2018, 2022), st.integers(0, 5), st.integers(0, 5), st.integers(0, 1)
).filter(lambda place: place[1] != place[2])
AMOUNTS = st.tuples(
    st.floats(1, 1e6), st.one_of(st.floats(0.1, 1e6), st.just(math.nan))
)  # thousand USD, tonnes
WORLDS = st.dictionaries(PLACES, AMOUNTS, min_size=1, max_size=25)


def make_flows(rows):
    """Rows of ((year, exporter, importer, product), (value, tonnes)); one of 2022 comes home."""
    places, amounts = zip(*rows, strict=True)
    year, exporter, importer, product = zip(*places, strict=True)
    value, tonnes = zip(*amounts, strict=True)
    return Flows(
        np.array(year, dtype=np.int16),
        *(np.array(column, dtype=np.int32) for column in (exporter, importer, product)),
        np.array(value, dtype=float),
        np.array(tonnes, dtype=float),
        COUNTRIES, PRODUCTS, "HS92", frozenset(), (), ("baci-own-file",), CLEAR, "0" * 64,
    )  # fmt: skip


def screen_rows(rows):
    return screen(take_panel(make_flows(rows), "JPN", {}, {}), load_criteria(), year=2022)


def come_home(world):
    """Make sure that something is imported in the year judged."""
    return {**world, (2022, 0, HOME, 0): (1000.0, 10.0)}


@FEW
@given(WORLDS)
def test_a_screened_concentration_of_half_means_a_majority_supplier(world):
    table = screen_rows(list(come_home(world).items())).table
    for basis in ("value", "quantity"):
        half = table[table[f"hhi_{basis}"] >= 0.5]
        assert (half[f"top_share_{basis}"] >= 0.5 - 1e-12).all()


@FEW
@given(WORLDS, st.randoms(use_true_random=False), st.floats(0.5, 2))
def test_order_and_scale_of_rows_do_not_matter(world, chance, factor):
    rows = list(come_home(world).items())
    shuffled = [(place, (value * factor, tonnes * factor)) for place, (value, tonnes) in rows]
    chance.shuffle(shuffled)
    first, second = screen_rows(rows), screen_rows(shuffled)
    order = ["product"]
    one, two = (s.table.sort_values(order, ignore_index=True) for s in (first, second))
    for column in ("hhi_value", "hhi_quantity", "top_share_value", "export_share", "world_hhi"):
        np.testing.assert_allclose(one[column], two[column], rtol=1e-9, equal_nan=True)
    assert one["product"].tolist() == two["product"].tolist()
    assert one["suppliers_count"].tolist() == two["suppliers_count"].tolist()


@FEW
@given(WORLDS)
def test_merging_two_suppliers_never_lowers_a_screened_concentration(world):
    rows = come_home(world)
    merged = {}
    for (year, exporter, importer, product), (value, tonnes) in rows.items():
        joined = 0 if exporter == 1 else exporter
        if joined == importer:
            continue
        place = (year, joined, importer, product)
        known = merged.get(place, (0.0, 0.0))
        merged[place] = (known[0] + value, known[1] + tonnes)
    apart = screen_rows(list(rows.items())).table.set_index("product")["hhi_value"]
    together = screen_rows(list(merged.items())).table.set_index("product")["hhi_value"]
    for product, hhi in apart.dropna().items():
        if not math.isnan(together[product]):
            assert together[product] >= hhi - 1e-9


@FEW
@given(WORLDS)
def test_shares_of_suppliers_sum_to_one_and_ranks_are_places(world):
    found = screen_rows(list(come_home(world).items()))
    for product in found.table["product"]:
        suppliers = list_suppliers(found.panel, product, 2022)
        assert math.isclose(sum(s.value_share or 0 for s in suppliers), 1)
        tonnes = [s.quantity_share for s in suppliers if s.quantity_share is not None]
        assert not tonnes or math.isclose(sum(tonnes), 1)
        place = find_place(found.panel, product, 2022, "value")
        assert (place.rank is None) == (not place.share)
        assert place.rank is None or 1 <= place.rank <= place.exporters_count


@FEW
@given(WORLDS, st.floats(1e7, 1e8))
def test_a_hub_that_leads_is_named_on_the_card(world, value):
    rows = {**come_home(world), (2022, COUNTRIES.index("HKG"), HOME, 0): (value, 1.0)}
    view = view_trade(screen_rows(list(rows.items())), PRODUCTS[0])
    assert view is not None
    assert view.hub is not None
    assert view.suppliers[0].country == "HKG"
    del rows[2022, COUNTRIES.index("HKG"), HOME, 0]
    without = view_trade(screen_rows(list(rows.items())), PRODUCTS[0])
    assert without is not None
    assert without.hub is None


ENDS = st.lists(st.floats(0, 1), min_size=3, max_size=3).map(sorted)
FIGURES = st.builds(
    lambda ends, limit, known: Found(
        "share", ends[0], ends[1] if known else None, ends[2], Triple.model_validate(limit),
        None, (),
    ),
    ENDS, ENDS.filter(lambda ends: ends[2] > 0), st.booleans(),
)  # fmt: skip
EVIDENCE = st.builds(
    lambda found, unknown, doubt: Gathered(tuple(found), (), unknown, doubt),
    st.lists(FIGURES, max_size=3), st.booleans(), st.booleans(),
)  # fmt: skip


@given(EVIDENCE)
def test_nothing_is_met_without_a_figure_that_meets_its_limit(gathered):
    judged = judge_test("importance", gathered)
    known = [f for f in gathered.found if f.value is not None]
    if gathered.unknown or not known:
        assert judged.verdict == "cannot_say"
        assert not judged.firm
    elif any(f.value >= f.limit.mode for f in known):
        assert judged.verdict == "met"
    else:
        assert judged.verdict == "not_met"


@given(EVIDENCE)
def test_a_firm_verdict_holds_at_every_end(gathered):
    judged = judge_test("risk", gathered)
    if not judged.firm:
        return
    known = [f for f in gathered.found if f.value is not None]
    assert not gathered.doubt
    if judged.verdict == "met":
        assert any(f.low >= f.limit.high for f in known)
    else:
        assert all(f.high < f.limit.low for f in known)


@given(st.lists(EVIDENCE, min_size=4, max_size=4), st.booleans())
def test_an_unknown_requirement_never_makes_a_candidate(evidence, designated):
    judged = [judge_test("risk", gathered) for gathered in evidence]
    outcome = conclude(judged, designated=designated)
    verdicts = {j.verdict for j in judged}
    if "cannot_say" in verdicts:
        assert outcome not in {"candidate", "stands"}
    if verdicts == {"met"}:
        assert outcome == ("stands" if designated else "candidate")
    if outcome == "no_longer":
        assert any(j.verdict == "not_met" and j.firm for j in judged)
    assert (outcome in {"no_longer", "borderline", "stands", "designated_open"}) == designated


@given(
    st.lists(st.floats(0.01, 1e4), min_size=1, max_size=30),
    st.floats(50, 900),
    st.floats(50, 900),
)
def test_boxes_of_the_treemap_fill_it_in_proportion(amounts, width, height):
    ordered = sorted(amounts, reverse=True)
    boxes = lay_boxes(ordered, width, height)
    whole = width * height
    for amount, box in zip(ordered, boxes, strict=True):
        assert math.isclose(box.width * box.height, amount / sum(ordered) * whole, rel_tol=1e-6)
        assert box.left >= -1e-6
        assert box.top >= -1e-6
        assert box.left + box.width <= width * (1 + 1e-6)
        assert box.top + box.height <= height * (1 + 1e-6)
    for place, one in enumerate(boxes):
        for other in boxes[place + 1 :]:
            across = min(one.left + one.width, other.left + other.width) - max(one.left, other.left)
            down = min(one.top + one.height, other.top + other.height) - max(one.top, other.top)
            assert min(across, down) <= 1e-6 * max(width, height)
