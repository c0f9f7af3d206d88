"""What one waits for on a day: by the days of the entries, not by the status they have today."""

from datetime import date

import pytest

from keian.registers import load_shelf
from keian.registers.awaited import list_awaited, list_known, name_awaited


@pytest.fixture(scope="module")
def shelf():
    return load_shelf()


def ask(shelf, name, *days):
    return {e.id for e in list_awaited(shelf[name], *map(date.fromisoformat, days))}


def test_ports_wait_between_promulgation_and_force(shelf):
    assert ask(shelf, "essential_services", "2024-05-16") == set()
    assert ask(shelf, "essential_services", "2024-05-17") == {"ports"}
    assert ask(shelf, "essential_services", "2025-03-31") == {"ports"}
    assert ask(shelf, "essential_services", "2025-04-01") == set()
    assert ask(shelf, "essential_services", "2026-11-22") == {"medical-care"}


def test_the_act_waits_after_its_promulgation_and_acts_of_later_years_do_not(shelf):
    waiting = ask(shelf, "acts", "2022-06-01")
    assert {"espa", "espa-goods", "espa-patents", "espa-infrastructure-screening"} <= waiting
    assert not [name for name in waiting if "2026" in name or "medical" in name]
    assert {name_awaited(e) for e in list_awaited(shelf["acts"], date(2022, 6, 1))} == {"scheduled"}


def test_a_register_never_awaits_what_holds(shelf):
    for on in (date(2022, 6, 1), date(2025, 3, 31), date(2026, 11, 22)):
        for name, held in shelf.at(on).items():
            assert not [e.id for e in list_awaited(shelf[name], on) if e in held.entries], name


def test_what_could_not_be_known_is_not_awaited(shelf):
    assert "H-33" in ask(shelf, "policies", "2026-12-01")
    assert ask(shelf, "policies", "2026-12-01", "2025-03-01") == {"H-42", "H-73"}
    assert ask(shelf, "acts", "2026-12-01", "2025-03-01") == set()
    assert len(list_known(shelf["acts"], date(2025, 3, 1))) < len(list_known(shelf["acts"]))
