"""A workspace on disk: run folders with manifests, and the ledger that lists them."""

from keian.store.ledger import RunRow
from keian.store.manifest import (
    InputText,
    Manifest,
    StoredFile,
    build_manifest,
    calc_run_digest,
    read_versions,
)
from keian.store.runs import RunFolder, list_runs, read_run, write_run
from keian.store.workspace import Workspace, find_workspace, open_workspace

__all__ = [
    "InputText",
    "Manifest",
    "RunFolder",
    "RunRow",
    "StoredFile",
    "Workspace",
    "build_manifest",
    "calc_run_digest",
    "find_workspace",
    "list_runs",
    "open_workspace",
    "read_run",
    "read_versions",
    "write_run",
]
