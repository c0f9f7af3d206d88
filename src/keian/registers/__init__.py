"""Registers: law, orders and designations as dated entries; pure queries."""

from keian.registers.entry import Entry
from keian.registers.load import Registers, load_register, load_registers
from keian.registers.register import InForce, Register

__all__ = ["Entry", "InForce", "Register", "Registers", "load_register", "load_registers"]
