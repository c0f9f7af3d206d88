"""What the command line says when something is wrong: one shape, for people and as JSON.

Imports nothing heavy: it is loaded with `keian --help`.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from keian.core import KeianError, Problem

OK, UNEXPECTED, INPUT, DATA, NOT_PERMITTED, PARTIAL, INTERRUPTED = 0, 1, 2, 3, 4, 5, 130
# Here and not in the catalogue of words: an error must be told without reading a file.
LABELS = MappingProxyType(
    {"en": ("found:  ", "wanted: ", "fix:    "), "ja": ("現状：", "本来：", "対処：")}
)
UNSEEN = "see `keian doctor`, then report it with what `keian --debug ...` prints"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a command ended without what it was asked for.

    Attributes
    ----------
    kind : input, data, law, clearance, model, interrupted or unexpected.
    problems : everything that is wrong, not only the first.
    exit_code : what the process ends with.
    lang : language of the problems.
    """

    kind: str
    problems: tuple[Problem, ...]
    exit_code: int
    lang: str = "en"


def describe_error(error: BaseException) -> Refusal:
    """Bring any error into the one shape that people and programs are shown."""
    # Imported late: `keian --help` must not wait for pydantic.
    from keian.core import KeianError, Problem

    if isinstance(error, KeianError):
        return _describe_known(error)
    if isinstance(error, KeyboardInterrupt):
        found = "stopped at the keyboard; nothing of this command was written"
        kept = "call it again; what was written before is as it was: see `keian runs`"
        problem = Problem("command", found, "time to finish", kept)
        return Refusal("interrupted", (problem,), INTERRUPTED)
    if hasattr(error, "format_message"):  # typer's word for a wrong command line
        context = getattr(error, "ctx", None)
        path = context.command_path if context is not None else "keian"
        message = str(error.format_message()).rstrip(".")
        problem = Problem("command line", message, "a command as its help shows", f"{path} --help")
        return Refusal("input", (problem,), INPUT)
    if isinstance(error, OSError):
        where = str(error.filename or "file")
        found = error.strerror or str(error)
        fix = "mend the path, the permissions or the free space"
        return Refusal("input", (Problem(where, found, "a file that can be used", fix),), INPUT)
    found = f"{type(error).__name__}: {error}"
    problem = Problem("keian", found, "no such failure: this is a fault of keian", UNSEEN)
    return Refusal("unexpected", (problem,), UNEXPECTED)


def _describe_known(error: KeianError) -> Refusal:
    from keian.core import ClearanceError, DataError, InputError, ModelError, NotInForce, Problem

    if isinstance(error, InputError):
        return Refusal("input", error.problems, INPUT, error.lang)
    if isinstance(error, DataError):
        return Refusal("data", error.problems, DATA)
    if isinstance(error, NotInForce):
        wanted = f"a rule in force on that date; nearest: {error.nearest}"
        fix = "change --as-of, or ask --what-if-law"
        return Refusal("law", (Problem("law", str(error), wanted, fix),), INPUT)
    if isinstance(error, ClearanceError):
        fix = "ask as a viewer who may see it: --viewer LABEL"
        problem = Problem("viewer", error.reason, "a viewer whose label covers it", fix)
        return Refusal("clearance", (problem,), NOT_PERMITTED)
    where = "run"
    if isinstance(error, ModelError):
        where = ", ".join(
            part
            for part in (error.where, None if error.day is None else f"day {error.day}")
            if part
        )
    problem = Problem(where or "run", str(error), "a run whose balances close", UNSEEN)
    return Refusal("model", (problem,), UNEXPECTED)


def show_refusal(refusal: Refusal, *, as_json: bool) -> None:
    """Print a refusal: JSON on stdout for programs, lines on stderr for people."""
    if as_json:
        problems = [asdict(problem) for problem in refusal.problems]
        write_json({"error": {"kind": refusal.kind, "problems": problems}})
        return
    count = len(refusal.problems)
    head = f"{count} problems" if count > 1 else "1 problem"
    head = f"問題{count}件" if refusal.lang == "ja" else f"{head} ({refusal.kind})"
    found, wanted, fix = LABELS[refusal.lang]
    write_line(f"keian: {head}", sys.stderr)
    for problem in refusal.problems:
        write_line(f"  {problem.where}", sys.stderr)
        write_line(f"    {found}{problem.found}", sys.stderr)
        write_line(f"    {wanted}{problem.wanted}", sys.stderr)
        write_line(f"    {fix}{problem.fix}", sys.stderr)


def write_json(thing: object) -> None:
    """Print one JSON object on stdout."""
    write_line(json.dumps(thing, ensure_ascii=False, allow_nan=False), sys.stdout)


def write_line(text: str, stream: TextIO | None = None) -> None:
    """Print a line; what the terminal's encoding cannot show is written as an escape."""
    target = stream or sys.stdout
    encoding = getattr(target, "encoding", None) or "utf-8"
    target.write(text.encode(encoding, "backslashreplace").decode(encoding) + "\n")
