"""A workspace on disk: run folders with manifests, and the ledger that lists them."""

from keian.store.ledger import BatchRow, RunRow
from keian.store.manifest import (
    InputText,
    Manifest,
    StoredFile,
    build_manifest,
    calc_run_digest,
    read_versions,
)
from keian.store.runs import RunFolder, list_runs, read_run, write_run
from keian.store.unfinished import (
    Unfinished,
    begin_run,
    claim_run,
    drop_unfinished,
    enter_batch,
    find_unfinished,
    list_unfinished,
    recover_batches,
    write_batch,
)
from keian.store.workspace import Workspace, find_workspace, open_workspace

__all__ = [
    "BatchRow",
    "InputText",
    "Manifest",
    "RunFolder",
    "RunRow",
    "StoredFile",
    "Unfinished",
    "Workspace",
    "begin_run",
    "build_manifest",
    "calc_run_digest",
    "claim_run",
    "drop_unfinished",
    "enter_batch",
    "find_unfinished",
    "find_workspace",
    "list_runs",
    "list_unfinished",
    "open_workspace",
    "read_run",
    "read_versions",
    "recover_batches",
    "write_batch",
    "write_run",
]
