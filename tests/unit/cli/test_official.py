"""keian economy read at the command line."""

import json

import pytest
from typer.testing import CliRunner

from keian.cli import app
from keian.cli.door import OfficialKind
from keian.official import load_kinds
from keian.official.words import load_words, say
from tests.official_tables import make_world, write_wiod

WORLD = make_world()


@pytest.fixture
def path(tmp_path):
    return write_wiod(tmp_path, WORLD, "wiod2013")


def call(*arguments):
    return CliRunner().invoke(app, ["economy", *map(str, arguments)])


def test_the_verdict_alone_writes_nothing(path, tmp_path):
    told = call("read", "wiod2013", path)
    assert told.exit_code == 0, told.output
    assert "Verdict on WIOD, release 2013 2011" in told.stdout
    assert "12 units: 3 regions, 4 sectors; MUSD" in told.stdout
    assert "fit to be read as an economy" in told.stdout
    assert "flows tell origins" in told.stdout
    assert sorted(p.name for p in tmp_path.iterdir()) == [path.name]


def test_an_economy_is_written_and_can_be_shown(path, tmp_path):
    made = call(
        "read", "wiod2013", path, "--home", "JPN", "--out", tmp_path / "mine", "--lang", "ja"
    )
    assert made.exit_code == 0, made.output
    folder = tmp_path / "mine" / "wiod2013-2011"
    assert "経済として読み込める" in made.stdout
    assert f"next: keian simulate FILE --economy {folder}" in made.stdout
    assert call("show", folder).exit_code == 0


def test_json_holds_the_verdict(path):
    told = json.loads(call("read", "wiod2013", path, "--json").stdout)
    assert told["verdict"]["ok"] is True
    assert told["economy"] is None
    assert list(told["files"]) == [path.name]
    checks = [finding["check"] for finding in told["verdict"]["findings"]]
    assert checks[:2] == ["row_balance", "column_balance"]
    assert told["verdict"]["findings"][-1]["count"] is None


def test_no_home_among_many_regions_is_asked_for(path, tmp_path):
    told = call("read", "wiod2013", path, "--out", tmp_path / "mine")
    assert told.exit_code == 2
    assert "--home REGION" in told.stderr


def test_an_unfit_table_is_judged_and_ends_with_its_code(tmp_path):
    def spoil(rows):
        rows[6][4] += 5000.0

    path = write_wiod(tmp_path, WORLD, "wiod2013", change=spoil)
    told = call("read", "wiod2013", path)
    assert told.exit_code == 3
    assert "AUS.c1 row: found a residual of 5,000 MUSD" in told.stdout
    told = call("read", "wiod2013", path, "--home", "JPN", "--out", tmp_path / "mine")
    assert told.exit_code == 2
    assert "AUS.c1 row" in told.stderr
    assert not (tmp_path / "mine").exists()


def test_every_kind_and_every_check_has_its_words(path):
    assert [kind.value for kind in OfficialKind] == list(load_kinds())
    findings = json.loads(call("read", "wiod2013", path, "--json").stdout)["verdict"]["findings"]
    for finding in findings:
        for lang in ("en", "ja"):
            assert say(finding["check"], lang)
    assert all(names.en and names.ja for names in load_words().values())


SCENARIO = """
id: stop
names: {en: Machines stop, ja: 機械が止まる}
economy: mine
as_of: 2026-11-22
horizon_days: 20
seed: 1
shocks:
  - id: stop
    kind: capacity_loss
    units: [ROW.c3]
    start_day: 0
    duration_days: 10
    loss: 0.5
    sources: [a-guess]
"""
SOURCES = "- {id: a-guess, title: A guess, kind: assumption}\n"


@pytest.mark.slow
def test_what_was_read_can_be_played(path, tmp_path):
    """No good, service or vital demand is in a bare table; the losses are told all the same."""
    made = call("read", "wiod2013", path, "--home", "JPN", "--out", tmp_path, "--name", "mine")
    assert made.exit_code == 0, made.output
    (tmp_path / "stop.yaml").write_text(SCENARIO, encoding="utf-8")
    (tmp_path / "sources.yaml").write_text(SOURCES, encoding="utf-8")
    arguments = [
        "simulate", str(tmp_path / "stop.yaml"), "--economy", str(tmp_path / "mine"),
        "--draws", "2", "--out", str(tmp_path / "out"), "--workspace", str(tmp_path / "space"),
    ]  # fmt: skip
    played = CliRunner().invoke(app, arguments)
    assert played.exit_code == 0, played.output
    assert "nothing vital that is modelled falls below its floor by day 20" in played.stdout
    assert "Gross output" in played.stdout
    assert "vital" not in played.stdout.split("Kind of loss")[1].split("run ")[0].casefold()
    assert (tmp_path / "out" / "report.html").is_file()


def test_what_a_bare_economy_lacks_is_said(path, tmp_path):
    call("read", "wiod2013", path, "--home", "JPN", "--out", tmp_path, "--name", "mine")
    cuts = (
        "{id: a, kind: source_cut, origin: ROW, goods: [oil], duration_days: 9, loss: 1, sources: [a-guess]}",
        "{id: b, kind: route_closure, route: hormuz, duration_days: 9, loss: 1, sources: [a-guess]}",
        "{id: c, kind: service_outage, service: power, duration_days: 9, loss: 1, sources: [a-guess]}",
    )
    text = SCENARIO[: SCENARIO.index("  - id: stop")] + "".join(f"  - {cut}\n" for cut in cuts)
    (tmp_path / "stop.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "sources.yaml").write_text(SOURCES, encoding="utf-8")
    arguments = ["simulate", str(tmp_path / "stop.yaml"), "--economy", str(tmp_path / "mine")]
    told = CliRunner().invoke(app, arguments)
    assert told.exit_code == 2
    for what in ("critical good", "route", "essential service"):
        assert what in told.stderr
    assert told.stderr.count("there is none here: leave it out, or add one to the economy") == 3
