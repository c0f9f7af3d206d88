"""Tables of an economy's folder, each checked against the schema of its name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from keian.core import read_table

if TYPE_CHECKING:
    import pandas as pd

SCHEMAS = Path(__file__).parent / "schema"


def read_frame(path: Path, schema: str | None = None) -> pd.DataFrame:
    """Read a table that keeps its schema.

    Parameters
    ----------
    path
        CSV or Parquet file.
    schema
        Name of the schema; the file's own name if left out.

    Raises
    ------
    DataError
        Cells break the schema; all faults with file and line.
    InputError
        The file cannot be read.
    """
    return read_table(path, SCHEMAS / f"{schema or path.stem}.csv").frame
