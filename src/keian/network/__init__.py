"""Firm networks: read own lists of firms and links, check them, store them, make synthetic ones."""

from keian.network.generate import IndustryTable, generate_network
from keian.network.native import load_network, save_network
from keian.network.nouns import FirmNetwork
from keian.network.read import read_network
from keian.network.verdict import check_network

__all__ = [
    "FirmNetwork",
    "IndustryTable",
    "check_network",
    "generate_network",
    "load_network",
    "read_network",
    "save_network",
]
