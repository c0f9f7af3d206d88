"""Shares that part Japan's electricity, gas and water supply."""

from collections.abc import Mapping, Sequence

from tools.build_japan.national import (
    BROAD_USES,
    FINALS,
    HOUSEHOLDS,
    MINING_AND_MANUFACTURING,
    SERVICES,
    UTILITIES,
    Concordance,
    National,
)
from tools.build_japan.split import EXPORT, OUTPUT, Split, scale, scale_block

ELECTRIC = ("e_f", "e_n", "e_h")
GAS = ("g_h",)
TRANSPORT = ("rai", "r_p", "r_f", "wat", "air")
SERVICE_GOODS = ("ser", "mhs", *TRANSPORT)
MATERIALS = ("nei", "eis")
FUELS = ("gso", "jet", "ker", "loi", "hoi", "nap", "lpg", "opp", "cok", "cop")
FUEL_INDUSTRIES = ("c2", "c8")


def calc_utility_split(
    national: National, concordance: Mapping[str, Concordance], given: Mapping[str, float]
) -> Split:
    """Part electricity, gas and water supply.

    Electricity and gas by user come from the 26 x 18 table. Water is what the 13-sector
    table has beyond them, so it is known only by broad group of users.
    """
    electricity, gas = national.calc_output("ely"), national.calc_output("g_h")
    total = national.sum_broad([UTILITIES], BROAD_USES)
    water = total - electricity - gas
    energy_of_water = given["water_own_energy_share"] * water
    water_sales = _calc_water_sales(national, energy_of_water)
    sales = {OUTPUT: scale((electricity, gas, water))}
    for industry, match in concordance.items():
        sales[industry] = _mix_water(
            national.sum_detail(["ely"], match.activities),
            national.sum_detail(["g_h"], match.activities),
            water_sales[match.group],
        )
    for category, users in FINALS.items():
        pair = (national.sum_detail(["ely"], users), national.sum_detail(["g_h"], users))
        share = water_sales["export" if category == EXPORT else "households"]
        if sum(pair) > 0:
            sales[category] = _mix_water(*pair, share)
    block = _calc_own_block(national, energy_of_water, (electricity, gas), given)
    purchases = _calc_utility_purchases(national, concordance, block, sales[OUTPUT])
    own = scale_block(block)
    purchases["c17"] = tuple(sum(row) for row in zip(*own, strict=True))
    return Split("c17", ("c17e", "c17g", "c17w"), sales, purchases, own)


def _calc_water_sales(national: National, energy_of_water: float) -> dict[str, float]:
    """Return the water share of utility purchases by group of users."""
    goods = ("ely", "g_h")
    industry = national.sum_broad([UTILITIES], MINING_AND_MANUFACTURING)
    industry_energy = national.sum_detail(goods, ("nei", "eis", "cop", "pet", "f_f"))
    making = 1 - industry_energy / industry
    carriers = national.sum_detail(goods, TRANSPORT) / (1 - making)
    services = national.sum_broad([UTILITIES], SERVICES)
    services_energy = national.sum_detail(goods, ("ser", "mhs", *TRANSPORT)) - energy_of_water
    services_water = services - services_energy - making * carriers
    pairs = {
        "01": (["01"], ["agr"]),
        "04": (["04"], ["con"]),
        "households": (HOUSEHOLDS, ["hhco"]),
        "export": (["81"], ["expo"]),
    }
    shares = {
        group: 1 - national.sum_detail(goods, users) / national.sum_broad([UTILITIES], columns)
        for group, (columns, users) in pairs.items()
    }
    return shares | {
        "02 03": making,
        "transport": making,
        "services": services_water / (services - carriers),
    }


def _calc_own_block(
    national: National,
    energy_of_water: float,
    outputs: tuple[float, float],
    given: Mapping[str, float],
) -> list[list[float]]:
    """Return sales among electricity, gas and water, billion yen, row sells to column."""
    electricity, gas = outputs
    power = [national.sum_detail(["ely"], ELECTRIC), national.sum_detail(["ely"], GAS)]
    heat = [national.sum_detail(["g_h"], ELECTRIC), national.sum_detail(["g_h"], GAS)]
    inside = national.sum_broad([UTILITIES], [UTILITIES]) - sum(power) - sum(heat)
    bought = inside - energy_of_water
    kept = given["water_own_use_share"] * bought
    split = [(bought - kept) * part / (electricity + gas) for part in (electricity, gas)]
    pair = scale((electricity, gas))
    return [
        [*power, energy_of_water * pair[0]],
        [*heat, energy_of_water * pair[1]],
        [*split, kept],
    ]


def _calc_utility_purchases(
    national: National,
    concordance: Mapping[str, Concordance],
    block: Sequence[Sequence[float]],
    fallback: tuple[float, ...],
) -> dict[str, tuple[float, ...]]:
    """Return the shares of each input that electricity, gas and water buy.

    Ores and fuels go to electricity and gas only: the mining sold to the three together
    equals, to rounding, what the detailed table sells to electricity and gas.
    """
    water_to_energy = sum(block[-1][:2])
    users = (*ELECTRIC, *GAS)
    materials = national.sum_broad(["03"], [UTILITIES]) - national.sum_detail(FUELS, users)
    residuals = {
        "02 03": (national.sum_detail(MATERIALS, users), materials),
        "04": (national.sum_detail(["con"], users), national.sum_broad(["04"], [UTILITIES])),
        "services": (
            national.sum_detail(SERVICE_GOODS, users) - water_to_energy,
            national.sum_broad(SERVICES, [UTILITIES]),
        ),
    }
    water = {group: 1 - known / total for group, (known, total) in residuals.items()}
    water["transport"] = water["services"]
    shares = {OUTPUT: fallback}
    for industry, match in concordance.items():
        pair = (national.sum_detail(match.goods, ELECTRIC), national.sum_detail(match.goods, GAS))
        if sum(pair) > 0:
            part = 0.0 if industry in FUEL_INDUSTRIES else water[match.group]
            shares[industry] = _mix_water(*pair, part)
    return shares


def _mix_water(electricity: float, gas: float, water_share: float) -> tuple[float, ...]:
    """Combine an electricity-to-gas ratio with a share of water."""
    energy = 1 - water_share
    return (
        energy * electricity / (electricity + gas),
        energy * gas / (electricity + gas),
        water_share,
    )
