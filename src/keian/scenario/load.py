"""Reads scenarios and measures: shipped ones by id, others by path."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from keian.core import (
    DOCUMENT,
    InputError,
    Problem,
    Source,
    YamlDoc,
    load_document,
    load_sources,
    read_yaml,
)
from keian.registers.lookup import Called, find_near
from keian.scenario.combine import resolve
from keian.scenario.nouns import Measure, Scenario

DATA = Path(__file__).parent / "data"
SUFFIXES = frozenset({".yaml", ".yml"})
D = TypeVar("D", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Shipped:
    """Ids of the documents that come with keian."""

    scenarios: tuple[str, ...]
    measures: tuple[str, ...]


def list_shipped() -> Shipped:
    """List the shipped scenarios and measures.

    Examples
    --------
    >>> "hormuz-90d" in list_shipped().scenarios
    True
    """
    return Shipped(*(tuple(sorted(p.stem for p in _list_files(k))) for k in Shipped.__slots__))


class DefaultReview(BaseModel):
    """Scenarios that a review plays when none is named."""

    model_config = DOCUMENT

    scenarios: tuple[str, ...]


def list_default() -> tuple[str, ...]:
    """List the shipped scenarios that a review plays when none is named.

    Examples
    --------
    >>> set(list_default()) < set(list_shipped().scenarios)
    True
    """
    return load_document(DATA / "default_review.yaml", DefaultReview).scenarios


def find_file(kind: str, name: Path | str) -> Path:
    """Find the file of a shipped id or a path.

    Parameters
    ----------
    kind : `scenarios` or `measures`.

    Raises
    ------
    InputError
        Neither a shipped id nor a file.
    """
    shipped = {p.stem: p for p in _list_files(kind)}
    path = Path(name)
    if str(name) in shipped:
        return shipped[str(name)]
    if path.suffix in SUFFIXES or path.is_file():
        return path
    near = find_near(str(name), [Called(each, ()) for each in shipped])
    raise InputError(
        (
            Problem(
                where=str(name),
                found=f"{str(name)!r}, which is neither a file nor shipped",
                wanted=f"a YAML file or one of {', '.join(shipped)}",
                fix=f"did you mean {near[0]!r}?" if near else "give the path of the file",
            ),
        )
    )


def load_scenario(name: Path | str) -> Scenario:
    """Load a scenario and put the parts of a combination into it.

    Parts of a combination are looked for beside the file first, then among the shipped ones.

    Raises
    ------
    InputError
        The document is wrong; all problems with file and line.
    """
    path = find_file("scenarios", name)

    def find_part(part: str) -> Scenario:
        beside = path.with_name(f"{part}.yaml")
        return load_document(beside if beside.is_file() else find_file("scenarios", part), Scenario)

    return resolve(load_document(path, Scenario), find_part)


def load_measure(name: Path | str) -> Measure:
    """Load a measure by shipped id or path."""
    return load_document(find_file("measures", name), Measure)


def load_scenarios(names: Sequence[Path | str] | None = None) -> tuple[Scenario, ...]:
    """Load scenarios, by default all shipped; the problems of all files come together."""
    wanted = list_shipped().scenarios if names is None else names
    return _load_all(wanted, load_scenario)


def load_measures(names: Sequence[Path | str] | None = None) -> tuple[Measure, ...]:
    """Load measures, by default all shipped; the problems of all files come together."""
    wanted = list_shipped().measures if names is None else names
    return _load_all(wanted, load_measure)


def load_scenario_sources(path: Path | str | None = None) -> dict[str, Source]:
    """Load the sources of the shipped documents and those beside a file.

    Parameters
    ----------
    path : a document of a user; a `sources.yaml` in its folder is read too and wins.
    """
    sources = dict(load_sources(DATA / "sources.yaml"))
    if path is not None and (beside := Path(path).with_name("sources.yaml")).is_file():
        sources |= load_sources(beside)
    return sources


def read_lines(kind: str, name: Path | str) -> YamlDoc:
    """Read at which lines a document states its keys, so that problems can name them.

    Parameters
    ----------
    kind : `scenarios` or `measures`.
    """
    return read_yaml(find_file(kind, name))


def _list_files(kind: str) -> tuple[Path, ...]:
    return tuple(sorted((DATA / kind).glob("*.yaml")))


def _load_all(names: Sequence[Path | str], load_one: Callable[[Path | str], D]) -> tuple[D, ...]:
    found: list[D] = []
    problems: list[Problem] = []
    for name in names:
        try:
            found.append(load_one(name))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(tuple(problems))
    return tuple(found)
