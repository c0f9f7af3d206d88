"""Shares that part Japan's land transport, and its post and telecommunications."""

from collections.abc import Iterable, Mapping

from tools.build_japan.national import FINALS, Concordance, National
from tools.build_japan.split import OUTPUT, Split, scale, scale_block, split_industry
from tools.build_japan.utilities import ELECTRIC, GAS
from tools.build_japan.world import HOME, World

RAIL = ("rai",)
ROAD = ("r_p", "r_f")
FREIGHT_MODES = ("c23r", "c23o", "c24", "c25", "c26")
FINAL_USERS = ("hhco", "gvci", "gvcc", "invp", "invg", "stck", "expo")
BISECTIONS = 60
MUSD_PER_BUSD = 1e3


def calc_own_account_factor(
    world: World,
    national: National,
    concordance: Mapping[str, Concordance],
    yen_per_usd: float,
) -> float:
    """Find the part of industries' road purchases that is bought on the market.

    The national road rows hold transport on own account, which the world table leaves
    out. The factor is the one with which rail keeps its national output, in dollars,
    inside the world table's land transport.

    Returns
    -------
    factor between 0 and 1 on the road sales to industries.
    """
    target = national.calc_output("rai") / yen_per_usd * MUSD_PER_BUSD
    low, high, factor = 0.0, 1.0, 1.0
    for _ in range(BISECTIONS):
        factor = (low + high) / 2
        parted = split_industry(world, calc_land_split(national, concordance, factor))
        rail = parted.x[parted.ids.index(f"{HOME}.c23r")]
        low, high = (factor, high) if rail > target else (low, factor)
    return factor


def calc_land_split(
    national: National, concordance: Mapping[str, Concordance], factor: float
) -> Split:
    """Part rail from road, with a given market part of industries' road purchases."""
    sales = {category: _share_sales(national, users, 1.0) for category, users in FINALS.items()}
    for industry, match in concordance.items():
        sales[industry] = _share_sales(national, match.activities, factor)
    sales["c17e"] = _share_sales(national, ELECTRIC, factor)
    sales["c17g"] = _share_sales(national, GAS, factor)
    sales["c17w"] = sales["c17e"]
    sales[OUTPUT] = scale((national.calc_output("rai"), _calc_market_road(national, factor)))
    goods = {industry: match.goods for industry, match in concordance.items()}
    goods |= {"c17e": ("ely",), "c17g": ("g_h",)}
    purchases = {OUTPUT: sales[OUTPUT]}
    for industry, rows in goods.items():
        pair = (national.sum_detail(rows, RAIL), national.sum_detail(rows, ROAD) * factor)
        if sum(pair) > 0:
            purchases[industry] = scale(pair)
    own = [
        [national.sum_detail(rows, users) * part for users in (RAIL, ROAD)]
        for rows, part in ((RAIL, 1.0), (ROAD, factor))
    ]
    return Split("c23", ("c23r", "c23o"), sales, purchases, scale_block(own))


def _calc_market_road(national: National, factor: float) -> float:
    """Return road output without transport on own account, billion yen."""
    final = national.sum_detail(ROAD, FINAL_USERS, origins=("dom",))
    total = sum(national.calc_output(good) for good in ROAD)
    return final + factor * (total - final)


def _share_sales(national: National, users: Iterable[str], factor: float) -> tuple[float, ...]:
    """Return the shares of rail and road in what some users buy."""
    users = tuple(users)
    domestic = ("dom",)
    rail = national.sum_detail(RAIL, users, origins=domestic)
    return scale((rail, national.sum_detail(ROAD, users, origins=domestic) * factor))


def calc_communication_split(given: Mapping[str, float]) -> Split:
    """Part post from telecommunications by labelled assumptions alone."""
    post = given["post_output_share"]
    moved = given["post_transport_share"]
    flat = (post, 1 - post)
    purchases = dict.fromkeys(("c23", *FREIGHT_MODES), (moved, 1 - moved))
    own = ((post * post, post * (1 - post)), ((1 - post) * post, (1 - post) * (1 - post)))
    return Split("c27", ("c27p", "c27t"), {OUTPUT: flat}, {OUTPUT: flat, **purchases}, own)
