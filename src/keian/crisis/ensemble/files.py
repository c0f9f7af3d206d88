"""Files of a finished ensemble: all runs, their totals, and their statistics."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from keian.core import Label, ModelError
from keian.crisis.ensemble.columns import TOTALS, list_series
from keian.crisis.ensemble.plan import Plan
from keian.crisis.ensemble.statistics import (
    Statistics,
    describe_convergence,
    describe_days,
    describe_totals,
    list_days,
)
from keian.store import RunFolder

SCENARIO = "scenario.yaml"
# Rows of a block in the merged file: the same for any batches, so that the file is the same.
BLOCK_RUNS = 64


def merge_batches(paths: Sequence[Path], folder: Path, marks: Mapping[str, str]) -> None:
    """Merge batches into `series.parquet` and the totals of every run into `draws.parquet`.

    Parameters
    ----------
    paths : files of the batches, by draw.
    folder : takes the two files.
    marks : label and origin that each file carries.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    totals = []
    writer: Any = None
    try:
        for block in _list_blocks(paths):
            table = block.replace_schema_metadata(dict(marks))
            if writer is None:
                writer = pq.ParquetWriter(
                    folder / "series.parquet", table.schema, compression="zstd",
                    use_dictionary=False, write_page_checksum=True,
                )  # fmt: skip
            writer.write_table(table, row_group_size=BLOCK_RUNS)
            totals.append(table.select(["draw", *TOTALS]))
    finally:
        if writer is not None:
            writer.close()
    draws = pa.concat_tables(totals).combine_chunks()
    if not np.array_equal(draws.column("draw").to_numpy(), np.arange(-1, draws.num_rows - 1)):
        raise ModelError("the batches of the ensemble do not follow each other")
    pq.write_table(draws, folder / "draws.parquet", compression="zstd", write_page_checksum=True)


def write_statistics(folder: Path, plan: Plan, label: Label, marks: Mapping[str, str]) -> None:
    """Calculate the statistics of merged runs and write them beside.

    Parameters
    ----------
    folder : holds what `merge_batches` wrote.
    plan : what was played.
    label : of everything.
    marks : label and origin that each file carries.
    """
    draws = pd.read_parquet(folder / "draws.parquet")
    attrs: dict[str, str | int] = {
        **marks,
        "table_year": plan.compiled.economy.year,
        "label": str(label),
    }
    attrs["draws"] = len(draws) - 1
    attrs["measures"] = " ".join(m.id for m in plan.measures)
    days = describe_days(folder / "series.parquet", list_series(plan.compiled), attrs)
    packed = {name: {"zlib": True, "complevel": 4} for name in days.data_vars}
    days.to_netcdf(folder / "statistics.nc", engine="h5netcdf", encoding=packed)
    tables = {
        "statistics": list_days(days),
        "totals": describe_totals(draws),
        "convergence": describe_convergence(draws),
    }
    for name, table in tables.items():
        _write_table(table, folder / f"{name}.parquet", marks)


def read_statistics(run: RunFolder) -> Statistics:
    """Read the statistics of a finished ensemble.

    Raises
    ------
    InputError
        The run is no ensemble.
    """
    with xr.open_dataset(run.file("statistics.nc"), engine="h5netcdf") as days:
        loaded = days.load()
    return Statistics(
        label=run.label,
        days=loaded,
        totals=pd.read_parquet(run.file("totals.parquet")),
        convergence=pd.read_parquet(run.file("convergence.parquet")),
    )


def _list_blocks(paths: Sequence[Path]) -> Iterator[Any]:
    """Yield tables of `BLOCK_RUNS` rows, the last one shorter, whatever the batches held."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    held: list[Any] = []
    rows = 0
    for path in paths:
        with pq.ParquetFile(path, page_checksum_verification=True) as file:
            table = file.read(use_threads=False)
        held.append(table.replace_schema_metadata(None))
        rows += table.num_rows
        while rows >= BLOCK_RUNS:
            joined = pa.concat_tables(held)
            yield joined.slice(0, BLOCK_RUNS).combine_chunks()
            held = [joined.slice(BLOCK_RUNS)]
            rows -= BLOCK_RUNS
    if rows:
        yield pa.concat_tables(held).combine_chunks()


def _write_table(table: pd.DataFrame, path: Path, marks: Mapping[str, str]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    arrow = pa.Table.from_pandas(table, preserve_index=False)
    known = dict(arrow.schema.metadata or {})
    known |= {key.encode(): value.encode() for key, value in marks.items()}
    pq.write_table(arrow.replace_schema_metadata(known), path, compression="zstd")
