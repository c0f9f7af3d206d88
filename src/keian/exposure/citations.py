"""Finds the sources that a table cites, among those of this room and of the shipped economy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from types import MappingProxyType

from keian.core import Source
from keian.economy.load import find_economy, load_source_files
from keian.exposure.criteria import load_exposure_sources


@cache
def load_known_sources() -> Mapping[str, Source]:
    """Load the sources of the shipped economy and of this room, by id."""
    shipped = load_source_files(find_economy("japan"))
    return MappingProxyType({**load_exposure_sources(), **shipped})


def find_sources(ids: Iterable[str]) -> dict[str, Source]:
    """Find the sources named; a name that is none (a user's own file) becomes one."""
    known = load_known_sources()
    return {
        name: known.get(name)
        or Source(id="own-data", title=f"a file that the user loaded: {name}", kind="published")
        for name in ids
    }
