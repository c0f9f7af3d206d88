#!/usr/bin/env python3
"""Set keian up, run it, test it. Standard library only; never touches the system Python."""

import argparse
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
OLDEST = (3, 11)
TRIED_NEWER = ("3.13", "3.12", "3.11")
INTERRUPTED = 130
USAGE = 2
REGISTERS = ("--folder", "src/keian/registers/data")
CHECKED = ("src", "tests", "tools", "bench", "make.py")


class SetupError(Exception):
    """Setting up cannot go on; the message is one line and names the repair."""


def check_python() -> None:
    """Leave with one line if this Python is too old, naming a newer one if there is one."""
    if sys.version_info[:2] >= OLDEST:
        return
    found = next((f"python{v}" for v in TRIED_NEWER if shutil.which(f"python{v}")), None)
    repair = f"run `{found} make.py ...` instead" if found else "install Python 3.11 or newer"
    running = ".".join(str(part) for part in sys.version_info[:3])
    print(
        f"make.py: keian needs Python 3.11 or newer, this is {running}: {repair}", file=sys.stderr
    )
    sys.exit(USAGE)


# Here and not in main: an older Python stops at the types of the functions below.
check_python()


def calc_venv_program(name: str) -> str:
    """Return the path of a program inside `.venv`."""
    if os.name == "nt":
        return str(VENV / "Scripts" / f"{name}.exe")
    return str(VENV / "bin" / name)


def run_program(command: Sequence[str]) -> int:
    """Run a program in the project folder and wait for it, also while it answers Ctrl-C.

    Returns
    -------
    int
        Exit code of the program; 130 if a signal ended it.
    """
    # Tools print progress of their own; what we printed before must come first.
    sys.stdout.flush()
    process = subprocess.Popen(command, cwd=ROOT)
    while True:
        try:
            code = process.wait()
        except KeyboardInterrupt:
            # The terminal sent the same signal to the program, which now saves finished work.
            continue
        return code if code >= 0 else INTERRUPTED


def calc_stamp(extras: str) -> str:
    """Return the digest of everything an installation depends on."""
    digest = hashlib.sha256()
    for part in (str(ROOT), sys.version, extras):
        digest.update(part.encode() + b"\0")
    for name in ("pyproject.toml", "constraints.txt"):
        digest.update((ROOT / name).read_bytes() + b"\0")
    return digest.hexdigest()


def stamp_path(extras: str) -> Path:
    """Return where the stamp of an installation lies."""
    return VENV / f"keian-stamp-{extras or 'run'}"


def is_current(extras: str) -> bool:
    """Tell whether `.venv` already holds what pyproject.toml and constraints.txt ask for."""
    stamp = stamp_path(extras)
    if not Path(calc_venv_program("python")).exists() or not stamp.is_file():
        return False
    return stamp.read_text(encoding="utf-8") == calc_stamp(extras)


def create_venv() -> None:
    """Create `.venv` with pip in it, from ensurepip or else from this Python's own pip."""
    has_pip = importlib.util.find_spec("pip") is not None
    if importlib.util.find_spec("venv") is None or (
        importlib.util.find_spec("ensurepip") is None and not has_pip
    ):
        package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
        raise SetupError(
            f"this Python has neither ensurepip nor pip: install the Debian package {package} "
            "(or your system's counterpart) and call again"
        )
    if importlib.util.find_spec("ensurepip") is not None:
        code = run_program([sys.executable, "-m", "venv", "--clear", str(VENV)])
    else:
        code = run_program([sys.executable, "-m", "venv", "--clear", "--without-pip", str(VENV)])
        python = calc_venv_program("python")
        code = code or run_program(
            [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "pip"]
        )
    if code:
        raise SetupError(f"could not create {VENV}: remove the folder and call again")


def has_working_pip() -> bool:
    """Tell whether `.venv` has a pip that starts with this version of Python."""
    python = calc_venv_program("python")
    if not Path(python).exists():
        return False
    question = "import pip, sys; print(sys.version)"
    answer = subprocess.run([python, "-c", question], capture_output=True, text=True, check=False)
    return answer.returncode == 0 and answer.stdout.strip() == sys.version.strip()


