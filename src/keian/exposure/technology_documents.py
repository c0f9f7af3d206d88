"""What people write of technologies: goods, markets, holders, substitutes, grades of experts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, Field, model_validator

from keian.core import DOCUMENT, InputError, Label, Names, Problem, Source, Triple, load_document
from keian.core.validation_words import RefusedValueError
from keian.exposure.criteria import DATA

How = Literal["embodies", "needs"]
Basis = Literal["world_market", "partner_imports", "home_imports"]
SHIPPED = DATA / "technologies.yaml"
ROUNDING = 1e-6  # what shares given to the percent may exceed a whole by
Grading = Annotated[int, Field(ge=1, le=5)]  # 1 = least, 5 = most


class GoodLink(BaseModel):
    """A good that embodies a technology, or that the technology needs."""

    model_config = DOCUMENT

    good: str
    how: How


class Part(BaseModel):
    """A country's share of a market; the share names its sources."""

    model_config = DOCUMENT

    country: str
    share: Triple


class Market(BaseModel):
    """Shares of one market in one year; countries that are not listed are not known.

    basis : shares of the world's market, of what `importer` buys, or of what home buys abroad.
    """

    model_config = DOCUMENT

    what: Names
    basis: Basis
    importer: str | None = None
    year: str
    parts: tuple[Part, ...]

    @model_validator(mode="after")
    def _check_shares(self) -> Market:
        countries = [part.country for part in self.parts]
        if len(set(countries)) < len(countries):
            raise RefusedValueError(
                ", ".join(countries), "each country once", "add their shares up"
            )
        least = sum(part.share.low for part in self.parts)
        if least > 1 + ROUNDING or any(
            not 0 <= p.share.low <= p.share.high <= 1 for p in self.parts
        ):
            found = ", ".join(f"{p.country} {p.share.low:g}-{p.share.high:g}" for p in self.parts)
            raise RefusedValueError(
                found, "shares from 0 to 1, no more than 1 in all", "correct them"
            )
        if any(not part.share.sources for part in self.parts):
            raise RefusedValueError("a share", "a share with its sources", "add `sources`")
        if (self.importer is None) == (self.basis == "partner_imports"):
            wanted = "an importer with basis partner_imports, and only then"
            raise RefusedValueError(str(self.importer), wanted, "give it or leave it out")
        return self


class Holder(BaseModel):
    """Who holds a technology: a firm or another body, with its share where a source gives one."""

    model_config = DOCUMENT

    names: Names
    country: str | None = None
    what: Names
    year: str
    share: Triple | None = None
    sources: tuple[str, ...]


class TechnologySubstitute(BaseModel):
    """What could take the place of a technology."""

    model_config = DOCUMENT

    what: Names
    sources: tuple[str, ...]


class ExpertGrade(BaseModel):
    """An expert's grade: how far ahead home is, and how hard others can do without it; 1 to 5."""

    model_config = DOCUMENT

    author: str = Field(min_length=1)
    on: date
    superiority: Grading | None = None
    indispensability: Grading | None = None
    note: str | None = None


class TechnologyRecord(BaseModel):
    """What is known of one technology of the register; what is left out is missing."""

    model_config = DOCUMENT

    id: str
    goods: tuple[GoodLink, ...] = ()
    markets: tuple[Market, ...] = ()
    holders: tuple[Holder, ...] = ()
    substitutes: tuple[TechnologySubstitute, ...] = ()
    grades: tuple[ExpertGrade, ...] = ()


class Projects(BaseModel):
    """How far the programme had come by a month."""

    model_config = DOCUMENT

    count: int
    technologies: int
    by: str
    sources: tuple[str, ...]


class Programme(BaseModel):
    """The programme of research: entries of the register, projects, technologies known by name."""

    model_config = DOCUMENT

    entries: tuple[str, ...]
    projects: Projects
    named: int


class Remark(BaseModel):
    """A sourced sentence on all technologies."""

    model_config = DOCUMENT

    text: Names
    sources: tuple[str, ...]


class TechnologyDocument(BaseModel):
    """The shipped file; `goods_source` is the source of every link to a good."""

    model_config = DOCUMENT

    goods_source: str
    programme: Programme
    remarks: tuple[Remark, ...]
    technologies: tuple[TechnologyRecord, ...]


class Additions(BaseModel):
    """A user's own file: more of the same, with its own sources and label."""

    model_config = DOCUMENT

    label: str = "TLP:AMBER"
    sources: tuple[Source, ...] = ()
    technologies: tuple[TechnologyRecord, ...]


@cache
def load_technology_document() -> TechnologyDocument:
    """Load the shipped file."""
    return load_document(SHIPPED, TechnologyDocument)


def load_additions(path: Path, known: Mapping[str, object], ids: frozenset[str]) -> Additions:
    """Load a user's file of technologies.

    Parameters
    ----------
    known : sources that the file may cite beside its own.
    ids : technologies of the register.

    Raises
    ------
    InputError
        The file is wrong, or names a technology or a source that is not there; all together.
    """
    added = load_document(path, Additions)
    Label(added.label)
    mine = {source.id for source in added.sources}
    problems = [
        Problem(f"{path}: technologies", repr(record.id), "a technology of the register",
                "`keian exposure technologies` lists them")
        for record in added.technologies if record.id not in ids
    ] + [
        Problem(f"{path}: {record.id}", repr(name), "a source of the file or a shipped one",
                "add it under `sources`")
        for record in added.technologies for name in list_cited(record)
        if name not in mine and name not in known
    ]  # fmt: skip
    if problems:
        raise InputError(problems)
    return added


def list_cited(record: TechnologyRecord) -> tuple[str, ...]:
    """List the sources of a record's markets, holders and substitutes, each once."""
    cited = [s for market in record.markets for part in market.parts for s in part.share.sources]
    cited += [s for holder in record.holders for s in holder.sources]
    cited += [s for other in record.substitutes for s in other.sources]
    return tuple(dict.fromkeys(cited))
