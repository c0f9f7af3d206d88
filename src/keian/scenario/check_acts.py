"""Finds what is written in a measure and could never act, so that nothing silently does nothing."""

from __future__ import annotations

from collections.abc import Iterator

from keian.core import Problem, Triple
from keian.scenario.check_values import Place
from keian.scenario.nouns import Measure, ReleaseStock, RestrainDemand
from keian.scenario.triples import Key

STRENGTHS = ("share", "faster_share", "draw_limit")  # a lever whose strength is 0 moves nothing
TARGETS = ("pools", "goods", "services", "origins")


def check_acts(measure: Measure, place: Place) -> Iterator[Problem]:
    """Check that every field of a measure's lever and effect can act."""
    yield from _check_curve(measure, place)
    yield from _check_prepared(measure, place)
    yield from _check_empty(measure, place)


def _check_curve(measure: Measure, place: Place) -> Iterator[Problem]:
    effect, lever = measure.effect, measure.lever
    if effect.decay_half_days is not None and effect.plateau_days is None:
        found = "a half-life after a plateau that never ends"
        fix = "state plateau_days, or leave decay_half_days out"
        yield _tell(place, ("effect", "decay_half_days"), found, "an effect that can fade", fix)
    released = isinstance(lever, ReleaseStock) and lever.pools == (effect.exhausts,)
    if effect.exhausts is not None and not released:
        found = f"{effect.exhausts!r}, which is not the one pool that this lever releases"
        fix = "release pools one by one, or state plateau_days instead"
        wanted = "the pool that the lever releases"
        yield _tell(place, ("effect", "exhausts"), found, wanted, fix)


def _check_prepared(measure: Measure, place: Place) -> Iterator[Problem]:
    if not measure.prepared_before:
        return
    late: tuple[tuple[Key, Triple], ...] = (
        (("decision_day",), measure.decision_day),
        (("effect", "lead_days"), measure.effect.lead_days),
    )
    for key, days in late:
        if days.high > 0:
            found = f"{days.mode:g} days on a measure that is in place before day 0"
            wanted = "0 days, or prepared_before: false"
            yield _tell(place, key, found, wanted, "leave out the days or prepared_before")


def _check_empty(measure: Measure, place: Place) -> Iterator[Problem]:
    lever = measure.lever
    for name in TARGETS:
        if getattr(lever, name, None) == ():
            found, wanted = "nothing named", "at least one name"
            yield _tell(place, ("lever", name), found, wanted, "name what the lever acts on")
    single = lever.kind != "harden_service"  # there one of several may be 0
    for name in STRENGTHS:
        triple = getattr(lever, name, None)
        if single and triple is not None and triple.low == triple.high == 0:
            found, wanted = "0", "a strength that changes something"
            yield _tell(place, ("lever", name), found, wanted, "give a strength, or leave it out")
    if isinstance(lever, RestrainDemand) and lever.share.high <= 0 < lever.output_loss_share.high:
        found = "output lost by restraint, where use rises"
        fix, wanted = "leave output_loss_share out", "no loss of output, or a share above 0"
        yield _tell(place, ("lever", "output_loss_share"), found, wanted, fix)


def _tell(place: Place, key: Key, found: str, wanted: str, fix: str) -> Problem:
    return Problem(where=place.where(key), found=found, wanted=wanted, fix=fix)
