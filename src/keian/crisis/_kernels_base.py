"""How the kernels of this room are compiled."""

from __future__ import annotations

from numba import njit

# the door from Python
entry = njit(error_model="numpy", cache=True, nogil=True)
# called from other kernels only: leaving out the wrappers saves two thirds of the compile time
kernel = njit(
    error_model="numpy", cache=True, nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True
)
