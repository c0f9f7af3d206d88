"""Check an economy: references, accounting, goods; and the verdict that loading prints."""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal, get_args

import numpy as np
from pydantic import BaseModel, RootModel

from keian.core import Names, Problem, digest_json, load_document
from keian.economy.nouns import Economy, FloatArray, Good, GoodUse, Tier

BALANCE_TOLERANCE = 1e-9
Lang = Literal["en", "ja"]
WORDS = Path(__file__).parent / "data" / "verdict_words.yaml"
SHARE_TOLERANCE = 1e-6
USE_TOLERANCE = 5e-4  # use shares are written to three digits
REST = "rest"
TIERS = ("modelled", "illustrative", "registered")
LAID_OVER = ("registered_services", "service_needs", "cables", "workforce", "areas", "repair_pools")
LISTED = 10
GREATEST_SHARE = 0.95  # one input taking more than this share of output is implausible
POWER_STEPS = 500
POWER_TOLERANCE = 1e-10
VINTAGE = re.compile(r"(?P<year>(?:19|20)\d\d)(?:-(?P<month>0[1-9]|1[0-2])(?!\d))?")
ARRAYS = (
    "unit_region", "unit_product", "masked", "Z", "Y", "x", "v", "criticality", "cover_days",
    "lag_days", "vital_share", "moves_by_sea", "reroute_share", "reroute_days",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a table is worth, in figures, with the problems that make it unfit.

    balance_residual : greatest |x - Z1 - Y1| over x, units without output left out
    spectral_radius : of A = Z / x; below 1 in any productive economy
    negative_count : negative cells of Z and Y, and units with negative value added
    implausible : inputs above 95 % of a unit's output, as "product -> unit share"
    goods_by_tier : modelled, illustrative (running or not) and registered goods
    year_age : years between the table and the date of the check
    not_modelled : goods with uses that no line names, as "good share (who)"
    services_by_tier : essential services, the registered ones included
    not_acting : what is loaded and shown and does not act in a run, with its count
    regional_table : source of a table by area; null = no result is given by area
    """

    name: str
    year: int
    year_age: int
    units: int
    balance_residual: float
    spectral_radius: float
    negative_count: int
    zero_output: tuple[str, ...]
    masked: tuple[str, ...]
    implausible: tuple[str, ...]
    goods_by_tier: dict[str, int]
    not_modelled: tuple[Names, ...]
    services_by_tier: dict[str, int]
    not_acting: tuple[Names, ...]
    regional_table: str | None
    assumption_count: int
    published_count: int
    problems: tuple[Problem, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing makes the economy unfit."""
        return not self.problems

    def lines(self, lang: Lang = "en") -> tuple[str, ...]:
        """List the verdict line by line, for people; problems stay in English."""
        say, comma, semicolon = _say, _say("comma", lang), _say("semicolon", lang)
        masked = say("listed", lang, units=", ".join(self.masked)) if self.masked else ""
        none, nothing = say("none", lang), say("nothing", lang)
        not_modelled = semicolon.join(_choose(names, lang) for names in self.not_modelled)
        not_acting = semicolon.join(_choose(names, lang) for names in self.not_acting)
        goods, services = (
            comma.join(say(tier, lang, count=count) for tier, count in tiers.items())
            for tiers in (self.goods_by_tier, self.services_by_tier)
        )
        return (
            say("table", lang, name=self.name, year=self.year, age=self.year_age, units=self.units),
            say("balance", lang, residual=f"{self.balance_residual:.1e}"),
            say("radius", lang, radius=f"{self.spectral_radius:.3f}"),
            say("negative", lang, count=self.negative_count),
            say("masked", lang, count=len(self.masked), units=masked),
            say("implausible", lang, what=semicolon.join(self.implausible) or none),
            say("goods", lang, tiers=goods),
            say("not_modelled", lang, what=not_modelled or none),
            say("services", lang, tiers=services or none),
            say("not_acting", lang, what=not_acting or nothing),
            say("areas", lang, what=self.regional_table or say("no_regional_table", lang)),
            say("sources", lang, published=self.published_count, assumed=self.assumption_count),
            *(str(problem) for problem in self.problems),
        )


class _VerdictWords(RootModel[dict[str, Names]]):
    """The lines of a verdict in both languages."""


@cache
def _load_words() -> dict[str, Names]:
    return load_document(WORDS, _VerdictWords).root


def _say(key: str, lang: Lang, **facts: object) -> str:
    return _choose(_load_words()[key], lang).format(**facts)


def _say_both(key: str, **facts: object) -> Names:
    return Names(en=_say(key, "en", **facts), ja=_say(key, "ja", **facts))


def _choose(names: Names, lang: Lang) -> str:
    return names.ja if lang == "ja" else names.en


def check_economy(economy: Economy, *, on: date | None = None) -> Verdict:
    """Check an economy and say what its table is worth.

    Parameters
    ----------
    economy
        Economy to check.
    on
        Date that the age of the table is counted to; today if left out.
    """
    A = np.divide(economy.Z, economy.x, out=np.zeros_like(economy.Z), where=economy.x > 0)
    residual = np.abs(economy.x - economy.Z.sum(axis=1) - economy.Y.sum(axis=(1, 2)))
    relative = np.divide(residual, economy.x, out=np.zeros_like(residual), where=economy.x > 0)
    kinds = [source.kind for source in economy.sources.values()]
    tiers = [good.tier for good in (*economy.goods, *economy.aside)]
    radius = calc_spectral_radius(A)
    problems = (
        *check_references(economy),
        *check_goods(economy),
        *_check_accounts(float(relative.max(initial=0.0)), radius),
    )
    return Verdict(
        name=economy.name,
        year=economy.year,
        year_age=(on or date.today()).year - economy.year,  # noqa: DTZ011 - the age in whole years needs no time zone
        units=len(economy.units),
        balance_residual=float(relative.max(initial=0.0)),
        spectral_radius=radius,
        negative_count=int((economy.Z < 0).sum() + (economy.Y < 0).sum() + (economy.v < 0).sum()),
        zero_output=tuple(np.array(economy.units)[economy.x <= 0].tolist()),
        masked=tuple(np.array(economy.units)[economy.masked].tolist()),
        implausible=_list_implausible(economy, A),
        goods_by_tier={
            **{tier: tiers.count(tier) for tier in get_args(Tier)},
            "registered": len(economy.registered),
        },
        not_modelled=tuple(_tell_not_modelled(economy.goods)),
        services_by_tier=_count_services(economy),
        not_acting=tuple(_tell_not_acting(economy)),
        regional_table=economy.regional_table,
        assumption_count=kinds.count("assumption") + kinds.count("calibration"),
        published_count=kinds.count("published"),
        problems=problems,
    )


def _count_services(economy: Economy) -> dict[str, int]:
    """Count the essential services by tier, best known first."""
    tiers = [service.tier for service in (*economy.services, *economy.registered_services)]
    return {tier: tiers.count(tier) for tier in TIERS if tier in tiers}


def _tell_not_acting(economy: Economy) -> Iterator[Names]:
    """Tell what is loaded and shown and does not act in a run."""
    counts = {
        "parent_shares": sum(
            s.parent_share is not None and s.outage_unit is None for s in economy.services
        ),
        "pairs": sum(not need.acts for need in economy.service_needs),
        "registered_services": len(economy.registered_services),
    }
    yield from (_say_both(key, count=count) for key, count in counts.items() if count)


def calc_spectral_radius(A: FloatArray) -> float:
    """Calculate the spectral radius of a non-negative matrix by the power method.

    Parameters
    ----------
    A : (n, n) float, coefficients

    Source
    ------
    Miller & Blair (2009), Input-Output Analysis, section 2.4: the series of A converges if and
    only if its spectral radius is below 1.

    Examples
    --------
    >>> import numpy as np
    >>> round(calc_spectral_radius(np.array([[0.15, 0.25], [0.2, 0.05]])), 4)
    0.3291
    """
    vector = np.full(A.shape[0], 1.0 / A.shape[0])
    radius = 0.0
    for _ in range(POWER_STEPS):
        ahead = A @ vector
        total = float(ahead.sum())
        if total <= 0:
            return 0.0
        vector = ahead / total
        if abs(total - radius) < POWER_TOLERANCE:
            return total
        radius = total
    return radius


def check_references(economy: Economy) -> list[Problem]:
    """List links, uses and sources that end nowhere."""
    known = {
        "unit": set(economy.units),
        "product": set(economy.products),
        "good": {good.id for good in (*economy.goods, *economy.aside)},
        "route": {route.id for route in economy.routes},
        "country": {*economy.country_region, REST},
        "source": set(economy.sources),
        "service": {service.id for service in (*economy.services, *economy.registered_services)},
        "area": {area.id for area in economy.areas},
    }
    problems: list[Problem] = []
    for where, kind, name in _list_references(economy):
        if name not in known[kind]:
            fix = f"correct the id or add the {kind}"
            problems.append(Problem(where=where, found=name, wanted=f"a known {kind}", fix=fix))
    for where, parts in _list_documents(economy):
        problems += [
            Problem(where=where, found=name, wanted="a known source", fix="add it to the sources")
            for name in sorted(set(_list_sources(parts)) - known["source"])
        ]
    return problems


def check_goods(economy: Economy) -> list[Problem]:
    """List shares of supply, use or parent flow that do not add up."""
    problems: list[Problem] = []
    for good in economy.goods:
        total = sum(supply.share.mode for supply in good.supplies)
        if abs(total - 1.0) > SHARE_TOLERANCE:
            problems.append(_wrong(f"goods: {good.id}.supplies", total, "shares that sum to 1"))
    used = _sum_uses(economy.uses)
    carried: dict[tuple[str, str], float] = defaultdict(float)
    parent = {good.id: good.parent_product for good in economy.goods}
    for use in economy.uses:
        carried[(use.unit, parent[use.good])] += use.carries_parent
    problems += check_use_shares(economy.goods, economy.uses)
    problems += check_tiers(economy)
    problems += [
        _wrong(f"uses: {unit} of {product}", share, "carries_parent that sums to at most 1")
        for (unit, product), share in carried.items()
        if share > 1.0 + SHARE_TOLERANCE
    ]
    return [*problems, *_check_used(economy.goods, used), *_check_cycles(economy.goods)]


def check_use_shares(goods: tuple[Good, ...], uses: tuple[GoodUse, ...]) -> list[Problem]:
    """List used goods whose named uses and the part not modelled do not make up all use."""
    used = _sum_uses(uses)
    problems: list[Problem] = []
    for good in goods:
        rest = good.uses_not_modelled_share
        total = used.get(good.id, 0.0) + rest.mode
        if good.id in used and abs(total - 1.0) > USE_TOLERANCE:
            wanted = "use shares and uses_not_modelled_share that sum to 1"
            problems.append(_wrong(f"goods: {good.id}", total, wanted))
        if rest.high > 0 and good.uses_not_modelled is None:
            fix = "name them in uses_not_modelled"
            found, wanted = "uses not modelled, of nobody", "who they are"
            problems.append(Problem(f"goods: {good.id}", found, wanted, fix))
    return problems


def economy_digest(economy: Economy) -> str:
    """Digest an economy: arrays and documents, what is only shown included.

    Returns
    -------
    sha256, hexadecimal; the field `digest` itself is left out.
    """
    content = hashlib.sha256()
    for name in ARRAYS:
        array = np.ascontiguousarray(getattr(economy, name))
        content.update(f"{name}{array.dtype.str}{array.shape}".encode())
        content.update(array.tobytes())
    documents = {
        "axes": [economy.name, economy.year, economy.currency, economy.yen_per_usd, economy.home],
        "names": [list(economy.regions), list(economy.products), list(economy.units)],
        "countries": economy.country_region,
        "assumptions": economy.assumptions,
        **{
            key: [document.model_dump(mode="json") for document in getattr(economy, key)]
            for key in ("goods", "uses", "services", "routes", *LAID_OVER)
        },
        "regional_table": economy.regional_table,
    }
    content.update(digest_json(documents).encode())
    return content.hexdigest()


def list_newer(economy: Economy, as_of: date) -> tuple[str, ...]:
    """List published figures whose vintage lies after a date, by source id."""
    newer = [
        key
        for key, source in economy.sources.items()
        if source.kind == "published" and _is_after(str(source.vintage or ""), as_of)
    ]
    return tuple(sorted(newer))


def _is_after(vintage: str, as_of: date) -> bool:
    """Tell whether the first year (and month) of a vintage lies after a date."""
    found = VINTAGE.search(vintage)
    if found is None:
        return False
    year, month = int(found["year"]), int(found["month"] or 1)
    return (year, month) > (as_of.year, as_of.month)


def _sum_uses(uses: tuple[GoodUse, ...]) -> dict[str, float]:
    """Sum the shares of national use that the uses name, by good."""
    used: dict[str, float] = defaultdict(float)
    for use in uses:
        used[use.good] += use.use_share.mode
    return dict(used)


def _tell_not_modelled(goods: tuple[Good, ...]) -> Iterator[Names]:
    """Tell which part of the use of a good no line names, greatest first."""
    for good in sorted(goods, key=lambda g: -g.uses_not_modelled_share.mode):
        who = good.uses_not_modelled
        if who is not None and good.tier == "modelled":
            share = f"{good.uses_not_modelled_share.mode:.0%}"
            facts = {"good": good.id, "name": good.names.ja, "share": share}
            yield Names(
                en=_say("not_modelled_good", "en", **facts, who=who.en),
                ja=_say("not_modelled_good", "ja", **facts, who=who.ja),
            )


def _check_accounts(residual: float, radius: float) -> list[Problem]:
    """List breaches of the accounting identity and of productivity."""
    problems: list[Problem] = []
    if residual > BALANCE_TOLERANCE:
        problems.append(_wrong("table: x = Z1 + Y1", residual, f"<= {BALANCE_TOLERANCE}"))
    if radius >= 1.0:
        problems.append(_wrong("table: spectral radius of A", radius, "below 1"))
    return problems


def _check_used(goods: tuple[Good, ...], used: dict[str, float]) -> list[Problem]:
    """List modelled goods without a use."""
    return [
        _wrong(f"goods: {good.id}", 0.0, "a use, since the tier is modelled")
        for good in goods
        if good.tier == "modelled" and not used.get(good.id)
    ]


def check_tiers(economy: Economy) -> list[Problem]:
    """List ids that stand for two goods, and modelled goods made from an illustrative one."""
    goods = (*economy.goods, *economy.aside)
    names = [*(good.id for good in goods), *(good.id for good in economy.registered)]
    tier = {good.id: good.tier for good in goods}
    fix = "give one of them another id"
    problems = [
        Problem(f"goods: {name}", f"{count} goods of this id", "one good an id", fix)
        for name, count in Counter(names).items()
        if count > 1
    ]
    fix = "make both of one tier, or leave out made_from"
    return problems + [
        Problem(
            f"goods: {good.id}",
            f"made from {good.made_from}, which is illustrative",
            "a modelled good, which always runs",
            fix,
        )
        for good in goods
        if good.tier == "modelled" and tier.get(good.made_from or "") == "illustrative"
    ]


def _check_cycles(goods: tuple[Good, ...]) -> list[Problem]:
    """List goods that are made, over some steps, from themselves."""
    above = {good.id: good.made_from for good in goods}
    problems: list[Problem] = []
    for good in goods:
        step, passed = good.made_from, {good.id}
        while step is not None and step not in passed:
            passed.add(step)
            step = above.get(step)
        if step == good.id:
            fix = "break the circle of made_from"
            problems.append(
                Problem(where=f"goods: {good.id}", found="a circle", wanted="a chain", fix=fix)
            )
    return problems


def _list_implausible(economy: Economy, A: FloatArray) -> tuple[str, ...]:
    """List inputs that take more than a plausible share of a unit's output."""
    found = np.argwhere(A > GREATEST_SHARE)
    return tuple(
        f"{economy.units[i]} -> {economy.units[j]} {A[i, j]:.2f}" for i, j in found[:LISTED]
    )


def _list_references(economy: Economy) -> Iterator[tuple[str, str, str]]:
    """Give every id that a document points to: where, kind, id."""
    for good in economy.goods:
        yield from _list_good_references(good)
    for listed in economy.registered:
        where = f"registered: {listed.id}"
        for name in listed.covered_by:
            yield where, "good", name
        for origin in listed.imports:
            yield where, "country", origin.country
    for use in economy.uses:
        yield f"uses: {use.good}", "good", use.good
        yield f"uses: {use.good}", "unit", use.unit
    yield from _list_overlay_references(economy)
    yield from _list_service_references(economy)


def _list_service_references(economy: Economy) -> Iterator[tuple[str, str, str]]:
    """Give every id that a service points to."""
    for service in (*economy.services, *economy.registered_services):
        where = f"services: {service.id}"
        if service.parent_industry:
            yield where, "product", service.parent_industry
        for unit in (service.provider, service.outage_unit):
            if unit is not None:
                yield where, "unit", unit
        for need in service.uses:
            if need.unit != "*":
                yield where, "unit", need.unit


def _list_overlay_references(economy: Economy) -> Iterator[tuple[str, str, str]]:
    """Give every id that a detour, a cable, a line of workforce or an area points to."""
    for route in economy.routes:
        for passed in (name for way in route.detour_by for name in way):
            yield f"routes: {route.id}.detour_by", "route", passed
    for pool in economy.cables:
        yield f"cables: {pool.id}", "service", pool.service
        for landing in pool.landings:
            yield f"cables: {pool.id}.{landing.id}", "area", landing.area
    for line in economy.workforce:
        for unit in line.units:
            yield f"workforce: {line.id}", "unit", unit
    for area in economy.areas:
        for part in area.shares:
            yield f"areas: {area.id}", "unit", part.unit_id
    for need in economy.service_needs:
        yield f"needs: {need.user}", "service", need.user
        yield f"needs: {need.user}", "service", need.supplier


def _list_good_references(good: Good) -> Iterator[tuple[str, str, str]]:
    """Give every id that a good points to."""
    where = f"goods: {good.id}"
    yield where, "product", good.parent_product
    if good.made_from:
        yield where, "good", good.made_from
    for supply in good.supplies:
        yield where, "country", supply.origin
        if supply.made_by:
            yield where, "unit", supply.made_by
        for passage in supply.routes:
            yield where, "route", passage.route


def _list_documents(economy: Economy) -> Iterator[tuple[str, object]]:
    """Give every document that holds figures, with its name."""
    for key in ("goods", "aside", "registered", "services", "routes", *LAID_OVER):
        for document in getattr(economy, key):
            yield f"{key}: {getattr(document, 'id', None) or document.user}", document
    if economy.regional_table is not None:
        yield "areas", {"sources": (economy.regional_table,)}
    for use in economy.uses:
        yield f"uses: {use.good} at {use.unit}", use
    for key, source in economy.assumptions.items():
        yield f"parameters: {key}", {"sources": (source,)}


def _list_sources(part: object) -> Iterator[str]:
    """Give every source id inside a document."""
    if isinstance(part, BaseModel):
        part = {name: getattr(part, name) for name in type(part).model_fields}
    if isinstance(part, dict):
        for name, value in part.items():
            if name == "sources":
                yield from value
            else:
                yield from _list_sources(value)
    elif isinstance(part, tuple):
        for value in part:
            yield from _list_sources(value)


def _wrong(where: str, found: float, wanted: str) -> Problem:
    """Give a problem about a figure."""
    return Problem(where=where, found=f"{found:.6g}", wanted=wanted, fix="correct the shares")
