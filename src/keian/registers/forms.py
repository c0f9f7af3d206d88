"""What the value of an entry may say, one model per kind of register: law and its designations.

A field that may be null and is null, or left out, is a gap that `gaps --data` counts.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, Field

from keian.core import DOCUMENT

ANY = "*"  # a link to an entry of any register


def link(to: str, **options: Any) -> Any:  # noqa: ANN401 - the signature of pydantic's own Field
    """Declare a field that names entries of another register (`*` = of any)."""
    return Field(json_schema_extra={"link": to}, **options)


class Form(BaseModel):
    """Ground of every form."""

    model_config = DOCUMENT


class Dated(Form):
    """Something that happened or is planned on a day; null = the day was not read."""

    on: date | None
    what: str
    by: date | None = None


class Vote(Form):
    """How a house voted on a bill: parties for and against, as far as they were read."""

    house: str
    on: date | None
    passed: bool
    parties_for: tuple[str, ...] = ()
    parties_against: tuple[str, ...] = ()


class Act(Form):
    """An act, an order, a treaty or guidance that a measure may rest on."""

    number: str
    kind: Literal["act", "order", "treaty", "guidance"]
    minister: str | None = None
    articles: str | None = None
    passed_on: date | None = None
    amends: tuple[str, ...] = link("acts", default=())
    made_under: str | None = link("acts", default=None)
    within_months: int | None = None
    dates: tuple[Dated, ...] = ()
    votes: tuple[Vote, ...] = ()


class Good(Form):
    """A specified critical good, or a part of one."""

    number: int | None = None
    minister: str | None = None
    scope: str | None = None
    target: str | None = None
    target_by: str | None = None


class Sector(Form):
    """A sector of essential services, with what the orders designate in it."""

    number: int
    minister: str
    articles: str | None = None
    business: str | None = None
    threshold: str | None = None
    facility: str | None = None
    operators: int | None = None
    within_months: int | None = None


class Pillar(Form):
    """A pillar of the Act: in force with its substantive chapter, operating with its last stage."""

    number: int
    articles: str
    minister: str
    substantive: str = link("acts")
    stages: tuple[str, ...] = link("acts")
    guideline: str = link("documents")
    designations: str | None = None


class Document(Form):
    """A strategy, programme, guideline or statement; `level` 1 stands above all others."""

    kind: Literal["strategy", "programme", "guideline", "plan", "proposal", "statement", "act"]
    issuer: str
    country: str
    level: int | None = None
    horizon: str | None = None
    replaces: str | None = link("documents", default=None)
    under: str | None = link("documents", default=None)
    required_by: str | None = None
    areas: tuple[str, ...] = link("areas", default=())
    text: Literal["official text at the link", "loaded by the user"] | None = None


class Guidance(Form):
    """How strongly a text guides, as somebody reads it: to consider, to follow, or to carry out."""

    scale: Literal["consideration", "guidance", "directive"]
    author: str
    on: date
    why: str


class Chapter(Form):
    """A chapter or priority of a document; `strength` null = nobody has judged its guidance."""

    document: str = link("documents")
    number: str
    areas: tuple[str, ...] = link("areas", default=())
    led_to: tuple[str, ...] = link(ANY, default=())
    strength: Guidance | None = None


class Trigger(Form):
    """One reading of the day from which a review period counts.

    `comparison`: nobody reads the text so; the day is shown beside the others and makes nothing due.
    """

    reading: Literal["enactment", "promulgation", "enforcement", "last stage", "adoption", "law"]
    day: date
    said_by: str
    comparison: bool = False


class Review(Form):
    """A review that a text or a cabinet decision calls for, with every reading of its trigger.

    `result_unknown`: whether there is a result since is not known, for it was not looked for or not
    found; what is past its day is then not told as overdue.
    """

    of: str = link(ANY)
    clause: str | None
    months: int | None
    triggers: tuple[Trigger, ...]
    owner: str | None = None
    repeats: bool = False
    result: str | None = None
    result_on: date | None = None
    result_unknown: Literal["not looked for", "not found"] | None = None
    result_entries: tuple[str, ...] = link(ANY, default=())


class Technology(Form):
    """A field of advanced critical technology, or a vision of research."""

    kind: Literal["field", "vision", "fund"]
    number: int | None = None
    technologies: int | None = None
    technologies_total: int | None = None
    amount_bn_jpy: float | None = None


class PatentClass(Form):
    """An entry of the classification list of the patent scheme (Enforcement Order art. 12(1))."""

    item: int
    ipc: str
    field: int
    condition: str | None = None
    additional_requirement: bool
    split: bool = False


class Clearance(Form):
    """A rule of the systems that protect information."""

    regime: Literal["IESI", "SDS", "TLP", "DPB", "ESPA"]
    topic: str
    rule: str
    articles: str | None = None
    limit: int | None = None
    unit: str | None = None
