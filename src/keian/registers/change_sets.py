"""Change sets: what a person changes in the registers, dated, with author, reason and sources.

A set adds, closes or corrects entries. It is kept as a file of its own beside the shipped data and
laid over them when the registers are loaded: the shipped files stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from pydantic import BaseModel, Field

from keian.core import (
    CLEAR,
    DOCUMENT,
    InputError,
    Label,
    Problem,
    Source,
    YamlDoc,
    describe_place,
    examine_yaml,
    load_levels,
    to_plain,
    validate,
)
from keian.registers.entry import Entry
from keian.registers.load import Written, read_entry
from keian.registers.sunset import end_on_sunset, find_late_day

FOLDER = "changes"  # of a workspace
OWN = ("label",)  # fields of an entry that no file writes
SUFFIX = ".yaml"


class Change(BaseModel):
    """One entry added, closed, or corrected.

    Attributes
    ----------
    into, entry : what is added, to which register.   id : what is closed or corrected.
    period : first day of the period meant; None = the last of the id.
    to : fields in their new form; those of `value` replace single fields of it.
    """

    model_config = DOCUMENT

    do: Literal["add", "close", "correct"]
    into: str | None = None
    entry: dict[str, Any] | None = None
    id: str | None = None
    period: date | None = None
    in_force_to: date | None = None
    to: dict[str, Any] | None = None
    sources: tuple[str, ...]
    reason: str | None = None


class ChangeSet(BaseModel):
    """A dated set of changes that is applied as a whole or not at all.

    `label` is that of every entry it adds or corrects, joined with the one an entry had.
    """

    model_config = DOCUMENT

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9\-]{0,59}$")
    on: date
    author: str
    reason: str
    label: str = CLEAR.level
    fast_track: bool = False
    sunset: date | None = None
    sources: tuple[dict[str, Any], ...] = ()
    changes: tuple[Change, ...]

    def acts(self, on: date) -> bool:
        """Tell whether the set acts on a day: made by then, and not ended."""
        return self.on <= on and (self.sunset is None or on < self.sunset)


@dataclass(frozen=True, slots=True)
class ReadSet:
    """A change set with the file it was read from; `ended` = its sunset has come."""

    made: ChangeSet
    doc: YamlDoc
    ended: bool = False

    def place(self, *key: str | int) -> str:
        """Tell file, line and key of a part."""
        return describe_place(self.doc.path, self.doc.lines, key)


def read_change_set(path: Path) -> ReadSet:
    """Read a change set and check it by itself.

    Raises
    ------
    InputError
        The file is wrong; all of it.
    """
    doc, broken = examine_yaml(path)
    told = {problem.where for problem in broken}
    made, faults = validate(doc.data, ChangeSet, doc.lines, doc.path)
    problems = [*broken, *(fault for fault in faults if fault.where not in told)]
    if made is not None:
        problems += _check_head(ReadSet(made, doc))
        for number, change in enumerate(made.changes):
            problems += _check_parts(ReadSet(made, doc), number, change)
    if problems or made is None:
        raise InputError(problems)
    return ReadSet(made, doc)


def read_change_sets(folder: Path) -> tuple[ReadSet, ...]:
    """Read the change sets of a folder in order of their days; none if there is no folder.

    Raises
    ------
    InputError
        Files are wrong, or two sets have one id; all of it.
    """
    read: list[ReadSet] = []
    problems: list[Problem] = []
    for path in sorted(folder.glob(f"*{SUFFIX}")) if folder.is_dir() else ():
        try:
            read.append(read_change_set(path))
        except InputError as error:
            problems += error.problems
    seen: set[str] = set()
    for each in read:
        if each.made.id in seen:
            fix = "rename one of them"
            problems.append(
                Problem(each.place("id"), f"{each.made.id!r} again", "each id once", fix)
            )
        seen.add(each.made.id)
    if problems:
        raise InputError(problems)
    return tuple(sorted(read, key=lambda each: (each.made.on, each.made.id)))


def list_acting(sets: Sequence[ReadSet], on: date) -> tuple[ReadSet, ...]:
    """List the change sets made by a day; one that ended by then still tells of the days before."""
    return tuple(replace(read, ended=not read.made.acts(on)) for read in sets if read.made.on <= on)


def keep_change_set(folder: Path, read: ReadSet, today: date) -> Path:
    """Keep a change set as a file of a folder, in one step; the caller has tried it.

    Raises
    ------
    InputError
        Its day has not come, or the folder has a set of this id.
    """
    problems = []
    if read.made.on > today:
        fix = "give the day of the change"
        problems.append(Problem(read.place("on"), f"{read.made.on}", "a day that has come", fix))
    path = folder / f"{read.made.id}{SUFFIX}"
    if path.exists():
        wanted = "an id that no set in the workspace has"
        problems.append(Problem(read.place("id"), repr(read.made.id), wanted, "choose another id"))
    if problems:
        raise InputError(problems)
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f".{path.name}.part"
    part.write_bytes(Path(read.doc.path).read_bytes())
    part.replace(path)
    return path


def apply_change_sets(
    written: Mapping[str, Written], sources: Mapping[str, Source], sets: Sequence[ReadSet]
) -> tuple[dict[str, Written], dict[str, Source], list[Problem]]:
    """Lay change sets over registers as read; what cannot be applied is told, not raised.

    Periods, links and sources of the outcome are checked by whoever builds the registers. What a
    set with a sunset changes holds until that day; from then on the entry is as it was before.
    """
    laid, known = dict(written), dict(sources)
    problems: list[Problem] = []
    for each in sets:
        problems += _add_sources(each, known)
        before, told = dict(laid), len(problems)
        for number, change in enumerate(each.made.changes):
            problems += _apply(each, number, change, laid)
        if each.made.sunset is not None and len(problems) == told:
            laid = {name: _lapse(each, each.made.sunset, before[name], laid[name]) for name in laid}
    return laid, known, problems


def _lapse(read: ReadSet, sunset: date, before: Written, after: Written) -> Written:
    """End what a set changed in a register on its sunset, and let what it replaced hold again."""
    if after is before:
        return after
    was = set(map(id, before.entries))
    touched = {e.id for e in after.entries if id(e) not in was}
    places, left = dict(after.places), [e for e in after.entries if e.id not in touched]
    for name in sorted(touched):
        old = [e for e in before.entries if e.id == name]
        new = [e for e in after.entries if e.id == name]
        at = places[next(id(e) for e in new if id(e) not in was)]
        for entry in end_on_sunset(old, new, sunset, name=read.made.id, ended=read.ended):
            places.setdefault(id(entry), before.places[id(entry)] if id(entry) in was else at)
            left.append(entry)
    return replace(after, entries=tuple(left), places=MappingProxyType(places))


def _apply(
    read: ReadSet, number: int, change: Change, laid: dict[str, Written]
) -> Sequence[Problem]:
    if change.do == "add":
        return _add(read, number, change, laid)
    found = [
        (name, entry)
        for name, register in laid.items()
        for entry in register.entries
        if entry.id == change.id and change.period in {None, entry.start}
    ]
    if not found:
        wanted = "the id of an entry, and the first day of one of its periods where one is given"
        fix = "`keian register search WORDS`; a set that added it may have ended"
        return [Problem(read.place("changes", number, "id"), repr(change.id), wanted, fix)]
    name, entry = max(found, key=lambda item: item[1].start or date.min)
    if change.do == "close":
        problems = _check_end(read, number, change, entry)
        plain, key = {**_write_plain(entry), "in_force_to": change.in_force_to}, "in_force_to"
    else:
        problems, key = [], "to"
        to = dict(change.to or {})
        plain = _write_plain(entry) | to
        if isinstance(to.get("value"), dict) and entry.value is not None:
            plain["value"] = {**_plain_value(entry), **to["value"]}
    if problems:
        return problems
    plain["sources"] = _join(change.sources, plain["sources"])
    plain["reason"] = change.reason or read.made.reason
    return _put(read, ("changes", number, key), laid, name, plain, entry)


def _add(read: ReadSet, number: int, change: Change, laid: dict[str, Written]) -> Sequence[Problem]:
    name = change.into or ""
    if name not in laid:
        place, wanted = read.place("changes", number, "into"), f"one of {', '.join(laid)}"
        return [Problem(place, repr(name), wanted, "`keian register at DATE` lists them")]
    plain: dict[str, Any] = {"known_from": read.made.on, **(change.entry or {})}
    plain["sources"] = _join(change.sources, plain.get("sources", ()))
    plain.setdefault("reason", change.reason or read.made.reason)
    return _put(read, ("changes", number, "entry"), laid, name, plain, None)


def _put(
    read: ReadSet,
    key: tuple[str | int, ...],
    laid: dict[str, Written],
    name: str,
    plain: Mapping[str, Any],
    old: Entry | None,
) -> Sequence[Problem]:
    """Put an entry as written in a set into its register, in the place of an old one."""
    entry, problems = read_entry(plain, name, read.doc, key)
    if entry is None:
        return problems
    late = find_late_day(read.made.sunset, entry)
    if late is not None:
        wanted = f"a day before the sunset, {read.made.sunset}"
        return [Problem(read.place(*key), f"{entry.id} from {late}", wanted, "correct the day")]
    label = Label(read.made.label).join(CLEAR if old is None else old.label)
    entry, register = replace(entry, label=label), laid[name]
    kept = tuple(each for each in register.entries if each is not old)
    places = {**register.places, id(entry): (read.doc, key)}
    laid[name] = replace(register, entries=(*kept, entry), places=MappingProxyType(places))
    return ()


def _write_plain(entry: Entry) -> dict[str, Any]:
    """Write an entry as a file would."""
    sources = tuple(f"{name} {entry.places.get(name, '')}".rstrip() for name in entry.sources)
    left = {"value", "names", "sources", "places", *OWN}
    fields = {key: getattr(entry, key) for key in entry.__slots__ if key not in left}
    value = None if entry.value is None else _plain_value(entry)
    names = {"en": entry.names.en, "ja": entry.names.ja}
    return {**fields, "names": names, "value": value, "sources": sources}


def _plain_value(entry: Entry) -> dict[str, Any]:
    return {key: _unfold(item) for key, item in (entry.value or {}).items()}


def _unfold(item: Any) -> Any:  # noqa: ANN401 - a value of the YAML file, of any kind
    if isinstance(item, Mapping):
        return {key: _unfold(part) for key, part in item.items()}
    return tuple(_unfold(part) for part in item) if isinstance(item, tuple | list) else item


def _join(new: Sequence[str], old: Sequence[str]) -> tuple[str, ...]:
    """Join sources, the new first; a source cited anew takes the place of its old citation."""
    names = {source.partition(" ")[0] for source in new}
    return (*new, *(source for source in old if source.partition(" ")[0] not in names))


def _add_sources(read: ReadSet, known: dict[str, Source]) -> Iterator[Problem]:
    for number, plain in enumerate(read.made.sources):
        at = ("sources", number)
        source, faults = validate(plain, Source, read.doc.lines, read.doc.path, at=at)
        yield from faults
        if source is None:
            continue
        if source.id in known and to_plain(known[source.id]) != to_plain(source):
            wanted = "an id that no other source has"
            yield Problem(read.place(*at, "id"), repr(source.id), wanted, "choose another id")
        known[source.id] = source


def _check_head(read: ReadSet) -> Iterator[Problem]:
    made = read.made
    for key in ("author", "reason"):
        if not getattr(made, key).strip():
            yield Problem(read.place(key), "nothing", "who changes it, and why", "say it")
    if made.label not in load_levels():
        wanted = f"one of {', '.join(load_levels())}"
        yield Problem(read.place("label"), repr(made.label), wanted, "choose one of them")
    if made.fast_track and made.sunset is None:
        wanted = "the day on which a fast-track change ends"
        yield Problem(read.place("sunset"), "nothing", wanted, "give a sunset")
    if made.sunset is not None and made.sunset <= made.on:
        wanted = f"a day after {made.on}"
        yield Problem(read.place("sunset"), str(made.sunset), wanted, "correct the day")
    if not made.changes:
        yield Problem(read.place("changes"), "none", "at least one change", "add a change")


def _check_parts(read: ReadSet, number: int, change: Change) -> Iterator[Problem]:
    """Check that a change says what its kind needs and nothing that its kind ignores."""
    needed = {"add": ("into", "entry"), "close": ("id", "in_force_to"), "correct": ("id", "to")}
    for key in ("into", "entry", "id", "in_force_to", "to"):
        given = getattr(change, key) is not None
        place = read.place("changes", number, key)
        if key in needed[change.do] and not given:
            yield Problem(place, "nothing", f"{key}, for `do: {change.do}`", f"give {key}")
        elif given and key not in needed[change.do]:
            wanted = f"no {key} with `do: {change.do}`"
            yield Problem(place, str(getattr(change, key)), wanted, f"remove {key}")
    if not change.sources:
        place, wanted = read.place("changes", number, "sources"), "where the change was read"
        yield Problem(place, "no source", wanted, "name a source")
    if "id" in (change.to or {}):
        place = read.place("changes", number, "to", "id")
        yield Problem(place, "a new id", "the id it has", "close the entry and add another")


def _check_end(read: ReadSet, number: int, change: Change, entry: Entry) -> list[Problem]:
    place = read.place("changes", number, "in_force_to")
    if entry.in_force_to is not None:
        found = f"{entry.id} has ended on {entry.in_force_to} already"
        return [Problem(place, found, "an entry without an end", "`do: correct` changes its end")]
    sunset = read.made.sunset
    if sunset is not None and change.in_force_to is not None and change.in_force_to >= sunset:
        wanted = f"a day before the sunset, {sunset}"
        return [Problem(place, str(change.in_force_to), wanted, "correct it")]
    if change.in_force_to is not None and entry.start and change.in_force_to <= entry.start:
        return [Problem(place, str(change.in_force_to), f"a day after {entry.start}", "correct it")]
    return []
