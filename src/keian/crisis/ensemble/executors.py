"""Where batches are played: in this process, in a pool of processes, or on a dask cluster."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from multiprocessing.connection import Connection
from threading import Thread
from types import TracebackType
from typing import Literal, Protocol, Self

from keian.core import InputError, Problem
from keian.crisis.ensemble.memory import read_free_bytes
from keian.crisis.ensemble.task import Done, Task, play_task

ExecutorName = Literal["serial", "processes", "dask"]
GONE = 70  # exit code of a worker whose ensemble ended: EX_SOFTWARE of BSD's sysexits


class Executor(Protocol):
    """Plays tasks in any order, a few at a time; used in a `with` statement.

    An executor asks for the next task when it has room for it, so that the sizes of tasks can
    follow what was measured. It never holds more than a few tasks per worker.
    """

    @property
    def workers(self) -> int:
        """Number of tasks it plays at once."""
        ...

    def __enter__(self) -> Self:
        """Start the workers."""
        ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop the workers; after an error at once, in the middle of a task."""
        ...

    def play(self, tasks: Iterable[Task]) -> Iterator[Done]:
        """Play tasks and yield each as it is done."""
        ...

    def read_free_bytes(self) -> int | None:
        """Memory that the workers may use together, bytes; None = not known."""
        ...


class SerialExecutor:
    """Plays in this process, one batch after the other: for tests and for looking into a run."""

    @property
    def workers(self) -> int:
        """One."""
        return 1

    def __enter__(self) -> Self:
        """Nothing to start."""
        return self

    def __exit__(self, *_error: object) -> None:
        """Nothing to stop."""

    def play(self, tasks: Iterable[Task]) -> Iterator[Done]:
        """Play tasks in order."""
        return map(play_task, tasks)

    def read_free_bytes(self) -> int | None:
        """Memory of this machine that is free."""
        return read_free_bytes()


class ProcessExecutor:
    """Plays in a pool of processes of this machine.

    Workers are started afresh, so they share no state with this process, and end when it ends,
    however it ends.
    """

    def __init__(self, workers: int | None = None) -> None:
        self._workers = workers or os.cpu_count() or 1
        self._pool: ProcessPoolExecutor | None = None
        self._leash: Connection | None = None

    @property
    def workers(self) -> int:
        """Number of processes."""
        return self._workers

    def __enter__(self) -> Self:
        """Make the pool; processes start with the first task."""
        context = get_context("spawn")
        held, self._leash = context.Pipe(duplex=False)
        self._pool = ProcessPoolExecutor(
            self._workers, mp_context=context, initializer=_begin_worker, initargs=(held,)
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let the pool go; after an error its workers stop at once."""
        if self._leash is not None and kind is not None:
            self._leash.close()
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
        if self._leash is not None:
            self._leash.close()
        self._pool = self._leash = None

    def play(self, tasks: Iterable[Task]) -> Iterator[Done]:
        """Play tasks, one waiting for each worker.

        Raises
        ------
        InputError
            A worker was killed: most often there was too little memory.
        """
        pool = self._pool
        if pool is None:
            raise RuntimeError("the executor is not open; fix: use it in a with statement")
        todo = iter(tasks)
        pending: set[Future[Done]] = set()
        try:
            while True:
                while len(pending) < 2 * self._workers and (task := next(todo, None)) is not None:
                    pending.add(pool.submit(play_task, task))
                if not pending:
                    return
                finished, pending = wait(pending, return_when=FIRST_COMPLETED)
                for future in finished:
                    yield future.result()
        except BrokenProcessPool:
            raise InputError([_describe_death()]) from None

    def read_free_bytes(self) -> int | None:
        """Memory of this machine that is free."""
        return read_free_bytes()


def make_executor(
    name: ExecutorName = "processes", *, workers: int | None = None, address: str | None = None
) -> Executor:
    """Make an executor by name.

    Parameters
    ----------
    name : `serial`, `processes` or `dask`.
    workers : tasks at once; None = all cores, or what the cluster has.
    address : of a dask scheduler; None = a cluster of this machine's cores.

    Raises
    ------
    InputError
        The extra `cluster` is not installed, or the options contradict each other.

    Examples
    --------
    >>> make_executor("serial").workers
    1
    """
    if address is not None and name != "dask":
        found, fix = f"the executor {name!r}", "name the executor dask, or leave the address out"
        raise InputError([Problem("--address", found, "the executor dask", fix)])
    if name == "serial":
        if workers not in {None, 1}:
            fix = "leave --workers out, or name another executor"
            raise InputError([Problem("--workers", f"{workers}", "1: serial is one process", fix)])
        return SerialExecutor()
    if name == "dask":
        from keian.crisis.ensemble.dask_executor import make_dask_executor

        return make_dask_executor(workers=workers, address=address)
    return ProcessExecutor(workers)


def _begin_worker(leash: Connection) -> None:
    """Leave Ctrl-C to the process that asked, and end when it lets go or is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_watch, args=(leash, os._exit), daemon=True).start()


def _watch(leash: Connection, leave: Callable[[int], object]) -> None:
    try:
        leash.recv_bytes()
    except (EOFError, OSError):
        # The other end is closed. No tidying up: a batch is there whole or not at all.
        sys.stderr.flush()
        leave(GONE)


def _describe_death() -> Problem:
    found = "a worker process was killed; most often memory ran out"
    fix = "ask for fewer --workers, then `keian resume`: finished batches are kept"
    return Problem("--workers", found, "workers that live to the end", fix)
