"""The small economy and its exports, written once."""

import pytest

from keian.sheets import export_economy
from tests.sheet_economy import write_economy


@pytest.fixture(scope="session")
def small(tmp_path_factory):
    return write_economy(tmp_path_factory.mktemp("economy") / "small")


@pytest.fixture(scope="session")
def as_csv(small, tmp_path_factory):
    folder = tmp_path_factory.mktemp("csv")
    export_economy(folder, small, file_format="csv")
    return folder


@pytest.fixture(scope="session")
def given(small, as_csv, as_xlsx, tmp_path_factory):
    """The exports a case may begin with, by the words of its `in`."""
    folder = tmp_path_factory.mktemp("given")
    export_economy(folder / "ja", small, file_format="csv", lang="ja")
    (english,) = export_economy(folder / "en", small)
    return {
        "sheets": as_csv,
        "japanese sheets": folder / "ja",
        "workbook": as_xlsx,
        "english workbook": english,
    }


@pytest.fixture(scope="session")
def as_xlsx(small, tmp_path_factory):
    (path,) = export_economy(tmp_path_factory.mktemp("xlsx"), small, lang="ja")
    return path