def setup(extras: str = "") -> None:
    """Make `.venv` hold keian and what it needs; do nothing when it already does.

    Parameters
    ----------
    extras
        Name of an optional set of pyproject.toml ("dev"), or nothing for the run-time set.
    """
    if is_current(extras) or (not extras and is_current("dev")):
        return
    if not has_working_pip():
        print("keian: making .venv", file=sys.stderr)
        create_venv()
    print(f"keian: installing {'test tools' if extras else 'libraries'} ...", file=sys.stderr)
    stamp_path(extras).unlink(missing_ok=True)
    target = f"{ROOT}[{extras}]" if extras else str(ROOT)
    pip = [calc_venv_program("python"), "-m", "pip", "--disable-pip-version-check"]
    constraints = str(ROOT / "constraints.txt")
    options = ["install", "--quiet", "--prefer-binary", "--constraint", constraints]
    if run_program([*pip, *options, "--editable", target]):
        raise SetupError("installing failed (its messages stand above): mend that and call again")
    stamp_path(extras).write_text(calc_stamp(extras), encoding="utf-8")


def call_run(rest: list[str]) -> int:
    """Run the main job, `keian review`, with the arguments given."""
    setup()
    return run_program([calc_venv_program("python"), "-m", "keian", "review", *rest])


def call_setup(rest: list[str]) -> int:
    """Set up libraries and test tools without running anything."""
    if rest:
        raise SetupError("setup takes no arguments")
    setup("dev")
    print(f"keian: ready; the command is {calc_venv_program('keian')}")
    return 0


def call_checks(commands: dict[str, Sequence[str]]) -> int:
    """Run every check, also after one has failed, and name those that failed."""
    failed = []
    for name, command in commands.items():
        print(f"== {name}", flush=True)
        code = run_program(command)
        if code == INTERRUPTED:
            return INTERRUPTED
        if code:
            failed.append(name)
    print(f"== failed: {', '.join(failed)}" if failed else "== all passed", flush=True)
    return 1 if failed else 0


def list_static_checks() -> dict[str, Sequence[str]]:
    """Return the checks that take seconds: format, lint, types, import contracts, registers."""
    python = calc_venv_program("python")
    folders = [name for name in CHECKED if (ROOT / name).exists()]
    return {
        "format": [python, "-m", "ruff", "format", "--check", *folders],
        "lint": [python, "-m", "ruff", "check", *folders],
        "types": [python, "-m", "mypy"],
        "import contracts": [calc_venv_program("lint-imports"), "--no-logo"],
        "registers": [python, "-m", "keian", "register", "check", *REGISTERS],
    }


def call_check(rest: list[str]) -> int:
    """Check format, lint, types, import contracts and registers, without tests."""
    if rest:
        raise SetupError("check takes no arguments")
    setup("dev")
    return call_checks(list_static_checks())


def call_test(rest: list[str]) -> int:
    """Run the static checks and the tests; arguments go to pytest."""
    setup("dev")
    tests: Sequence[str] = [calc_venv_program("python"), "-m", "pytest", *rest]
    return call_checks({**list_static_checks(), "tests": tests})


def call_fmt(rest: list[str]) -> int:
    """Format the code and mend what lint can mend safely; arguments are paths (default: all)."""
    setup("dev")
    folders = rest or [name for name in CHECKED if (ROOT / name).exists()]
    python = calc_venv_program("python")
    fixed = run_program([python, "-m", "ruff", "check", "--fix", "--quiet", *folders])
    return run_program([python, "-m", "ruff", "format", *folders]) or fixed


VERBS = {
    "run": call_run,
    "test": call_test,
    "check": call_check,
    "fmt": call_fmt,
    "setup": call_setup,
}


def main(arguments: list[str]) -> int:
    """Choose the verb and turn a refusal into one line on stderr."""
    parser = argparse.ArgumentParser(prog="make.py", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    for name, call in VERBS.items():
        summary = (call.__doc__ or "").splitlines()[0]
        # `run --help` must reach keian, so the verbs themselves take no options.
        verbs.add_parser(name, help=summary, add_help=False)
    chosen, rest = parser.parse_known_args(arguments[:1]), arguments[1:]
    try:
        return VERBS[chosen[0].verb](rest)
    except SetupError as error:
        print(f"make.py: {error}", file=sys.stderr)
        return USAGE
    except KeyboardInterrupt:
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
