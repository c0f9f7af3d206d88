"""Essential services: every unit has one line, the floor follows the rating."""

import pytest

from keian.core import InputError
from keian.economy.essential import load_services

DEFAULTS = """
    defaults:
      backup_days: {value: 0.5, source: s}
      floor_by_rating: {critical: {value: 0.1, source: s}, important: {value: 0.4, source: s}, other: {value: 0.8, source: s}}
"""
HEAD = """
services:
  - id: power
    names: {en: Power, ja: 電力}
    provider: JPN.c17e
    floor_level: 0.9
    sources: [s]
"""


def write(folder, text):
    (folder / "one.yaml").write_text(text, encoding="utf-8")
    return folder


def test_units_that_are_not_listed_follow_the_rating(tmp_path, small_table):
    listed = (
        "    uses:\n      - {units: [JPN.c2], tier: 1, backup_days: 3, floor: 0.5, why: pumps}\n"
    )
    (power,) = load_services(write(tmp_path, HEAD + DEFAULTS + listed), "JPN", small_table).acting
    found = {use.unit: (use.tier, use.floor.mode) for use in power.uses}
    assert found == {"JPN.c2": (1, 0.5), "JPN.c8": (2, 0.4), "JPN.c17e": (2, 0.8)}


def test_a_listed_unit_without_a_floor_takes_the_one_of_its_rating(tmp_path, small_table):
    listed = "    uses:\n      - {units: [JPN.c2], tier: 3, backup_days: 0, why: waits}\n"
    (power,) = load_services(write(tmp_path, HEAD + DEFAULTS + listed), "JPN", small_table).acting
    assert power.uses[0].floor.mode == 0.1
    assert power.uses[0].tier == 3


@pytest.mark.parametrize(
    ("uses", "word"),
    [
        ("{units: [JPN.c99], tier: 1, backup_days: 0, floor: 0, why: x}", "JPN.c99"),
        ("{units: [JPN.c2, JPN.c2], tier: 1, backup_days: 0, floor: 0, why: x}", "twice"),
    ],
)
def test_unknown_and_repeated_units_are_refused(tmp_path, small_table, uses, word):
    text = HEAD + DEFAULTS + f"    uses:\n      - {uses}\n"
    with pytest.raises(InputError, match=word):
        load_services(write(tmp_path, text), "JPN", small_table)


def test_without_defaults_every_line_needs_a_floor(tmp_path, small_table):
    text = HEAD + "    uses:\n      - {units: [JPN.c2], tier: 1, backup_days: 0, why: x}\n"
    with pytest.raises(InputError, match="floor"):
        load_services(write(tmp_path, text), "JPN", small_table)


def test_masked_units_have_no_line(japan):
    for service in japan.services:
        assert "JPN.c35" not in {use.unit for use in service.uses}


def test_power_water_and_telecommunications_need_each_other(japan):
    needs = {s.id: {use.unit: use for use in s.uses} for s in japan.services}
    assert needs["electricity"]["JPN.c27t"].backup_days.high == 3
    assert needs["telecommunications"]["JPN.c17e"].tier == 1
    assert needs["electricity"]["JPN.c17w"].floor.mode < 1
    assert needs["water"]["JPN.c17e"].backup_days.mode > 0
    assert needs["electricity"]["JPN.c33"].backup_days.mode == 3  # 72 hours
