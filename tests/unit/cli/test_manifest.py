"""What a run folder keeps of its documents is what was played."""

from datetime import date

import pytest

from keian.cli.inputs import Inputs, Named
from keian.cli.manifest import DOCUMENTS, read_documents, write_documents
from keian.core import digest_json
from keian.registers import load_registers
from keian.scenario import load_measures, load_scenarios
from keian.scenario.check import Reading
from keian.scenario.evidence import calc_judgement_share
from keian.scenario.load import load_scenario_sources
from tests.unit.scenario.tiny import make_economy, make_sources


@pytest.mark.parametrize("as_of", [None, date(2026, 10, 1)])
def test_documents_survive_the_run_folder(tmp_path, as_of):
    scenarios, measures = load_scenarios(), load_measures()
    if as_of is not None:
        scenarios = tuple(s.model_copy(update={"as_of": as_of}) for s in scenarios)
    sources = {**load_scenario_sources(), **make_sources()}
    inputs = Inputs(make_economy(), scenarios, measures, load_registers(), Reading(sources))
    path = tmp_path / DOCUMENTS
    path.write_text(write_documents(Named("japan"), inputs), encoding="utf-8")
    read = read_documents(tmp_path)
    assert read.economy == "japan"
    assert digest_json(read.scenarios) == digest_json(scenarios)
    assert digest_json(read.measures) == digest_json(measures)
    assert set(read.sources) == set(make_sources()) - set(load_scenario_sources())
    for before, after in zip(scenarios, read.scenarios, strict=True):
        assert calc_judgement_share(after, sources) == calc_judgement_share(before, sources)
