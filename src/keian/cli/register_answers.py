"""Tells which findings answer a gap: whose they are, when to look again, what closed them."""

from __future__ import annotations

from datetime import date

from keian.cli.listing import load_register_words
from keian.core.digest import Plain
from keian.registers.answers import Answered
from keian.registers.findings import Finding, name_state
from keian.registers.gaps import Gap
from keian.scenario.words import Lang, choose


def tell_place(gap: Gap) -> str:
    """Tell where a gap is: the entries concerned, or phase and aspect; what follows its kind."""
    return gap.key.partition(":")[2]


def tell_gap(gap: Gap, lang: Lang) -> str:
    """Tell what was looked for and not found."""
    if gap.cell is None:
        return choose(gap.detail, lang)
    words = load_register_words()
    phase, aspect = gap.cell
    return f"{words.say(f'phase_{phase}', lang)} × {words.say(f'col_{aspect}', lang)}"


def tell_answers(answered: Answered, on: date, lang: Lang) -> str:
    """Tell the findings of a gap, one a line; a dash where nobody answers it."""
    return "\n".join(_tell(finding, on, lang) for finding in answered.findings) or "-"


def describe_answered(answered: Answered, on: date) -> Plain:
    """Describe a gap and its findings as plain data."""
    gap = answered.gap
    return {
        "key": gap.key,
        "kind": gap.kind,
        "about": list(gap.about),
        "detail": gap.detail.en,
        "state": answered.state,
        "findings": [
            {
                "id": f.id,
                "state": name_state(f, on),
                "owner": f.owner,
                "next_on": None if f.closed_on else f.look_on.isoformat(),
                "closed_on": f.closed_on.isoformat() if f.closed_on else None,
                "evidence": f.evidence,
                "names_gap": bool(f.gaps),
            }
            for f in answered.findings
        ],
    }


def _tell(finding: Finding, on: date, lang: Lang) -> str:
    words = load_register_words()
    state = name_state(finding, on)
    if finding.closed_on is not None:
        said = words.say(
            "answer_closed", lang, id=finding.id, day=finding.closed_on.isoformat(),
            evidence=finding.evidence or "-", by=finding.by or "-",
        )  # fmt: skip
    else:
        said = words.say(
            "answer_open", lang, id=finding.id, state=words.say(f"finding_{state}", lang),
            owner=finding.owner, day=finding.look_on.isoformat(),
        )  # fmt: skip
    return said if finding.gaps else said + words.say("answer_by_entry", lang)
