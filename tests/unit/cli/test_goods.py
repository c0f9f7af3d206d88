"""`keian goods`: what is known of a good, by which source, and what is missing."""

import json
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from keian.cli import app
from keian.cli.tables import tell_stocks
from keian.core import Triple
from keian.economy import load_economy


def run(*words):
    return CliRunner().invoke(app, ["goods", *words])


def read(*words):
    result = run(*words, "--json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def test_all_goods_are_listed_by_tier():
    said = read()
    economy = load_economy()
    assert said["counts"] == {
        "modelled": len(economy.goods),
        "illustrative": len(economy.aside),
        "registered": len(economy.registered),
    }
    assert len(said["goods"]) == sum(said["counts"].values())


@pytest.mark.parametrize("tier", ["modelled", "illustrative", "registered"])
def test_a_tier_is_shown_alone(tier):
    assert {good["tier"] for good in read("--tier", tier)["goods"]} == {tier}


def test_a_good_has_its_designation_sources_and_uses():
    (good,) = read("gallium")["goods"]
    assert good["designation"]["id"] == "critical-minerals.gallium"
    assert good["designation"]["in_force_from"] == "2022-12-23"
    assert "l-espa-order" in good["sources"]
    assert {use["unit"] for use in good["uses"]} == {"JPN.c14"}
    cited = {name for line in good["supplies"] for name in line["sources"]}
    assert cited <= set(good["sources"])


def test_a_registered_good_tells_what_is_known_and_what_is_missing():
    result = run("chromium")
    assert result.exit_code == 0
    for words in ("registered only", "item 10, Metal minerals: Chromium", "2022-12-23", "Pakistan",
                  "imports of ferrochromium (HS 720241) by country", "baci-hs92"):  # fmt: skip
        assert words in result.stdout


def test_names_of_either_language_and_designations_find_goods():
    assert {good["id"] for good in read("レアアース")["goods"]} == {
        "light_rare_earths", "heavy_rare_earths",
    }  # fmt: skip
    assert {good["id"] for good in read("肥料")["goods"]} >= {"urea", "potash", "fertiliser"}
    assert len(read("critical-minerals")["goods"]) > 30


def test_japanese_is_shown_in_japanese():
    shown = run("electronic_parts", "--lang", "ja").stdout
    for words in ("登録のみ", "欠けている情報", "磁気センサー", "遅くとも2024-02-29までに施行"):
        assert words in shown


def test_an_illustrative_good_says_that_it_runs_only_when_asked():
    assert "--illustrative" in run("lpg").stdout


def test_an_unknown_name_ends_with_2_and_offers_the_nearest():
    result = run("galium")
    assert result.exit_code == 2
    assert "gallium" in result.stderr
    assert json.loads(run("galium", "--json").stdout)["error"]["kind"] == "input"


def test_an_unknown_tier_ends_with_2():
    assert run("--tier", "secret").exit_code == 2


@pytest.mark.parametrize(
    ("good", "fix"),
    [("lpg", "--illustrative"), ("fertiliser", "urea"), ("chromium", "registered only")],
)
def test_a_scenario_that_names_a_good_that_does_not_run_is_told_how(tmp_path, good, fix):
    path = tmp_path / "cut.yaml"
    path.write_text(
        "id: cut\nnames: {en: Cut, ja: 途絶}\neconomy: japan\nas_of: 2026-11-22\n"
        "horizon_days: 30\nseed: 1\nstory: {en: A cut., ja: 途絶。}\nshocks:\n"
        f"  - {{id: a, kind: source_cut, origin: USA, goods: [{good}], duration_days: 9, loss: 0.5,"
        " sources: [s-dual-use-ban]}\nsources: [s-dual-use-ban]\n",
        encoding="utf-8",
    )
    result = CliRunner().invoke(app, ["explain", str(path)])
    assert result.exit_code == 2
    assert fix in result.stderr
    asked = CliRunner().invoke(app, ["explain", str(path), "--illustrative"])
    assert asked.exit_code == (0 if good == "lpg" else 2)


def test_a_run_remembers_that_illustrative_goods_were_asked_for(monkeypatch):
    import keian.cli.replay as door
    from keian.cli.inputs import Named

    asked = []
    monkeypatch.setattr(door, "load_asked", lambda named: asked.append(named) or load_economy())
    for illustrative in (False, True):
        options = {"illustrative": True} if illustrative else {}
        stored = type("Stored", (), {"manifest": make_manifest(options), "path": None})
        monkeypatch.setattr(door, "read_documents", lambda _path: make_documents())
        door._restore(stored, 1)
    assert asked == [Named(economy="japan"), Named(economy="japan", illustrative=True)]


def make_manifest(options):
    fields = {"as_of": None, "kind": "simulate", "draws": 1, "label": "TLP:AMBER"}
    return type("Made", (), {**fields, "options": options})


def make_documents():
    fields = {"economy": "japan", "scenarios": (), "measures": (), "sources": {}}
    return type("Documents", (), fields)


@pytest.mark.parametrize("good", ["graphite", "semiconductors", "enriched_uranium"])
def test_a_stock_that_nobody_knows_is_not_told_as_none(good):
    shown = run(good).stdout
    stocks = shown[shown.index("Stocks, days") : shown.index("Users (share")]
    assert "not known (run as 0 days)" in stocks
    assert "users' own, assumed" in stocks
    assert "none" not in stocks


def test_an_unknown_stock_and_a_known_nought_are_told_apart():
    economy = load_economy()
    good = next(g for g in economy.goods if g.id == "crude_oil")
    bare = good.model_copy(update={"pools": ()})
    unknown = Triple(low=0, mode=0, high=0)
    known = Triple(low=0, mode=0, high=0, sources=("a-working-cover",))
    told = []
    for cover in (unknown, known):
        uses = tuple(u.model_copy(update={"cover_days": cover}) for u in economy.uses)
        told.append("\n".join(tell_stocks(bare, replace(economy, uses=uses), "en")))
    assert told[0] == "not known (runs as 0 days)"
    assert "users' own, assumed: 0" in told[1]
