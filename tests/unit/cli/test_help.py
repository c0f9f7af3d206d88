import subprocess
import sys

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from keian import __version__
from keian.cli import app

FAST_S = 0.5
HEAVY = ("numpy", "pandas", "numba", "pydantic", "xarray", "jinja2")


def list_commands():
    door = get_command(app)
    found = []
    for name, command in door.commands.items():
        inner = getattr(command, "commands", None)
        found += [(name, key) for key in inner] if inner else [(name,)]
    return found


def run(*words):
    return CliRunner().invoke(app, list(words))


def test_help_imports_nothing_heavy_and_is_quick():
    code = (
        "import sys, time\n"
        "from keian.cli import main\n"
        "sys.argv = ['keian', '--help']\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        f"print([m for m in {HEAVY!r} if m in sys.modules])\n"
        "print(time.process_time())"  # of the processor: a busy machine does not slow it
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert answer.returncode == 0, answer.stderr
    *shown, heavy, seconds = answer.stdout.splitlines()
    assert heavy == "[]"
    assert "review" in "".join(shown)
    assert float(seconds) < FAST_S


@pytest.mark.parametrize("words", list_commands(), ids=" ".join)
def test_every_command_shows_examples_in_its_help(words):
    result = run(*words, "--help")
    assert result.exit_code == 0
    assert "Examples:" in result.output
    assert f"keian {' '.join(words)}" in result.output


def test_without_a_command_the_help_is_shown():
    result = run()
    assert result.exit_code == 0
    assert "simulate" in result.output


def test_version_is_the_version_of_the_package():
    result = run("--version")
    assert result.exit_code == 0
    assert result.output == f"keian {__version__}\n"


def test_the_module_is_the_command():
    answer = subprocess.run(
        [sys.executable, "-m", "keian", "--version"], capture_output=True, text=True, check=False
    )
    assert answer.stdout == f"keian {__version__}\n"
