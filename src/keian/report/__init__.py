"""The report: a released review as HTML, JSON, Parquet and netCDF, in English or Japanese."""

from keian.report.brief import brief
from keian.report.listing import set_listings
from keian.report.summary import summary_lines
from keian.report.words import Lang
from keian.report.write import write_report

__all__ = ["Lang", "brief", "set_listings", "summary_lines", "write_report"]
