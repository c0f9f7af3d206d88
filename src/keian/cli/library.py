"""Shows the shipped scenarios and measures: what is there, from which source, what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from keian.cli.errors import write_json, write_line
from keian.cli.lookup import call, find_documents, list_found
from keian.cli.set import add_row, load_cli_words, make_console, print_text, start_table
from keian.core import Source, tell_text, to_plain
from keian.core.digest import Plain
from keian.economy import Economy, load_economy
from keian.registers import Registers, load_registers
from keian.review.compare import load_anchors
from keian.scenario import Measure, Scenario, load_measures, load_scenarios
from keian.scenario.acting import can_act, find_touched
from keian.scenario.evidence import calc_judgement_share
from keian.scenario.load import find_file, list_default, load_scenario_sources
from keian.scenario.missing import find_entry, list_gaps_of_measure, list_gaps_of_scenario
from keian.scenario.nouns import RecordedShock
from keian.scenario.tell_measure import LEVERS
from keian.scenario.tell_shock import tell_recorded, tell_shock
from keian.scenario.teller import Teller, make_teller
from keian.scenario.triples import walk_triples
from keian.scenario.words import Lang, show_share

INDENT = "  "


@dataclass(frozen=True, slots=True)
class Library:
    """Everything that a line about a scenario or a measure looks up."""

    economy: Economy
    registers: Registers
    sources: Mapping[str, Source]
    scenarios: tuple[Scenario, ...]
    measures: tuple[Measure, ...]
    teller: Teller


def open_library(
    lang: Lang, *, kind: str = "scenarios", name: str | None = None, economy: str = "japan"
) -> Library:
    """Open what is shipped; sources beside a person's own file are read too."""
    path = None if name is None else find_file(kind, name)
    loaded, measures = load_economy(economy), load_measures()
    sources = {**loaded.sources, **load_scenario_sources(path)}
    return Library(
        economy=loaded,
        registers=load_registers(),
        sources=sources,
        scenarios=load_scenarios(),
        measures=measures,
        teller=make_teller(loaded, measures, lang),
    )


def show_scenarios(lang: Lang, *, as_json: bool) -> None:
    """List the shipped scenarios."""
    library = open_library(lang)
    rows = [describe_scenario(scenario, library) for scenario in library.scenarios]
    if as_json:
        write_json({"scenarios": rows})
        return
    words = load_cli_words()
    columns = ("name", "in_default", "day_zero", "horizon", "shocks", "anchors", "judged", "acting")
    table = start_table(words, lang, columns)
    for scenario, row in zip(library.scenarios, rows, strict=True):
        judged = calc_judgement_share(scenario, library.sources)
        cells = (
            f"{library.teller.choose(scenario.names)} ({scenario.id})",
            words.say("yes" if row["in_default_review"] else "no", lang),
            scenario.as_of.isoformat(),
            str(scenario.horizon_days),
            str(len(scenario.shocks)),
            library.teller.join(scenario.anchors) or words.say("none", lang),
            show_share(judged, judged, judged, lang),
            str(len(list_acting(scenario, library))),
        )
        add_row(table, cells)
    make_console().print(table)


def show_scenario(name: str, lang: Lang, *, as_json: bool) -> None:
    """Say what one scenario holds, from which sources, and what is missing."""
    found = load_scenarios(find_documents(name, "scenarios", lang))
    if len(found) > 1:
        _show_several("scenarios", found, lang, as_json=as_json)
        return
    scenario = found[0]
    library = open_library(lang, name=_point_at(name, scenario), economy=scenario.economy)
    if as_json:
        write_json({"scenario": describe_scenario(scenario, library)})
        return
    teller, words = library.teller, load_cli_words()
    write_line(f"{teller.choose(scenario.names)} ({scenario.id})")
    if scenario.story is not None:
        write_line(teller.choose(scenario.story))
    if scenario.doubt is not None:
        write_line(teller.say("doubt", what=teller.choose(scenario.doubt)))
    _write_part("what", tell_shocks(scenario, library), lang)
    _write_part("anchors", tell_estimates(scenario, teller), lang)
    acting = [teller.name(m.id) for m in list_acting(scenario, library)]
    _write_part("acting", acting, lang)
    _write_part("missing_here", list_gaps_of_scenario(scenario, library.sources, teller), lang)
    in_default = words.say("yes" if scenario.id in list_default() else "no", lang)
    write_line(f"{words.say('in_default', lang)}: {in_default}")
    _show_sources(list_cited(scenario), library, lang)


