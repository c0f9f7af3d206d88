"""The report: a released review as HTML, JSON, Parquet and netCDF, in English or Japanese."""

from keian.report.brief import brief

__all__ = ["brief"]
