"""Reads registers from YAML: every problem of a file together, each with file and line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel

from keian.core import (
    CLEAR,
    DOCUMENT,
    InputError,
    Names,
    Problem,
    Source,
    YamlDoc,
    describe_place,
    examine_yaml,
    join_labels,
    load_sources,
    validate,
)
from keian.registers import forms, forms_policy
from keian.registers.entry import Entry, Status
from keian.registers.periods import check_periods
from keian.registers.register import Register

Key = tuple[str | int, ...]
DATA = Path(__file__).parent / "data"
SOURCES = "sources.yaml"
ASKED = ("acts", "designations")  # what a review asks
# In the order in which people are shown them; a name is a file, or a folder of files.
SHIPPED = (
    "pillars", "acts", "designations", "essential_services", "technology_fields", "patent_classes",
    "clearance", "documents", "chapters", "institutions", "meetings", "matters", "agenda",
    "recommendations", "policies", "evaluations",
    "judgements", "levers", "catalogue", "areas", "aims", "lanes", "cases", "reviews",
    "discrepancies",
)  # fmt: skip
FORMS: Mapping[str, type[BaseModel]] = MappingProxyType(
    {
        "pillars": forms.Pillar,
        "acts": forms.Act,
        "designations": forms.Good,
        "essential_services": forms.Sector,
        "technology_fields": forms.Technology,
        "patent_classes": forms.PatentClass,
        "clearance": forms.Clearance,
        "documents": forms.Document,
        "chapters": forms.Chapter,
        "reviews": forms.Review,
        "policies": forms_policy.Policy,
        "evaluations": forms_policy.Evaluation,
        "judgements": forms_policy.Judgement,
        "levers": forms_policy.Lever,
        "catalogue": forms_policy.Measure,
        "areas": forms_policy.Area,
        "aims": forms_policy.Aim,
        "lanes": forms_policy.Lane,
        "cases": forms_policy.Case,
        "institutions": forms_policy.Institution,
        "meetings": forms_policy.Meeting,
        "matters": forms_policy.Matter,
        "agenda": forms_policy.AgendaItem,
        "recommendations": forms_policy.Recommendation,
        "discrepancies": forms_policy.Discrepancy,
    }
)


class EntryDocument(BaseModel):
    """An entry as written in a file."""

    model_config = DOCUMENT

    id: str
    names: Names
    value: dict[str, Any] | None
    status: Status
    in_force_from: date | None
    in_force_to: date | None = None
    certain_from: date | None = None
    published_on: date | None = None
    known_from: date | None = None
    confirmed_on: date | None = None
    confirmed_by: str | None = None
    part_of: str | None = None
    note: str | None = None
    reason: str | None = None
    aliases: tuple[str, ...] = ()
    unverified: tuple[str, ...] = ()
    # A source, or a source and where in it: `l-espa arts 6-48`.
    sources: tuple[str, ...]


class RegisterDocument(BaseModel):
    """A register as written in a file; `defaults` stand for what its entries leave out."""

    model_config = DOCUMENT

    id: str
    names: Names
    defaults: dict[str, Any] = {}
    entries: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Registers:
    """The registers that a review asks."""

    acts: Register
    designations: Register


@dataclass(frozen=True, slots=True)
class Written:
    """A register as read: its entries, with the file and number of each, and what is wrong.

    Attributes
    ----------
    broken : ids of entries that are written and could not be read; what names them is not wrong.
    unread : whether a whole file of it could not be read.
    """

    id: str
    names: Names
    entries: tuple[Entry, ...]
    places: Mapping[int, tuple[YamlDoc, Key]]  # by identity of the entry
    problems: tuple[Problem, ...]
    broken: frozenset[str] = frozenset()
    unread: bool = False

    def place(self, entry: Entry, key: str) -> str:
        """Tell file, line and key of a field of an entry."""
        doc, at = self.places[id(entry)]
        return f"{describe_place(doc.path, doc.lines, (*at, key))} ({entry.id})"


def load_register(path: Path | str, sources: Path | str | None = None) -> Register:
    """Load a register and check its periods and sources.

    Parameters
    ----------
    path : the register's YAML file, a folder of its files, or the name of a shipped register.
    sources : the file of its sources; by default `sources.yaml` beside it.

    Raises
    ------
    InputError
        The file is wrong, periods overlap or leave a gap, or a source is unknown; all of it.
    """
    file = find_register(DATA, str(path)) if str(path) in SHIPPED else Path(path)
    known = load_sources(Path(sources) if sources else file.with_name(SOURCES))
    written = read_register(file)
    problems = (*written.problems, *check_register(written, known))
    if problems:
        raise InputError(problems)
    return build_register(written, known)


def load_registers() -> Registers:
    """Load the shipped registers: acts and orders, and designated goods."""
    return Registers(*(load_register(name) for name in ASKED))


def find_register(folder: Path, name: str) -> Path:
    """Find the file or the folder of a register."""
    return folder / name if (folder / name).is_dir() else folder / f"{name}.yaml"


def read_register(path: Path) -> Written:
    """Read the file or files of a register; what is wrong is kept, not raised."""
    files = sorted(path.glob("*.yaml")) if path.is_dir() else [path]
    entries: list[Entry] = []
    places: dict[int, tuple[YamlDoc, Key]] = {}
    problems: list[Problem] = []
    heads: list[RegisterDocument] = []
    broken_ids: set[str] = set()
    for file in files:
        try:
            doc, broken = examine_yaml(file)
        except InputError as error:
            problems += error.problems
            continue
        problems += broken
        # A value refused by the YAML rules would be reported a second time as missing or wrong.
        told = {problem.where for problem in broken}
        head, faults = validate(doc.data, RegisterDocument, doc.lines, doc.path)
        problems += (fault for fault in faults if fault.where not in told)
        if head is None:
            continue
        heads.append(head)
        for number, entry, wrong in _read_entries(doc, head):
            problems += (fault for fault in wrong if fault.where not in told)
            if entry is not None:
                entries.append(entry)
                places[id(entry)] = (doc, ("entries", number))
            elif isinstance(told_id := head.entries[number].get("id"), str):
                broken_ids.add(told_id)
    name = heads[0].id if heads else path.stem
    names = heads[0].names if heads else Names(en=name, ja=name)
    return Written(
        name, names, tuple(entries), places, tuple(problems),
        broken=frozenset(broken_ids), unread=len(heads) < len(files),
    )  # fmt: skip


def build_register(written: Written, known: Mapping[str, Source]) -> Register:
    """Build a register of what was read, sorted by id and day."""
    ordered = sorted(written.entries, key=lambda e: (e.id, e.start or date.min))
    label = join_labels(CLEAR, *{entry.label for entry in ordered})
    return Register(written.id, written.names, tuple(ordered), dict(known), label)


def check_register(
    written: Written, known: Mapping[str, Source], spoiled: Set[str] | None = frozenset()
) -> list[Problem]:
    """Check periods, sources and parts of what was read.

    Parameters
    ----------
    spoiled : ids of sources that are written and could not be read, told already; None = the whole
        file of sources could not be read, so no citation can be checked.
    """
    whole = [entry for entry in written.entries if entry.id not in written.broken]
    problems = list(check_periods(whole, written.place))
    ids = {e.id for e in written.entries} | written.broken
    for entry in written.entries:
        problems += _check_sources(entry, known, written, spoiled)
        if entry.part_of is not None and entry.part_of not in ids and not written.unread:
            problems.append(
                Problem(
                    where=written.place(entry, "part_of"),
                    found=f"part_of {entry.part_of!r}",
                    wanted="the id of an entry of this register",
                    fix="correct part_of",
                )
            )
    return problems


def read_entry(
    plain: Mapping[str, Any], register: str, doc: YamlDoc, at: Key
) -> tuple[Entry | None, tuple[Problem, ...]]:
    """Read an entry as a file writes it, by the form of its register.

    Parameters
    ----------
    at : key of the entry in the file, for messages.

    Returns
    -------
    tuple
        The entry, or None with its problems.
    """
    form = FORMS.get(register)
    read, faults = validate(plain, EntryDocument, doc.lines, doc.path, at=at)
    problems = list(faults)
    value = None if read is None else read.value
    if form is not None and value is not None:
        facts, wrong = validate(value, form, doc.lines, doc.path, at=(*at, "value"))
        problems += wrong
        # Only what was stated: what is left out stays left out, and is counted as a gap.
        value = value if facts is None else facts.model_dump(exclude_unset=True)
    entry = None if read is None or problems else _build_entry(read, value)
    return entry, tuple(problems)


def _read_entries(
    doc: YamlDoc, head: RegisterDocument
) -> Iterator[tuple[int, Entry | None, Sequence[Problem]]]:
    for number, written in enumerate(head.entries):
        plain = {**head.defaults, **written}
        yield number, *read_entry(plain, head.id, doc, ("entries", number))


def _build_entry(document: EntryDocument, value: Mapping[str, Any] | None) -> Entry:
    split = [written.partition(" ") for written in document.sources]
    fields = {
        **dict(document),
        "value": None if value is None else MappingProxyType(dict(value)),
        "sources": tuple(source for source, _, _ in split),
        "places": MappingProxyType({source: where for source, _, where in split if where}),
    }
    return Entry(**fields, label=CLEAR)


def _check_sources(
    entry: Entry, known: Mapping[str, Source], written: Written, spoiled: Set[str] | None
) -> Iterator[Problem]:
    if not entry.sources:
        yield Problem(
            where=written.place(entry, "sources"),
            found="no source",
            wanted="at least one source",
            fix="name where the entry was read",
        )
    seen = (str(row["source"]) for row in entry.rows("observations"))
    for source in dict.fromkeys((*entry.sources, *seen)):
        if spoiled is None or source in spoiled:
            continue
        if source not in known:
            yield Problem(
                where=written.place(entry, "sources"),
                found=f"source {source!r}",
                wanted=f"the id of a source in {SOURCES}",
                fix="add the source or correct its id",
            )
        elif known[source].grade is None:
            yield Problem(
                where=written.place(entry, "sources"),
                found=f"source {source!r} without a grade",
                wanted="grade A, B or C",
                fix="grade the source",
            )
