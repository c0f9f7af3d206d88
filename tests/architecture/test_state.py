"""No module-level mutable state (conventions 10)."""

import ast

import pytest

from tests.architecture.tree import list_modules, read_tree, show

MUTABLE_LITERALS = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp)
MUTABLE_MAKERS = {
    "list", "dict", "set", "bytearray", "defaultdict", "OrderedDict", "Counter", "deque", "count",
    "array", "asarray", "zeros", "ones", "empty", "full", "arange", "DataFrame", "Series",
}  # fmt: skip
LISTED_BY_PYTHON = {"__all__"}


def is_mutable(value):
    if isinstance(value, MUTABLE_LITERALS):
        return True
    if isinstance(value, ast.Call):
        maker = value.func
        name = maker.attr if isinstance(maker, ast.Attribute) else getattr(maker, "id", None)
        return name in MUTABLE_MAKERS
    return False


def list_module_statements(body):
    """Statements that run on import, also inside if, try and with."""
    for node in body:
        yield node
        for field in ("body", "orelse", "finalbody"):
            if isinstance(node, ast.If | ast.Try | ast.With):
                yield from list_module_statements(getattr(node, field, []))


def find_mutable(tree):
    found = []
    for node in list_module_statements(tree.body):
        if isinstance(node, ast.Assign):
            targets = [ast.unparse(target) for target in node.targets]
        elif (isinstance(node, ast.AnnAssign) and node.value) or isinstance(node, ast.AugAssign):
            targets = [ast.unparse(node.target)]
        else:
            continue
        if is_mutable(node.value) and not set(targets) <= LISTED_BY_PYTHON:
            found.append((node.lineno, ", ".join(targets)))
    found += [(n.lineno, "global") for n in ast.walk(tree) if isinstance(n, ast.Global)]
    return found


def test_modules_hold_no_mutable_state():
    found = [
        f"{show(path)}:{line}: {name}"
        for path in list_modules()
        for line, name in find_mutable(read_tree(path))
    ]
    assert not found, "use a tuple, frozenset or MappingProxyType:\n" + "\n".join(found)


@pytest.mark.parametrize(
    "code",
    ["cache = {}", "SEEN: set[str] = set()", "if True:\n    rows = []", "def f():\n    global x\n    x = 1",
     "IDS = itertools.count(1)", "TABLE = np.zeros(3)"],
)  # fmt: skip
def test_the_search_finds_mutable_state(code):
    assert find_mutable(ast.parse(code))


@pytest.mark.parametrize(
    "code",
    [
        "NAMES = ('a', 'b')",
        "LEVELS = MappingProxyType({'a': 1})",
        "__all__ = ['f']",
        "def f():\n    rows = []",
    ],
)
def test_the_search_leaves_constants(code):
    assert not find_mutable(ast.parse(code))
