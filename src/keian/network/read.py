"""Read own lists of firms and links: CSV, Parquet or Arrow, batch by batch, all faults together."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from keian.core import DataError, InputError, Label, Problem, Source, digest_file, load_schema
from keian.network._kernels import merge_links
from keian.network.arrange import Firms, Links, Tag, make_network, order_firms, order_links
from keian.network.batches import Batch, Faults, open_batches, read_numbers, read_texts
from keian.network.nouns import FirmNetwork, Floats, Ints, Longs, Texts

MOST_LINES = 6  # on which an id stands, told one by one
SCHEMA = Path(__file__).parent / "schema"
REPAIRS = (
    ("drop-unknown", "links of firms that are not in the list"),
    ("drop-self-links", "links of a firm with itself"),
    ("merge-duplicates", "links given several times, added up"),
)


def read_network(
    firms: Path | str,
    links: Path | str,
    tag: Tag,
    *,
    columns: Mapping[str, str] | None = None,
    repairs: Collection[str] = (),
) -> FirmNetwork:
    """Read a list of firms and a list of links.

    Parameters
    ----------
    firms : id, product, region, sales; area and capacity where known. `.csv` (UTF-8), `.parquet`,
        `.arrow` or `.feather`.
    links : supplier, client, value.
    tag : name, currency, year, sources and label of the network.
    columns : our name of a column to the file's, where they differ. Other columns are not read.
    repairs : what may be changed: drop-unknown, drop-self-links, merge-duplicates. What was done
        stands in the network's `repairs` with its count.

    Raises
    ------
    InputError
        A file cannot be read, or a repair is not known.
    DataError
        The lists are wrong: all problems of both files with file and line.
    """
    _check_repairs(repairs)
    names = dict(columns or {})
    faults = Faults()
    read = _read_firms(str(firms), names, faults)
    # of a list of firms that could not be read, no id is known: all would be told as unknown
    ids = None if str(firms) in faults.unread else read.ids
    supplier, client, value, lines = _read_links(str(links), names, ids, faults, repairs)
    if faults.problems():
        raise DataError(faults.problems())
    ordered, place = order_firms(read)
    kept = order_links(
        place.size,
        place[supplier].astype(np.int32),
        place[client].astype(np.int32),
        value,
    )
    merged = Links(*merge_links(kept.client_start, kept.supplier, kept.value))
    own = int((supplier == client).sum())
    again = value.size - own - merged.value.size
    pairs = Pairs(read.ids, supplier, client, lines)
    if own and "drop-self-links" not in repairs:
        _tell_own(str(links), pairs, faults)
    if again and "merge-duplicates" not in repairs:
        _tell_again(str(links), pairs, faults)
    if faults.problems():
        raise DataError(faults.problems())
    counts = {"drop-unknown": faults.dropped, "drop-self-links": own, "merge-duplicates": again}
    done = tuple(f"{key}: {counts[key]} {what}" for key, what in REPAIRS if counts[key])
    named = Tag(tag.name, tag.currency, tag.year, tag.sources, tag.label, (*tag.repairs, *done))
    return make_network(ordered, merged, named)


@dataclass(frozen=True, slots=True)
class Pairs:
    """Links as they were read: numbers of their firms, and the line or row of each."""

    ids: Texts
    supplier: Ints
    client: Ints
    lines: Longs

    def tell(self, at: int) -> str:
        """Name the two firms of a link."""
        return f"{self.ids[self.supplier[at]].as_py()!r} to {self.ids[self.client[at]].as_py()!r}"


def make_own_source(firms: Path | str, links: Path | str, who: str) -> tuple[Source, ...]:
    """Make the sources of two files: who says so, and the digest of each file."""
    return tuple(
        Source(
            id=f"own-{key}",
            title=f"{key.capitalize()} as given in {Path(path).name}",
            publisher=who,
            sha256=digest_file(path),
            kind="published" if who else "assumption",
        )
        for key, path in (("firms", firms), ("links", links))
    )


def _check_repairs(repairs: Collection[str]) -> None:
    known = [key for key, _ in REPAIRS]
    problems = [
        Problem("repair", repr(key), f"one of {', '.join(known)}", "choose one")
        for key in repairs
        if key not in known
    ]
    if problems:
        raise InputError(problems)


def _list_columns(name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """List the columns a file must have, and those it may have."""
    schema = load_schema(SCHEMA / f"{name}.csv")
    return (
        tuple(c.name for c in schema if not c.may_miss),
        tuple(c.name for c in schema if c.may_miss),
    )


def _read_firms(path: str, names: Mapping[str, str], faults: Faults) -> Firms:
    """Read the list of firms; what is wrong goes to `faults`."""
    import pyarrow as pa

    texts: dict[str, list[Any]] = {key: [] for key in ("id", "product", "region", "area")}
    numbers: dict[str, list[Floats]] = {"sales": [], "capacity": []}
    lines: list[Longs] = []
    for batch in open_batches(path, _list_columns("firms"), names, faults):
        for key, found in texts.items():
            found.append(read_texts(batch, key, faults, may_miss=key == "area"))
        for key, values in numbers.items():
            values.append(read_numbers(batch, key, faults, may_miss=key == "capacity"))
        lines.append(batch.numbers())
    if not texts["id"] and path not in faults.unread:
        faults.add(path, "no firm", "one at least", "fill in the list")
        faults.unread.add(path)
    joined = {
        key: pa.chunked_array(parts, pa.large_string()).combine_chunks()
        for key, parts in texts.items()
    }
    ids = joined["id"]
    _tell_twice(path, ids, np.concatenate([*lines, np.empty(0, np.int64)]), faults)
    coded = {key: _number(joined[key]) for key in ("product", "region", "area")}
    return Firms(
        ids=ids,
        products=coded["product"][0],
        regions=coded["region"][0],
        areas=coded["area"][0],
        product=coded["product"][1],
        region=coded["region"][1],
        area=coded["area"][1],
        sales=np.concatenate([*numbers["sales"], np.empty(0)]),
        capacity=np.concatenate([*numbers["capacity"], np.empty(0)]),
    )


def _tell_twice(path: str, ids: Texts, lines: Longs, faults: Faults) -> None:
    """Tell ids that stand on several lines, each with its first lines."""
    import pyarrow.compute as pc

    counts = pc.value_counts(ids)
    twice = counts.filter(pc.greater(counts.field("counts"), 1)).field("values").drop_null()
    for row in faults.take(path, "an id given again", np.arange(len(twice))):
        name = twice[row].as_py()
        at = lines[pc.fill_null(pc.equal(ids, name), False).to_numpy(zero_copy_only=False)]
        listed = ", ".join(map(str, at[1:MOST_LINES].tolist())) + (
            " ..." if at.size > MOST_LINES else ""
        )
        found = f"firm {name!r} again on line {listed}"
        faults.add(f"{path}:{at[0]} id", found, "each id once", "merge or rename the firms")


def _number(texts: Texts) -> tuple[tuple[str, ...], Ints]:
    """Number texts in the order of the alphabet; -1 where missing."""
    import pyarrow as pa
    import pyarrow.compute as pc

    known = pc.drop_null(pc.unique(texts))
    names = tuple(sorted(known.to_pylist()))
    place = pc.fill_null(pc.index_in(texts, value_set=pa.array(names, pa.large_string())), -1)
    numbers: Ints = place.to_numpy(zero_copy_only=False).astype(np.int32)
    return names, numbers


def _read_links(
    path: str,
    names: Mapping[str, str],
    ids: Texts | None,
    faults: Faults,
    repairs: Collection[str],
) -> tuple[Ints, Ints, Floats, Longs]:
    """Read the list of links batch by batch; only numbers of firms and of lines are kept."""
    suppliers, clients, values, lines = [], [], [], []
    for batch in open_batches(path, _list_columns("links"), names, faults):
        supplier = _resolve(batch, "supplier", ids, faults, repairs)
        client = _resolve(batch, "client", ids, faults, repairs)
        value = read_numbers(batch, "value", faults, may_miss=False)
        known = (supplier >= 0) & (client >= 0)
        faults.dropped += int((~known).sum())
        suppliers.append(supplier[known])
        clients.append(client[known])
        values.append(value[known])
        lines.append(batch.numbers()[known])
    if not suppliers and path not in faults.unread:
        faults.add(path, "no link", "one at least", "fill in the list")
    empty = np.empty(0, np.int32)
    return (
        np.concatenate([*suppliers, empty]),
        np.concatenate([*clients, empty]),
        np.concatenate([*values, np.empty(0)]),
        np.concatenate([*lines, np.empty(0, np.int64)]),
    )


def _resolve(
    batch: Batch, key: str, ids: Texts | None, faults: Faults, repairs: Collection[str]
) -> npt.NDArray[np.int32]:
    """Find the firms of a column of ids; unknown ones are faults unless they may be dropped."""
    import pyarrow.compute as pc

    texts = read_texts(batch, key, faults, may_miss=False)
    if ids is None:
        return np.zeros(batch.rows, np.int32)
    place = pc.fill_null(pc.index_in(texts, value_set=ids), -1)
    numbers: Ints = place.to_numpy(zero_copy_only=False).astype(np.int32)
    if "drop-unknown" not in repairs:
        lost = np.flatnonzero((numbers < 0) & pc.is_valid(texts).to_numpy(zero_copy_only=False))
        for row in faults.take(batch.path, f"unknown {key}", lost):
            faults.add(
                batch.place(row, key), repr(texts[row].as_py()), "an id of the list of firms",
                "add the firm, or allow `--repair drop-unknown`",
            )  # fmt: skip
    return numbers


def _tell_own(path: str, pairs: Pairs, faults: Faults) -> None:
    """Tell the links of a firm with itself, each with its line."""
    fix = "remove them, or allow `--repair drop-self-links`"
    rows = np.flatnonzero(pairs.supplier == pairs.client)
    for row in faults.take(path, "a link of a firm with itself", rows):
        found = f"a link of {pairs.ids[pairs.supplier[row]].as_py()!r} with itself"
        faults.add(f"{path}:{pairs.lines[row]}", found, "links between two firms", fix)


def _tell_again(path: str, pairs: Pairs, faults: Faults) -> None:
    """Tell the links given again, each with its line and that of the one before."""
    fix = "merge them, or allow `--repair merge-duplicates`"
    order = np.lexsort((np.arange(pairs.lines.size), pairs.client, pairs.supplier))
    supplier, client = pairs.supplier[order], pairs.client[order]
    same = (supplier[1:] == supplier[:-1]) & (client[1:] == client[:-1])
    rows = np.flatnonzero(same & (supplier[1:] != client[1:]))
    for row in faults.take(path, "a link given again", rows):
        one, two = order[row], order[row + 1]
        found = f"{pairs.tell(two)}, as on line {pairs.lines[one]}"
        faults.add(f"{path}:{pairs.lines[two]}", found, "each pair of firms once", fix)


def label_of(level: str) -> Label:
    """Make the label of an own list."""
    return Label(level.upper())
