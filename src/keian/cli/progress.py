"""Progress on stderr: a bar with time left on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol, TextIO

from keian.cli.set import load_cli_words
from keian.core import Names
from keian.scenario.words import Lang, choose

if TYPE_CHECKING:
    from rich.progress import Progress as RichProgress
    from rich.progress import TaskID

LINE_EVERY_S = 5.0
MINUTE_S = 60


class Progress(Protocol):
    """What a long command tells while it works."""

    def start(self, stage: Names | str, total_runs: int) -> None:
        """Begin a stage of so many runs."""
        ...

    def advance(self, runs: int) -> None:
        """Tell that so many more runs of the stage are done."""
        ...

    def note(self, text: str) -> None:
        """Tell something that stays on the screen."""
        ...


class BarProgress:
    """A bar for each stage, with the time left."""

    def __init__(self, bars: RichProgress, lang: Lang = "en") -> None:
        self._bars = bars
        self._lang: Lang = lang
        self._task: TaskID | None = None

    def start(self, stage: Names | str, total_runs: int) -> None:
        """Begin a stage of so many runs."""
        self._task = self._bars.add_task(tell_stage(stage, self._lang), total=total_runs)

    def advance(self, runs: int) -> None:
        """Tell that so many more runs of the stage are done."""
        if self._task is not None:
            self._bars.advance(self._task, runs)

    def note(self, text: str) -> None:
        """Print a line above the bars."""
        self._bars.console.print(text, markup=False, highlight=False)


class PlainProgress:
    """A line now and then, for logs and pipes."""

    def __init__(
        self,
        stream: TextIO,
        *,
        clock: Callable[[], float] = time.monotonic,
        every_s: float = LINE_EVERY_S,
        lang: Lang = "en",
    ) -> None:
        self._stream = stream
        self._lang: Lang = lang
        self._clock = clock
        self._every_s = every_s
        self._stage = ""
        self._total = self._done = 0
        self._began = self._told = clock()
        self._first = self._began, 0

    def start(self, stage: Names | str, total_runs: int) -> None:
        """Begin a stage of so many runs."""
        self._total, self._done = total_runs, 0
        self._began = self._told = self._clock()
        self._first = self._began, 0
        self._stage = tell_stage(stage, self._lang)
        if not total_runs:
            self.note(self._stage)
            return
        said = load_cli_words().say(
            "progress_stage", self._lang, stage=self._stage, total=total_runs
        )
        self.note(said)

    def advance(self, runs: int) -> None:
        """Tell that so many more runs of the stage are done."""
        now = self._clock()
        if not self._done:
            self._first = now, runs
        self._done += runs
        if now - self._told < self._every_s and self._done < self._total:
            return
        self._told = now
        left = self._guess_left(now)
        words, lang = load_cli_words(), self._lang
        line = words.say(
            "progress_line", lang, stage=self._stage, done=self._done, total=self._total,
            gone=show_time(now - self._began),
        )  # fmt: skip
        if left is not None:
            line = words.say("progress_left", lang, line=line, left=show_time(left))
        self.note(line)

    def _guess_left(self, now: float) -> float | None:
        """Guess the seconds left from the pace since the first report; None before there is one.

        What comes before the first finished run, such as compiling, says nothing about the pace.
        """
        if self._done >= self._total:
            return 0.0
        since, before = self._first
        if self._done == before or now <= since:
            return None
        return (now - since) * (self._total - self._done) / (self._done - before)

    def note(self, text: str) -> None:
        """Print a line."""
        self._stream.write(f"keian: {text}\n")
        self._stream.flush()


def tell_stage(stage: Names | str, lang: Lang) -> str:
    """Tell a stage of a long command: in the language asked for where it has names."""
    return stage if isinstance(stage, str) else choose(stage, lang)


def show_time(seconds: float) -> str:
    """Write a length of time as minutes and seconds.

    Examples
    --------
    >>> show_time(75.2)
    '1:15'
    """
    minutes, rest = divmod(round(max(0.0, seconds)), MINUTE_S)
    return f"{minutes}:{rest:02d}"


@contextmanager
def open_progress(lang: Lang = "en") -> Iterator[Progress]:
    """Open the progress that fits stderr."""
    if not sys.stderr.isatty():
        yield PlainProgress(sys.stderr, lang=lang)
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )
    from rich.progress import Progress as Bars

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Bars(*columns, console=Console(stderr=True)) as bars:
        yield BarProgress(bars, lang)
