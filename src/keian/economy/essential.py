"""Essential services: expand defaults by rating so that every unit has exactly one line."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from keian.core import InputError, Problem, Triple, load_document
from keian.economy.forms import (
    OverlayFile,
    RestorationForm,
    ServiceDefaults,
    ServiceFile,
    ServiceForm,
    ServiceUseForm,
)
from keian.economy.needs import check_needs, give_uses, read_needs
from keian.economy.nouns import (
    Restoration,
    RestorationPoint,
    Service,
    ServiceNeed,
    ServiceUse,
)
from keian.economy.world_table import WorldTable

CRITICAL = 1.0
IMPORTANT = 0.5
REGISTERED = "registered"


@dataclass(frozen=True, slots=True)
class Services:
    """The services of a folder: those of a run, those only listed, and what each needs of others."""

    acting: tuple[Service, ...]
    registered: tuple[Service, ...]
    needs: tuple[ServiceNeed, ...]


def load_services(
    folder: Path, home: str, table: WorldTable, shown: OverlayFile | None = None
) -> Services:
    """Load every file of services in a folder, with their dependence and restoration.

    Dependence stands in dependence.csv, or in what is `shown` beside the services.

    Raises
    ------
    InputError
        A unit is unknown or stands twice, or a floor is missing; all at once.
    DataError
        dependence.csv breaks its schema.
    """
    forms = read_forms(folder)
    beside = shown or OverlayFile()
    needs = beside.service_needs or read_needs(folder)
    providers = {form.id: unit for _, form in forms if (unit := form.provider or form.outage_unit)}
    problems: list[Problem] = []
    services: list[Service] = []
    for where, form in forms:
        found = _check_form(form, table, where)
        found += _check_lines(form, needs, providers, where) if not found else []
        problems += found
        if not found:
            given = give_uses(needs, providers, form.id)
            judged = {providers[need.user] for need in needs if need.user in providers}
            services.append(expand_service(form, home, table, given, judged))
    if problems:
        raise InputError(problems)
    check_needs(needs, tuple(services), folder)
    services = attach_curves(services, beside.restoration)
    return Services(
        acting=tuple(service for service in services if service.tier != REGISTERED),
        registered=tuple(service for service in services if service.tier == REGISTERED),
        needs=needs,
    )


def attach_curves(services: list[Service], points: tuple[RestorationForm, ...]) -> list[Service]:
    """Attach restoration curves to their services.

    Raises
    ------
    InputError
        A point names no service, or a curve falls; all at once.
    """
    fix = "correct the points of the curve"
    known = {service.id for service in services}
    problems = [
        Problem("overlays: restoration", name, "a known service", fix)
        for name in sorted({point.service for point in points} - known)
    ]
    curves: dict[tuple[str, str], list[RestorationForm]] = {}
    for point in points:
        curves.setdefault((point.service, point.id), []).append(point)
    for (service, name), line in curves.items():
        rising = all(a.day < b.day and a.share <= b.share for a, b in pairwise(line))
        if not rising:
            where = f"overlays: restoration {service} {name}"
            problems.append(Problem(where, "days or shares that fall", "a curve that rises", fix))
    if problems:
        raise InputError(problems)
    return [
        service.model_copy(
            update={
                "restoration": tuple(
                    _join_points(line) for (owner, _), line in curves.items() if owner == service.id
                )
            }
        )
        for service in services
    ]


def _join_points(line: list[RestorationForm]) -> Restoration:
    """Join the points of one curve."""
    first = line[0]
    return Restoration(
        id=first.id,
        event=first.event,
        kind=first.kind,
        points=tuple(
            RestorationPoint(day=point.day, share=point.share, sources=point.sources)
            for point in line
        ),
        note=first.note,
    )


def read_forms(folder: Path) -> list[tuple[str, ServiceForm]]:
    """Read the services of every file as written, each with its place."""
    return [
        (f"{folder.name}/{path.name}: {form.id}", form)
        for path in sorted(folder.glob("*.yaml"))
        for form in load_document(path, ServiceFile).services
    ]


def expand_service(
    form: ServiceForm,
    home: str,
    table: WorldTable,
    given: list[ServiceUse],
    judged: set[str],
) -> Service:
    """Expand one written service: listed and given units first, then the defaults for all others.

    Units that were `judged` pair by pair take no defaults: a pair that does not act has no line.
    """
    uses = [_give_use(unit, line, form, table) for line in form.uses for unit in line.units]
    uses += given
    listed = {use.unit for use in uses} | judged
    if form.defaults is not None:
        uses += [
            ServiceUse(
                unit=unit,
                floor=find_floor(form, form.defaults, table, unit),
                backup_days=form.defaults.backup_days,
                tier=form.defaults.tier,
                sources=form.defaults.backup_days.sources,
            )
            for unit in _list_units(home, table)
            if unit not in listed
        ]
    order = {unit: at for at, unit in enumerate(table.units)}
    same = {
        key: getattr(form, key)
        for key in type(form).model_fields
        if key not in {"defaults", "uses"}
    }
    return Service(**same, region=home, uses=tuple(sorted(uses, key=lambda use: order[use.unit])))


def _give_use(unit: str, line: ServiceUseForm, form: ServiceForm, table: WorldTable) -> ServiceUse:
    """Give the use of one listed unit."""
    floor = line.floor
    if floor is None and form.defaults is not None:
        floor = find_floor(form, form.defaults, table, unit)
    if floor is None:
        floor = Triple(low=0, mode=0, high=0)
    return ServiceUse(
        unit=unit,
        floor=floor,
        backup_days=line.backup_days,
        tier=line.tier,
        sources=tuple(dict.fromkeys((*floor.sources, *line.backup_days.sources))),
    )


def find_floor(
    form: ServiceForm, defaults: ServiceDefaults, table: WorldTable, unit: str
) -> Triple:
    """Find the floor by the rating of the provider's product for a unit's industry."""
    floors = defaults.floor_by_rating
    supplier = form.provider or form.outage_unit
    if supplier is None:
        return floors.other
    product = int(table.unit_product[table.units.index(supplier)])
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


def _check_lines(
    form: ServiceForm, needs: tuple[ServiceNeed, ...], providers: dict[str, str], where: str
) -> list[Problem]:
    """List units that stand both in the file and in dependence.csv."""
    given = {use.unit for use in give_uses(needs, providers, form.id)}
    listed = {unit for line in form.uses for unit in line.units}
    fix = "keep the line of expert.csv and run tools/build_services"
    return [
        Problem(where, f"{unit} here and in dependence.csv", "one line a unit", fix)
        for unit in sorted(given & listed)
    ]


def _check_form(form: ServiceForm, table: WorldTable, where: str) -> list[Problem]:
    """List what is wrong with one service."""
    listed = [unit for line in form.uses for unit in line.units]
    named = [*listed, *(unit for unit in (form.provider, form.outage_unit) if unit is not None)]
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
