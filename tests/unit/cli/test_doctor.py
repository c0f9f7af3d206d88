import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

import keian.cli.doctor
from keian.cli import app
from keian.cli.doctor import Finding, parse_version


def list_findings(look, *arguments):
    return list(look(*arguments))


def test_a_package_that_is_missing_or_old_fails_with_the_repair(monkeypatch):
    versions = {"numpy": "1.26.0", "pandas": None}
    real = keian.cli.doctor.find_version
    monkeypatch.setattr(keian.cli.doctor, "find_version", lambda n: versions.get(n, real(n)))
    (finding,) = list_findings(keian.cli.doctor._look_at_packages)
    assert finding.level == "fail"
    assert "numpy 1.26.0 is older than 2.0" in finding.found
    assert "pandas is not installed" in finding.found
    assert finding.fix


def test_another_version_than_the_known_good_one_is_a_warning(monkeypatch):
    real = keian.cli.doctor.find_version
    monkeypatch.setattr(
        keian.cli.doctor, "find_version", lambda n: "99.0" if n == "numpy" else real(n)
    )
    findings = list_findings(keian.cli.doctor._look_at_packages)
    assert [f.level for f in findings] == ["ok", "warn"]
    assert "numpy 99.0 instead of" in findings[1].found


def test_versions_compare_as_numbers():
    assert parse_version("2.10") > parse_version("2.9.9")
    assert parse_version("20251206.2.4") > parse_version("1.0")


def copy_economy(tmp_path, digest):
    folder = tmp_path / "economy" / "data" / "here"
    folder.mkdir(parents=True)
    (folder / "flows.csv").write_text("a,b\n")
    outputs = {"flows.csv": {"sha256": digest}}
    (folder / "manifest.json").write_text(json.dumps({"outputs": outputs}))


@pytest.mark.parametrize(
    ("digest", "level"),
    [
        ("b0e7b4f4e8b1a1a5", "fail"),
        ("6b2a1b1f", "fail"),
        (None, "ok"),
    ],
)
def test_tables_are_held_against_their_manifest(monkeypatch, tmp_path, digest, level):
    right = keian.cli.doctor.digest_file
    copy_economy(tmp_path, digest or "")
    path = tmp_path / "economy" / "data" / "here"
    if digest is None:
        outputs = {"flows.csv": {"sha256": right(path / "flows.csv")}}
        (path / "manifest.json").write_text(json.dumps({"outputs": outputs}))
    monkeypatch.setattr(keian.cli.doctor, "PACKAGE", tmp_path)
    (finding,) = list_findings(keian.cli.doctor._look_at_tables)
    assert finding.level == level
    assert finding.about == ("data" if level == "fail" else "machine")


def test_a_table_that_is_gone_fails(monkeypatch, tmp_path):
    copy_economy(tmp_path, "0")
    (tmp_path / "economy" / "data" / "here" / "flows.csv").unlink()
    monkeypatch.setattr(keian.cli.doctor, "PACKAGE", tmp_path)
    (finding,) = list_findings(keian.cli.doctor._look_at_tables)
    assert finding.level == "fail"
    assert "flows.csv" in finding.found


def test_a_workspace_that_cannot_be_written_fails(monkeypatch):
    monkeypatch.setattr(keian.cli.doctor, "is_writable", lambda _folder: False)
    (finding,) = list_findings(keian.cli.doctor._look_at_disk, Path("runs"))
    assert finding.level == "fail"
    assert "--workspace" in finding.fix


def test_looking_makes_no_workspace(tmp_path):
    list_findings(keian.cli.doctor._look_at_disk, tmp_path / "runs")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("finding", "code"),
    [
        (Finding("ok", "Python", "3.11"), 0),
        (Finding("warn", "memory", "1 GB", "more"), 0),
        (Finding("fail", "packages", "none", "install"), 2),
        (Finding("fail", "tables", "changed", "install", "data"), 3),
    ],
)
def test_the_exit_code_tells_whose_fault_it_is(monkeypatch, finding, code):
    monkeypatch.setattr(keian.cli.doctor, "examine", lambda _workspace: iter([finding]))
    result = CliRunner().invoke(app, ["doctor"])
    assert result.exit_code == code
    assert finding.what in result.stdout
    assert ("fix:" in result.stdout) == (finding.level != "ok")


def test_json_lists_every_finding(monkeypatch):
    found = [Finding("ok", "Python", "3.11"), Finding("warn", "memory", "1 GB", "more")]
    monkeypatch.setattr(keian.cli.doctor, "examine", lambda _workspace: iter(found))
    result = CliRunner().invoke(app, ["doctor", "--json"])
    assert [f["what"] for f in json.loads(result.stdout)["findings"]] == ["Python", "memory"]
