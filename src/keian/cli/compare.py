"""Compares the files of two runs number by number: same bits, close, or how far apart and where."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

CLOSE = 1e-9  # relative; what another processor or library version may move (architecture, replay)
Level = Literal["same", "close", "differs"]
LEVELS: tuple[Level, ...] = ("same", "close", "differs")
Array = npt.NDArray[Any]
# What names the run or the libraries, not its results.
NAMES_THE_RUN = frozenset({"run_id", "versions", "trace"})


@dataclass(frozen=True, slots=True)
class Difference:
    """How one array of two runs compares.

    greatest : largest |a - b| / max(|a|, |b|); NaN where shapes, texts or gaps differ.
    where : the place of it, `file variable[index]`.
    """

    level: Level
    greatest: float
    where: str
    found: str = ""
    wanted: str = ""


@dataclass(frozen=True, slots=True)
class Equality:
    """Which equality two runs achieved, the differences behind it, worst first, of how many values."""

    level: Level
    differences: tuple[Difference, ...]
    values_count: int


def compare_folders(old: Path, new: Path, names: Iterable[str]) -> Equality:
    """Compare the named files of two folders.

    Parameters
    ----------
    old : folder of the stored run.
    new : folder of the run played again.
    names : files below both: netCDF, Parquet or JSON.
    """
    found: list[Difference] = []
    count = 0
    for name in names:
        if not (new / name).is_file():
            found.append(Difference("differs", np.nan, name, "no such file", "the file"))
            continue
        stored = read_arrays(old / name)
        count += sum(array.size for array in stored.values())
        found += compare_arrays(name, stored, read_arrays(new / name))
    apart = sorted(
        (d for d in found if d.level != "same"),
        key=lambda d: (-LEVELS.index(d.level), -np.nan_to_num(d.greatest, nan=-1.0)),
    )
    return Equality(apart[0].level if apart else "same", tuple(apart), count)


def compare_arrays(
    name: str, old: Mapping[str, Array], new: Mapping[str, Array]
) -> Iterator[Difference]:
    """Compare arrays by name; one that is missing on either side differs."""
    for key in dict.fromkeys((*old, *new)):
        where = f"{name} {key}"
        if key not in old or key not in new:
            side = "the new" if key in new else "the stored"
            yield Difference("differs", np.nan, where, f"only in {side} run", "in both")
        else:
            yield compare_values(where, old[key], new[key])


def compare_values(where: str, old: Array, new: Array) -> Difference:
    """Compare two arrays.

    Examples
    --------
    >>> compare_values("x", np.array([1.0, 2.0]), np.array([1.0, 2.5])).level
    'differs'
    """
    if old.dtype != new.dtype or old.shape != new.shape:
        return Difference(
            "differs", np.nan, where, f"{new.dtype}{new.shape}", f"{old.dtype}{old.shape}"
        )
    if old.dtype.kind not in "fiub":
        unequal = np.flatnonzero(old.astype(str).ravel() != new.astype(str).ravel())
        return _point("differs", np.nan, where, old, new, unequal) if unequal.size else _same(where)
    if old.tobytes() == new.tobytes():
        return _same(where)
    a, b = old.astype(np.float64).ravel(), new.astype(np.float64).ravel()
    gaps = np.flatnonzero(np.isnan(a) != np.isnan(b))
    if gaps.size:
        return _point("differs", np.nan, where, old, new, gaps)
    size = np.maximum(np.abs(a), np.abs(b))
    with np.errstate(invalid="ignore"):
        apart = np.where(a == b, 0.0, np.abs(a - b)) / np.where(size > 0, size, 1.0)
    apart = np.nan_to_num(apart, nan=0.0, posinf=np.inf)
    worst = np.array([int(np.argmax(apart))])
    greatest = float(apart[worst[0]])
    return _point("close" if greatest <= CLOSE else "differs", greatest, where, old, new, worst)


def read_arrays(path: Path) -> dict[str, Array]:
    """Read a file as arrays by name, as stored: nothing is decoded or filled."""
    if path.suffix == ".nc":
        return _read_hdf5(path)
    if path.suffix == ".parquet":
        import pandas as pd

        frame = pd.read_parquet(path)
        return {
            str(name): _stack_lists(frame[name].to_numpy())
            for name in frame.columns
            if str(name).rsplit("_", 1)[-1] not in NAMES_THE_RUN
        }
    return dict(_walk_json(json.loads(path.read_text(encoding="utf-8")), ""))


def _stack_lists(values: Array) -> Array:
    """Bring a column of series of one length, a list in each cell, into one array."""
    if values.dtype == object and values.size and isinstance(values[0], np.ndarray):
        return np.stack(list(values))
    return values


def _read_hdf5(path: Path) -> dict[str, Array]:
    """Read every dataset of every group; netCDF 4 files are HDF5 files."""
    import h5py

    found: dict[str, Array] = {}

    def keep(name: str, item: object) -> None:
        if isinstance(item, h5py.Dataset) and item.shape is not None:
            found[name] = np.asarray(item[()])

    with h5py.File(path, "r") as file:
        file.visititems(keep)
    return found


def _walk_json(thing: object, key: str) -> Iterator[tuple[str, Array]]:
    """Flatten JSON; whole numbers and fractions are both numbers."""
    if isinstance(thing, dict):
        for name, value in thing.items():
            if name in NAMES_THE_RUN:
                continue
            yield from _walk_json(value, f"{key}.{name}" if key else str(name))
    elif isinstance(thing, list):
        for index, value in enumerate(thing):
            yield from _walk_json(value, f"{key}[{index}]")
    elif isinstance(thing, int | float) and not isinstance(thing, bool):
        yield key, np.asarray(float(thing))
    else:
        yield key, np.asarray(json.dumps(thing, ensure_ascii=False), dtype=object)


def _same(where: str) -> Difference:
    return Difference("same", 0.0, where)


def _point(
    level: Level, greatest: float, where: str, old: Array, new: Array, at: Array
) -> Difference:
    place = np.unravel_index(int(at[0]), old.shape) if old.shape else ()
    index = f"[{', '.join(str(int(k)) for k in place)}]" if place else ""
    return Difference(level, greatest, f"{where}{index}", str(new[place]), str(old[place]))
