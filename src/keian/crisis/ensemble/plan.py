"""What an ensemble plays, on disk: any process opens it by path and digest, arrays as memory maps.

Nothing is pickled: documents are JSON, arrays are `.npy` files.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields
from functools import lru_cache
from pathlib import Path
from typing import Any, get_type_hints

import numpy as np
import numpy.typing as npt
from pydantic import TypeAdapter

from keian.core import DataError, Problem, digest_bytes, digest_file
from keian.crisis._arrays import Static
from keian.crisis.compile import Compiled
from keian.crisis.rules import Rules, Switches
from keian.crisis.run import Run
from keian.crisis.table_arrays import index_economy
from keian.economy.nouns import Economy
from keian.scenario.nouns import Measure, Scenario

INDEX = "index.json"
DOCUMENTS = "documents.json"
STATIC, ECONOMY = "static", "economy"  # first part of the names of arrays
FIX = "delete the unfinished run and begin again"

Arrays = Mapping[str, npt.NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Plan:
    """One scenario with the measures taken, to be played in the mode run and in any draw."""

    compiled: Compiled
    scenario: Scenario
    measures: tuple[Measure, ...] = ()
    switches: Switches = field(default_factory=Switches)

    def run(self, draw: int) -> Run:
        """Name one future; -1 is the mode run."""
        return Run(self.scenario, self.measures, draw, self.switches)


def write_plan(plan: Plan, folder: Path) -> str:
    """Write a plan into a folder.

    Returns
    -------
    str
        Digest of everything written; `open_plan` asks for it.

    Examples
    --------
    >>> from tempfile import mkdtemp
    >>> from keian.crisis import compile_economy, load_rules
    >>> from keian.economy import load_economy
    >>> from keian.scenario.load import load_scenario
    >>> compiled = compile_economy(load_economy("japan"), load_rules())
    >>> folder = Path(mkdtemp())
    >>> digest = write_plan(Plan(compiled, load_scenario("hormuz-90d")), folder)
    >>> open_plan(folder, digest).scenario.id
    'hormuz-90d'
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, array in _list_arrays(plan.compiled):
        np.save(folder / f"{name}.npy", array, allow_pickle=False)
    (folder / DOCUMENTS).write_bytes(_write_documents(plan))
    index = {
        path.name: {"sha256": digest_file(path), "size_bytes": path.stat().st_size}
        for path in sorted(folder.iterdir())
        if path.name != INDEX
    }
    raw = json.dumps(index, sort_keys=True).encode()
    (folder / INDEX).write_bytes(raw)
    return digest_bytes(raw)


def open_plan(folder: Path, digest: str) -> Plan:
    """Open a plan; its arrays are read from the disk where and when they are used.

    Raises
    ------
    DataError
        The folder does not hold the plan of that digest, whole.
    """
    index = _read_index(folder, digest)
    problems = [
        Problem(str(folder / name), "a missing, cut or longer file", "as it was written", FIX)
        for name, entry in index.items()
        if not (folder / name).is_file() or (folder / name).stat().st_size != entry["size_bytes"]
    ]
    if problems:
        raise DataError(problems)
    raw = (folder / DOCUMENTS).read_bytes()
    if digest_bytes(raw) != index[DOCUMENTS]["sha256"]:
        found = "changed documents"
        raise DataError([Problem(str(folder / DOCUMENTS), found, "as they were written", FIX)])
    arrays = {
        name.removesuffix(".npy"): _open_array(folder / name)
        for name in index
        if name.endswith(".npy")
    }
    return _build(json.loads(raw), arrays)


def check_plan(folder: Path, digest: str) -> None:
    """Read every byte of a plan once and compare; workers then open it by size alone.

    Raises
    ------
    DataError
        A file is not as it was written.
    """
    changed = [
        folder / name
        for name, entry in _read_index(folder, digest).items()
        if not (folder / name).is_file() or digest_file(folder / name) != entry["sha256"]
    ]
    if changed:
        raise DataError(
            Problem(str(path), "a changed or missing file", "as it was written", FIX)
            for path in changed
        )