def show_measures(lang: Lang, *, as_json: bool) -> None:
    """List the shipped measures."""
    library = open_library(lang)
    if as_json:
        write_json({"measures": [describe_measure(m, library) for m in library.measures]})
        return
    words, teller = load_cli_words(), library.teller
    columns = ("name", "group", "lever", "basis", "cost", "evidence", "needs", "catalogue")
    table = start_table(words, lang, columns)
    for measure in library.measures:
        cells = (
            f"{teller.choose(measure.names)} ({measure.id})",
            words.say(f"group_{measure.group}", lang),
            tell_lever(measure, teller),
            tell_basis(measure, library),
            tell_cost(measure, teller),
            measure.evidence,
            teller.name(*(need.measure for need in measure.requires)) or words.say("no", lang),
            measure.catalogue or words.say("no", lang),
        )
        add_row(table, cells)
    make_console().print(table)


def show_measure(name: str, lang: Lang, *, as_json: bool) -> None:
    """Say what one measure does, on which basis, from which sources, and what is missing."""
    found = load_measures(find_documents(name, "measures", lang))
    if len(found) > 1:
        _show_several("measures", found, lang, as_json=as_json)
        return
    measure = found[0]
    library = open_library(lang, kind="measures", name=_point_at(name, measure))
    if as_json:
        write_json({"measure": describe_measure(measure, library)})
        return
    teller, words = library.teller, load_cli_words()
    write_line(f"{teller.choose(measure.names)} ({measure.id})")
    lines = {
        "group": words.say(f"group_{measure.group}", lang),
        "lever": tell_lever(measure, teller),
        "decider": teller.choose(measure.decider),
        "basis": tell_basis(measure, library),
        "cost": tell_cost(measure, teller),
        "limit": teller.choose(measure.limit),
        "evidence": measure.evidence,
        "note": tell_text(measure.note or "", lang),
        "catalogue": measure.catalogue or "",
    }
    for key, text in lines.items():
        if text:
            write_line(f"{words.say(key, lang)}: {text}")
    needs = [
        f"{teller.name(need.measure)}: {teller.choose(need.names, need.why)}"
        for need in measure.requires
    ]
    _write_part("needs", needs, lang)
    _write_part("acts_in", [teller.choose(s.names) for s in list_meeting(measure, library)], lang)
    gaps = list_gaps_of_measure(measure, library.registers.acts, teller)
    _write_part("missing_here", gaps, lang)
    _show_sources(list_cited(measure), library, lang)


def _point_at(name: str, document: Scenario | Measure) -> str:
    """Name a document so that its file is found: as given if that is a file, else by its id."""
    return name if Path(name).is_file() else document.id


def _show_several(
    kind: Literal["scenarios", "measures"],
    found: Sequence[Scenario | Measure],
    lang: Lang,
    *,
    as_json: bool,
) -> None:
    """List the documents that a name stands for, as data in full."""
    if not as_json:
        list_found([call(one.id, one.names) for one in found], f"keian {kind}", lang)
        return
    library = open_library(lang)
    rows = [
        describe_scenario(one, library)
        if isinstance(one, Scenario)
        else describe_measure(one, library)
        for one in found
    ]
    write_json({kind: rows})


def describe_scenario(scenario: Scenario, library: Library) -> dict[str, Plain]:
    """Describe a scenario as plain data, with its gaps and every source it cites."""
    anchors = load_anchors()
    return {
        "document": scenario.model_dump(mode="json"),
        "in_default_review": scenario.id in list_default(),
        "judgement_share": calc_judgement_share(scenario, library.sources),
        "estimates": [anchors[a].model_dump(mode="json") for a in scenario.anchors if a in anchors],
        "acting": [measure.id for measure in list_acting(scenario, library)],
        "missing": list(list_gaps_of_scenario(scenario, library.sources, library.teller)),
        "sources": _pick_sources(list_cited(scenario), library),
    }


def describe_measure(measure: Measure, library: Library) -> dict[str, Plain]:
    """Describe a measure as plain data, with its law, its gaps and every source it cites."""
    entry = find_entry(measure, library.registers.acts)
    start = None if entry is None or entry.start is None else entry.start.isoformat()
    return {
        "document": measure.model_dump(mode="json"),
        "basis": None
        if entry is None
        else {
            "id": entry.id,
            "names": to_plain(entry.names),
            "status": entry.status,
            "since": start,
            "date_confirmed": entry.date_confirmed,
        },
        "acts_in": [scenario.id for scenario in list_meeting(measure, library)],
        "missing": list(list_gaps_of_measure(measure, library.registers.acts, library.teller)),
        "sources": _pick_sources(list_cited(measure), library),
    }


