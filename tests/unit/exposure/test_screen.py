"""The screen: what it says, what it leaves unsaid, who may see it."""

import math

import numpy as np
import pytest

from keian.core import CLEAR, RED, ClearanceError, InputError, read_table
from keian.exposure import load_criteria, load_panel, screen, take_panel
from keian.exposure.citations import find_sources
from keian.exposure.criteria import load_exposure_sources
from keian.exposure.flows import Flows
from keian.exposure.flows_store import list_flow_years, load_world_flows
from keian.exposure.governance import load_governance
from keian.exposure.panel import take_panels
from keian.exposure.riskiness import calc_riskiness
from keian.exposure.screen import find_year
from keian.share import Viewer, release
from tests.architecture.tree import PACKAGE


@pytest.fixture(scope="module")
def panel():
    return load_panel(load_criteria())


@pytest.fixture(scope="module")
def found(panel):
    return screen(panel, load_criteria(), governance=load_governance())


def make_flows(rows, label=CLEAR):
    """Rows of (year, exporter, importer, product, value, tonnes); B is home."""
    countries, products = ("A", "B", "C", "HKG"), ("010101", "020202")
    columns = list(zip(*rows, strict=True))
    place = {name: at for at, name in enumerate(countries)}
    return Flows(
        np.array(columns[0], dtype=np.int16),
        np.array([place[name] for name in columns[1]], dtype=np.int32),
        np.array([place[name] for name in columns[2]], dtype=np.int32),
        np.array([products.index(name) for name in columns[3]], dtype=np.int32),
        np.array(columns[4], dtype=float),
        np.array(columns[5], dtype=float),
        countries, products, "HS92", frozenset(), (), ("baci-own-file",), label, "0" * 64,
    )  # fmt: skip


def screen_flows(rows, year=None, label=CLEAR):
    return screen(take_panel(make_flows(rows, label), "B", {}, {}), load_criteria(), year=year)


def test_the_default_year_is_the_last_that_is_not_provisional(panel, found):
    assert found.year == 2022 == find_year(panel, None)
    assert panel.provisional == {2023, 2024}
    assert screen(panel, load_criteria(), year=2024).provisional


def test_a_year_that_is_not_there_is_refused(panel):
    with pytest.raises(InputError, match="1995 to 2024"):
        screen(panel, load_criteria(), year=1900)


def test_value_and_tonnes_that_name_different_suppliers_are_flagged(found):
    table = found.table.set_index("product")
    assert table.loc["280480", "disagree"] == "top"
    assert table.loc["280480", ["top_value", "top_quantity"]].tolist() == ["DEU", "CHN"]
    assert table.loc["250410", "disagree"] == "none"


def test_crops_have_no_value_and_one_year_so_no_stability_verdict(found):
    verdicts = found.verdicts
    wheat = verdicts[verdicts["product"] == "wheat"]
    assert wheat.loc[wheat["basis"] == "quantity", "met"].notna().all()
    assert wheat.loc[wheat["basis"] == "value", "met"].isna().all()
    assert wheat["lasting"].isna().all()
    assert wheat["stable"].isna().all()
    row = found.table.set_index("product").loc["wheat"]
    assert row["top_quantity"] == "USA"
    assert math.isnan(row["imports_kusd"])


def test_trade_exposure_is_missing_without_home_output(found):
    table = found.table.set_index("product")
    assert math.isnan(table.loc["270900", "trade_exposure"])
    assert 0.8 < table.loc["wheat", "trade_exposure"] < 0.9


def test_every_criterion_and_basis_has_one_verdict_a_product(found):
    counts = found.verdicts.groupby(["product", "criterion", "basis"]).size()
    assert (counts == 1).all()
    criteria = len(load_criteria().criteria)
    assert len(counts) == len(found.table) * criteria * 2


def test_the_interval_of_ranks_holds_for_ranked_products_only(found):
    ranked = found.table[found.table["rank"].notna()]
    assert (ranked["rank_low"] <= ranked["rank_high"]).all()
    assert (ranked["rank_low"] < ranked["rank_high"]).any()
    assert found.table.loc[found.table["rank"].isna(), "rank_low"].isna().all()


@pytest.mark.parametrize("name", ["screen", "verdicts"])
def test_the_tables_keep_their_schema(found, tmp_path, name):
    path = tmp_path / f"{name}.parquet"
    (found.table if name == "screen" else found.verdicts).to_parquet(path)
    checked = read_table(path, PACKAGE / "exposure" / "schema" / f"{name}.csv")
    assert len(checked.frame) == len(found.table if name == "screen" else found.verdicts)


def test_a_ranking_is_never_below_amber(found):
    assert str(found.label) == "TLP:AMBER"
    with pytest.raises(ClearanceError):
        release(found, Viewer("TLP:GREEN"))
    assert release(found, Viewer()).value is found


def test_the_label_of_the_flows_travels():
    rows = [(2022, "A", "B", "010101", 900, 9)]
    assert screen_flows(rows, label=RED).label == RED


def test_every_source_cited_is_known(found):
    known = load_exposure_sources()
    assert {s for c in load_criteria().criteria for s in c.sources} <= set(known)
    assert all(source.id != "own-data" for source in find_sources(found.sources).values())


