"""Registers: law, designations, policies, partners and reviews as dated entries; pure queries."""

from keian.registers.entry import Entry
from keian.registers.load import Registers, load_register, load_registers
from keian.registers.register import InForce, Register
from keian.registers.shelf import Shelf, load_shelf

__all__ = [
    "Entry",
    "InForce",
    "Register",
    "Registers",
    "Shelf",
    "load_register",
    "load_registers",
    "load_shelf",
]
