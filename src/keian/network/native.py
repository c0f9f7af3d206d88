"""Networks on disk: arrays that open as memory maps, in a folder named by their content."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from keian.core import DataError, InputError, Label, Problem, Source, to_plain
from keian.core.path_guard import refuse_link
from keian.network._kernels import count_faults
from keian.network.arrange import ARRAYS, Tag, digest_arrays, digest_network, split_ids
from keian.network.nouns import FirmNetwork

META = "network.json"
FORMAT = 1
PART = ".part-"  # beginning of the name of a folder that is still being written
MOST_META_BYTES = 50_000_000
IDS = ("id_start", "id_bytes")
DTYPES = (
    ("id_start", "<i8"), ("id_bytes", "|u1"), ("product", "<i4"), ("region", "<i4"),
    ("area", "<i4"), ("sales", "<f8"), ("capacity", "<f8"), ("client_start", "<i8"),
    ("supplier", "<i4"), ("value", "<f8"),
)  # fmt: skip
RESTORE = "save the network again from its source"


def save_network(network: FirmNetwork, root: Path | str) -> Path:
    """Write a network into a folder of its own below `root`, named by its digest.

    The folder appears under its name only when everything is on disk: an interrupted call leaves
    nothing that could be taken for a network. A network that is already there is kept.

    Returns
    -------
    Path
        The folder.
    """
    top = Path(root)
    folder = top / network.digest
    if folder.exists():
        load_network(folder, verify=True)
        return folder
    top.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(prefix=PART, dir=top))
    try:
        _write(network, part)
        part.chmod(0o755)
        part.rename(folder)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    _sync(top)
    return folder


def _write(network: FirmNetwork, folder: Path) -> None:
    start, block = split_ids(network.ids)
    arrays = {"id_start": start, "id_bytes": block}
    arrays |= {name: getattr(network, name) for name in ARRAYS}
    for name, array in arrays.items():
        with (folder / f"{name}.npy").open("wb") as stream:
            np.save(stream, np.ascontiguousarray(array), allow_pickle=False)
            stream.flush()
            os.fsync(stream.fileno())
    meta = {
        "format": FORMAT,
        "digest": network.digest,
        "tag": to_plain(_tag(network)),
        "names": [list(network.products), list(network.regions), list(network.areas)],
        "arrays": digest_arrays(arrays),
    }
    with (folder / META).open("w", encoding="utf-8") as stream:
        json.dump(meta, stream, ensure_ascii=False, allow_nan=False, indent=1)
        stream.flush()
        os.fsync(stream.fileno())


def _sync(folder: Path) -> None:
    """Put the new name on disk, where the system can."""
    if hasattr(os, "O_DIRECTORY"):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _tag(network: FirmNetwork) -> Tag:
    return Tag(
        name=network.name,
        currency=network.currency,
        year=network.year,
        sources=network.sources,
        label=network.label,
        repairs=network.repairs,
    )


def load_network(folder: Path | str, *, verify: bool = False) -> FirmNetwork:
    """Open a network as memory maps; nothing but its order is read.

    Parameters
    ----------
    folder : made by `save_network`.
    verify : also calculate the digest of every byte.

    Raises
    ------
    InputError
        There is no network.
    DataError
        A file is missing, cut, of another kind, or breaks the order of a network; all problems.
    """
    top = Path(folder)
    meta = _read_meta(top)
    problems: list[Problem] = []
    arrays = {name: _open(top / f"{name}.npy", dtype, problems) for name, dtype in DTYPES}
    if problems:
        raise DataError(problems)
    problems = _check_shapes(top, arrays, meta) or _check_order(top, arrays)
    if problems:
        raise DataError(problems)
    network = _build(meta, arrays)
    if verify:
        _verify(top, network, meta)
    return network


def _read_meta(top: Path) -> dict[str, Any]:
    file = top / META
    if not file.is_file() or top.is_symlink():
        wanted = f"a folder with {META}, made by `keian network import` or `generate`"
        raise InputError([Problem(str(top), "no network", wanted, "name such a folder")])
    if file.stat().st_size > MOST_META_BYTES:
        raise DataError([Problem(str(file), "a huge file", "names and digests", RESTORE)])
    try:
        meta = json.loads(file.read_text(encoding="utf-8"))
        found = meta["format"]
        names = meta["names"]
        whole = isinstance(meta["tag"], dict) and len(names) == len(("product", "region", "area"))
    except (ValueError, KeyError, TypeError) as error:
        found = f"broken text ({type(error).__name__})"
        raise DataError([Problem(str(file), found, "JSON as it was written", RESTORE)]) from error
    if found != FORMAT or not whole:
        wanted = f"format {FORMAT}"
        raise DataError([Problem(str(file), f"format {found!r}", wanted, RESTORE)])
    read: dict[str, Any] = meta
    return read


def _open(path: Path, dtype: str, problems: list[Problem]) -> npt.NDArray[Any]:
    """Map a file; what is wrong with it goes to `problems`."""
    try:
        array = np.load(refuse_link(path), mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:  # InputError is a ValueError
        found = f"a file that cannot be mapped ({error})"
        problems.append(Problem(path.name, found, "the array as it was written", RESTORE))
        return np.empty(0)
    if array.dtype.str != dtype or array.ndim != 1:
        found = f"{array.ndim} axes of {array.dtype.str}"
        problems.append(Problem(path.name, found, f"1 axis of {dtype}", RESTORE))
    plain: npt.NDArray[Any] = array
    return plain


def _check_shapes(top: Path, arrays: dict[str, Any], meta: dict[str, Any]) -> list[Problem]:
    """List arrays whose length is not that of the others."""
    n, m = arrays["sales"].size, arrays["value"].size
    wanted = dict.fromkeys(("product", "region", "area", "capacity"), n)
    wanted |= {"client_start": n + 1, "id_start": n + 1, "supplier": m}
    problems = [
        Problem(f"{top.name}/{key}.npy", f"{arrays[key].size} cells", f"{size}", RESTORE)
        for key, size in wanted.items()
        if arrays[key].size != size
    ]
    if n == 0:
        problems.append(Problem(f"{top.name}/sales.npy", "no firm", "one at least", RESTORE))
    if problems:
        return problems
    for key, names, least in zip(
        ("product", "region", "area"), meta["names"], (0, 0, -1), strict=True
    ):
        low, high = int(arrays[key].min()), int(arrays[key].max())
        if low < least or high >= len(names):
            found = f"numbers from {low} to {high}"
            wanted_text = f"{least} to {len(names) - 1}, names of {META}"
            problems.append(Problem(f"{top.name}/{key}.npy", found, wanted_text, RESTORE))
    return problems


def _check_order(top: Path, arrays: dict[str, Any]) -> list[Problem]:
    """List what would lead a kernel out of its arrays: it does not look itself."""
    start, ids = arrays["client_start"], arrays["id_start"]
    problems = []
    if ids[0] != 0 or ids[-1] != arrays["id_bytes"].size or (np.diff(ids) < 0).any():
        problems.append(Problem(f"{top.name}/id_start.npy", "broken starts", "rising", RESTORE))
    *_, lost, broken = count_faults(start.size - 1, arrays["supplier"], start)
    if lost or broken:
        found = "broken starts" if broken else f"{lost} suppliers that are no firm"
        problems.append(Problem(f"{top.name}/supplier.npy", found, "numbers of firms", RESTORE))
    return problems


def _build(meta: dict[str, Any], arrays: dict[str, Any]) -> FirmNetwork:
    import pyarrow as pa

    tag = meta["tag"]
    ids = pa.LargeStringArray.from_buffers(
        arrays["sales"].size, pa.py_buffer(arrays["id_start"]), pa.py_buffer(arrays["id_bytes"])
    )
    label = tag["label"]
    groups = label["releasable_to"]
    products, regions, areas = (tuple(names) for names in meta["names"])
    return FirmNetwork(
        name=tag["name"], currency=tag["currency"], year=tag["year"],
        ids=ids, products=products, regions=regions, areas=areas,
        sources=tuple(Source.model_validate(source) for source in tag["sources"]),
        repairs=tuple(tag["repairs"]),
        label=Label(
            label["level"], frozenset(label["compartments"]), None if groups is None else frozenset(groups)
        ),
        digest=meta["digest"],
        **{name: arrays[name] for name in ARRAYS},
    )  # fmt: skip


def _verify(top: Path, network: FirmNetwork, meta: dict[str, Any]) -> None:
    names = (network.products, network.regions, network.areas)
    arrays = {name: getattr(network, name) for name in ARRAYS}
    found = digest_network(_tag(network), names, network.ids, arrays)
    if found != meta["digest"] or (len(top.name) == len(found) and top.name != found):
        wanted = f"content of digest {top.name[:12] if len(top.name) == len(found) else meta['digest'][:12]}"
        problem = Problem(str(top), f"content of digest {found[:12]}", wanted, RESTORE)
        raise DataError([problem])
