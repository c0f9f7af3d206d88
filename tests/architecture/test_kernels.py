"""Kernels see arrays only (architecture, sentence 4; conventions 7)."""

import ast

import pytest

from tests.architecture.tree import PACKAGE, list_imports, list_modules, read_tree, show

LONGEST_KERNEL = 60
NUMERIC = {"__future__", "math", "typing", "numpy", "numpy.typing", "numba"}
COMPILERS = {"njit", "jit", "vectorize", "guvectorize", "cfunc", "prange"}


def list_kernel_files():
    return [p for p in list_modules() if p.stem.startswith(("_kernels", "_arrays"))]


def is_kernel_neighbour(module):
    parts = module.split(".")
    return len(parts) == 3 and parts[0] == "keian" and parts[2].startswith(("_kernels", "_arrays"))


def test_there_are_kernels_to_check():
    if not (PACKAGE / "crisis" / "__init__.py").exists():
        pytest.skip("the room crisis is not there yet")
    assert list_kernel_files()


def test_kernels_import_numbers_and_arrays_only():
    foreign = []
    for path in list_kernel_files():
        own = {
            m
            for m in list_imports(path)
            if is_kernel_neighbour(m) and m.split(".")[1] == path.parent.name
        }
        foreign += [f"{show(path)}: {name}" for name in sorted(list_imports(path) - NUMERIC - own)]
    assert not foreign, foreign


def test_numba_compiles_only_in_kernel_files():
    found = []
    for path in list_modules():
        if path in list_kernel_files():
            continue
        for node in ast.walk(read_tree(path)):
            name = getattr(node, "attr", None) or getattr(node, "id", None)
            if isinstance(node, ast.Attribute | ast.Name) and name in COMPILERS:
                found.append(f"{show(path)}:{node.lineno}: {name}")
    assert not found, found


def count_code_lines(function):
    lines = function.end_lineno - function.lineno + 1
    if ast.get_docstring(function) is not None:
        text = function.body[0]
        lines -= text.end_lineno - text.lineno + 1
    return lines


def test_kernels_are_short():
    long = [
        f"{show(path)}: {node.name} has {count_code_lines(node)} lines"
        for path in list_kernel_files()
        for node in ast.walk(read_tree(path))
        if isinstance(node, ast.FunctionDef) and count_code_lines(node) > LONGEST_KERNEL
    ]
    assert not long, long
