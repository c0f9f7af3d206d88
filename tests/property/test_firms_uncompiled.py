"""Without the compiler (NUMBA_DISABLE_JIT=1) networks and days are the same, only slow."""

import os
import subprocess
import sys

import pytest

from tests.architecture.tree import ROOT

PLAY = """
from keian.crisis.firm_rules import FirmShock, load_firm_rules
from keian.crisis.firms import FirmRun, simulate_firms
from keian.network import generate_network
from keian.network.generate import Shape
from keian.network.samples import make_two_industries

network = generate_network(make_two_industries(), Shape(40, 150), 7)
print(network.digest)
shock = FirmShock("capacity", 0.6, 2, 12, part=0.3)
for preset in ("plain", "level", "classes", "inoue-todo"):
    run = FirmRun(precision="double")
    outcome = simulate_firms(network, [shock], load_firm_rules(preset), 20, run=run)
    print(*(f"{x:.12g}" for x in outcome.total("output")))
"""


def play(**more):
    path = os.pathsep.join([str(ROOT / "src"), os.environ.get("PYTHONPATH", "")])
    answer = subprocess.run(
        [sys.executable, "-W", "error", "-c", PLAY],
        env={**os.environ, "PYTHONPATH": path, **more},
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
    return answer.stdout


@pytest.mark.slow
def test_without_the_compiler_the_same_days_come_out():
    assert play(NUMBA_DISABLE_JIT="1") == play()
