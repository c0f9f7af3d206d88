"""The project's files as the architecture tests see them."""

import ast
import os
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGE = ROOT / "src" / "keian"
MADE = {"__pycache__", "keian-workspace", "build", "dist"}
TEXT = {".py", ".md", ".toml", ".txt", ".yaml", ".yml", ".csv", ".json", ".html", ".j2", ".css", ""}


@cache
def list_files() -> tuple[Path, ...]:
    """Return every file of the project that git holds or would hold."""
    answer = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],  # noqa: S607 - git is looked up as any developer's shell does
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if answer.returncode:
        return walk_files()  # an unpacked archive, or a clone of another owner
    names = answer.stdout.decode().split("\0")
    return tuple(sorted(ROOT / name for name in names if name and (ROOT / name).is_file()))


def walk_files() -> tuple[Path, ...]:
    """Return every file below the project's folder that no tool made."""
    found = []
    for folder, names, files in os.walk(ROOT):
        names[:] = [n for n in names if not (n.startswith(".") and n != ".ci") and n not in MADE]
        found += [Path(folder, name) for name in files]
    return tuple(sorted(found))


def list_texts() -> tuple[Path, ...]:
    """Return the files people read and write."""
    return tuple(path for path in list_files() if path.suffix in TEXT)


def list_modules() -> tuple[Path, ...]:
    """Return the Python files of the package."""
    return tuple(
        path for path in list_files() if path.suffix == ".py" and path.is_relative_to(PACKAGE)
    )


def list_rooms() -> tuple[Path, ...]:
    """Return the folders of the package that have opened their door (`__init__.py`)."""
    return tuple(sorted(path.parent for path in PACKAGE.glob("*/__init__.py")))


@cache
def read_tree(path: Path) -> ast.Module:
    """Parse a Python file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def list_imports(path: Path) -> set[str]:
    """Return the full names of the modules a file imports, wherever in the file."""
    found = set()
    for node in ast.walk(read_tree(path)):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def show(path: Path) -> str:
    """Name a file as people do: from the project's folder."""
    return path.relative_to(ROOT).as_posix()
