"""Manifests and workspaces for the tests of the store."""

from keian.core import AMBER
from keian.store import InputText, build_manifest

INPUT = InputText(id="tiny", file="tiny.yaml", sha256="a" * 64)


def make_manifest(**fields):
    given = {
        "command": ("keian", "simulate", "tiny"),
        "as_of": None,
        "economy": INPUT,
        "scenarios": (INPUT,),
        "measures": (),
        "seeds": {"tiny": 7},
        "draws": 4,
        "label": AMBER,
        "options": {"kappa": 2.0, "phi": 1},
    }
    return build_manifest("simulate", **{**given, **fields})


def make_files():
    return {
        "scenario.yaml": b"id: tiny\n",
        "loss.parquet": lambda path: path.write_bytes(b"PAR1 figures PAR1"),
    }


def list_tree(folder):
    """Every file below a folder with its bytes, without the ledger's own."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith("ledger.sqlite")
    }
