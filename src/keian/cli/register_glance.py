"""What stands at the head of the comprehensive review, the findings kept, evidence by criterion."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from keian.cli.listing import Listing, list_rows, load_register_words
from keian.cli.register_cells import tell_value
from keian.cli.register_effects import PlayedReview, counts, helps
from keian.cli.register_show import sort_states, tell_name, tell_sources
from keian.core.texts import tell_text
from keian.registers import Entry, Shelf
from keian.registers.answers import Answered
from keian.registers.due import Due, group_due, list_due, list_readings
from keian.registers.findings import Finding, name_state, sort_findings
from keian.registers.gaps import find_shipped, map_levers
from keian.registers.progress import Progress, list_loose_chapters, measure_progress
from keian.scenario import Measure
from keian.scenario.words import Lang, choose, show_days

ASKING = ("nss-2013", "ndpg-2018", "nss-2022")
CRITERIA = ("comprehensive", "effective", "intensive")
MOST = 10  # ids that a line of the head names; the rest is counted
NEAREST = 3  # dates that the head names; all of them stand in their own part


@dataclass(frozen=True, slots=True)
class Played:
    """How many records a run tells something of, by what it tells.

    Attributes
    ----------
    moving : records with an effect that helps.   worse : whose effects all harm.
    idle : played, nothing counts.
    unplayed : have a measure document that the run left out.   without : have none.
    """

    moving: tuple[str, ...]
    worse: tuple[str, ...]
    idle: tuple[str, ...]
    unplayed: tuple[str, ...]
    without: tuple[str, ...]


def sort_played(shelf: Shelf, on: date, played: PlayedReview) -> Played:
    """Sort the records that hold on a day by what a run tells of them."""
    levers = map_levers(shelf)
    found: dict[str, list[str]] = {
        "moving": [],
        "worse": [],
        "idle": [],
        "unplayed": [],
        "without": [],
    }
    for policy in shelf["policies"].at(on):
        shipped = find_shipped(levers.get(policy.id, ()), shelf)
        effects = [effect for name in shipped for effect in played.effects.get(name, ())]
        if not shipped:
            key = "without"
        elif not effects:
            key = "unplayed"
        elif any(helps(effect) for effect in effects):
            key = "moving"
        else:
            key = "worse" if any(counts(effect) for effect in effects) else "idle"
        found[key].append(policy.id)
    return Played(**{key: tuple(names) for key, names in found.items()})


def list_glance(
    shelf: Shelf,
    on: date,
    played: PlayedReview | None,
    findings: Sequence[Finding],
    asked: Sequence[Answered],
    lang: Lang,
) -> Listing:
    """List what an officer must know first: held, done, played, overdue, next, missing, open.

    Parameters
    ----------
    asked : gaps that somebody must answer, with their findings.
    """
    words = load_register_words()
    held, everything = shelf["policies"].at(on), shelf["policies"].entries
    rows = [
        (words.say("glance_held", lang), f"{len(held)}/{len(everything)}", ""),
        *(
            (words.say("glance_done", lang, name=tell_name(p.document, lang)),
             f"{len(p.done)}/{p.count}", _tell_rest(p, shelf, lang))
            for p in sorted(measure_progress(shelf), key=lambda p: str(p.document.start))
            if p.document.id in ASKING
        ),
    ]  # fmt: skip
    rows += _tell_act(shelf, lang)
    judged = {e.text("of") for e in shelf["evaluations"].entries}
    count = f"{len(judged)}/{len(everything)}"
    rows.append((words.say("glance_evaluated", lang), count, _name_some(sorted(judged), lang)))
    if played is not None:
        rows += _tell_played(sort_played(shelf, on, played), played, lang)
    rows += _tell_states(shelf, on, lang)
    rows.append(_tell_gaps(asked, lang))
    still = [f for f in findings if f.closed_on is None]
    late = ", ".join(f.id for f in still if name_state(f, on) == "overdue")
    told = words.say("glance_late", lang, names=late) if late else ""
    rows.append((words.say("glance_findings", lang), f"{len(still)}/{len(findings)}", told))
    columns = ("what", "count", "detail")
    return list_rows(words, lang, words.say("glance_title", lang), columns, rows)


def list_kept(findings: Sequence[Finding], on: date, lang: Lang) -> Listing:
    """List the findings that were recorded, the open ones first, as they stood on a day."""
    words = load_register_words()
    rows = [
        (
            f.id, words.say(f"finding_{name_state(f, on)}", lang), _tell_steps(f), _tell_about(f),
            f.owner, f.look_on.isoformat(), f.sunset.isoformat() if f.sunset else "-",
            f.evidence or "-",
        )
        for f in sort_findings(findings)
    ]  # fmt: skip
    columns = ("id", "status", "what", "about", "owner", "day", "sunset", "evidence")
    return list_rows(words, lang, words.say("findings_kept", lang, count=len(rows)), columns, rows)


def tell_criteria(
    policy: Entry, shelf: Shelf, shipped: Sequence[str], measures: Mapping[str, Measure], lang: Lang
) -> str:
    """Tell what the registers hold for each of the three criteria; the verdict stays blank."""
    words = load_register_words()
    judged = [e for e in shelf["judgements"].entries if e.text("of") == policy.id]
    phases = [words.say(f"phase_{name}", lang) for e in judged for name in e.ids("phases")]
    aspects = [words.say(f"col_{name}", lang) for e in judged for name in e.ids("aspects")]
    joint = [
        words.say(f"integration_{e.text('integration')}", lang)
        for e in judged
        if e.text("integration")
    ]
    reach = "; ".join(", ".join(part) for part in (joint, phases, aspects) if part)
    money = tell_value((policy.value or {}).get("budget"), lang, "budget")
    leads = "; ".join(
        f"{choose(measures[name].names, lang)} {show_days(lead, lang)} [{', '.join(lead.sources) or '-'}]"
        for name in shipped
        if name in measures
        for lead in (measures[name].effect.lead_days,)
    )
    intensive = words.say(
        "criterion_intensive", lang, money=money.replace("\n", "; "), lead=leads or "-"
    )
    return "\n".join(
        (
            words.say("criterion_comprehensive", lang, reach=reach or "-"),
            words.say("criterion_effective", lang),
            intensive,
            tell_verdict(find_evaluation(shelf, policy.id), lang),
        )
    )


def find_evaluation(shelf: Shelf, policy: str) -> Entry | None:
    """Find the newest evaluation of a record; None = nobody has given one."""
    found = [e for e in shelf["evaluations"].entries if e.text("of") == policy]
    return max(found, key=lambda e: e.text("on")) if found else None


def tell_verdict(evaluation: Entry | None, lang: Lang) -> str:
    """Tell what a reviewer says by each criterion, with author and day; blank for the reviewer."""
    words = load_register_words()
    if evaluation is None or evaluation.value is None:
        return words.say("criterion_verdict", lang)
    lines = [
        words.say(
            "criterion_said", lang, name=words.say(f"criterion_{key}_name", lang),
            met=words.say(f"met_{evaluation.value[key]['met']}", lang),
            why=evaluation.value[key]["why"],
        )
        for key in CRITERIA
    ]  # fmt: skip
    run = evaluation.text("run")
    signed = f"{evaluation.text('author')}, {evaluation.text('on')}{f', {run}' if run else ''}"
    return "\n".join((f"{words.say('criterion_verdict', lang)} {signed}", *lines))


def tell_reason(policy: Entry, shelf: Shelf, lang: Lang) -> str:
    """Tell why no run can tell the effect of a record."""
    words = load_register_words()
    for lever in map_levers(shelf).get(policy.id, ()):
        why = lever.text("not_modelled")
        if why:
            return words.say("not_modelled", lang, why=tell_text(why, lang))
        names = ", ".join(lever.ids("measures"))
        return words.say("no_document", lang, names=names)
    return words.say("no_effect", lang)


def _tell_played(sorted_: Played, played: PlayedReview, lang: Lang) -> list[tuple[str, str, str]]:
    words = load_register_words()
    return [
        (words.say(f"glance_{key}", lang, run=played.short), str(len(names)),
         _name_some(names, lang))
        for key, names in (
            ("moving", sorted_.moving), ("worse", sorted_.worse), ("idle", sorted_.idle),
            ("unplayed", sorted_.unplayed), ("without", sorted_.without),
        )
        if names or key != "worse"
    ]  # fmt: skip


def _name_some(names: Sequence[str], lang: Lang) -> str:
    """Name the first ids and count the rest: the head is one page."""
    told = ", ".join(names[:MOST])
    if len(names) <= MOST:
        return told
    return load_register_words().say("glance_more", lang, names=told, count=len(names) - MOST)


def _tell_rest(progress: Progress, shelf: Shelf, lang: Lang) -> str:
    """Tell what is not done, and how many chapters no record is tied to: the share leaves them out."""
    rest = (*progress.partly, *progress.undone, *progress.undated)
    undone = _name_some([e.id for e in rest], lang)
    loose = list_loose_chapters(shelf, progress.document.id)
    if not loose:
        return undone
    told = load_register_words().say("glance_loose", lang, count=len(loose))
    return f"{undone}\n{told}".strip()


def _tell_states(shelf: Shelf, on: date, lang: Lang) -> list[tuple[str, str, str]]:
    """Tell what is overdue, what is due with no known result, and what comes next."""
    words, rows = load_register_words(), []
    for key, found in sort_states(list_due(shelf, on)).items():
        groups = group_due(found)
        name = {"due_unknown": "glance_unknown"}.get(key, f"glance_{key}")
        shown = groups[:NEAREST] if key == "coming" else groups
        if groups or key != "due_unknown":
            rows.append((words.say(name, lang), str(len(groups)), _tell_due(shown, lang)))
    return rows


def _tell_gaps(asked: Sequence[Answered], lang: Lang) -> tuple[str, str, str]:
    """Tell how many of the gaps nobody answers, and how many have a finding."""
    words = load_register_words()
    tally = Counter(each.state for each in asked)
    told = words.say(
        "glance_answered", lang,
        open=tally["open"], overdue=tally["overdue"], closed=tally["closed"],
    )  # fmt: skip
    return (words.say("glance_gaps", lang), f"{tally['unanswered']}/{len(asked)}", told)


def _tell_act(shelf: Shelf, lang: Lang) -> list[tuple[str, str, str]]:
    """Tell when the Act that the pillars stand in is to be reviewed, by each reading, and the result."""
    words = load_register_words()
    chapters = (shelf.find(p.text("substantive"))[-1] for p in shelf["pillars"].entries)
    acts = {chapter.part_of or chapter.id for chapter in chapters}
    rows = []
    for review in shelf["reviews"].entries:
        if review.text("of") in acts:
            days = [
                f"{r.due.isoformat()} {tell_text(r.reading, lang)}: {tell_text(r.said_by, lang)}"
                for r in list_readings(review)
            ]
            day = (review.value or {}).get("result_on")
            if day is not None:
                result = tell_text(review.text("result"), lang)
                days.append(words.say("review_done", lang, day=day, result=result))
            told = "\n".join(days) or tell_name(review, lang)
            rows.append(
                (words.say("glance_act", lang), review.id, f"{told}\n{tell_sources(review, lang)}")
            )
    return rows


def _tell_about(finding: Finding) -> str:
    """Tell the entries that a finding is about, then the gaps that it names."""
    return "\n".join((", ".join(finding.about), *finding.gaps)).strip() or "-"


def _tell_steps(finding: Finding) -> str:
    """Tell what was found, then what was done about it."""
    steps = (f"{step.on.isoformat()} {step.what} ({step.by})" for step in finding.steps)
    return "\n".join((finding.what, *steps))


def _tell_due(groups: Sequence[Sequence[Due]], lang: Lang) -> str:
    """Tell each thing due once, with its day by every reading."""
    return "\n".join(
        f"{' / '.join(due.on.isoformat() for due in group)} {group[0].entry.id} "
        f"{tell_name(group[0].entry, lang)}"
        for group in groups
    )
