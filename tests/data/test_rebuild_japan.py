"""Rebuild Japan's tables from the pinned raw files and compare them with what is shipped."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import keian

ROOT = Path(__file__).parents[2]
DATA = Path(keian.__file__).parent / "economy" / "data" / "japan"
MODULE = "tools.build_japan"


def run_build(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", MODULE, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.data
def test_rebuilding_gives_the_shipped_tables(tmp_path):
    raw = os.environ.get("KEIAN_RAW_DATA")
    if not raw:
        pytest.skip("set KEIAN_RAW_DATA to the folder of raw files (docs/data/japan.md)")
    wheel = os.environ.get("KEIAN_TRADE_WHEEL")
    given = ["--wheel", wheel] if wheel else []
    done = run_build("--raw", raw, *given, "--out", str(tmp_path))
    assert done.returncode == 0, done.stderr
    shipped = json.loads((DATA / "manifest.json").read_text(encoding="utf-8"))
    built = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    for manifest in (shipped, built):
        for pins in manifest["outputs"].values():
            pins.pop("sha256")  # bytes may differ between versions of the writing libraries
    assert built == shipped
    assert (tmp_path / "sources.yaml").read_text(encoding="utf-8") == (
        DATA / "sources.yaml"
    ).read_text(encoding="utf-8")


def test_missing_raw_files_are_all_listed(tmp_path):
    done = run_build("--raw", str(tmp_path), "--out", str(tmp_path / "out"))
    assert done.returncode == 3
    for name in ("wiot_2011_r15.npz", "harmonized-system.csv.gz", "trade.csv.gz"):
        assert name in done.stderr
    assert "public route" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()
