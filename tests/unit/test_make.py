"""The one way in: make.py sets up once, starts at once afterwards, refuses in one line."""

import runpy
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.architecture.tree import ROOT

MAKE = ROOT / "make.py"


@pytest.fixture
def make(tmp_path):
    """make.py as a name space whose functions see a project in a folder of the test."""
    names = runpy.run_path(str(MAKE))
    names = names["main"].__globals__
    for name in ("pyproject.toml", "constraints.txt"):
        (tmp_path / name).write_text(f"# {name}\n", encoding="utf-8")
    names |= {"ROOT": tmp_path, "VENV": tmp_path / ".venv"}
    return names


def install(make, extras):
    """Leave what an installation leaves."""
    python = Path(make["calc_venv_program"]("python"))
    python.parent.mkdir(parents=True, exist_ok=True)
    python.touch()
    make["stamp_path"](extras).write_text(make["calc_stamp"](extras), encoding="utf-8")


def refuse_to_start(*_arguments, **_options):
    raise AssertionError("a current installation starts no program")


@pytest.mark.parametrize("installed", ["", "dev"])
def test_a_current_installation_is_left_alone(make, installed):
    install(make, installed)
    make["run_program"] = refuse_to_start
    make["setup"]()


@pytest.mark.parametrize("file", ["pyproject.toml", "constraints.txt"])
def test_a_changed_requirement_makes_the_installation_stale(make, file):
    install(make, "dev")
    assert make["is_current"]("dev")
    (make["ROOT"] / file).write_text("# changed\n", encoding="utf-8")
    assert not make["is_current"]("dev")


def test_a_moved_folder_makes_the_installation_stale(make, tmp_path):
    before = make["calc_stamp"]("")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    for name in ("pyproject.toml", "constraints.txt"):
        (elsewhere / name).write_bytes((tmp_path / name).read_bytes())
    make["ROOT"] = elsewhere
    assert make["calc_stamp"]("") != before


def test_the_test_tools_are_not_there_before_they_are_asked_for(make):
    install(make, "")
    assert not make["is_current"]("dev")


def test_a_failed_installation_leaves_no_stamp(make, capfd):
    make["has_working_pip"] = lambda: True
    make["run_program"] = lambda _command: 1
    make["VENV"].mkdir()
    assert make["main"](["setup"]) == 2
    assert not make["is_current"]("dev")
    assert capfd.readouterr().err.strip().endswith("mend that and call again")


def test_a_python_without_ensurepip_and_pip_is_told_the_debian_package(make, capfd):
    make["importlib"] = SimpleNamespace(
        util=SimpleNamespace(find_spec=lambda name: None if name != "venv" else name)
    )
    assert make["main"](["setup"]) == 2
    package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    assert package in capfd.readouterr().err


def test_an_old_python_gets_one_line(make, capfd):
    make["sys"] = SimpleNamespace(version_info=(3, 8, 18), stderr=sys.stderr, exit=sys.exit)
    make["shutil"] = SimpleNamespace(which=lambda name: name if name == "python3.12" else None)
    with pytest.raises(SystemExit) as leaving:
        make["check_python"]()
    assert leaving.value.code == 2
    said = capfd.readouterr().err.splitlines()
    assert len(said) == 1
    assert "this is 3.8.18" in said[0]
    assert "python3.12 make.py" in said[0]


def test_the_exit_code_of_the_program_is_passed_on(make):
    assert make["run_program"]([sys.executable, "-c", "raise SystemExit(5)"]) == 5


def test_arguments_of_run_reach_keian_untouched(make):
    seen = []
    make["setup"] = lambda extras="": None
    make["run_program"] = lambda command: seen.append(command) or 0
    assert make["main"](["run", "--lang", "ja", "--help"]) == 0
    assert seen[0][1:] == ["-m", "keian", "review", "--lang", "ja", "--help"]


def test_all_checks_run_and_the_failed_ones_are_named(make, capfd):
    commands = {
        name: [sys.executable, "-c", f"raise SystemExit({code})"]
        for name, code in (("first", 1), ("second", 0), ("third", 1))
    }
    assert make["call_checks"](commands) == 1
    assert "failed: first, third" in capfd.readouterr().out


def test_an_unknown_verb_is_a_usage_error():
    answer = subprocess.run(
        [sys.executable, MAKE, "paint"], capture_output=True, text=True, check=False
    )
    assert answer.returncode == 2
    assert "Traceback" not in answer.stderr