@lru_cache(maxsize=1)
def open_plan_once(folder: str, digest: str) -> Plan:
    """Open a plan for every batch of a worker."""
    return open_plan(Path(folder), digest)


def _list_arrays(compiled: Compiled) -> Iterator[tuple[str, npt.NDArray[Any]]]:
    for name, value in compiled.static._asdict().items():
        if isinstance(value, np.ndarray):
            yield f"{STATIC}.{name}", value
    for entry in fields(Economy):
        value = getattr(compiled.economy, entry.name)
        if isinstance(value, np.ndarray):
            yield f"{ECONOMY}.{entry.name}", value


def _write_documents(plan: Plan) -> bytes:
    economy, static = plan.compiled.economy, plan.compiled.static
    types = get_type_hints(Economy)
    told = {
        entry.name: TypeAdapter(types[entry.name]).dump_python(
            getattr(economy, entry.name), mode="json"
        )
        for entry in fields(Economy)
        if not isinstance(getattr(economy, entry.name), np.ndarray)
    }
    switches = plan.switches
    documents = {
        "economy": told,
        "static": {k: v for k, v in static._asdict().items() if not isinstance(v, np.ndarray)},
        "rules": plan.compiled.rules.model_dump(mode="json"),
        "scenario": plan.scenario.model_dump(mode="json", exclude_unset=True),
        "measures": [m.model_dump(mode="json", exclude_unset=True) for m in plan.measures],
        # JSON has no infinity, so kappa goes as text
        "switches": asdict(switches) | {"kappa": str(switches.kappa)},
    }
    return json.dumps(documents, ensure_ascii=False, allow_nan=False).encode("utf-8")


def _build(documents: dict[str, Any], arrays: Arrays) -> Plan:
    types = get_type_hints(Economy)
    own: dict[str, object] = {
        name: TypeAdapter(types[name]).validate_json(json.dumps(value))
        for name, value in documents["economy"].items()
    }
    economy = Economy(**(own | _pick(arrays, ECONOMY)))  # type: ignore[arg-type]  # one dict
    rules = Rules.model_validate_json(json.dumps(documents["rules"]))
    fixed: dict[str, object] = documents["static"] | _pick(arrays, STATIC)
    static = Static(**fixed)  # type: ignore[arg-type]  # one dict of arrays, as make_static
    switches = documents["switches"]
    return Plan(
        compiled=Compiled(economy, rules, index_economy(economy), static),
        scenario=Scenario.model_validate_json(json.dumps(documents["scenario"])),
        measures=tuple(Measure.model_validate_json(json.dumps(m)) for m in documents["measures"]),
        switches=Switches(**switches | {"kappa": float(switches["kappa"])}),
    )


def _pick(arrays: Arrays, room: str) -> dict[str, npt.NDArray[Any]]:
    start = f"{room}."
    return {k.removeprefix(start): v for k, v in arrays.items() if k.startswith(start)}


def _open_array(path: Path) -> npt.NDArray[Any]:
    try:
        # Copy on write: the kernel is compiled for arrays that it could write to, and writes to none.
        return np.asarray(np.load(path, mmap_mode="c", allow_pickle=False))
    except ValueError:
        # An empty array cannot be mapped.
        return np.asarray(np.load(path, allow_pickle=False))


def _read_index(folder: Path, digest: str) -> dict[str, dict[str, Any]]:
    path = folder / INDEX
    if not path.is_file():
        fix = "give every worker the same workspace, on storage that all of them see"
        raise DataError([Problem(str(path), "no plan", "the plan of the ensemble", fix)])
    raw = path.read_bytes()
    if digest_bytes(raw) != digest:
        raise DataError([Problem(str(path), "another plan", f"the plan {digest[:12]}", FIX)])
    return dict(json.loads(raw))
