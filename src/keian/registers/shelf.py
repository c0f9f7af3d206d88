"""All registers together: one shelf, whose entries may point at each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel

from keian.core import (
    CLEAR,
    InputError,
    Label,
    Problem,
    Source,
    examine_yaml,
    join_labels,
    load_sources,
)
from keian.registers.change_sets import ReadSet, apply_change_sets
from keian.registers.entry import Entry
from keian.registers.forms import ANY
from keian.registers.load import (
    DATA,
    FORMS,
    SHIPPED,
    SOURCES,
    Written,
    build_register,
    check_register,
    find_register,
    read_register,
)
from keian.registers.register import InForce, Register
from keian.registers.soundness import check_soundness, check_tied

RULES = "rules"  # a folder beside the registers, read elsewhere
BESIDE = frozenset({"judgements", "levers"})  # one entry per policy record, under its name


@dataclass(frozen=True, slots=True)
class Shelf:
    """The registers of a country by name; an id stands in one of them only."""

    registers: Mapping[str, Register]
    homes: Mapping[str, str]
    index: Mapping[str, tuple[Entry, ...]]
    sources: Mapping[str, Source]

    @property
    def label(self) -> Label:
        """Join of the labels of all registers."""
        return join_labels(CLEAR, *(register.label for register in self.registers.values()))

    def __getitem__(self, name: str) -> Register:
        return self.registers[name]

    def entries(self) -> Iterator[tuple[str, Entry]]:
        """Give every entry with the name of its register."""
        for name, register in self.registers.items():
            for entry in register.entries:
                yield name, entry

    def at(self, on: date, known: date | None = None) -> dict[str, InForce]:
        """Look up what holds on a day in every register, as known on another."""
        return {name: register.at(on, known) for name, register in self.registers.items()}

    def find(self, entry_id: str) -> tuple[Entry, ...]:
        """Collect all entries of an id, in order of time.

        Raises
        ------
        InputError
            No register has the id; the nearest ids are offered.
        """
        found = self.index.get(entry_id)
        if found is not None:
            return found
        fix = _offer(entry_id, self.homes)
        raise InputError([Problem("ID", repr(entry_id), "the id of an entry", fix)])

    def latest(self, entry_id: str) -> Entry | None:
        """Give the last entry of an id in time; None = no such id."""
        found = self.index.get(entry_id)
        return None if found is None else found[-1]

    def choose(self, names: Sequence[str]) -> tuple[str, ...]:
        """Choose registers by name; `all` stands for every one.

        Raises
        ------
        InputError
            No register has a name; those there are are listed.
        """
        if "all" in names:
            return tuple(self.registers)
        known = ", ".join(self.registers)
        problems = [
            Problem(
                "--register", repr(name), f"all, or one of {known}", _offer(name, self.registers)
            )
            for name in names
            if name not in self.registers
        ]
        if problems:
            raise InputError(problems)
        return tuple(names)

    def refuse_unknown_source(self, name: str) -> None:
        """Refuse an id that no source has.

        Raises
        ------
        InputError
            No source has the id; the nearest are offered.
        """
        if name not in self.sources:
            fix = _offer(name, self.sources)
            raise InputError([Problem("--source", repr(name), "the id of a source", fix)])

    def search(self, text: str) -> tuple[tuple[str, Entry], ...]:
        """Search the registers; what only stands beside a policy record is found through it."""
        return tuple(
            (name, entry)
            for name, register in self.registers.items()
            if name not in BESIDE
            for entry in register.search(text)
        )


def load_shelf(folder: Path | str = DATA, sets: Sequence[ReadSet] = ()) -> Shelf:
    """Load every register of a folder, with their sources, and check them together.

    Parameters
    ----------
    folder : of the registers; the shipped ones by default.
    sets : change sets to lay over them, in order; the files of the folder stay as they are.

    Raises
    ------
    InputError
        Anything is wrong in any file: bad values, overlaps, unknown ids and sources; all of it.
    """
    folder = Path(folder)
    written, sources, problems = _read_all(folder)
    spoiled = _list_spoiled(folder, sources) if problems else frozenset()
    problems += _check_strays(folder)
    problems += check_tied(written)
    written, sources, faults = apply_change_sets(written, sources, sets)
    problems += faults
    homes: dict[str, str] = {}
    for name, each in written.items():
        problems += each.problems
        problems += check_register(each, sources, spoiled)
        problems += _claim_ids(name, each, homes)
    problems += check_soundness(written, date.today())  # noqa: DTZ011 - days need no time zone
    problems += _check_all_links(folder, written, homes)
    if problems:
        raise InputError(problems)
    return build_shelf(
        {name: build_register(each, sources) for name, each in written.items()}, sources
    )


def build_shelf(registers: Mapping[str, Register], sources: Mapping[str, Source]) -> Shelf:
    """Build a shelf of registers that were checked together."""
    homes: dict[str, str] = {}
    index: dict[str, list[Entry]] = {}
    for name, register in registers.items():
        for entry in register.entries:
            homes[entry.id] = name
            index.setdefault(entry.id, []).append(entry)
    return Shelf(
        MappingProxyType(dict(registers)),
        MappingProxyType(homes),
        MappingProxyType({key: tuple(entries) for key, entries in index.items()}),
        MappingProxyType(dict(sources)),
    )


def _read_all(folder: Path) -> tuple[dict[str, Written], dict[str, Source], list[Problem]]:
    problems: list[Problem] = []
    sources: dict[str, Source] = {}
    try:
        sources = load_sources(folder / SOURCES)
    except InputError as error:
        problems += error.problems
    paths = {name: find_register(folder, name) for name in SHIPPED}
    written = {name: read_register(path) for name, path in paths.items() if path.exists()}
    return written, sources, problems


def _list_spoiled(folder: Path, sources: Mapping[str, Source]) -> frozenset[str] | None:
    """List the ids in a file of sources that could not be read; None = it has none to be found."""
    try:
        doc, _ = examine_yaml(folder / SOURCES)
    except InputError:
        return None
    if sources or not isinstance(doc.data, tuple):
        return None
    rows = (row for row in doc.data if isinstance(row, dict))
    return frozenset(str(row["id"]) for row in rows if "id" in row)


def _check_strays(folder: Path) -> Iterator[Problem]:
    """Find files that look like registers and are none: nothing would read them."""
    taken = {SOURCES, RULES, *(find_register(folder, name).name for name in SHIPPED)}
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        like = path.suffix in {".yaml", ".yml"} or (path.is_dir() and any(path.glob("*.y*ml")))
        if like and path.name not in taken:
            wanted = f"{SOURCES}, or a register: {', '.join(SHIPPED)}"
            fix = "give it the name of its register, or move it away"
            yield Problem(str(path), "a file that no register reads", wanted, fix)


def _check_all_links(
    folder: Path, written: Mapping[str, Written], homes: Mapping[str, str]
) -> Iterator[Problem]:
    """Check what entries name; of a register that is missing, say so once and not at each name."""
    known = {**{name: of for of, each in written.items() for name in each.broken}, **homes}
    absent = [name for name in SHIPPED if name not in written]
    gone = {name for name in SHIPPED if name not in written or written[name].unread}
    asked = Counter[str]()
    for name, each in written.items():
        for to, linked, problem in _check_links(name, each, known):
            lost = gone if to == ANY else gone & {to}
            if linked not in known and lost:
                asked.update(absent if to == ANY else lost & set(absent))
            else:
                yield problem
    if "policies" in written and "levers" not in written:
        asked["levers"] += 1
    for name in absent:
        if asked[name]:
            yield Problem(
                where=str(find_register(folder, name)),
                found="no such file, and other registers name its entries",
                wanted=f"the register {name}",
                fix="put the file back",
            )


def _claim_ids(name: str, written: Written, homes: dict[str, str]) -> Iterator[Problem]:
    for entry in written.entries:
        home = homes.setdefault(entry.id, name)
        if home != name:
            yield Problem(
                where=written.place(entry, "id"),
                found=f"the id {entry.id!r}, which register {home} has already",
                wanted="an id that no other register uses",
                fix=f"rename it, e.g. {name.rstrip('s')}.{entry.id}",
            )


def _check_links(
    name: str, written: Written, homes: Mapping[str, str]
) -> Iterator[tuple[str, str, Problem]]:
    """Give each link that leads nowhere: the register it points into, the id, the problem."""
    form = FORMS.get(name)
    if form is None:
        return
    for entry in written.entries:
        for key, to, linked in list_links(form, entry.value or {}):
            home = homes.get(linked)
            if home is None or to not in {ANY, home}:
                kind = "an entry of any register" if to == ANY else f"an entry of register {to}"
                near = get_close_matches(linked, homes, n=1, cutoff=0.6)
                problem = Problem(
                    where=written.place(entry, "value"),
                    found=f"{key} {linked!r}",
                    wanted=f"the id of {kind}",
                    fix=f"did you mean {near[0]!r}?" if near else "add the entry or correct the id",
                )
                yield to, linked, problem


def list_links(form: type[BaseModel], value: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Give every link of a value: its field, the register it points into, the id it names."""
    for name, field in form.model_fields.items():
        found = value.get(name)
        extra = field.json_schema_extra
        to = extra.get("link") if isinstance(extra, dict) else None
        if found is None:
            continue
        if to is not None:
            for linked in (found,) if isinstance(found, str) else found:
                yield name, str(to), linked
        else:
            yield from _list_nested(name, field.annotation, found)


def _list_nested(name: str, annotation: Any, found: Any) -> Iterator[tuple[str, str, str]]:  # noqa: ANN401 - taken apart by what it turns out to be
    rows = found if isinstance(found, tuple) else (found,)
    for part in getattr(annotation, "__args__", ()):
        if isinstance(part, type) and issubclass(part, BaseModel):
            for row in rows:
                for key, to, linked in list_links(part, row):
                    yield f"{name}.{key}", to, linked


def _offer(name: str, known: Iterable[str]) -> str:
    near = get_close_matches(name, list(known), n=3, cutoff=0.5)
    return f"did you mean {' or '.join(near)}?" if near else "`keian register search WORDS`"
