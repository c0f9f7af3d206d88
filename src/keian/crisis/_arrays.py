"""Arrays that the day kernel sees: shapes are written behind each name; clients are innermost.

n units, P products, J = n + 2R clients (units, then vital and ordinary final demand of each
region), V services, D service uses, G flow groups, A passages of flow groups, H goods, C supply
lines, B passages of lines, Q pools, E good uses, T days. Money is MUSD per day; goods are in days of
normal national use.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

FIRST, RESTOCK, REROUTED = range(3)  # rows of orders: class 1, class 3, class 2
TO_UNITS, TO_VITAL, TO_ORDINARY, TO_REROUTED, TO_RESTOCK = range(5)  # fills of a supplier
FILL, LEVEL, CLASSES = range(3)  # rules by which a short supplier shares out class 1
NONE, DEMAND, CAPITAL, WORKFORCE, SERVICE, INPUT, ORIGIN, GOOD = range(8)  # binding causes
ENOUGH = np.inf  # level of a supplier that fills every order
LAST_CLASS = 2  # priority class of ordinary final users, and of producers not in class 1
MOST_SWEEPS = 12  # over the clients of a short supplier before they are sorted once
TINY = 1e-12
FULL = 1.0 - 1e-12  # an order filled to this share is filled; less is rounding
LEAST_FLOW = 1e-300  # MUSD/day; keeps a division by an empty flow finite
LEAST_MISS = 1e-3  # share of normal purchases below which nobody looks for another supplier
REOPENED = 0.99  # open share from which a passage clears its queue
NO_SPARE = 0.01  # orders left unmet, share of normal, at which a unit serves nobody else
BACKUP_REFILL = 0.25  # days of backup refilled per day of normal service
REST = 0.995  # a unit above this share of its baseline has no cause to record

F = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]
Bytes = npt.NDArray[np.int8]


class Static(NamedTuple):
    """Topology and coefficients of the table; the same for all lanes."""

    x0: F  # (n,) baseline output
    v: F  # (n,) value-added ratio
    unit_region: Ints  # (n,)
    unit_product: Ints  # (n,)
    unit_start: Ints  # (R + 1,) units of a region are contiguous
    client_region: Ints  # (J,)
    sup_ptr: Ints  # (P + 1,) suppliers of a product, in the order of regions
    sup_unit: Ints  # (n,)
    s_ptr: npt.NDArray[np.int64]  # (P + 1,) where the block of a product starts
    s_t: F  # blocks (suppliers, J): share of a supplier in a client's purchases
    b: F  # (P, J) baseline purchases
    per_x: F  # (P, n) purchases per output
    stocked: Bytes  # (P,) 0 for essential services
    cover: F  # (P, J) n, days
    lag_mean: F  # (P, J) days
    beta_rated: F  # (P, n)
    beta_all: F  # (P, n)
    mu: F  # (P,)
    reroute_days: F  # (P,)
    lag_class: Ints  # (P, R, R) class by product, origin, destination; class 0 has no lag
    lag_days: Ints  # (C,) of the classes
    class_share: F  # (P, C, n) normal share of purchases by lag class; (P, 1, 0) where all have one
    class_used: Bytes  # (P, C) 1 where any client has a share
    one_lag: Bytes  # (P,) 1 where all that is bought arrives at once
    service_provider: Ints  # (V,) unit or -1
    outage_unit: Ints  # (V,) unit that an outage stops, -1 = none
    service_ptr: Ints  # (V + 1,)
    service_unit: Ints  # (D,)
    service_tier: Ints  # (D,) 0, 1, 2
    tier_share: F  # (V, 3) share of demand by tier
    is_provider: Bytes  # (n,)
    rank: Bytes  # (n,) priority class as a client; 1 before LAST_CLASS
    providers: Ints  # units that provide an essential service
    good_parent: Ints  # (H,)
    good_from: Ints  # (H,) good it is made from, -1 = none
    use_good: Ints  # (E,)
    use_unit: Ints  # (E,) unit, -1 = households and others whom no unit stands for
    unit_use_ptr: Ints  # (n + 1,) uses of a unit
    unit_use: Ints  # (E,)
    line_good: Ints  # (C,)
    line_unit: Ints  # (C,) unit that makes it, -1 for imports
    pool_good: Ints  # (Q,)
    tau: float  # days, speed of restocking
    smooth: float  # days, smoothing of expected demand
    queue_rate: float  # share of normal flow a reopened passage clears a day on top


class Drawn(NamedTuple):
    """What differs between runs but not between days."""

    kappa: float  # 1, 2 or inf
    producers_least: float  # least fill of producers, share of the fill of vital users
    allocation: int  # FILL, LEVEL or CLASSES
    new_links: int  # 1 = who misses something also asks suppliers of competitors
    again_t: (
        F  # like Static.s_t: share of a supplier in the orders of class 2, before spare capacity
    )
    phi: float
    sigma: float  # surge headroom
    beta: F  # (P, n) criticality under the run's switch
    keep: F  # (P, n) 1 - beta
    reach: F  # (P, n) criticality x output per unit of input: what a stock allows
    held: F  # (P, n) days of stock in normal times: the cover n and one working day
    service_floor: F  # (D,)
    service_backup: F  # (D,) days
    line_share: F  # (C,) sums to 1 for each good
    line_lag: Ints  # (C,) days from the origin
    catch_up: F  # (H,)
    stretch: F  # (H,) days
    restock: F  # (H,) days
    pool_start: F  # (Q,) usable days
    pool_auto: Bytes  # (Q,)
    use_exposed: F  # (E,)
    use_weight: F  # (E,) share of national use, sums to 1 for each good
    use_cover: F  # (E,) days
    use_floor: F  # (E,)


class Forcing(NamedTuple):
    """Factors by day that shocks and measures set; only what an event touches is listed."""

    capital_unit: Ints
    capital: F  # (., T)
    build_unit: Ints  # (K,) unit whose destroyed plant is built again
    build_loss: F  # (K, T) share of its capital destroyed, as if nothing were built
    build_part: F  # (K, T) share of the day on which building goes on
    build_cost: F  # (K,) MUSD
    build_rate: F  # (K,) MUSD/day at most
    build_mix: F  # (K, P) share of the cost by product
    work_unit: Ints
    work: F  # (., T)
    demand_cell: Ints  # product * R + region
    demand: F  # (., T)
    outage_service: Ints
    outage: F  # (., T) share lost
    backup_use: Ints  # service use
    backup: F  # (., T) added backup days, from the day it is there
    group_ptr: Ints  # (P * R + 1,) groups of a product and destination
    group_sup: Ints  # (G,) position of the supplier inside the product's block
    group_unit: Ints  # (G,) supplier
    group_of: Ints  # (P, suppliers, R) the group of a flow, -1 = none
    source_open: F  # (G, T)
    source_arrive: F  # (G, T) the same, seen from the destination
    pass_ptr: Ints  # (G + 1,) passages of a group, in the order in which ships meet them
    pass_up: Ints  # (A,) days from the origin
    pass_yard: F  # (A,) days
    pass_part: F  # (A, W) share of a unit's flow that the event can touch; W = widest region
    pass_part_final: F  # (A, 2)
    pass_open: F  # (A, T)
    pass_arrive: F  # (A, T) the same, seen from the destination
    pass_extra: Ints  # (A, T) days of detour
    line_source: F  # (C, T)
    line_open: F  # (C, T) share that all its passages together let through
    line_seen: F  # (C, T) share that users believe still comes, of source and passages together
    strait_ptr: Ints  # (C + 1,) passages of a line, in the order in which ships meet them
    strait_up: Ints  # (B,) days from the origin
    strait_yard: F  # (B,) days
    strait_open: F  # (B, T)
    strait_extra: Ints  # (B, T) days of detour
    good_extra: F  # (H, T) supply added by measures, days of use per day
    good_need: F  # (H, T) use per unit of output, 1 = normal
    good_side: F  # (H, T) output lost by restraint itself, share of exposed output
    use_factor: F  # (E, T) what substitutes leave of the exposure
    pool_draw: F  # (Q, T) greatest draw, days of use per day
    pool_loss: F  # (Q, T) share lost that day


class State(NamedTuple):
    """What the day overwrites."""

    S: F  # (P, n) stock on hand
    M: F  # (P, n) moving and not trapped, what counts towards the position
    lag: F  # (P, n) mean days on the way, detours included
    ring: F  # (L, P, n) arrivals by day
    pass_ring: F  # (U, A, W) on the way to a passage
    queue: F  # (A, W)
    trapped: F  # (A, W) between the passage before, or the origin, and this one
    counted: F  # (G, W) part of what is trapped that M counts
    origin: F  # (G, W) cover by origin, days
    accept: F  # (G, W)
    refusing: Bytes  # (G,) 1 where an origin or a passage refuses orders today
    order: F  # (P, 3, J) orders of class 1, restocking, rerouted (over spare weight)
    R2: F  # (P, J) wanted reroute m
    missing: Bytes  # (P, R) 1 where somebody in the region misses the product
    U: F  # (P, J) class-1 order not delivered yesterday
    W: F  # (P, J) spare weight of yesterday, where somebody misses the product
    e: F  # (n,) expected demand
    D1: F  # (n,) class-1 demand of today
    plan: F  # (n,) output a unit orders for, share of normal
    x: F  # (n,) output
    K: F  # (n,) capacity
    X: F  # (n,) input limit
    spare: F  # (n,)
    capital: F  # (n,)
    work: F  # (n,)
    demand: F  # (P, R)
    build_left: F  # (K, P) share of what was destroyed that is not built
    build: F  # (P, R) ordered for building today
    built: F  # (P, R) share of it that came
    outage: F  # (V,)
    running: F  # (n,) share of customers whom outages leave a unit
    outage_bind: Ints  # (n,) service whose outage strikes a unit most
    level: F  # (V,)
    service_factor: F  # (n,)
    service_bind: Ints  # (n,)
    backup_left: F  # (D,)
    backup_max: F  # (D,)
    user_stock: F  # (E,) physical, days of own normal use
    pool: F  # (Q,)
    line_ring: F  # (L2, C) arrivals by day
    line_moving: F  # (C,) past the last passage
    strait_ring: F  # (L2, B) on the way to a passage
    strait_queue: F  # (B,)
    strait_trapped: F  # (B,)
    good_moving: F  # (H,)
    good_order: F  # (H,) order rate, 1 = normal
    good_want: F  # (H,) use at expected demand
    good_still: F  # (H,) inflow that still comes
    good_seen: F  # (H,) inflow that users believe in
    good_reach: F  # (H,) on the water and in open pools
    good_in: F  # (H,) inflow and draws of today
    good_home: F  # (H,) made at home today
    good_ask: F  # (H,)
    good_fill: F  # (H,) handed out today
    good_gap: F  # (H,) missing in users' tanks and open tanks
    good_water: F  # (H,) on the water when all is as ordered, detours included
    good_import: F  # (H,) share of normal supply that is imported
    use_avail: F  # (E,) rate of use possible today, 1 = normal
    use_request: F  # (E,)
    surplus: F  # (H,) made at home and not wanted, cumulated
    origin_factor: F  # (n,) what lost origins leave of capacity
    origin_bind: Ints  # (n,) product whose origin binds
    cause: Bytes  # (n,) what sets X
    cause_index: Ints  # (n,)
    cause_capacity: Bytes  # (n,) what sets K


class Work(NamedTuple):
    """Scratch space of one run."""

    full: F  # (n,) capacity with surge
    seen: F  # (3, max suppliers) one product: orders by class as its suppliers see them
    dem: F  # (n, 3) orders on a supplier by class
    fill: F  # (n, 5) share of the orders of units, vital, ordinary, rerouted x spare, restocking
    level: F  # (n,) level or class that a supplier reaches, ENOUGH where a fill says it all
    asked: F  # (2, n + R) clients of one supplier: asked over normal, and normal
    short: Bytes  # (n,) 1 where a supplier leaves any order unfilled
    lost: F  # (P,) 1 where somebody may miss the product today
    sent: F  # (n,) delivered to each unit today, for the balance
    more: F  # (n,) one change of deliveries
    parts: (
        F  # (3, n) scratch rows: gaps of stocks, and what suppliers leave unfilled or add by class
    )


class Record(NamedTuple):
    """What a run leaves behind."""

    output: F  # (T, R) gross output
    value_added: F  # (T, R)
    vital_want: F  # (T,) vital final demand of the home region
    vital_got: F  # (T,)
    final_want: F  # (T,) all final demand of the home region
    final_got: F  # (T,)
    world_unmet: F  # (T,) unmet final demand of all regions
    build_want: F  # (T,) ordered for building, all regions; not part of final demand above
    build_got: F  # (T,)
    level: F  # (T, V)
    cover: F  # (T, H) days within reach
    inflow: F  # (T, H)
    avail: F  # (T, H) use-weighted rate of use
    pool: F  # (T, Q)
    drawn: F  # (T, Q)
    unit: npt.NDArray[np.float32]  # (T, N) output over baseline of the recorded units
    cause: Bytes  # (T, N)
    cause_index: npt.NDArray[np.int16]  # (T, N)
    vital_product: npt.NDArray[np.float32]  # (T, P) vital final demand met, home, share
    residual: F  # (T,) output against deliveries, share of normal output
    rec_unit: Ints  # (N,)
    home: int
