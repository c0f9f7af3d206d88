"""The doors of the rooms: what they show is listed, pinned and explained."""

import ast

import pytest

from tests.architecture.public_names import PINNED, list_public_names, read_public_names
from tests.architecture.tree import PACKAGE, list_rooms, read_tree, show


def find_definition(room, name):
    """Return the node that defines a public name, following one re-export."""
    for node in read_tree(room / "__init__.py").body:
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("keian."):
            imported = {alias.asname or alias.name: alias.name for alias in node.names}
            if name in imported:
                file = PACKAGE.joinpath(*node.module.split(".")[1:]).with_suffix(".py")
                if not file.exists():
                    file = file.with_suffix("") / "__init__.py"
                return find_in(read_tree(file), imported[name])
    return find_in(read_tree(room / "__init__.py"), name)


def find_in(tree, name):
    defining = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    return next((n for n in tree.body if isinstance(n, defining) and n.name == name), None)


@pytest.mark.parametrize("room", list_rooms(), ids=show)
def test_a_room_says_what_it_is_and_what_it_shows(room):
    door = read_tree(room / "__init__.py")
    assert ast.get_docstring(door), "one sentence on what the room is for"
    names = read_public_names(room / "__init__.py")
    assert names, "`__all__` lists what the room shows"
    assert len(names) == len(set(names))
    private = [name for name in names if name.startswith("_")]
    assert not private, private


@pytest.mark.parametrize("room", list_rooms(), ids=show)
def test_every_public_function_and_class_is_explained(room):
    silent = []
    for name in read_public_names(room / "__init__.py"):
        node = find_definition(room, name)
        if node is not None and not ast.get_docstring(node):
            silent.append(name)
    assert not silent, silent


def test_public_names_are_pinned():
    pinned = PINNED.read_text(encoding="utf-8").split()
    now = list_public_names()
    assert now == pinned, (
        f"new: {sorted(set(now) - set(pinned))}, gone: {sorted(set(pinned) - set(now))}; "
        "if that is meant: python -m tests.architecture.public_names"
    )
