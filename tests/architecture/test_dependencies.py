"""What the package imports, what it declares and what is pinned are the same."""

import re
import sys
import tomllib

from tests.architecture.tree import ROOT, list_imports, list_modules, list_rooms, show

IMPORTED_AS = {"pyyaml": "yaml"}
NAME = re.compile(r"^[A-Za-z0-9._-]+")


def read_project():
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def list_declared(requirements):
    return {NAME.match(line)[0].lower().replace("_", "-") for line in requirements}


def list_used():
    used = {}
    for path in list_modules():
        for module in list_imports(path):
            used.setdefault(module.split(".")[0], []).append(show(path))
    return {name: files for name, files in used.items() if name not in sys.stdlib_module_names}


# Extras that the package itself imports, inside the one file that needs them.
EXTRAS = ("cluster", "io")


def test_everything_imported_is_declared():
    project = read_project()["project"]
    declared = list_declared(project["dependencies"])
    for extra in EXTRAS:
        declared |= list_declared(project["optional-dependencies"][extra])
    modules = {IMPORTED_AS.get(name, name.replace("-", "_")) for name in declared} | {"keian"}
    foreign = {name: files for name, files in list_used().items() if name not in modules}
    assert not foreign, foreign


def test_every_declared_library_is_pinned_in_the_constraints():
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = {line.split("==")[0].lower().replace("_", "-") for line in lines if "==" in line}
    project = read_project()["project"]
    declared = list_declared(project["dependencies"])
    for extra in project["optional-dependencies"].values():
        declared |= list_declared(extra)
    assert declared <= pinned, declared - pinned


def test_every_room_has_its_place_in_the_layers():
    contracts = read_project()["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    placed = {name.strip(" ()") for line in layers for name in line.split("|")}
    assert {room.name for room in list_rooms()} <= placed


def test_every_relaxed_rule_says_why():
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    lint = text.split("[tool.ruff.lint]")[1].split("[tool.mypy]")[0]
    lists = re.findall(
        r"^(?:ignore|\"[^\"]+\") = \[(.*?)\]\s*$", lint, flags=re.DOTALL | re.MULTILINE
    )
    rows = [row.strip() for part in lists for row in part.splitlines() if row.strip()]
    assert rows
    bare = [row for row in rows if not re.search(r"#\s*\S.{5,}", row)]
    assert not bare, bare
