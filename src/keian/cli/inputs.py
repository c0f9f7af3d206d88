"""Reads and checks everything a command names; all problems of all files come together."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal, TypeVar

from keian.core import InputError, KeianWarning, NotInForce, Problem, Source, YamlDoc
from keian.economy import Economy, load_economy
from keian.registers import Registers, load_registers
from keian.scenario import check, load_measures, load_scenarios
from keian.scenario.check import Reading
from keian.scenario.check_names import check_measure_names, collect_known
from keian.scenario.check_values import Place
from keian.scenario.law import find_legal_status
from keian.scenario.load import (
    find_file,
    list_default,
    list_shipped,
    load_scenario_sources,
    read_lines,
)
from keian.scenario.nouns import Measure, Scenario
from keian.scenario.words import load_units

T = TypeVar("T")
ALL = "all"  # every shipped scenario, in place of a name


@dataclass(frozen=True, slots=True)
class Named:
    """What the person named at the command line.

    None = the shipped scenarios of a default review, all shipped measures.
    """

    economy: str = "japan"
    scenarios: tuple[str, ...] | None = None
    measures: tuple[str, ...] | None = None
    as_of: date | None = None
    what_if_law: bool = False
    illustrative: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """What the person asked for: inputs by name, size of the review, where it goes."""

    named: Named
    kind: str = "review"
    draws: int = 40
    threads: int | None = None
    viewer: str = "TLP:AMBER"
    lang: str = "en"
    out: Path | None = None
    workspace: Path | None = None
    allocation: Literal["fill", "level", "classes"] = "fill"  # of an ensemble
    new_links: bool = False  # of an ensemble
    comprehensive: bool = False  # also the review of every record, on the registers as of that day


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the names stand for, checked against each other."""

    economy: Economy
    scenarios: tuple[Scenario, ...]
    measures: tuple[Measure, ...]
    registers: Registers
    reading: Reading


def expand_all(names: Sequence[str] | None) -> list[str] | None:
    """Put every shipped scenario where `all` is named; others named beside it stay."""
    if names is None or ALL not in names:
        return None if names is None else list(names)
    others = [name for name in names if name != ALL]
    return [*list_shipped().scenarios, *(n for n in others if n not in list_shipped().scenarios)]


def load_inputs(named: Named) -> Inputs:
    """Load what a command names and check that it can run.

    Raises
    ------
    InputError
        Something written is wrong; all of it, with file and line.
    DataError
        A table of the economy does not fit.
    """
    problems: list[Problem] = []
    economy = _collect(lambda: load_asked(named), problems)
    wanted = list_default() if named.scenarios is None else named.scenarios
    scenarios = _collect(lambda: load_scenarios(wanted), problems)
    measures = _collect(lambda: load_measures(named.measures), problems)
    if economy is None or scenarios is None or measures is None:
        raise InputError(problems)
    if named.as_of is not None:
        scenarios = tuple(s.model_copy(update={"as_of": named.as_of}) for s in scenarios)
    registers = load_registers()
    if named.measures is None:
        measures = keep_lawful(measures, scenarios, registers, what_if_law=named.what_if_law)
        measures = keep_timely(measures, scenarios)
        measures = keep_fitting(measures, economy, registers)
    reading = _read_places(named, scenarios, measures)
    inputs = Inputs(economy, scenarios, measures, registers, reading)
    check_inputs(inputs, what_if_law=named.what_if_law)
    return inputs


def load_asked(named: Named) -> Economy:
    """Load the economy as asked, and note the illustrative goods that run in it."""
    economy = load_economy(named.economy, as_of=named.as_of, illustrative=named.illustrative)
    running = [good.id for good in economy.goods if good.tier == "illustrative"]
    if running:
        text = (
            f"{len(running)} illustrative goods run too: losses include what they stop, they rest "
            f"on assumptions and enter no ranking: {', '.join(running)}"
        )
        warnings.warn(text, KeianWarning, stacklevel=2)
    return economy


