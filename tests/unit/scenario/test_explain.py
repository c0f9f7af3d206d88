import pytest

from keian.registers import load_registers
from keian.scenario import explain
from keian.scenario.check import Reading
from keian.scenario.explain import write_lines
from tests.unit.scenario.tiny import (
    make_closure,
    make_economy,
    make_measure,
    make_scenario,
    make_sources,
)

PRICE = {
    "id": "oil-price",
    "kind": "price_change",
    "what": "oil price",
    "names": {"en": "oil price", "ja": "原油価格"},
    "duration_days": 30,
    "value": [87, 119, 140],
    "unit": "USD per barrel",
    "sources": ["a-tiny"],
}
PORTS = {
    "id": "ports",
    "kind": "service_outage",
    "service": "ports",
    "duration_days": [1, 2.5, 5],
    "loss": [0.1, 0.2, 0.5],
    "sources": ["a-tiny"],
}
ENGLISH = """\
Tiny crisis: day 0 is 2026-11-22, 100 days are played, economy Tiny
Partial: recorded, not modelled: oil price
Mostly judgement: 89 % of the values rest on assumptions alone

Timeline
  day 0: ports fails directly: 20 % (10-50 %) of the service
      lasts 2.5 (1-5) days
      then it ends at once
      ports: 20 % (10-50 %) of its level
  day 2.5 (1-5): ports: the full loss ends
  day 3 (2-7): Hormuz closes: 90 % (50-100 %) of its traffic is lost
      lasts 30 days
      then the loss halves every 20 (10-60) days
      users see it coming from day 0
      crude: 65 % (36-72 %) of national supply
      c2 from ROW to JPN: 27 % (15-30 %) of all that is bought there
      fuel, made from crude, follows
  day 5: Decided: Release (Minister)
      releases state_crude
      works from day 12 (8-19), fully from day 12 (8-19), for good, stops at once when state_crude is empty
      legal basis: Act on Securing Oil Stockpiles, art. 31, in force since 1976-04-26
      cost: 128 billion yen a year (upkeep)
      limit: Tanks run dry.
  day 33 (32-37): Hormuz: the full loss ends

Recorded, not modelled
  oil price: 119 (87-140) US dollars per barrel

Assumed
  a-tiny: A tiny assumption

Acting on nothing that this scenario touches: Substitute
"""
JAPANESE_EVENTS = """\
  0日目: ports（日）の直接の障害：機能の20%（10〜50%）
  2.5（1〜5）日目: ports（日）：全面的な損失が終わる
  3（2〜7）日目: Hormuz（日）の閉鎖：通航の90%（50〜100%）が失われる
  5日目: 決定：放出（大臣）
  33（32〜37）日目: Hormuz（日）：全面的な損失が終わる
"""


@pytest.fixture(scope="module")
def explained():
    closure = make_closure(known_from_day=0, recovery_half_days=[10, 20, 60], sources=["a-tiny"])
    scenario = make_scenario(closure, PRICE, PORTS)
    release = make_measure(
        decision_day=5,
        effect={"lead_days": [3, 7, 14], "exhausts": "state_crude"},
        cost={
            "amount": 128,
            "unit": "billion JPY per year",
            "what": "upkeep",
            "sources": ["a-tiny"],
        },
    )
    substitute = make_measure(
        id="substitute",
        names={"en": "Substitute", "ja": "Substitute"},
        lever={"kind": "qualify_substitute", "goods": ["metal"], "faster_share": [0.2, 0.3, 0.4]},
        legal_basis={"kind": "missing_law"},
        requires=[{"measure": "release", "without": [0, 0.05, 0.1], "why": "no time otherwise"}],
    )
    reading = Reading(sources=make_sources())

    def run(lang):
        return explain(
            scenario,
            [release, substitute],
            make_economy(),
            load_registers(),
            lang=lang,
            reading=reading,
        )

    return run


def tell(scenario, measure):
    told = explain(
        scenario,
        [measure],
        make_economy(),
        load_registers(),
        reading=Reading(sources=make_sources()),
    )
    return next(e for e in told.events if e.kind == "measure")


def test_english_text_word_by_word(explained):
    assert "\n".join(write_lines(explained("en"))) + "\n" == ENGLISH


def test_japanese_timeline(explained):
    lines = [line for line in write_lines(explained("ja")) if "日目: " in line]
    assert "\n".join(lines) + "\n" == JAPANESE_EVENTS


def test_flags_and_badges(explained):
    told = explained("en")
    assert told.partial
    assert told.mostly_judgement
    assert told.idle == ("substitute",)


def test_a_missing_law_and_a_partner_are_said():
    reinsure = make_measure(
        lever={"kind": "open_route", "route": "hormuz", "share": 0.2},
        legal_basis={"kind": "missing_law"},
        requires=[{"measure": "escort", "without": [0, 0.05, 0.1], "why": "crews refuse"}],
    )
    event = tell(make_scenario(), reinsure)
    assert event.badges == ("no such law exists; played as if it did",)
    assert "works to 5 % (0-10 %) unless escort is in force too: crews refuse" in event.details


def test_delays_of_decisions_move_the_measures():
    delay = {
        "id": "late",
        "kind": "decision_delay",
        "duration_days": 100,
        "days": [1, 2, 4],
        "sources": ["a-tiny"],
    }
    event = tell(make_scenario(make_closure(), delay), make_measure(decision_day=5))
    assert event.day == (6, 7, 9)


def test_an_act_not_in_force_is_said_not_hidden():
    measure = make_measure(legal_basis={"kind": "act", "entry": "espa-medical"})
    event = tell(make_scenario(), measure)
    assert event.badges == (
        "NOT IN FORCE: espa-medical is not in force on 2026-11-22; nearest: no dated entry",
    )