def list_acting(scenario: Scenario, library: Library) -> list[Measure]:
    """List the shipped measures whose lever meets what a scenario touches."""
    touched = find_touched(scenario, library.economy)
    return [measure for measure in library.measures if can_act(measure, touched)]


def list_meeting(measure: Measure, library: Library) -> list[Scenario]:
    """List the shipped scenarios in which the lever of a measure meets something."""
    return [s for s in library.scenarios if can_act(measure, find_touched(s, library.economy))]


def list_cited(document: Scenario | Measure) -> tuple[str, ...]:
    """List the ids of the sources that a document cites, each once."""
    names = list(document.sources)
    if isinstance(document, Scenario):
        names += [name for shock in document.shocks for name in shock.sources]
    elif document.cost is not None:
        names += document.cost.sources
    names += [name for _, triple in walk_triples(document) for name in triple.sources]
    return tuple(dict.fromkeys(names))


def tell_shocks(scenario: Scenario, library: Library) -> list[str]:
    """Tell the shocks: day, title, course and what is hit; recorded ones with their value."""
    lines = []
    for shock in scenario.shocks:
        if isinstance(shock, RecordedShock):
            lines.append(tell_recorded(shock, library.teller))
            continue
        event = tell_shock(shock, scenario, library.economy, library.teller)[0]
        day = library.teller.say("day", days=library.teller.days(shock.start_day))
        lines += [f"{day}: {event.title}", *(INDENT + detail for detail in event.details)]
    return lines


def tell_estimates(scenario: Scenario, teller: Teller) -> list[str]:
    """Tell the published estimates that will stand beside the result."""
    anchors = load_anchors()
    found = [anchors[name] for name in scenario.anchors if name in anchors]
    return [
        f"{teller.choose(a.names)}: {teller.choose(a.what)}: "
        f"{a.low:g}{'' if a.low == a.high else f'-{a.high:g}'} {a.unit} "
        f"({teller.choose(a.differs)})"
        for a in found
    ]


def tell_lever(measure: Measure, teller: Teller) -> str:
    """Tell what the lever of a measure changes."""
    return LEVERS[type(measure.lever).__name__](measure.lever, teller)


def tell_basis(measure: Measure, library: Library) -> str:
    """Tell the legal basis of a measure and whether its date of force was verified."""
    teller, basis = library.teller, measure.legal_basis
    entry = find_entry(measure, library.registers.acts)
    where = tell_text(basis.locator or "", teller.lang)
    if basis.kind == "missing_law":
        return teller.say("basis_missing_law")
    if entry is None:
        told = [teller.say(f"basis_{basis.kind}")]
        return teller.join(told + ([where] if where else []))
    badge = "confirmed" if entry.date_confirmed else "unverified"
    parts = [teller.choose(entry.names), where, teller.say(badge, since=entry.start)]
    return teller.join([part for part in parts if part])


def tell_cost(measure: Measure, teller: Teller) -> str:
    """Tell what a measure costs, or that nobody sourced it."""
    if measure.cost is None:
        return teller.say("no_cost")
    what = teller.choose(measure.cost.names, measure.cost.what)
    amount = teller.amount(measure.cost.amount, measure.cost.unit)
    return f"{amount['value']} {amount['unit']} ({what})"


def _write_part(key: str, lines: Sequence[str], lang: Lang) -> None:
    if not lines:
        return
    write_line(f"{load_cli_words().say(key, lang)}:")
    for line in lines:
        write_line(INDENT + line)


def _pick_sources(names: Iterable[str], library: Library) -> dict[str, Plain]:
    return {n: to_plain(library.sources[n]) for n in names if n in library.sources}


def _show_sources(names: Iterable[str], library: Library, lang: Lang) -> None:
    words = load_cli_words()
    table = start_table(words, lang, ("name", "grade", "kind", "vintage", "title"))
    for name in names:
        if name in library.sources:
            source = library.sources[name]
            vintage = source.vintage or str(source.published or "")
            add_row(
                table,
                (
                    name,
                    source.grade or "",
                    words.say(f"source_{source.kind}", lang),
                    vintage,
                    tell_text(source.title, lang),
                ),
            )
    console = make_console()
    print_text(console, words.say("sources", lang) + ":")
    console.print(table)
