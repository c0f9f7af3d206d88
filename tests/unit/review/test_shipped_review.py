"""One review of the shipped economy: nothing in it is without a source."""

import pytest

from keian.economy import load_economy
from keian.registers import load_registers
from keian.review import Request, evaluate
from keian.review.lines import walk_figures
from keian.scenario import load_measures, load_scenarios


@pytest.mark.slow
def test_a_review_of_japan_lists_the_source_of_every_figure():
    scenarios = load_scenarios(["minerals-ban"])
    measures = tuple(m for m in load_measures() if m.id in {"rare-metal-release", "naval-escort"})
    request = Request(load_economy(), scenarios, measures, load_registers(), draws=3)
    review = evaluate(request).review
    known = {line.source.id for line in review.lines}
    assert {s for f in walk_figures(review) for s in f.sources} <= known
    assert {s for r in review.scenarios for d in r.drivers for s in d.sources} <= known
    assert len(review.headlines) == 5
    (scenario,) = review.scenarios
    assert scenario.comparisons
    assert scenario.chain[0].kind in {"source", "route", "shock"}
    assert scenario.losses[0].share_of_year.structural is not None
