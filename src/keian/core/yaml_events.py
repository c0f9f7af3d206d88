"""From YAML events to plain data, line by line, within limits that no bomb gets past."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import yaml

from keian.core.errors import InputError, Problem
from keian.core.validation_words import Key, Plain, Words, show_key, show_value

DEEPEST = 32
MOST_NODES = 200_000
LONGEST_NUMBER = 40
LARGEST = 1e18

NULL = frozenset({"", "~", "null", "Null", "NULL"})
TRUE = frozenset({"true", "True", "TRUE"})
FALSE = frozenset({"false", "False", "FALSE"})
# A leading zero makes it a code (HS 0101, postcode), which keeps its zero by staying text.
INT = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
FLOAT = re.compile(r"[-+]?(?:(?:0|[1-9][0-9]*)(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
NOT_FINITE = re.compile(r"[-+]?\.(?:nan|NaN|NAN|inf|Inf|INF)")
# Such characters make a reviewer see another text than the machine reads.
REORDERING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")

Event = Any  # PyYAML ships one class per event, told apart by isinstance

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(slots=True)
class Tree:
    """Data of one file, the line of each key, and what broke a rule."""

    data: Plain = None
    lines: dict[Key, int] = field(default_factory=dict)
    faults: dict[Key, tuple[int, Words]] = field(default_factory=dict)


def read_events(text: str, path: str) -> Tree:
    """Build plain data from YAML text.

    Raises
    ------
    InputError
        The text is no YAML document, or passes a limit; `Tree.faults` holds what can be told
        together with other problems.
    """
    reader = _Reader(path, yaml.parse(text, Loader=_Loader))
    try:
        return reader.read()
    except yaml.YAMLError as error:
        raise InputError([_describe_syntax(error, text, path)]) from None


class _Reader:
    """Walks over the events of one file; lives as long as one call of `read_events`."""

    def __init__(self, path: str, events: Iterator[Any]) -> None:
        self.path = path
        self.events = events
        self.tree = Tree()
        self.nodes = 0

    def read(self) -> Tree:
        next(self.events)  # start of the stream
        first = next(self.events)
        if isinstance(first, yaml.StreamEndEvent):
            self.stop(
                1, "an empty file", "a document", "write it, or restore the file if it was cut"
            )
        self.tree.data = self.read_node(next(self.events), ())
        next(self.events)  # end of the document
        after = next(self.events)
        if not isinstance(after, yaml.StreamEndEvent):
            line = after.start_mark.line + 1
            self.stop(line, "a second document after ---", "one document", "split the file")
        return self.tree

    def read_node(self, event: Event, key: Key) -> Plain:
        line = event.start_mark.line + 1
        self.tree.lines.setdefault(key, line)
        self.nodes += 1
        if self.nodes > MOST_NODES:
            self.stop(line, f"more than {MOST_NODES:,} values", "a smaller file", "split the file")
        if len(key) > DEEPEST:
            self.stop(line, f"more than {DEEPEST} levels", "a flatter document", "flatten it")
        if isinstance(event, yaml.AliasEvent):
            self.stop(line, f"the alias *{event.anchor}", "the value itself", "write it out")
        if event.anchor is not None:
            self.stop(line, f"the anchor &{event.anchor}", "a value", "remove the anchor")
        if event.tag is not None:
            self.stop(line, f"the tag {event.tag}", "a value without tag", "remove the tag")
        if isinstance(event, yaml.MappingStartEvent):
            return self.read_mapping(key)
        if isinstance(event, yaml.SequenceStartEvent):
            return self.read_sequence(key)
        return self.read_scalar(event, key)

    def read_sequence(self, key: Key) -> tuple[Any, ...]:
        items: list[Any] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            items.append(self.read_node(event, (*key, len(items))))
        return tuple(items)

    def read_mapping(self, key: Key) -> dict[Any, Any]:
        found: dict[Any, Any] = {}
        first_lines: dict[Any, int] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            name = self.read_key(event, key)
            line = event.start_mark.line + 1
            again = name in found
            if not again:
                first_lines[name] = line
                self.tree.lines[*key, name] = line
            value = self.read_node(next(self.events), (*key, name))
            if again:
                found_words = f"the key {name!r} again (first on line {first_lines[name]})"
                self.note((*key, name), line, (found_words, "each key once", "remove one of them"))
            else:
                found[name] = value
        return found

    def read_key(self, event: Event, key: Key) -> Plain:
        line = event.start_mark.line + 1
        if not isinstance(event, yaml.ScalarEvent):
            self.stop(line, "a list or mapping as a key", "a word as key", "write it as a list")
        if event.anchor is not None or event.tag is not None:
            self.stop(line, "an anchor or tag at a key", "a plain key", "remove it")
        if event.value == "<<":
            self.stop(line, "the merge key <<", "the keys themselves", "write them out")
        name = self.read_scalar(event, (*key, event.value))
        # `null:` or `true:` as a key is the word; a year may be a number.
        return name if isinstance(name, int) and not isinstance(name, bool) else event.value

    def read_scalar(self, event: Event, key: Key) -> Plain:
        text = event.value
        line = event.start_mark.line + 1
        if any(character in REORDERING for character in text):
            names = {unicodedata.name(c) for c in text if c in REORDERING}
            words = (min(names).lower(), "visible text", "remove the invisible character")
            self.note(key, line, words)
        if not event.implicit[0]:  # in quotes or a block: text as it stands
            return text
        value, words_or_none = resolve_scalar(text)
        if words_or_none is not None:
            self.note(key, line, words_or_none)
        return value

    def note(self, key: Key, line: int, words: Words) -> None:
        self.tree.faults.setdefault(key, (line, words))

    def stop(self, line: int, found: str, wanted: str, fix: str) -> None:
        """Give up on the file: going on would cost more than it tells."""
        earlier = [
            Problem(f"{self.path}:{at} {show_key(key)}", *words)
            for key, (at, words) in self.tree.faults.items()
        ]
        raise InputError([*earlier, Problem(f"{self.path}:{line}", found, wanted, fix)])


def resolve_scalar(text: str) -> tuple[Plain, Words | None]:
    """Tell what a word without quotes means, and what is wrong with it.

    Examples
    --------
    >>> [resolve_scalar(word)[0] for word in ("no", "true", "007", "7", "1e3", "~")]
    ['no', True, '007', 7, 1000.0, None]
    """
    if text in NULL:
        return None, None
    if text in TRUE or text in FALSE:
        return text in TRUE, None
    if NOT_FINITE.fullmatch(text):
        return None, (text, "a finite number, or null for a missing one", "write null")
    if FLOAT.fullmatch(text):
        return _resolve_number(text)
    if DAY.fullmatch(text):
        try:
            return date.fromisoformat(text), None
        except ValueError:
            return None, (text, "a day of the calendar, YYYY-MM-DD", "correct the day")
    return text, None


def _resolve_number(text: str) -> tuple[Plain, Words | None]:
    huge = (
        show_value(text),
        f"a number up to {LARGEST:.0e}",
        "check number and unit; put it in quotes if it is text",
    )
    if len(text) > LONGEST_NUMBER:
        return None, huge
    value = int(text) if INT.fullmatch(text) else float(text)
    if not math.isfinite(value) or abs(value) > LARGEST:
        return None, huge
    return value, None


def _describe_syntax(error: yaml.YAMLError, text: str, path: str) -> Problem:
    mark = getattr(error, "problem_mark", None)
    what = getattr(error, "problem", None) or getattr(error, "reason", None) or "no YAML"
    context = getattr(error, "context", None)
    line = mark.line + 1 if mark is not None else 1
    last = text.count("\n") + 1
    fix = "check indentation, quotes and colons near this line"
    if mark is not None and (line >= last or not text[: mark.index + 1].strip()):
        fix = "the file ends too early: close quotes and brackets, or restore it if it was cut"
    found = f"broken YAML ({context + ', ' if context else ''}{what})"
    return Problem(f"{path}:{line}", found, "valid YAML", fix)
