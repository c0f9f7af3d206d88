"""Write a report folder: HTML, workbook, JSON, Parquet tables and netCDF, each file whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from uuid import uuid4

from keian.core import InputError, Problem, is_plain_name
from keian.report.brief import brief
from keian.report.plain import SCHEMA, write_json
from keian.report.tables import build_tables
from keian.report.words import Lang
from keian.report.workbook import write_workbook
from keian.review.nouns import Review
from keian.share import Released

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr


def write_report(
    released: Released[Review],
    folder: Path,
    *,
    lang: Lang = "en",
    datasets: Mapping[str, xr.Dataset] | None = None,
) -> tuple[Path, ...]:
    """Write everything a reader or a program may want of a released review.

    Parameters
    ----------
    released : Released[Review]
        What `share.release` let through.
    folder : Path
        Made if missing; files of the same names are replaced, each in one step.
    lang : {"en", "ja"}
        `ja` adds `report.ja.html` and `report.ja.xlsx` to the English report.
    datasets : mapping of str to Dataset, optional
        Series of the runs by scenario, written as groups of `results.nc`.

    Returns
    -------
    tuple of Path
        The files, the report first.

    Raises
    ------
    InputError
        The name of a dataset cannot name a group.
    """
    review = released.value
    _check_groups(datasets or {})
    folder.mkdir(parents=True, exist_ok=True)
    texts = {"report.ja.html": brief(released, lang="ja")} if lang == "ja" else {}
    texts["report.html"] = brief(released, lang="en")
    texts["review.json"] = write_json(review)
    made = [_write(folder / name, _text_writer(text)) for name, text in texts.items()]
    books: dict[str, Lang] = {"report.xlsx": "en"}
    books |= {"report.ja.xlsx": "ja"} if lang == "ja" else {}
    for name, book_lang in books.items():
        made.append(_write(folder / name, partial(write_workbook, released, lang=book_lang)))
    for name, table in build_tables(review).items():
        made.append(_write(folder / f"{name}.parquet", _table_writer(table, review)))
    if datasets:
        made.append(_write(folder / "results.nc", _dataset_writer(datasets, review)))
    return tuple(made)


Writer = Callable[[Path], None]


def _write(path: Path, writer: Writer) -> Path:
    """Fill a file beside the wanted one, then put it in place in one step."""
    part = path.with_name(f".{path.name}.{uuid4().hex[:8]}.part")
    try:
        writer(part)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return path


def _text_writer(text: str) -> Writer:
    def write(path: Path) -> None:
        path.write_bytes(text.encode("utf-8"))

    return write


def _table_writer(table: pd.DataFrame, review: Review) -> Writer:
    import pyarrow as pa
    import pyarrow.parquet as pq

    def write(path: Path) -> None:
        arrow = pa.Table.from_pandas(table, preserve_index=False)
        known = dict(arrow.schema.metadata or {})
        known.update({k.encode(): v.encode() for k, v in _list_marks(review).items()})
        pq.write_table(arrow.replace_schema_metadata(known), path, compression="zstd")

    return write


def _dataset_writer(datasets: Mapping[str, xr.Dataset], review: Review) -> Writer:
    def write(path: Path) -> None:
        for name, dataset in datasets.items():
            mode: Literal["w", "a"] = "a" if path.exists() else "w"
            marked = dataset.assign_attrs(_list_marks(review))
            marked.to_netcdf(path, mode=mode, group=name, engine="h5netcdf")

    return write


def _list_marks(review: Review) -> dict[str, str]:
    """Label and origin that every data file carries."""
    return {
        "keian.schema": SCHEMA,
        "keian.label": str(review.label),
        "keian.run_id": review.run_id,
        "keian.as_of": review.as_of,
        "keian.economy": review.economy_id,
    }


def _check_groups(datasets: Mapping[str, xr.Dataset]) -> None:
    problems = [
        Problem("datasets", f"the name {name!r}", "a plain name", "rename the scenario")
        for name in datasets
        if not is_plain_name(name)
    ]
    if problems:
        raise InputError(problems)
