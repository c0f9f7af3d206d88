"""Batches on a dask.distributed cluster; needs the extra `cluster`.

Only the path and the digest of the plan travel: every worker needs the workspace on storage that
all of them see. dask sends code and data by pickle, so connect to a scheduler you trust only.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from types import TracebackType
from typing import TYPE_CHECKING, Self

from keian.core import InputError, Problem
from keian.crisis.ensemble.memory import read_free_bytes
from keian.crisis.ensemble.task import Done, Task, play_task

if TYPE_CHECKING:
    from distributed import Client

CONNECT_SECONDS = 10  # a scheduler that is there answers in milliseconds
RETRIES = 2  # of a batch whose worker was lost


class DaskExecutor:
    """Plays on a cluster; without an address on one that it makes of this machine's cores."""

    def __init__(self, workers: int | None = None, address: str | None = None) -> None:
        self._address = address
        self._asked = workers
        self._client: Client | None = None

    @property
    def workers(self) -> int:
        """Threads of the cluster's workers, or as many as were asked for."""
        if self._client is None or self._asked is not None:
            return self._asked or os.cpu_count() or 1
        return max(1, int(sum(self._client.nthreads().values())))

    def __enter__(self) -> Self:
        """Connect to the scheduler, or start a cluster on this machine.

        Raises
        ------
        InputError
            No scheduler answers at the address.
        """
        from distributed import Client, LocalCluster

        if self._address is None:
            # A free port, on this machine only: without one dask takes its fixed port, and a second
            # cluster beside it warns, or fails where warnings are errors.
            cluster = LocalCluster(
                n_workers=self.workers, threads_per_worker=1, processes=True,
                dashboard_address="127.0.0.1:0", host="127.0.0.1",
            )  # fmt: skip
            self._client = Client(cluster)
            return self
        try:
            self._client = Client(self._address, timeout=CONNECT_SECONDS)
        except (OSError, ValueError) as error:
            fix = "start one with `dask scheduler`, or mend the address"
            found = f"no scheduler at {self._address} ({error})"
            raise InputError([Problem("--address", found, "a dask scheduler", fix)]) from None
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave the cluster: its tasks are cancelled; a cluster of our own is stopped."""
        if self._client is not None:
            own = self._client.cluster if self._address is None else None
            self._client.close()
            if own is not None:
                own.close()
        self._client = None

    def play(self, tasks: Iterable[Task]) -> Iterator[Done]:
        """Play tasks, one waiting for each worker.

        Raises
        ------
        InputError
            A worker was lost again and again with the same batch.
        """
        from distributed import KilledWorker, as_completed

        client = self._client
        if client is None:
            raise RuntimeError("the executor is not open; fix: use it in a with statement")
        todo = iter(tasks)
        running = as_completed()

        def top_up() -> None:
            while running.count() < 2 * self.workers and (task := next(todo, None)) is not None:
                running.add(client.submit(play_task, task, pure=False, retries=RETRIES))

        top_up()
        for future in running:
            try:
                done: Done = future.result()
            except KilledWorker:
                found = "the cluster lost every worker that took the same batch"
                fix = "give its workers more memory, then `keian resume`"
                wanted = "workers that live to the end"
                raise InputError([Problem("cluster", found, wanted, fix)]) from None
            yield done
            top_up()

    def read_free_bytes(self) -> int | None:
        """Memory limits of the cluster's workers together; of this machine for one of our own."""
        if self._client is None or self._address is None:
            return read_free_bytes()
        workers = self._client.scheduler_info(n_workers=-1)["workers"].values()
        limits = [worker["memory_limit"] for worker in workers]
        return sum(limits) if limits and all(limits) else None


def make_dask_executor(*, workers: int | None, address: str | None) -> DaskExecutor:
    """Make an executor on dask, or say how to install it.

    Raises
    ------
    InputError
        The extra `cluster` is not installed.
    """
    if find_spec("distributed") is None:
        fix = "pip install 'keian[cluster]', or leave --executor out"
        raise InputError([Problem("--executor", "no dask.distributed here", "it installed", fix)])
    return DaskExecutor(workers, address)
