"""What a run was made of, as data: enough to play it again and to say what has changed since."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import yaml
from pydantic import BaseModel

from keian.cli.inputs import Asked, Inputs, Named
from keian.core import DOCUMENT, Source, digest_files, digest_json, load_document
from keian.crisis import load_rules
from keian.registers import Register
from keian.review.nouns import Review
from keian.scenario.load import load_scenario_sources
from keian.scenario.nouns import Measure, Scenario
from keian.share import Released
from keian.store import InputText, Manifest, build_manifest, read_versions

PACKAGE = Path(__file__).parents[1]
DOCUMENTS = "scenario.yaml"
SHORT = 12  # digits of a digest that people are shown
NOTHING: Mapping[str, str] = MappingProxyType({})


class RunDocuments(BaseModel):
    """The scenarios and measures of a run as they were played, combinations resolved."""

    model_config = DOCUMENT

    economy: str
    scenarios: tuple[Scenario, ...]
    measures: tuple[Measure, ...]
    sources: dict[str, Source] = {}  # those that keian does not ship


class WithoutAnchors(yaml.SafeDumper):
    """Writes a value out wherever it stands: documents with anchors are refused on reading."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - the signature of PyYAML's own
        """Treat no two values as one."""
        return True


@dataclass(frozen=True, slots=True)
class Change:
    """Something that is not as it was when the run was stored."""

    what: str
    then: str
    now: str


def describe_run(
    asked: Asked,
    inputs: Inputs,
    released: Released[Review],
    notes: Sequence[str] = (),
    pinned: Mapping[str, str] = NOTHING,
) -> Manifest:
    """Make the manifest of a run.

    Parameters
    ----------
    asked, inputs : what was asked and what it stands for.
    released : the review as its viewer may see it; if something was withheld, the viewer is part
        of the run's identity.
    notes : what keian warned of.
    pinned : digests of what else was read, by name: registers and findings of a comprehensive review.
    """
    named, review = asked.named, released.value
    withheld = {"withheld_for": asked.viewer} if released.withheld_count else {}
    return build_manifest(
        asked.kind,
        command=("keian", *sys.argv[1:]),
        as_of=named.as_of,
        economy=InputText(id=inputs.economy.name, file=named.economy, sha256=inputs.economy.digest),
        scenarios=list_texts(inputs.scenarios, named.scenarios),
        measures=list_texts(inputs.measures, named.measures),
        seeds={scenario.id: scenario.seed for scenario in inputs.scenarios},
        draws=review.draws,
        label=review.label,
        options={
            "what_if_law": named.what_if_law,
            **({"illustrative": True} if named.illustrative else {}),
            **withheld,
            **digest_surroundings(inputs),
            **pinned,
        },
        warnings=tuple(notes),
        assumptions=tuple(
            line.source.id for line in review.lines if line.source.kind == "assumption"
        ),
    )


def digest_surroundings(inputs: Inputs) -> dict[str, str]:
    """Digest what a run reads besides the economy and its documents."""
    return {
        "code_sha256": digest_code(),
        "rules_sha256": digest_json(load_rules()),
        "acts_sha256": _digest_register(inputs.registers.acts),
        "designations_sha256": _digest_register(inputs.registers.designations),
        "sources_sha256": digest_json(dict(inputs.reading.sources)),
    }


def digest_code() -> str:
    """Digest keian's own code and rules: a changed copy of one version is another program."""
    files = (path for path in PACKAGE.rglob("*") if path.suffix in {".py", ".yaml"})
    return digest_files(path for path in files if path.is_file())


def list_changes(
    manifest: Manifest, inputs: Inputs, pinned: Mapping[str, str] = NOTHING
) -> tuple[Change, ...]:
    """List the inputs and versions that have changed since a run was stored.

    Parameters
    ----------
    pinned : digests, as they are now, of what else the run had pinned.
    """
    surroundings = {**digest_surroundings(inputs), **pinned}
    then = {
        "economy": manifest.economy.sha256,
        **{key: str(manifest.options.get(key, "none")) for key in surroundings},
        **manifest.versions,
    }
    now = {"economy": inputs.economy.digest, **surroundings, **read_versions()}
    return tuple(
        Change(
            what.removesuffix("_sha256"),
            then.get(what, "none")[:SHORT],
            now.get(what, "none")[:SHORT],
        )
        for what in dict.fromkeys((*then, *now))
        if then.get(what) != now.get(what)
    )


def write_documents(named: Named, inputs: Inputs) -> str:
    """Write the scenarios and measures of a run as YAML, for people and for replay."""
    documents = RunDocuments(
        economy=named.economy,
        scenarios=inputs.scenarios,
        measures=inputs.measures,
        sources=_list_own_sources(inputs),
    )
    # Only what was stated: how much of a scenario is judgement counts stated values.
    plain = documents.model_dump(exclude_unset=True, exclude_none=True)
    return yaml.dump(plain, Dumper=WithoutAnchors, allow_unicode=True, sort_keys=False)


def read_documents(folder: Path) -> RunDocuments:
    """Read the scenarios and measures of a stored run."""
    return load_document(folder / DOCUMENTS, RunDocuments)


def _list_own_sources(inputs: Inputs) -> dict[str, Source]:
    shipped = load_scenario_sources()
    known = inputs.reading.sources.items()
    return {name: source for name, source in known if shipped.get(name) != source}


def list_texts(
    documents: Sequence[Scenario | Measure], names: tuple[str, ...] | None
) -> tuple[InputText, ...]:
    """List documents with the digests of their texts, and the files they were named by."""
    files = names or tuple(document.id for document in documents)
    return tuple(
        InputText(id=document.id, file=file, sha256=digest_json(document))
        for document, file in zip(documents, files, strict=True)
    )


def _digest_register(register: Register) -> str:
    return digest_json({"id": register.id, "entries": register.entries})
