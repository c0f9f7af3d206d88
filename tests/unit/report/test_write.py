from __future__ import annotations

import json

import numpy as np
import pyarrow.parquet as pq
import pytest
import xarray as xr

from keian.core import InputError
from keian.report import summary_lines, write_report
from keian.report import write as write_module
from tests.unit.report.sample_release import released
from tests.unit.report.sample_review import sample_review

REPORTS = {"report.html", "report.ja.html", "report.xlsx", "report.ja.xlsx"}
TABLES = {"runs_out", "effects", "waiting", "losses", "curves", "variants", "sources"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("report")
    level = xr.DataArray(np.ones((2, 3)), dims=("draw", "day"), attrs={"units": "share"})
    datasets = {name: xr.Dataset({"level": level}) for name in ("hormuz", "ban")}
    made = write_report(released(sample_review()), path, lang="ja", datasets=datasets)
    assert made[0].name == "report.ja.html"
    assert {p.name for p in made} == {p.name for p in path.iterdir()}
    return path


def test_writes_both_reports_data_and_tables(folder):
    names = {p.name for p in folder.iterdir()}
    assert names == {*REPORTS, "review.json", "results.nc"} | {f"{name}.parquet" for name in TABLES}


def test_english_report_comes_alone_unless_japanese_is_asked(tmp_path):
    made = write_report(released(sample_review()), tmp_path / "new", lang="en")
    assert "report.ja.html" not in {p.name for p in made}
    assert made[0].read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_json_holds_every_figure_whole(folder):
    data = json.loads((folder / "review.json").read_text(encoding="utf-8"))
    review = sample_review()
    assert data["schema"] == "keian.review/1"
    assert data["label_text"] == "TLP:AMBER"
    day = data["review"]["scenarios"][0]["runs_out"][0]["day"]
    figure = review.scenarios[0].runs_out[0].day
    assert day["value"] == figure.value
    assert day["quantiles"] == [list(pair) for pair in figure.quantiles]
    assert day["structural"] == list(figure.structural)
    assert (day["unit"], day["sources"], day["trace"]) == ("day", ["stocks"], "run:sample")
    assert day["label"]["level"] == "TLP:AMBER"
    assert data["review"]["scenarios"][0]["variants"][-1]["kappa"] == "inf"
    never = next(o for o in data["review"]["scenarios"][0]["runs_out"] if o["id"] == "wheat")
    assert (never["day"]["value"], never["day"]["censored"]) == (365, ">=")
    assert data["answers"]["ja"][0]["number"] == "41日目"


def test_tables_carry_units_label_and_missing_values(folder):
    table = pq.read_table(folder / "runs_out.parquet")
    marks = table.schema.metadata
    assert marks[b"keian.label"] == b"TLP:AMBER"
    assert marks[b"keian.run_id"] == b"sample0000000000"
    rows = {(row["scenario"], row["id"]): row for row in table.to_pylist()}
    assert rows["hormuz", "naphtha"]["day_mode"] == 23
    assert rows["hormuz", "naphtha"]["day_unit"] == "day"
    assert rows["hormuz", "naphtha"]["day_q0100"] == 19
    assert rows["hormuz", "wheat"]["day_censored"] == ">="
    assert rows["hormuz", "wheat"]["day_q0100"] is None
    effects = pq.read_table(folder / "effects.parquet").to_pylist()
    parts = [e for e in effects if e["measure"] == "parts" and e["scenario"] == "hormuz"]
    assert parts[0]["no_effect_en"]
    assert parts[0]["days_bought_mode"] is None


def test_datasets_become_groups_with_the_label(folder):
    with xr.open_dataset(folder / "results.nc", group="ban", engine="h5netcdf") as data:
        assert data.attrs["keian.label"] == "TLP:AMBER"
        assert data["level"].attrs["units"] == "share"
        assert data["level"].shape == (2, 3)


def test_group_names_are_plain(tmp_path):
    with pytest.raises(InputError, match="plain name"):
        write_report(released(sample_review()), tmp_path / "out", datasets={"../x": xr.Dataset()})
    assert not (tmp_path / "out").exists()


def test_a_failed_write_leaves_the_old_file_and_no_rubbish(tmp_path, monkeypatch):
    old = tmp_path / "review.json"
    old.write_text("old", encoding="utf-8")

    def broken(path):
        path.write_text("half", encoding="utf-8")
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        write_module._write(old, broken)
    assert old.read_text(encoding="utf-8") == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["review.json"]


@pytest.mark.parametrize(
    ("lang", "title", "number"),
    [
        ("en", "TLP:AMBER  Hormuz closed for 90 days: hospital services", "day 41"),
        ("ja", "TLP:AMBER  ホルムズ海峡が90日閉鎖：病院の機能は41日目", "41日目"),
    ],
)
def test_summary_says_what_the_first_page_says(lang, title, number):
    lines = summary_lines(released(sample_review()), lang)
    assert lines[0].startswith(title)
    assert len(lines) == 1 + 3 * 5
    assert number in lines[1]
    assert "<" not in "".join(lines)
