"""What every test may ask for: the raw files, a browser; tests without them skip loudly."""

import os
import shutil
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import settings

# A slow shared machine must not turn a correct property into a failure, and the same code gets the
# same answer twice; `--hypothesis-profile explore` looks for new counterexamples.
settings.register_profile("keian", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None, derandomize=False, max_examples=1000)
settings.load_profile("keian")

ROOT = Path(__file__).resolve().parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
DATABASE = "KEIAN_TEST_POSTGRES"
SKIPPED = pytest.StashKey[dict[str, int]]()


def find_raw_data() -> Path | None:
    """Return the folder of raw files: KEIAN_RAW_DATA, else `../shared/data` beside the clone."""
    named = os.environ.get("KEIAN_RAW_DATA")
    folder = Path(named) if named else ROOT.parent / "shared" / "data"
    return folder if folder.is_dir() else None


def find_browser() -> Path | None:
    """Return the first browser on the path that can run headless."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    return Path(found) if found else None


def list_absent() -> dict[str, str]:
    """Return what this machine lacks: marker to the sentence that says how to get it."""
    absent = {}
    if find_raw_data() is None:
        absent["data"] = "no raw files: set KEIAN_RAW_DATA to their folder"
    if find_browser() is None:
        absent["browser"] = "no Chromium: install Debian's package chromium"
    if find_spec("distributed") is None:
        absent["cluster"] = "no dask.distributed: install the extra `cluster`"
    if find_spec("pymrio") is None or find_spec("python_calamine") is None:
        absent["io"] = "no pymrio or no python-calamine: install the extra `io`"
    if not os.environ.get(DATABASE):
        absent["postgres"] = f"no PostgreSQL: set {DATABASE} to a server"
    return absent


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what cannot run here as skipped, and count it for the summary."""
    skipped: dict[str, int] = {}
    absent = list_absent()
    for item in items:
        for marker, reason in absent.items():
            if item.get_closest_marker(marker):
                item.add_marker(pytest.mark.skip(reason=reason))
                skipped[reason] = skipped.get(reason, 0) + 1
    config.stash[SKIPPED] = skipped


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Say what was not tested, so that a green run cannot hide it."""
    for reason, count in config.stash.get(SKIPPED, {}).items():
        terminalreporter.write_line(f"NOT TESTED: {count} tests, {reason}", red=True, bold=True)


@pytest.fixture(scope="session")
def raw_data() -> Path:
    """Folder of the raw files; use with the marker `data`."""
    folder = find_raw_data()
    assert folder is not None, "mark the test with `data`"
    return folder


@pytest.fixture(scope="session")
def browser() -> Path:
    """Program of a headless browser; use with the marker `browser`."""
    program = find_browser()
    assert program is not None, "mark the test with `browser`"
    return program
