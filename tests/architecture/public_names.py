"""What each room shows to the others, read without importing it.

Run `python -m tests.architecture.public_names` from the project's folder to renew
public_names.txt after a change that is meant; the diff then shows it to the reviewer.
"""

import ast
from pathlib import Path

from tests.architecture.tree import PACKAGE, list_rooms, read_tree

PINNED = Path(__file__).with_name("public_names.txt")


def read_public_names(door: Path) -> tuple[str, ...]:
    """Return `__all__` of an `__init__.py`."""
    for node in read_tree(door).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return tuple(ast.literal_eval(node.value))
    return ()


def list_public_names() -> list[str]:
    """Return one line per public name, `keian.room.name`, sorted."""
    doors = {"keian": PACKAGE / "__init__.py"}
    doors |= {f"keian.{room.name}": room / "__init__.py" for room in list_rooms()}
    return sorted(
        f"{room}.{name}" for room, door in doors.items() for name in read_public_names(door)
    )


if __name__ == "__main__":
    PINNED.write_text("\n".join(list_public_names()) + "\n", encoding="utf-8")