def test_a_hub_is_named_as_such():
    rows = [(2022, "HKG", "B", "010101", 900, 9), (2022, "A", "B", "010101", 100, 9)]
    assert screen_flows(rows).table["hub"].tolist() == ["HKG"]


def test_tiny_values_carry_no_verdict_and_no_rank():
    rows = [(2022, "A", "B", "010101", 99, 9), (2022, "A", "B", "020202", 101, 9)]
    table = screen_flows(rows).table.set_index("product")
    assert table["noise"].to_dict() == {"020202": False, "010101": True}
    assert math.isnan(table.loc["010101", "rank"])
    assert table.loc["010101", "flags_count"] == 0
    assert table.loc["020202", "flags_count"] > 0


def test_missing_tonnes_leave_the_comparison_open():
    rows = [(2022, "A", "B", "010101", 500, math.nan), (2022, "C", "B", "010101", 400, 9)]
    found = screen_flows(rows)
    row = found.table.iloc[0]
    assert row["disagree"] is None
    assert row["quantity_known_share"] == pytest.approx(4 / 9)
    verdicts = found.verdicts
    assert verdicts.loc[verdicts["basis"] == "quantity", "met"].isna().all()


def test_a_flag_is_lasting_only_in_two_of_three_years():
    rows = [(year, "A", "B", "010101", 900, 9) for year in (2020, 2021, 2022)]
    rows += [(2022, "C", "B", "010101", 900, 9), (2021, "A", "C", "010101", 1, 1)]
    verdicts = screen_flows(rows, year=2022).verdicts.set_index(["criterion", "basis"])
    assert verdicts.loc[("meti", "value"), ["met", "lasting", "stable"]].tolist() == [1, 1, 1]
    eu = verdicts.loc[("geodep", "value")]
    assert (eu["met"], eu["lasting"], eu["years_flagged_count"]) == (1, 1, 3)


def test_panels_taken_together_are_those_taken_alone():
    flows = load_world_flows(2022)
    together = {p.importer: p for p in take_panels(flows, ["JPN", "KOR", "FRA"], {}, {})}
    for name, panel in together.items():
        alone = take_panel(flows, name, {}, {})
        ours, theirs = (screen(p, load_criteria()).table for p in (panel, alone))
        assert ours.equals(theirs)


def test_the_shipped_flows_give_the_shipped_panel_of_japan(panel, found):
    taken = take_panel(load_world_flows(2022), "JPN", {}, {})
    ours = screen(taken, load_criteria(), year=2022).table.set_index("product")
    shipped = found.table.set_index("product")
    for code in ours.index:
        for column in ("hhi_value", "hhi_quantity", "world_hhi", "imports_kusd"):
            assert ours.loc[code, column] == pytest.approx(
                shipped.loc[code, column], rel=1e-5, nan_ok=True
            ), (code, column)


def test_riskiness_holds_its_order_under_any_weights():
    flows = load_world_flows(2022)
    found = calc_riskiness(flows, 2022, load_criteria().rank_draws)
    assert found.products == flows.products
    assert ((found.mean >= 0) & (found.worst <= 1) & (found.mean <= found.worst)).all()
    assert (found.rank_low <= found.rank_high).all()
    assert list_flow_years() == (2020, 2021, 2022, 2023, 2024)


def test_governance_is_spread_over_zero_to_one_each_year():
    scores = load_governance()
    for year in range(2018, 2025):
        mine = [score for (_, at), score in scores.items() if at == year]
        assert min(mine) >= 0
        assert max(mine) == 1
    assert scores["AFG", 2020] == 1
    assert scores["ABW", 2020] == pytest.approx(0.2257, abs=1e-4)


def test_goods_stand_beside_the_panel_with_the_sources_of_their_shares(found, tmp_path):
    from keian.economy import load_economy
    from keian.exposure.goods_screen import add_goods

    economy = load_economy(illustrative=True)
    joined = add_goods(found, economy)
    goods = joined.goods.set_index("good")
    assert goods.loc["gallium", "top_supplier"] == "CHN"
    assert set(goods.loc["gallium", "cited"].split(", ")) <= set(joined.sources)
    wheat = goods.loc["wheat"]
    assert wheat["home_share"] > 0.1
    assert wheat["survive_days"] == pytest.approx(wheat["cover_days"] / wheat["top_share"])
    assert (goods["hhi_low"] <= goods["hhi_high"]).all()
    tiers = goods["tier"].tolist()
    assert tiers == sorted(tiers, reverse=True)  # modelled ones first, the others rank apart
    sourced = goods.dropna(subset="top_share")
    assert (sourced["top_share_low"] <= sourced["top_share"] + 1e-9).all()
    assert goods.loc["rice", "hhi_high"] < 0.01  # nine tenths are grown at home
    path = tmp_path / "goods_screen.parquet"
    joined.goods.to_parquet(path)
    read_table(path, PACKAGE / "exposure" / "schema" / "goods_screen.csv")


def test_the_verdict_is_the_one_that_the_authors_define(found):
    verdicts = found.verdicts.set_index(["criterion", "product", "basis"])
    lasting = verdicts.loc[("geodep", "270220", "value")]
    assert (lasting["met"], lasting["lasting"], lasting["verdict"]) == (0, 1, 1)
    single = verdicts.loc[("merics", "270220", "value")]
    assert single["verdict"] == single["met"]
