"""What the value of an entry may say: policy records, their levers, aims, partners and cases."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from keian.core import Names
from keian.registers.forms import ANY, Dated, Form, link

Progress = Literal["planned", "bill", "enacted", "partly_in_force", "in_force", "operating", "done", "under_revision"]  # fmt: skip
Phase = Literal["peacetime", "grey_zone", "crisis", "conflict", "prolonged", "recovery"]
Aspect = Literal["supply", "infrastructure", "technology", "information", "people", "finance", "diplomacy"]  # fmt: skip
Integration = Literal["single", "joint", "nsc"]


class Money(Form):
    """An amount of public money."""

    amount: float
    unit: Literal["bn JPY", "mn JPY", "bn USD"]
    what: str
    year: str | None = None


class Policy(Form):
    """A measure as policy: who leads, on which law, asked by which document, until when."""

    lead: str | None
    partners: tuple[str, ...] | None = None
    instrument: str | None
    laws: tuple[str, ...] = link("acts", default=())
    progress: Progress
    asked_by: tuple[str, ...] = link(ANY)
    dates: tuple[Dated, ...] = ()
    budget: tuple[Money, ...] | None = None
    next: Dated | None = None
    restrictive: bool = False
    treaty_note: str | None = None


class Judgement(Form):
    """What keian judges about a policy record: goals, phases, aspects, integration; with a reason."""

    of: str = link("policies")
    goals: tuple[str, ...] = link("aims", default=())
    goods: tuple[str, ...] = link(ANY, default=())
    phases: tuple[Phase, ...] = ()
    aspects: tuple[Aspect, ...] = ()
    elements: tuple[str, ...] = link("areas", default=())
    integration: Integration | None = None
    author: str
    on: date
    why: str


class Verdict(Form):
    """What a reviewer says of a measure by one criterion, and why."""

    met: Literal["yes", "partly", "no", "cannot_tell"]
    why: str = Field(min_length=1)


class Evaluation(Form):
    """A reviewer's verdict on a policy record by all three criteria; none may be left out."""

    of: str = link("policies")
    author: str = Field(min_length=1)
    on: date
    comprehensive: Verdict
    effective: Verdict
    intensive: Verdict
    run: str | None = None  # first digits of the stored run that it rests on
    next: Dated | None = None


class Lever(Form):
    """Which measures of the catalogue a policy record stands behind, or why none."""

    of: str = link("policies")
    measures: tuple[str, ...] = link("catalogue", default=())
    not_modelled: str | None = None
    author: str
    on: date
    why: str


class Measure(Form):
    """A measure of the catalogue; `shipped` names the document with its effect curve."""

    group: str
    shipped: tuple[str, ...] = ()


class Area(Form):
    """An element of national power, or an area that a strategy guides."""

    kind: Literal["element", "area"]
    guided_by: tuple[str, ...] = link("documents", default=())
    main: bool = False


class Observation(Form):
    """Something seen on a day that bears on an aim."""

    on: date
    what: str
    source: str
    strength: Literal["weak", "medium", "strong"] | None = None


class Aim(Form):
    """A goal, challenge, trend, lesson or criterion, with what answers it.

    `not_played`, `not_observed`: why no scenario plays it, why no observation stands with it.
    """

    kind: Literal["goal", "challenge", "trend", "lesson", "criterion", "driver"]
    number: int
    measures: tuple[str, ...] = link("policies", default=())
    cases: tuple[str, ...] = link("cases", default=())
    scenarios: tuple[str, ...] = ()
    not_played: str | None = None
    observations: tuple[Observation, ...] = ()
    not_observed: str | None = None
    author: str | None = None
    why: str | None = None


class Lane(Form):
    """Cooperation with one partner, a few or many: agreements and what comes next."""

    kind: Literal["bilateral", "minilateral", "multilateral"]
    partners: tuple[str, ...]
    subject: str | None
    agreements: tuple[Dated, ...] = ()
    next: Dated | None = None
    measures: tuple[str, ...] = link("policies", default=())


class Case(Form):
    """A case of coercion, a tariff or another unilateral measure."""

    kind: Literal["export_limit", "import_limit", "tariff", "entity_limit", "debt", "other"]
    actor: str
    target: str
    goods: tuple[str, ...]
    instrument: str
    ground: str | None
    response: str | None
    effect: str | None
    entries: tuple[str, ...] = link(ANY, default=())


class Institution(Form):
    """A section, council, panel or commission; its entry's dates are its life."""

    kind: Literal["section", "office", "council", "panel", "commission", "ministerial", "post"]
    host: str
    law: str | None = link("acts", default=None)
    task: str | None = None
    secrecy: str | None = None


class FollowUp(Form):
    """What a meeting asked for, and the entry that answers it."""

    what: str
    state: Literal["done", "partly", "open"]
    entries: tuple[str, ...] = link(ANY, default=())


class Meeting(Form):
    """A meeting with what was asked and what became of it."""

    body: str = link("institutions")
    number: int | None
    on: date
    topics: tuple[str, ...]
    follow_ups: tuple[FollowUp, ...] = ()


class Matter(Form):
    """A matter that a council deliberates on by law: who sits, what must be referred to it.

    `members`: ministries stand for their ministers; `deputy` for the minister named to stand in for
    the Prime Minister; `named` for those he names beforehand. `referral`: must; must_in_part (named parts must, the rest if the Prime Minister deems it
    needed); if_deemed; free (no duty). `urgent`: it may propose urgent steps by itself.
    """

    act: str = link("acts")
    number: int
    item: str
    members: tuple[str, ...]
    referral: Literal["must", "must_in_part", "if_deemed", "free"]
    urgent: bool
    committee: bool


class Paper(Form):
    """A paper before a council; `public` null = not read; `label` where the paper bears one."""

    what: Names
    entry: str | None = link(ANY, default=None)
    public: bool | None = None
    label: str | None = None


class Task(Form):
    """What a decision asks for, and the entries that answer it."""

    what: Names
    state: Literal["done", "partly", "open"]
    entries: tuple[str, ...] = link(ANY, default=())


class AgendaItem(Form):
    """An item before the National Security Council: papers, decision, who sat, what followed."""

    matter: str | None = link("matters", default=None)
    matter_by: str | None = None
    matter_why: str | None = None
    on: date | None = None
    papers: tuple[Paper, ...] = ()
    decision: Names | None = None
    attendees: tuple[str, ...] | None = None
    follow_ups: tuple[Task, ...] = ()


class Recommendation(Form):
    """What a panel recommended, and what became of it."""

    body: str = link("institutions")
    outcome: Literal["adopted", "partly", "not adopted", "pending"]
    became: tuple[str, ...] = link(ANY, default=())


class Discrepancy(Form):
    """A point where the founding proposal and the law differ; both are kept."""

    proposal_says: str
    law_says: str
    paragraph: int | None = None
    entries: tuple[str, ...] = link(ANY, default=())
