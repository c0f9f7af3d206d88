"""WIOD 2013 whole, 1,435 units: read, judged, written, played."""

import numpy as np
import pytest

from keian.crisis import Run, compile_economy, load_rules, simulate_runs
from keian.economy import check_economy, load_economy
from keian.official import Wanted, check_table, read_official, write_official
from keian.scenario import load_scenarios

SCENARIO = """
id: machines-stop
names: {en: Half of electrical machinery stops, ja: 電気機械の半分が止まる}
economy: wiod
as_of: 2026-11-22
horizon_days: 40
seed: 1
shocks:
  - id: stop
    kind: capacity_loss
    units: [JPN.c14]
    start_day: 5
    duration_days: 20
    loss: 0.5
    sources: [a-guess]
"""


@pytest.fixture(scope="module")
def table(raw_data):
    return read_official("arrays", raw_data / "wiod2013" / "wiot_2011.npz")


@pytest.mark.data
def test_the_verdict_counts_what_the_release_holds(table, raw_data):
    """Counts recomputed from the arrays here, not taken from the reader."""
    with np.load(raw_data / "wiod2013" / "wiot_2011.npz") as arrays:
        Z, Y, x = (arrays[key].astype(float) for key in ("Z", "Y", "x"))
    verdict = check_table(table)
    assert (verdict.units, verdict.regions, verdict.sectors) == (1435, 41, 35)
    assert verdict.ok
    assert verdict.find("negative_flows").count == (Z < 0).sum() == 0
    assert verdict.find("no_output").count == (x == 0).sum() == 22
    final = Y.reshape(1435, 41, 5)
    assert verdict.find("negative_final").count == (final[:, :, :4] < 0).sum() == 6
    assert verdict.find("negative_inventories").count == (final[:, :, 4] < 0).sum() == 346
    residual = np.abs(Z.sum(axis=1) + Y.sum(axis=1) - x)
    assert verdict.row_residual == pytest.approx(residual.sum() / x.sum())
    assert verdict.row_residual < 5e-4
    assert verdict.find("row_balance").worst[0].value == pytest.approx(-residual.max())
    assert verdict.spectral_radius == pytest.approx(0.61, abs=0.005)


@pytest.mark.data
@pytest.mark.slow
def test_the_whole_table_can_be_played(table, tmp_path):
    made = write_official(table, check_table(table), tmp_path, Wanted("JPN", "wiod", ("c2",)))
    economy = load_economy(made.folder)
    assert np.array_equal(economy.Z, table.Z)
    assert check_economy(economy).ok
    place = tmp_path / "machines-stop.yaml"
    place.write_text(SCENARIO, encoding="utf-8")
    scenario = load_scenarios([place])[0]
    compiled = compile_economy(economy, load_rules())
    ((_, outcome),) = simulate_runs(compiled, [Run(scenario)], threads=1)
    assert outcome.output.shape[0] == 40
    home = economy.regions.index("JPN")
    normal = economy.x[economy.unit_region == home].sum() / 365
    part = economy.x[economy.units.index("JPN.c14")] / 365 / normal
    share = outcome.output[:, home] / normal
    assert share[:5] == pytest.approx(1.0, abs=1e-3)
    assert share[6] < 1.0 - 0.4 * part  # half of it stops at least; what hangs on it comes on top
    assert share.min() > 0.5
    assert share[-1] > share[6:25].min()
