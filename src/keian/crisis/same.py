"""Runs that come to the same inputs, bit for bit, come to the same outcome: play them once.

A measure that a crisis does not touch compiles to the inputs of the crisis alone, a day's wait for
one to those of the measure: of the first stage of a review that is two runs in five.
"""

from __future__ import annotations

from collections import OrderedDict
from hashlib import blake2b
from threading import Lock
from typing import Generic, TypeVar

import numpy as np

from keian.crisis._arrays import Drawn, Forcing, Static

Kept = TypeVar("Kept")
KEY_BYTES = 16


def identify_inputs(st: Static, dr: Drawn, fx: Forcing, days: int) -> bytes:
    """Identify what a run is played from, beside the economy.

    Parameters
    ----------
    st : arrays of the economy; what a run shares with them is not read again.
    dr, fx : from `compile_run`.
    days : horizon.

    Returns
    -------
    bytes
        The same for the same bits. The exposure to lost origins is left out where no flow has an
        origin that can be lost: it is read for flow groups alone (2.4e).
    """
    found = blake2b(digest_size=KEY_BYTES)
    found.update(str(days).encode())
    if not fx.group_unit.size:
        dr = dr._replace(phi=0.0)
    shared = {id(part): name for name, part in zip(st._fields, st, strict=True)}
    for name, part in (*zip(dr._fields, dr, strict=True), *zip(fx._fields, fx, strict=True)):
        found.update(name.encode())
        if isinstance(part, np.ndarray):
            if id(part) in shared:
                found.update(shared[id(part)].encode())
                continue
            found.update(f"{part.dtype} {part.shape}".encode())
            found.update(np.ascontiguousarray(part).data)
        else:
            found.update(repr(part).encode())
    return found.digest()


class Memory(Generic[Kept]):
    """The last few results by what they came from; safe to use from several threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[bytes, Kept] = OrderedDict()
        self._lock = Lock()

    def find(self, key: bytes) -> Kept | None:
        """Find a result; it then counts as the last one used."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def keep(self, key: bytes, result: Kept) -> None:
        """Keep a result; the one that was used longest ago goes where there are too many."""
        with self._lock:
            self._kept[key] = result
            self._kept.move_to_end(key)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
