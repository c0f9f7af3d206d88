"""Cuts what is left of an ensemble into batches of some seconds each."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from keian.core import InputError, Problem
from keian.crisis.ensemble.executors import Executor
from keian.crisis.ensemble.task import Done, Task

LEAST_SECONDS, MOST_SECONDS = 2.0, 20.0  # unit of work: short enough to lose, long enough to pay
FIRST_RUNS = 4  # the first batch is only there to be measured
REMEMBERED = 8  # batches whose speed counts


@dataclass(frozen=True, slots=True)
class Span:
    """Runs from draw `first` on; -1 is the mode run."""

    first: int
    count: int


def list_gaps(done: Iterable[Span], draws: int) -> tuple[Span, ...]:
    """List the runs that are still to be played.

    Parameters
    ----------
    done : finished batches, in any order.
    draws : number of draws asked for.

    Examples
    --------
    >>> list_gaps([Span(2, 3)], draws=8)
    (Span(first=-1, count=3), Span(first=5, count=3))
    """
    gaps, at = [], -1
    for span in sorted(done, key=lambda s: s.first):
        first = min(span.first, draws)
        if first > at:
            gaps.append(Span(at, first - at))
        at = max(at, span.first + span.count)
    if at < draws:
        gaps.append(Span(at, draws - at))
    return tuple(gaps)


def cut_spans(gaps: Sequence[Span], size: Callable[[int], int]) -> Iterator[Span]:
    """Cut gaps into batches; `size` is asked anew for each, with the number of runs left.

    Examples
    --------
    >>> [s.count for s in cut_spans([Span(-1, 5)], lambda left: 2)]
    [2, 2, 1]
    """
    left = sum(gap.count for gap in gaps)
    for gap in gaps:
        at, end = gap.first, gap.first + gap.count
        while at < end:
            count = min(max(1, size(left)), end - at)
            yield Span(at, count)
            at, left = at + count, left - count


def calc_size(left: int, run_seconds: float, batch_seconds: float, workers: int) -> int:
    """Calculate the runs of the next batch.

    Towards the end batches get shorter, down to the least seconds, so that all workers end at
    about the same time.

    Parameters
    ----------
    left : runs not handed out yet.
    run_seconds : of one run, as measured.
    batch_seconds : what a batch should take.
    workers : batches at once.

    Examples
    --------
    >>> calc_size(1000, 0.1, 5.0, 2), calc_size(60, 0.1, 5.0, 2)
    (50, 30)
    """
    shared = batch_seconds if left <= 0 else left * run_seconds / workers
    seconds = max(min(batch_seconds, shared), min(batch_seconds, LEAST_SECONDS))
    return max(1, round(seconds / max(run_seconds, 1e-9)))


def play_gaps(
    executor: Executor,
    gaps: Sequence[Span],
    name_task: Callable[[Span], Task],
    *,
    batch_seconds: float,
    most_runs: int,
) -> Iterator[Done]:
    """Play what is left, and yield every batch as it is done.

    The first batch is short and alone: it is measured, and it fills the compiler's cache for the
    other workers.

    Parameters
    ----------
    executor : open.
    gaps : runs to be played.
    name_task : makes the task of a batch.
    batch_seconds : what a batch should take.
    most_runs : that a batch may hold, for its memory.
    """
    speeds: deque[float] = deque(maxlen=REMEMBERED)

    def size(left: int) -> int:
        if not speeds:
            return FIRST_RUNS
        return min(most_runs, calc_size(left, median(speeds), batch_seconds, executor.workers))

    spans = cut_spans(gaps, size)
    first = next(spans, None)
    if first is None:
        return
    for done in executor.play([name_task(first)]):
        speeds.append(done.run_seconds)
        yield done
    for done in executor.play(map(name_task, spans)):
        speeds.append(done.run_seconds)
        yield done


def refuse_seconds(batch_seconds: float) -> None:
    """Refuse a length of batches that would waste time, or lose much when killed.

    Raises
    ------
    InputError
        It is outside the bounds.
    """
    if not LEAST_SECONDS <= batch_seconds <= MOST_SECONDS:
        wanted = f"{LEAST_SECONDS:g} to {MOST_SECONDS:g} seconds"
        problem = Problem("--batch-seconds", f"{batch_seconds:g}", wanted, "name a length between")
        raise InputError([problem])
