"""Published input-output tables: readers, a verdict on each, and an economy made of one."""

from keian.official.build import Wanted, Written, write_official
from keian.official.kinds import load_kinds
from keian.official.nouns import OfficialTable
from keian.official.read import read_official
from keian.official.verdict import TableVerdict, check_table

__all__ = [
    "OfficialTable",
    "TableVerdict",
    "Wanted",
    "Written",
    "check_table",
    "load_kinds",
    "read_official",
    "write_official",
]
