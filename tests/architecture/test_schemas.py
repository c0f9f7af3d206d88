"""Every table says per column what it holds (architecture, sentence 2; conventions 2 and 4)."""

import csv

import pytest

from tests.architecture.tree import PACKAGE, show

HEADER = ["column", "dtype", "unit", "missing", "min", "max", "description"]
SCHEMAS = sorted(PACKAGE.glob("**/schema/*.csv"))


@pytest.mark.parametrize("path", SCHEMAS, ids=show)
def test_every_column_has_unit_and_description(path):
    with path.open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines)
        assert reader.fieldnames == HEADER
        rows = list(reader)
    assert rows, "a schema describes at least one column"
    for row in rows:
        empty = [
            key
            for key in ("column", "dtype", "unit", "description")
            if not (row[key] or "").strip()
        ]
        assert not empty, f"{row['column']}: {empty}"
        assert row["missing"] in {"yes", "no"}, row["column"]
    names = [row["column"] for row in rows]
    assert len(names) == len(set(names)), "a column is described once"
