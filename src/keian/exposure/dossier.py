"""A dossier: everything that cards and verdicts are written from, computed once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from keian.core import Label, Source
from keian.economy import Economy
from keian.exposure.card import StressTest
from keian.exposure.choke_points import ChokePoints, find_choke_points
from keian.exposure.citations import find_sources
from keian.exposure.designation_tests import DesignationTests, load_designation_tests
from keian.exposure.governance import load_governance
from keian.exposure.look_through import LookThrough, look_through
from keian.exposure.power_products import PowerOfProducts
from keian.exposure.screen import Screen
from keian.exposure.subjects import Subject, list_subjects
from keian.registers import InForce
from keian.share import raise_to_floor

NO_TESTS: Mapping[str, Sequence[StressTest]] = MappingProxyType({})


@dataclass(frozen=True, slots=True, eq=False)
class Dossier:
    """An economy, its screen, choke points, look-through, the designations of one day, stress tests.

    stress : scenarios that touch a good, by its id.
    instability : 0-1 by country and year.
    power : by product in the year of the screen; None = no flows between all countries then.
    """

    economy: Economy
    found: Screen
    points: ChokePoints
    looked: LookThrough
    law: InForce
    stress: Mapping[str, Sequence[StressTest]]
    instability: Mapping[tuple[str, int], float]
    tests: DesignationTests
    subjects: tuple[Subject, ...]
    label: Label
    power: PowerOfProducts | None = None


def open_dossier(
    economy: Economy,
    found: Screen,
    law: InForce,
    *,
    stress: Mapping[str, Sequence[StressTest]] = NO_TESTS,
    pairs: bool = True,
    power: PowerOfProducts | None = None,
) -> Dossier:
    """Open a dossier: find choke points and look through the table, once for all goods.

    Parameters
    ----------
    economy : with its illustrative goods set aside, not running.
    found : screen of the same country.
    law : the designations in force on the day asked about.
    pairs : judge two nodes lost together too.
    power : by product, of the same country and year.
    """
    tests = load_designation_tests()
    least = tests.limits.choke_loss_share.mode
    points = find_choke_points(economy, least_share=least, pairs=pairs)
    looked = look_through(economy)
    joined = found.label.join(points.label).join(looked.label).join(law.register.label)
    return Dossier(
        economy=economy,
        found=found,
        points=points,
        looked=looked,
        law=law,
        stress=stress,
        instability=load_governance(),
        tests=tests,
        subjects=list_subjects(economy, found),
        label=raise_to_floor(joined if power is None else joined.join(power.label)),
        power=power,
    )


def cite(dossier: Dossier, ids: Iterable[str]) -> dict[str, Source]:
    """Cite sources by id: those of the registers and of the economy, then the shipped ones."""
    own: dict[str, Source] = {**dossier.law.register.sources, **dossier.economy.sources}
    wanted = tuple(dict.fromkeys(ids))
    known = find_sources(name for name in wanted if name not in own)
    return {name: own.get(name) or known[name] for name in wanted}
