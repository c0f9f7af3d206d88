"""Checks a scenario and measures against the economy and the law; gives every problem at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from keian.core import InputError, Label, NotInForce, Problem, Source, YamlDoc
from keian.economy.nouns import Economy
from keian.registers import Registers
from keian.scenario.check_acts import check_acts
from keian.scenario.check_names import (
    Known,
    check_measure_names,
    check_scenario_names,
    collect_known,
)
from keian.scenario.check_parts import check_parts
from keian.scenario.check_values import (
    Place,
    check_landings,
    check_measure_times,
    check_ranges,
    check_repairs,
    check_shock_times,
)
from keian.scenario.law import find_legal_status
from keian.scenario.load import list_shipped, load_scenario_sources
from keian.scenario.nouns import (
    DecisionDelay,
    HardenService,
    Measure,
    QualifySubstitute,
    RecordedShock,
    ReleaseStock,
    Scenario,
)
from keian.scenario.reach import calc_reach
from keian.scenario.words import load_units


@dataclass(frozen=True, slots=True)
class Reading:
    """What is known beside the documents: their sources, their files by id, published estimates.

    `anchors` None = the estimates are not known here; the review still refuses unknown ones.
    """

    sources: Mapping[str, Source] = field(default_factory=load_scenario_sources)
    written: Mapping[str, YamlDoc] = field(default_factory=dict)
    anchors: frozenset[str] | None = None

    def place(self, document: Scenario | Measure) -> Place:
        """Place a document; a combination has no lines for the shocks of its parts."""
        combined = isinstance(document, Scenario) and document.combination is not None
        return Place(document.id, None if combined else self.written.get(document.id))


def check(
    scenario: Scenario,
    measures: Sequence[Measure],
    economy: Economy,
    registers: Registers,
    *,
    what_if_law: bool = False,
    reading: Reading | None = None,
) -> tuple[Problem, ...]:
    """Check that a scenario and measures can run on an economy under the law of their day 0.

    Parameters
    ----------
    scenario : with its combination resolved.
    measures : those of the review; what they require may also be shipped measures.
    registers : dated law; asked as known on day 0.
    what_if_law : let measures run for which no law exists, marked as such.
    reading : sources and lines of the documents; by default the shipped sources.

    Returns
    -------
    tuple of Problem
        Empty if everything can run.
    """
    reading = reading or Reading()
    known = collect_known(
        economy,
        measures={m.id for m in measures} | set(list_shipped().measures),
        agreements=registers.acts.ids(),
        sources=reading.sources,
        units=load_units(),
        anchors=reading.anchors,
    )
    return (
        *_check_scenario(scenario, economy, known, reading.place(scenario)),
        *(
            problem
            for measure in measures
            for problem in (
                *check_ranges(measure, reading.place(measure)),
                *check_measure_times(measure, scenario, reading.place(measure)),
                *check_measure_names(measure, known, reading.place(measure)),
                *check_acts(measure, reading.place(measure)),
                *_check_lever(measure, economy, reading.place(measure)),
                *_check_law(measure, scenario, registers, what_if_law, reading.place(measure)),
            )
        ),
        *_check_twins(measures, reading),
    )


def _check_scenario(
    scenario: Scenario, economy: Economy, known: Known, place: Place
) -> Iterator[Problem]:
    if scenario.economy != economy.name:
        yield Problem(
            where=place.where(("economy",)),
            found=repr(scenario.economy),
            wanted=f"the economy that was loaded, {economy.name!r}",
            fix="load that economy or change the name",
        )
    try:
        Label(scenario.label)
    except InputError as error:
        for problem in error.problems:
            yield replace(problem, where=place.where(("label",)))
    if not scenario.shocks:
        yield Problem(
            where=place.where(("shocks",)),
            found="no shock",
            wanted="at least one shock or a combination",
            fix="write what happens",
        )
    yield from check_ranges(scenario, place)
    yield from check_shock_times(scenario, place)
    yield from check_repairs(scenario, place)
    yield from check_landings(scenario, place)
    unknown = tuple(check_scenario_names(scenario, known, place))
    yield from unknown
    if not unknown:
        yield from check_parts(scenario, economy, place)
        yield from _check_reach(scenario, economy, place)


def _check_reach(scenario: Scenario, economy: Economy, place: Place) -> Iterator[Problem]:
    """Find shocks that would silently do nothing."""
    for index, shock in enumerate(scenario.shocks):
        if isinstance(shock, RecordedShock | DecisionDelay) or calc_reach(shock, economy):
            continue
        yield Problem(
            where=place.where(("shocks", index)),
            found=f"{shock.id!r} ({shock.kind}), which touches nothing",
            wanted="a shock that takes something away from this economy",
            fix="name goods, products or units that it reaches and a loss above zero",
        )


def _check_lever(measure: Measure, economy: Economy, place: Place) -> Iterator[Problem]:
    """Find levers that could never do anything in this economy."""
    lever = measure.lever
    if isinstance(lever, ReleaseStock):
        automatic = {p.id for g in economy.goods for p in g.pools if p.automatic}
        for index, pool in enumerate(lever.pools):
            if pool in automatic:
                yield Problem(
                    where=place.where(("lever", "pools", index)),
                    found=f"{pool!r}, which feeds users by itself",
                    wanted="a pool that waits for a decision",
                    fix="name a stock of the state or under a duty",
                )
    elif isinstance(lever, HardenService):
        values = (lever.outage_share, lever.backup_days, lever.faster_share)
        if all(value.high == 0 for value in values):
            yield Problem(
                where=place.where(("lever",)),
                found="no outage avoided, no backup, no faster recovery",
                wanted="at least one of outage_share, backup_days, faster_share",
                fix="say what the measure changes",
            )
    elif isinstance(lever, QualifySubstitute):
        replaceable = {u.good for u in economy.uses if u.substitute_days is not None}
        for index, good in enumerate(lever.goods):
            if good in {g.id for g in economy.goods} - replaceable:
                yield Problem(
                    where=place.where(("lever", "goods", index)),
                    found=f"{good!r}, for which no user has a substitute",
                    wanted="a good that some user could replace",
                    fix="leave it out, or give a use of the good a substitute",
                )


def _check_law(
    measure: Measure,
    scenario: Scenario,
    registers: Registers,
    what_if_law: bool,
    place: Place,
) -> Iterator[Problem]:
    entry = measure.legal_basis.entry
    if entry is not None and entry not in registers.acts.ids():
        return  # the unknown name is reported with its nearest
    try:
        find_legal_status(measure, scenario, registers.acts, what_if_law=what_if_law)
    except NotInForce as error:
        yield Problem(
            where=place.where(("legal_basis",)),
            found=str(error),
            wanted=f"a basis in force from decision to end of effect in {scenario.id}",
            fix="change day 0 or the basis, or ask what if the law existed",
        )


def _check_twins(measures: Sequence[Measure], reading: Reading) -> Iterator[Problem]:
    seen: set[str] = set()
    for measure in measures:
        if measure.id in seen:
            yield Problem(
                where=reading.place(measure).where(("id",)),
                found=f"{measure.id!r} twice",
                wanted="one measure for each id",
                fix="leave one out or rename it",
            )
        seen.add(measure.id)
