"""Readers of official trade files; each gives the same checked table of flows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from keian.core import InputError, Label, Problem
from keian.economy.nouns import BoolArray, FloatArray
from keian.exposure.concentration import sum_known
from keian.exposure.editions import Codes, find_edition, load_codes, name_edition
from keian.exposure.flows import Flows, Remark
from keian.exposure.flows_join import join_flows
from keian.exposure.flows_store import read_flows
from keian.exposure.trade_build import (
    Layout,
    RawColumns,
    build_flows,
    find_provisional,
    load_country_codes,
    load_m49_codes,
    name_heading,
)
from keian.exposure.trade_stream import read_codes, stream_csv

BACI = MappingProxyType(
    {"t": "int32", "i": "int32", "j": "int32", "k": "int32", "v": "float64", "q": "float64"}
)
COMTRADE = MappingProxyType(
    {
        "refYear": "int32", "reporterCode": "int32", "partnerCode": "int32", "flowCode": "string",
        "classificationCode": "string", "cmdCode": "string", "netWgt": "float64",
        "primaryValue": "float64",
    }
)  # fmt: skip
FAOSTAT = MappingProxyType(
    {
        "Reporter Country Code (M49)": "string", "Partner Country Code (M49)": "string",
        "Item Code": "int32", "Element": "string", "Year": "int32", "Value": "float64",
    }
)  # fmt: skip
CUSTOMS = MappingProxyType(
    {
        "Exp or Imp": "int32", "Year": "int32", "HS": "string", "Country": "int32",
        "Unit1": "string", "Unit2": "string", "Quantity1-Year": "float64",
        "Quantity2-Year": "float64", "Value-Year": "float64",
    }
)  # fmt: skip
JAPAN = 392
WORLD_CODE = 0  # Comtrade's total over all partners
HEADING_DIGITS = 6
THOUSAND = 1000.0
THREE_DIGITS = 1000
TONNES = MappingProxyType({"KG": 1e-3, "MT": 1.0, "T": 1.0, "GR": 1e-6, "TH": 1e3})
EXPORT = 1  # first column of the customs layout: 1 exports, 2 imports
Columns = dict[str, Any]


def read_baci(path: Path, *, nomenclature: str = "HS92", label: Label | None = None) -> Flows:
    """Read BACI: columns t, i, j, k, v (thousand USD), q (tonnes).

    Raises
    ------
    InputError
        The file has another layout, or broken rows; with file and line.
    """
    columns = gather(
        stream_csv(path, BACI), {"t": np.int16, "i": np.int16, "j": np.int16, "k": np.int32}
    )
    raw = RawColumns(*(columns.pop(name) for name in BACI))
    edition = name_edition(nomenclature)
    layout = Layout(
        "baci-own-file", edition, load_country_codes(), name_heading, load_codes(edition)
    )
    return build_flows(raw, _with_label(layout, label), path)


def read_comtrade(path: Path, *, flow: str = "M", label: Label | None = None) -> Flows:
    """Read UN Comtrade's CSV of one direction: M imports by the reporter, X exports.

    Totals over partners and headings of other lengths than six digits are set aside and listed.
    Values become thousand USD, weights (kg) tonnes.

    Raises
    ------
    InputError
        Another layout, broken rows, no row of this direction, or several editions of the headings.
    """
    columns = gather(stream_csv(path, COMTRADE), {})
    code = columns["cmdCode"]
    six = np.array([len(str(text)) == HEADING_DIGITS for text in code.tolist()], dtype=np.bool_)
    total = columns["partnerCode"] == WORLD_CODE
    mine = columns["flowCode"] == flow
    if not mine.any():
        found = ", ".join(sorted(set(columns["flowCode"].tolist())))
        raise InputError([Problem(f"{path} flowCode", found, flow, "choose the other direction")])
    value = columns["primaryValue"] / THOUSAND
    remarks = (
        *_list_rows("other_flow", ~mine, value),
        *_list_rows("total", mine & total, value),
        *_list_rows("other_level", mine & ~total & ~six, value),
    )
    rows = mine & ~total & six
    exporter, importer = (
        ("partnerCode", "reporterCode") if flow == "M" else ("reporterCode", "partnerCode")
    )
    raw = RawColumns(
        columns["refYear"][rows].astype(np.int16),
        columns[exporter][rows],
        columns[importer][rows],
        read_codes(code[rows], f"{path} cmdCode"),
        value[rows],
        # Comtrade writes 0 where no weight was reported
        np.where(columns["netWgt"] > 0, columns["netWgt"] / THOUSAND, np.nan)[rows],
    )
    edition = _find_one_edition(columns["classificationCode"][rows], path)
    layout = Layout(
        "comtrade-own-file", edition, load_country_codes(), name_heading, load_codes(edition)
    )
    return build_flows(raw, _with_label(layout, label), path, remarks=remarks)


def read_customs_japan(
    path: Path,
    *,
    country_codes: Mapping[int, str],
    yen_per_usd: float,
    encoding: str = "utf-8",
    label: Label | None = None,
) -> Flows:
    """Read the Ministry of Finance's yearly file by nine-digit heading and country.

    Nine digits become six; values in thousand yen become thousand USD at the rate given; quantities
    count where their unit is a weight, else they are missing and listed.

    Parameters
    ----------
    country_codes : ISO 3166 alpha-3 by the customs' own country number.
    yen_per_usd : average rate of the year.

    Raises
    ------
    InputError
        Another layout, broken rows, or years of several editions of the headings.
    """
    columns = gather(stream_csv(path, CUSTOMS, encoding=encoding), {})
    value = columns["Value-Year"] / yen_per_usd
    quantity = _weigh(columns)
    nine = read_codes(columns["HS"], f"{path} HS")
    heading = nine // THREE_DIGITS  # the first six of nine digits
    sold = columns["Exp or Imp"] == EXPORT
    # codes of the customs start at 1; home gets a number of its own, out of their range
    home = np.full(len(value), -1, dtype=np.int32)
    partner = columns["Country"].astype(np.int32)
    raw = RawColumns(
        columns["Year"].astype(np.int16),
        np.where(sold, home, partner),
        np.where(sold, partner, home),
        heading,
        value,
        quantity,
    )
    remarks = _list_rows("odd_unit", np.isnan(quantity) & (value > 0), value, kept=True)
    names = {**country_codes, -1: "JPN"}
    editions = sorted({find_edition(int(year)) for year in np.unique(raw.year)})
    _refuse_several(editions, f"{path} Year")
    layout = Layout(
        "customs-japan-own-file", editions[0], names, name_heading, load_codes(editions[0])
    )
    return build_flows(raw, _with_label(layout, label), path, remarks=tuple(remarks))


def _find_one_edition(kinds: Any, path: Path) -> str:  # noqa: ANN401 - a column of text
    """Find the one edition of a Comtrade file.

    Raises
    ------
    InputError
        The rows are of several editions: the same code may mean another good in each.
    """
    editions = sorted({name_edition(str(kind)) for kind in kinds.tolist()})
    _refuse_several(editions, f"{path} classificationCode")
    return editions[0] if editions else "HS"


def _refuse_several(editions: Sequence[str], where: str) -> None:
    if len(editions) > 1:
        fix = "split the file by edition, then turn one into the other with --correspondence"
        raise InputError([Problem(where, ", ".join(editions), "one edition", fix)])


def _weigh(columns: Columns) -> FloatArray:
    """Turn whichever of the two quantities is a weight into tonnes; the second comes first."""
    quantity = np.full(len(columns["Year"]), np.nan)
    for number in ("1", "2"):
        units = columns[f"Unit{number}"]
        factor = np.array([TONNES.get(str(unit).strip(), np.nan) for unit in units.tolist()])
        tonnes = columns[f"Quantity{number}-Year"] * factor
        quantity = np.where(np.isnan(tonnes), quantity, tonnes)
    return quantity


def read_faostat(path: Path, *, encoding: str = "utf-8", label: Label | None = None) -> Flows:
    """Read FAOSTAT's detailed trade matrix (normalised): imports as their reporters tell them.

    Raises
    ------
    InputError
        Another layout or broken rows.
    """
    columns = gather(stream_csv(path, FAOSTAT, encoding=encoding), {})
    tonnes = columns["Element"] == "Import quantity"
    money = columns["Element"] == "Import value"
    other = ~(tonnes | money)
    remarks = _list_rows("other_flow", other, np.where(other, np.nan, 0.0))
    rows = tonnes | money
    country = {
        side: read_codes(columns[f"{side} Country Code (M49)"], f"{path} {side}")[rows]
        for side in ("Reporter", "Partner")
    }
    value = np.where(money, columns["Value"], np.nan)[rows]
    raw = RawColumns(
        columns["Year"][rows].astype(np.int16),
        country["Partner"],
        country["Reporter"],
        columns["Item Code"][rows].astype(np.int32),
        value,
        np.where(tonnes, columns["Value"], np.nan)[rows],
    )
    _join_elements(raw)
    # no list of FAOSTAT's items is held, so every code is told as unchecked
    codes = Codes(frozenset())
    layout = Layout("faostat-own-file", "FAOSTAT items", load_m49_codes(), str, codes)
    return build_flows(raw, _with_label(layout, label), path, remarks=tuple(remarks))


def _join_elements(raw: RawColumns) -> None:
    """Join the two lines of one flow, its tonnes and its value; what has no line stays missing."""
    keys = np.column_stack([raw.year, raw.exporter, raw.importer, raw.product])
    _, first, group = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    group = group.ravel()
    value = sum_known(group, raw.value_kusd, len(first))
    quantity = sum_known(group, raw.quantity_t, len(first))
    for name in ("year", "exporter", "importer", "product"):
        setattr(raw, name, getattr(raw, name)[first])
    raw.value_kusd, raw.quantity_t = value, quantity


def gather(batches: Iterable[Any], types: Mapping[str, Any]) -> Columns:
    """Gather the batches of a stream into one array a column."""
    parts: dict[str, list[Any]] = {}
    for batch in batches:
        for name in batch.schema.names:
            array = batch[name].to_numpy(zero_copy_only=False)
            parts.setdefault(name, []).append(array.astype(types[name]) if name in types else array)
    gathered: Columns = {}
    for name in list(parts):
        gathered[name] = np.concatenate(parts.pop(name))
    return gathered


def _list_rows(
    kind: Any,  # noqa: ANN401 - one of the kinds of a remark
    rows: BoolArray,
    value: FloatArray,
    *,
    kept: bool = False,
) -> list[Remark]:
    count = int(rows.sum())
    return [Remark(kind, count, float(value[rows].sum()), kept)] if count else []


def _with_label(layout: Layout, label: Label | None) -> Layout:
    return layout if label is None else replace(layout, label=label)


def load_flow_files(paths: Sequence[Path]) -> Flows:
    """Load flows of one or several years: Parquet that keian wrote, or BACI's CSV.

    Which years are provisional is told by the criteria of now, whatever they were when it was read.
    """
    flows = join_flows(
        [read_flows(path) if path.suffix == ".parquet" else read_baci(path) for path in paths]
    )
    return replace(flows, provisional=find_provisional(flows.year))
