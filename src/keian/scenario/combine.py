"""Plays several scenarios together: the shocks of all, each with its own random streams."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from keian.core import InputError, Names, Problem, Triple
from keian.scenario.draws import name_shock
from keian.scenario.nouns import ZERO, Combination, Scenario, Shock

LONGEST_ID = 80  # characters, as in the pattern of ids
LEAST_PARTS = 2


def combine(
    scenarios: Sequence[Scenario],
    then_days: Sequence[Triple] = (),
    *,
    frame: Scenario | None = None,
) -> Scenario:
    """Combine scenarios into one.

    Parameters
    ----------
    scenarios : at least two, with one economy, one day 0 and one seed.
    then_days : shift of each, days; empty = all on the same day.
    frame : gives id, names, day 0 and further shocks of the combination; by default they are
        made from the parts.

    Returns
    -------
    Scenario
        Shock ids carry the id of their scenario, so that each keeps its random streams; the
        horizon is the longest.

    Raises
    ------
    InputError
        The parts do not fit together; all problems.
    """
    shifts = tuple(then_days) or tuple(ZERO for _ in scenarios)
    problems = _check_parts(scenarios, shifts, frame)
    if problems:
        raise InputError(problems)
    first = frame or scenarios[0]
    shocks = tuple(
        _shift_shock(shock, name_shock(part, shock), shift)
        for part, shift in zip(scenarios, shifts, strict=True)
        for shock in part.shocks
    )
    if frame is not None:
        shocks += tuple(s.model_copy(update={"id": f"{frame.id}.{s.id}"}) for s in frame.shocks)
    every = (*scenarios, *((frame,) if frame else ()))
    return first.model_copy(
        update={
            "id": frame.id if frame else "-and-".join(s.id for s in scenarios)[:LONGEST_ID],
            "names": frame.names if frame else _join_names(scenarios),
            "story": frame.story if frame else None,
            "doubt": frame.doubt if frame else None,
            "horizon_days": max(s.horizon_days for s in every),
            "shocks": shocks,
            "combination": Combination(
                scenarios=tuple(s.id for s in scenarios), then_days=tuple(then_days)
            ),
            "anchors": _join_ids(*(s.anchors for s in every)),
            "sources": _join_ids(*(s.sources for s in every)),
        }
    )


def resolve(
    scenario: Scenario, find: Callable[[str], Scenario], trail: tuple[str, ...] = ()
) -> Scenario:
    """Replace the combination that a scenario names by the shocks of its parts.

    Parameters
    ----------
    find : gives the scenario of an id, not yet resolved.
    trail : ids that are being resolved already.
    """
    if scenario.combination is None:
        return scenario
    trail = (*trail, scenario.id)
    looped = [name for name in scenario.combination.scenarios if name in trail]
    if looped:
        raise InputError(
            (
                Problem(
                    where=f"{scenario.id} combination.scenarios",
                    found=f"{looped[0]!r}, which names this scenario again",
                    wanted="scenarios that do not contain each other",
                    fix="take it out of the list",
                ),
            )
        )
    parts = [resolve(find(name), find, trail) for name in scenario.combination.scenarios]
    return combine(parts, scenario.combination.then_days, frame=scenario)


def _shift_shock(shock: Shock, name: str, shift: Triple) -> Shock:
    """Move a shock; ranges of start and shift add end to end, since they read one stream."""
    update: dict[str, object] = {"id": name, "start_day": _add(shock.start_day, shift)}
    if shock.known_from_day is not None:
        update["known_from_day"] = _add(shock.known_from_day, shift)
    return shock.model_copy(update=update)


def _add(first: Triple, second: Triple) -> Triple:
    if second.fixed and second.mode == 0:
        return first
    return first.model_copy(
        update={
            "low": first.low + second.low,
            "mode": first.mode + second.mode,
            "high": first.high + second.high,
            "dist": second.dist if first.fixed else first.dist,
            "sources": _join_ids(first.sources, second.sources),
        }
    )


def _join_ids(*groups: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for group in groups for name in group))


def _join_names(scenarios: Sequence[Scenario]) -> Names:
    return Names(
        en=" and ".join(s.names.en for s in scenarios),
        ja="と".join(s.names.ja for s in scenarios),
    )


def _check_parts(
    scenarios: Sequence[Scenario], shifts: Sequence[Triple], frame: Scenario | None
) -> tuple[Problem, ...]:
    where = f"{frame.id if frame else 'combination'} combination"
    problems = []
    if len(scenarios) < LEAST_PARTS:
        problems.append(
            Problem(where, f"{len(scenarios)} scenarios", "at least two", "name two scenarios")
        )
    if len(shifts) != len(scenarios):
        problems.append(
            Problem(
                where=f"{where}.then_days",
                found=f"{len(shifts)} shifts for {len(scenarios)} scenarios",
                wanted="one shift for each scenario, or none at all",
                fix="write 0 for a scenario that is not shifted",
            )
        )
    every = (*scenarios, *((frame,) if frame else ()))
    for field, fix in (
        ("seed", "give all the same seed, or their futures would not meet"),
        ("economy", "name one economy"),
        ("as_of", "give all the same day 0; shift one with then_days"),
    ):
        found = dict.fromkeys(str(getattr(s, field)) for s in every)
        if len(found) > 1:
            problems.append(Problem(f"{where} {field}", " and ".join(found), "one value", fix))
    return tuple(problems)
