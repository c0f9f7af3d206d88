"""The dossier of the shipped economy on one day, opened once for the tests that read it."""

from datetime import date
from functools import cache

from keian.cli.exposure_card import Looked, load_dossier

AFTER_DECEMBER_2025 = date(2026, 4, 1)
BEFORE_DESIGNATIONS = date(2022, 6, 1)


@cache
def open_shipped(on=AFTER_DECEMBER_2025):
    """Open the shipped dossier with the designations of a day."""
    return load_dossier(Looked(as_of=on))
