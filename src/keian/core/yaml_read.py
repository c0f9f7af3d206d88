"""Reads documents: strict YAML into frozen models, with all problems at once, each at its line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from keian.core.errors import InputError, Problem
from keian.core.text_read import read_text
from keian.core.validation_words import Key, Plain, explain, show_key
from keian.core.yaml_events import read_events

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class YamlDoc:
    """A YAML file as plain data.

    Attributes
    ----------
    data : dicts, tuples, text, int, float, bool, date and None.
    lines : line of each key, from 1; the key is the path to it, e.g. `("shocks", 0, "loss")`.
    path : the file as the caller named it.
    """

    data: Plain
    lines: Mapping[Key, int]
    path: str


def read_yaml(path: Path | str, *, root: Path | str | None = None) -> YamlDoc:
    """Read a YAML file strictly.

    YAML 1.2 words only: `true` and `false` are the only booleans (`yes`, `no`, `on`, `off` are
    text), a number with a leading zero is text, `2026-11-22` is a day. Duplicate keys, anchors,
    aliases, tags, NaN, infinity and huge numbers are refused; size, depth and count are limited.

    Parameters
    ----------
    path : the file.
    root : folder that the path may not leave; None = any folder.

    Raises
    ------
    InputError
        The file cannot be read or breaks a rule above; all problems with file and line.
    """
    document, problems = _read(path, root)
    if problems:
        raise InputError(problems.values())
    return document


def examine_yaml(
    path: Path | str, *, root: Path | str | None = None
) -> tuple[YamlDoc, tuple[Problem, ...]]:
    """Read a YAML file and return what breaks a rule of `read_yaml` beside the data that could be read.

    For files of many parts, whose other parts are checked too before anything is refused.

    Raises
    ------
    InputError
        The file cannot be read or is no YAML at all.
    """
    document, problems = _read(path, root)
    return document, tuple(problems.values())


def load_document(path: Path | str, model: type[M], *, root: Path | str | None = None) -> M:
    """Load a YAML file into a model.

    Nothing is converted: text is no number, `true` is no 1.

    Parameters
    ----------
    path : the file.
    model : pydantic model with `model_config = DOCUMENT`.
    root : folder that the path may not leave; None = any folder.

    Raises
    ------
    InputError
        All problems of the file, each with file, line, key, found, wanted and fix.
    """
    document, problems = _read(path, root)
    thing, faults = _validate(document.data, model, document.lines, document.path, ())
    # A value refused by the YAML rules would be reported a second time as missing or wrong.
    told = {key: fault for key, fault in faults if key not in problems}
    if problems or told:
        kept = [*problems.values(), *(f for key, f in faults if key in told)]
        raise InputError(sorted(kept, key=_find_line))
    if thing is None:
        raise AssertionError("validation gave neither a model nor a problem")
    return thing


def validate(
    data: Plain,
    model: type[M],
    lines: Mapping[Key, int],
    path: Path | str,
    *,
    at: Key = (),
) -> tuple[M | None, tuple[Problem, ...]]:
    """Check plain data against a model, e.g. one document of a list.

    Parameters
    ----------
    data : as in `YamlDoc.data`.
    model : pydantic model.
    lines : as in `YamlDoc.lines`.
    path : the file, for messages.
    at : key of `data` in the file.

    Returns
    -------
    tuple
        The model, or None with its problems.
    """
    thing, faults = _validate(data, model, lines, path, at)
    return thing, tuple(fault for _, fault in faults)


def describe_place(path: Path | str, lines: Mapping[Key, int], key: Key) -> str:
    """Write `file:line key`; the line of the nearest key above where this one has none.

    Examples
    --------
    >>> describe_place("s.yaml", {(): 1, ("shocks",): 4}, ("shocks", 0, "loss"))
    's.yaml:4 shocks[0].loss'
    """
    line = next((lines[key[:n]] for n in range(len(key), -1, -1) if key[:n] in lines), None)
    place = str(path) if line is None else f"{path}:{line}"
    return f"{place} {show_key(key)}" if key else place


def _read(path: Path | str, root: Path | str | None) -> tuple[YamlDoc, dict[Key, Problem]]:
    tree = read_events(read_text(path, root=root), str(path))
    problems = {
        key: Problem(describe_place(f"{path}:{line}", {}, key), *words)
        for key, (line, words) in tree.faults.items()
    }
    return YamlDoc(tree.data, tree.lines, str(path)), problems


def _validate(
    data: Plain, model: type[M], lines: Mapping[Key, int], path: Path | str, at: Key
) -> tuple[M | None, list[tuple[Key, Problem]]]:
    try:
        # Strict: a person who writes "5", 20260101 or yes did not mean what pydantic would guess.
        return model.model_validate(_freeze(data), strict=True), []
    except ValidationError as error:
        faults = []
        for key, words in explain(error, model, data):
            place = describe_place(path, lines, (*at, *key))
            faults.append(((*at, *key), Problem(place, *words)))
        return None, faults


def _freeze(data: Plain) -> Plain:
    """Turn lists into tuples: the models hold tuples and strict validation takes nothing else."""
    if isinstance(data, dict):
        return {key: _freeze(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return tuple(_freeze(item) for item in data)
    return data


def _find_line(problem: Problem) -> tuple[int, str]:
    place = problem.where.split(" ", maxsplit=1)[0].rpartition(":")[2]
    return (int(place) if place.isdigit() else 0, problem.where)
