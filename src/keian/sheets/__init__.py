"""Spreadsheets: an economy out to CSV or XLSX and back; templates; tables read by other tools."""

from keian.sheets.export import export_economy
from keian.sheets.imports import Imported, import_economy
from keian.sheets.iosystem import read_iosystem, write_iosystem
from keian.sheets.template import write_template

__all__ = [
    "Imported",
    "export_economy",
    "import_economy",
    "read_iosystem",
    "write_iosystem",
    "write_template",
]
