"""Essential services: expand defaults by rating so that every unit has exactly one line."""

from __future__ import annotations

from pathlib import Path

from keian.core import InputError, Problem, Triple, load_document
from keian.economy.forms import ServiceDefaults, ServiceFile, ServiceForm, ServiceUseForm
from keian.economy.nouns import Service, ServiceUse
from keian.economy.world_table import WorldTable

CRITICAL = 1.0
IMPORTANT = 0.5


def load_services(folder: Path, home: str, table: WorldTable) -> tuple[Service, ...]:
    """Load every file of services in a folder.

    Raises
    ------
    InputError
        A unit is unknown or stands twice, or a floor is missing; all at once.
    """
    problems: list[Problem] = []
    services: list[Service] = []
    for path in sorted(folder.glob("*.yaml")):
        for form in load_document(path, ServiceFile).services:
            where = f"{folder.name}/{path.name}: {form.id}"
            found = _check_form(form, table, where)
            problems += found
            if not found:
                services.append(expand_service(form, home, table))
    if problems:
        raise InputError(problems)
    return tuple(services)


def expand_service(form: ServiceForm, home: str, table: WorldTable) -> Service:
    """Expand one written service: listed units first, then the defaults for all others."""
    uses = [_give_use(unit, line, form, table) for line in form.uses for unit in line.units]
    listed = {use.unit for use in uses}
    if form.defaults is not None:
        uses += [
            ServiceUse(
                unit=unit,
                floor=_find_floor(form, form.defaults, table, unit),
                backup_days=form.defaults.backup_days,
                tier=form.defaults.tier,
                sources=form.defaults.backup_days.sources,
            )
            for unit in _list_units(home, table)
            if unit not in listed
        ]
    order = {unit: at for at, unit in enumerate(table.units)}
    return Service(
        id=form.id,
        names=form.names,
        region=home,
        provider=form.provider,
        parent_industry=form.parent_industry,
        parent_share=form.parent_share,
        floor_level=form.floor_level,
        vital=form.vital,
        uses=tuple(sorted(uses, key=lambda use: order[use.unit])),
        carries_trade_share=form.carries_trade_share,
        note=form.note,
        sources=form.sources,
    )


def _give_use(unit: str, line: ServiceUseForm, form: ServiceForm, table: WorldTable) -> ServiceUse:
    """Give the use of one listed unit."""
    floor = line.floor
    if floor is None and form.defaults is not None:
        floor = _find_floor(form, form.defaults, table, unit)
    if floor is None:
        floor = Triple(low=0, mode=0, high=0)
    return ServiceUse(
        unit=unit,
        floor=floor,
        backup_days=line.backup_days,
        tier=line.tier,
        sources=tuple(dict.fromkeys((*floor.sources, *line.backup_days.sources))),
    )


def _find_floor(
    form: ServiceForm, defaults: ServiceDefaults, table: WorldTable, unit: str
) -> Triple:
    """Find the floor by the rating of the provider's product for a unit's industry."""
    floors = defaults.floor_by_rating
    if form.provider is None:
        return floors.other
    product = int(table.unit_product[table.units.index(form.provider)])
    rating = float(table.criticality[product, table.units.index(unit)])
    if rating >= CRITICAL:
        return floors.critical
    return floors.important if rating >= IMPORTANT else floors.other


def _list_units(home: str, table: WorldTable) -> list[str]:
    """List the home units that produce something."""
    region = table.regions.index(home)
    return [
        unit
        for at, unit in enumerate(table.units)
        if table.unit_region[at] == region and not table.masked[at]
    ]


def _check_form(form: ServiceForm, table: WorldTable, where: str) -> list[Problem]:
    """List what is wrong with one service."""
    listed = [unit for line in form.uses for unit in line.units]
    named = [*listed, *([form.provider] if form.provider else [])]
    fix = "take ids from table/units.csv, e.g. JPN.c17e"
    problems = [
        Problem(where=where, found=unit, wanted="a known unit", fix=fix)
        for unit in named
        if unit not in table.units
    ]
    problems += [
        Problem(where=where, found=f"{unit} twice", wanted="one line a unit", fix="merge the lines")
        for unit in sorted({unit for unit in listed if listed.count(unit) > 1})
    ]
    if form.defaults is None:
        problems += [
            Problem(
                where=f"{where}.uses",
                found=f"no floor for {list(line.units)}",
                wanted="a floor, since the service has no defaults",
                fix="write `floor` into the line",
            )
            for line in form.uses
            if line.floor is None
        ]
    return problems
