"""The work of a worker: play a batch of runs and leave its file; asked for by path and digest."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from keian.crisis.baseline import calc_baseline
from keian.crisis.ensemble.columns import (
    TOTALS,
    calc_totals,
    list_series,
    take_series,
)
from keian.crisis.ensemble.plan import Plan, open_plan_once
from keian.crisis.simulate import simulate_run
from keian.store import BatchRow, write_batch
from keian.store.layout import PARTS

PLAN = "plan"  # folder of the plan in an unfinished run


@dataclass(frozen=True, slots=True)
class Task:
    """A batch to play: small enough to send anywhere.

    folder : of the unfinished run, as every worker sees it.
    plan : digest of its plan.
    first, count : the runs, from this draw on; -1 is the mode run.
    """

    folder: str
    plan: str
    first: int
    count: int


@dataclass(frozen=True, slots=True)
class Done:
    """A batch that was played and lies on the disk.

    run_seconds : the quickest of its runs.   seconds : the batch, opening and writing included.
    """

    batch: BatchRow
    run_seconds: float
    seconds: float


def play_task(task: Task) -> Done:
    """Play a batch and write its file.

    Raises
    ------
    DataError
        The plan is not there, or is not the one asked for.
    ModelError
        A balance did not close.
    """
    began = time.perf_counter()
    folder = Path(task.folder)
    plan = open_plan_once(str(folder / PLAN), task.plan)
    with threadpool_limits(limits=1):
        table, quickest = play_rows(plan, task.first, task.count)
    marks = {"keian.plan": task.plan, "keian.runs": f"{task.first}+{task.count}"}
    marked = table.replace_schema_metadata(marks)
    file = write_batch(
        folder / PARTS, task.first, task.count, lambda path: write_rows(marked, path)
    )
    batch = BatchRow(task.first, task.count, file)
    return Done(batch, quickest, time.perf_counter() - began)


def play_rows(plan: Plan, first: int, count: int) -> tuple[Any, float]:
    """Play runs one after the other.

    Parameters
    ----------
    plan : what to play.
    first, count : the runs, from this draw on.

    Returns
    -------
    tuple
        A pyarrow table with a row for each run, and the seconds of the quickest run.
    """
    compiled, days = plan.compiled, plan.scenario.horizon_days
    base, home = calc_baseline(compiled), compiled.index.region[compiled.economy.home]
    series = list_series(compiled)
    daily = np.empty((len(series), count, days), np.float32)
    totals = np.empty((len(TOTALS), count))
    quickest = np.inf
    no_units = np.zeros(0, np.int64)  # series of single units are not kept
    for k in range(count):
        began = time.perf_counter()
        outcome = simulate_run(compiled, plan.run(first + k), no_units)
        for row, one in enumerate(series):
            daily[row, k] = take_series(outcome, one)
        totals[:, k] = list(calc_totals(outcome, base, home).values())
        quickest = min(quickest, time.perf_counter() - began)
    return _build_table(plan, first, totals, daily), quickest


def _build_table(plan: Plan, first: int, totals: Any, daily: Any) -> Any:  # noqa: ANN401 - arrays, and a table of the untyped pyarrow
    import pyarrow as pa

    days = daily.shape[2]
    columns = [pa.array(np.arange(first, first + daily.shape[1], dtype=np.int64))]
    fields = [pa.field("draw", pa.int64(), metadata={"unit": "1", "text": "-1 = the mode run"})]
    for (name, (unit, text)), values in zip(TOTALS.items(), totals, strict=True):
        columns.append(pa.array(values))
        fields.append(pa.field(name, pa.float64(), metadata={"unit": unit, "text": text}))
    for one, values in zip(list_series(plan.compiled), daily, strict=True):
        columns.append(pa.FixedSizeListArray.from_arrays(pa.array(values.ravel()), days))
        marks = {"unit": one.unit, "text": one.text, "variable": one.variable}
        marks |= {"axis": one.axis, "item": one.item}
        fields.append(pa.field(one.column, columns[-1].type, metadata=marks))
    return pa.Table.from_arrays(columns, schema=pa.schema(fields))


def write_rows(table: Any, path: Path) -> None:  # noqa: ANN401 - a table of the untyped pyarrow
    """Write rows as Parquet with a checksum on every page."""
    import pyarrow.parquet as pq

    pq.write_table(table, path, compression="zstd", use_dictionary=False, write_page_checksum=True)


def holds_runs(path: Path, plan: str, first: int, count: int) -> bool:
    """Tell whether a file is whole and holds these runs of this plan."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path, page_checksum_verification=True) as file:
            marks = file.schema_arrow.metadata or {}
            table = file.read(use_threads=False)
    except (OSError, pa.ArrowException):
        return False
    wanted = {b"keian.plan": plan.encode(), b"keian.runs": f"{first}+{count}".encode()}
    same = {key: marks.get(key) for key in wanted} == wanted
    return same and table.column("draw").to_pylist() == list(range(first, first + count))
