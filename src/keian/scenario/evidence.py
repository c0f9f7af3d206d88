"""How much of a scenario is judgement, and what of it is recorded only."""

from __future__ import annotations

from collections.abc import Mapping

from keian.core import Source
from keian.scenario.nouns import Measure, RecordedShock, Scenario, Shock
from keian.scenario.triples import walk_triples

JUDGED = frozenset({"C", "D"})  # grades of Measure.evidence that are no published figure
MOSTLY = 0.5  # share of cells from which a scenario counts as mostly judgement


def list_recorded(scenario: Scenario) -> tuple[RecordedShock, ...]:
    """List the shocks that are recorded, not modelled; any makes the scenario partial."""
    return tuple(s for s in scenario.shocks if isinstance(s, RecordedShock))


def calc_judgement_share(scenario: Scenario, sources: Mapping[str, Source]) -> float:
    """Calculate the share of a scenario's cells that rest on nothing but assumptions.

    A cell is one stated value of a shock; its sources are its own or, where it names none, those
    of its shock. A source that is not known counts as an assumption.

    Parameters
    ----------
    sources : by id.

    Returns
    -------
    float
        0 to 1; 0 for a scenario without shocks.
    """
    cells = [
        _rests_on_assumptions(triple.sources or shock.sources, sources)
        for shock in scenario.shocks
        for _, triple in walk_triples(shock)
    ]
    return sum(cells) / len(cells) if cells else 0.0


def is_mostly_judgement(scenario: Scenario, sources: Mapping[str, Source]) -> bool:
    """Tell whether the scenario carries the badge "mostly judgement"."""
    return calc_judgement_share(scenario, sources) > MOSTLY


def rests_on_judgement(measure: Measure) -> bool:
    """Tell whether the effect of a measure is judgement: its evidence is graded C or D.

    Whatever a review concludes from such a measure is no more robust than the judgement.
    """
    return measure.evidence in JUDGED


def list_assumptions(
    document: Scenario | Measure | Shock, sources: Mapping[str, Source]
) -> tuple[Source, ...]:
    """List the assumptions that a document rests on, in the order in which it names them."""
    names: dict[str, None] = dict.fromkeys(document.sources)
    if isinstance(document, Scenario):
        for shock in document.shocks:
            names.update(dict.fromkeys(shock.sources))
    for _, triple in walk_triples(document):
        names.update(dict.fromkeys(triple.sources))
    found = (sources[name] for name in names if name in sources)
    return tuple(source for source in found if source.kind == "assumption")


def _rests_on_assumptions(names: tuple[str, ...], sources: Mapping[str, Source]) -> bool:
    return all(name not in sources or sources[name].kind == "assumption" for name in names)