def keep_fitting(
    measures: Sequence[Measure], economy: Economy, registers: Registers
) -> tuple[Measure, ...]:
    """Keep the shipped measures whose targets this economy has, and warn of those left out.

    They are made for `japan`; another economy may have none of their stocks, goods or services. A
    measure that a person names is not left out: `check_inputs` then says what it lacks.
    """
    known = collect_known(
        economy,
        measures={m.id for m in measures} | set(list_shipped().measures),
        agreements=registers.acts.ids(),
        sources=load_scenario_sources(),
        units=load_units(),
    )
    fit = tuple(m for m in measures if not any(check_measure_names(m, known, Place(m.id))))
    if len(fit) < len(measures):
        names = ", ".join(m.id for m in measures if m not in fit)
        text = f"left out: economy {economy.name} has nothing that they act on: {names}"
        warnings.warn(text, KeianWarning, stacklevel=2)
    return fit


def keep_timely(measures: Sequence[Measure], scenarios: Sequence[Scenario]) -> tuple[Measure, ...]:
    """Keep the shipped measures that are decided within every horizon; warn of those left out."""
    shortest = min((s.horizon_days for s in scenarios), default=0)
    late = [m for m in measures if m.decision_day.mode >= shortest]
    if late:
        names = ", ".join(m.id for m in late)
        text = f"left out: decided after day {shortest}, when a scenario here ends: {names}"
        warnings.warn(text, KeianWarning, stacklevel=2)
    return tuple(m for m in measures if m not in late)


def keep_lawful(
    measures: Sequence[Measure],
    scenarios: Sequence[Scenario],
    registers: Registers,
    *,
    what_if_law: bool,
) -> tuple[Measure, ...]:
    """Keep the shipped measures that the law of the day allows, and warn of those left out.

    A measure that a person names is not left out: `check_inputs` then says what it lacks.
    """
    kept = []
    for measure in measures:
        try:
            for scenario in scenarios:
                find_legal_status(measure, scenario, registers.acts, what_if_law=what_if_law)
        except NotInForce as error:
            known = error.nearest in str(error)
            nearest = "" if known else f" (nearest: {error.nearest})"
            text = f"left out: {error}{nearest}"
            warnings.warn(text, KeianWarning, stacklevel=2)
        else:
            kept.append(measure)
    return tuple(kept)


def check_inputs(inputs: Inputs, *, what_if_law: bool = False) -> None:
    """Raise every problem of every scenario with every measure, each once."""
    found = (
        problem
        for scenario in inputs.scenarios
        for problem in check(
            scenario,
            inputs.measures,
            inputs.economy,
            inputs.registers,
            what_if_law=what_if_law,
            reading=inputs.reading,
        )
    )
    problems = (*_list_twins(inputs.scenarios), *dict.fromkeys(found))
    if problems:
        raise InputError(problems)


def _list_twins(scenarios: Iterable[Scenario]) -> list[Problem]:
    seen: set[str] = set()
    twins = []
    for scenario in scenarios:
        if scenario.id in seen:
            fix = "name it once, or give one of them another id"
            twins.append(
                Problem("--scenario", f"{scenario.id!r} twice", "one scenario for each id", fix)
            )
        seen.add(scenario.id)
    return twins


def _collect(load: Callable[[], T], problems: list[Problem]) -> T | None:
    try:
        return load()
    except InputError as error:
        problems += error.problems
    return None


def _read_places(
    named: Named, scenarios: Sequence[Scenario], measures: Sequence[Measure]
) -> Reading:
    """Remember at which lines people's own files state what, and what they may name."""
    from keian.review.compare import load_anchors

    sources: dict[str, Source] = load_scenario_sources()
    written: dict[str, YamlDoc] = {}
    groups: tuple[tuple[str, tuple[str, ...], Sequence[Scenario | Measure]], ...] = (
        ("scenarios", named.scenarios or (), scenarios),
        ("measures", named.measures or (), measures),
    )
    for kind, names, documents in groups:
        for name, document in zip(names, documents, strict=bool(names)):
            written[document.id] = read_lines(kind, name)
            sources |= load_scenario_sources(find_file(kind, name))
    return Reading(sources=sources, written=written, anchors=frozenset(load_anchors()))
