import io

import pytest

from keian.cli.progress import PlainProgress, open_progress, show_time


def make_progress(times):
    stream = io.StringIO()
    clock = iter(times)
    return PlainProgress(stream, clock=lambda: next(clock)), stream


def test_plain_progress_tells_what_is_left():
    progress, stream = make_progress([0, 0, 10, 20])
    progress.start("base runs", 40)
    progress.advance(10)
    progress.advance(10)
    assert stream.getvalue().splitlines() == [
        "keian: base runs: 40 runs",
        "keian: base runs: 10 of 40 runs, 0:10 gone",
        "keian: base runs: 20 of 40 runs, 0:20 gone, 0:20 left",
    ]


def test_compiling_before_the_first_run_tells_nothing_of_the_pace():
    progress, stream = make_progress([0, 0, 30, 36])
    progress.start("base runs", 93)
    progress.advance(1)
    progress.advance(6)
    assert stream.getvalue().splitlines()[1:] == [
        "keian: base runs: 1 of 93 runs, 0:30 gone",
        "keian: base runs: 7 of 93 runs, 0:36 gone, 1:26 left",
    ]


def test_plain_progress_is_quiet_between_lines_but_tells_the_end():
    progress, stream = make_progress([0, 0, 1, 2, 3])
    progress.start("pairs", 3)
    for _ in range(3):
        progress.advance(1)
    assert len(stream.getvalue().splitlines()) == 2
    assert stream.getvalue().endswith("3 of 3 runs, 0:03 gone, 0:00 left\n")


def test_a_stage_without_runs_is_one_line():
    progress, stream = make_progress([0, 0])
    progress.start("writing", 0)
    assert stream.getvalue() == "keian: writing\n"


@pytest.mark.parametrize(("seconds", "text"), [(0, "0:00"), (59.6, "1:00"), (3601, "60:01")])
def test_times_are_minutes_and_seconds(seconds, text):
    assert show_time(seconds) == text


def test_without_a_terminal_progress_is_lines_on_stderr(capsys):
    with open_progress() as progress:
        progress.start("base runs", 2)
        progress.advance(2)
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "2 of 2 runs" in captured.err
    assert "\x1b" not in captured.err
