"""Arrays that the day kernel sees: shapes are written behind each name; B lanes are innermost.

n units, P products, J = n + 2R clients (units, then vital and ordinary final demand of each
region), V services, D service uses, G flow groups, H goods, C supply lines, Q pools, E good uses.
Money is MUSD per day; goods are in days of normal national use.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

LANES = 8  # runs that one kernel call advances together; part of a run's identity
NONE, DEMAND, CAPITAL, WORKFORCE, SERVICE, INPUT, ORIGIN, GOOD = range(8)  # binding causes
TINY = 1e-12
LEAST_MISS = 1e-3  # share of normal purchases below which nobody looks for another supplier
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
    s: F  # blocks (J, suppliers): share of a supplier in a client's purchases
    s_t: F  # the same blocks transposed (suppliers, J)
    b: F  # (P, J) baseline purchases
    stocked: Bytes  # (P,) 0 for essential services
    cover: F  # (P, J) n, days
    lag_mean: F  # (P, J) days
    beta_rated: F  # (P, n)
    beta_all: F  # (P, n)
    mu: F  # (P,)
    reroute_days: F  # (P,)
    lag_class: Ints  # (P, R, R) class by product, origin, destination; class 0 has no lag
    lag_days: Ints  # (C,) of the classes
    class_share: F  # (P, n, C) normal share of purchases by lag class
    lag_classes: Ints  # (P, R) number of classes in use for a destination, at least 1
    service_provider: Ints  # (V,) unit or -1
    service_ptr: Ints  # (V + 1,)
    service_unit: Ints  # (D,)
    service_tier: Ints  # (D,) 0, 1, 2
    tier_share: F  # (V, 3) share of demand by tier
    is_provider: Bytes  # (n,)
    good_parent: Ints  # (H,)
    good_from: Ints  # (H,) good it is made from, -1 = none
    use_good: Ints  # (E,)
    use_unit: Ints  # (E,)
    unit_use_ptr: Ints  # (n + 1,) uses of a unit
    unit_use: Ints  # (E,)
    line_good: Ints  # (C,)
    line_unit: Ints  # (C,) unit that makes it, -1 for imports
    pool_good: Ints  # (Q,)
    tau: float  # days, speed of restocking
    smooth: float  # days, smoothing of expected demand
    queue_rate: float  # share of normal flow a reopened passage clears a day on top


class Lanes(NamedTuple):
    """What differs between lanes but not between days."""

    kappa: F  # (B,) 1, 2 or inf
    critical_all: F  # (B,) 0 rated, 1 all inputs critical
    phi: F  # (B,)
    sigma: F  # (B,) surge headroom
    cover_scale: F  # (B,)
    service_floor: F  # (D, B)
    service_backup: F  # (D, B) days
    line_share: F  # (C, B) sums to 1 for each good
    line_up: Ints  # (C, B) days to the passage
    line_down: Ints  # (C, B) days from the passage
    line_yard: F  # (C, B) days
    catch_up: F  # (H, B)
    stretch: F  # (H, B) days
    restock: F  # (H, B) days
    pool_start: F  # (Q, B) usable days
    pool_auto: Bytes  # (Q,)
    use_exposed: F  # (E, B)
    use_weight: F  # (E, B) share of national use, sums to 1 for each good
    use_cover: F  # (E, B) days
    use_floor: F  # (E, B)


class Forcing(NamedTuple):
    """Factors by day that shocks and measures set; -1-padded targets, series (k, T, B)."""

    capital_unit: Ints
    capital: F
    work_unit: Ints
    work: F
    demand_cell: Ints  # product * R + region
    demand: F
    outage_service: Ints
    outage: F  # share lost
    backup_use: Ints  # service use
    backup: F  # added backup days, from the day it is there
    group_ptr: Ints  # (P * R + 1,) groups of a product and destination
    group_sup: Ints  # (G,) position of the supplier inside the product's block
    group_unit: Ints  # (G,) supplier
    group_up: Ints  # (G,) days from the origin to the passage
    group_yard: F  # (G, B) days
    group_part: F  # (G, W) share of a unit's flow that the event can touch
    group_part_final: F  # (G, 2)
    source_open: F  # (G, T, B)
    route_open: F  # (G, T, B)
    arrive_open: F  # (G, T, B) the two, seen from the destination
    extra_lag: Ints  # (G, T, B) days of detour
    line_source: F  # (C, T, B)
    line_route: F  # (C, T, B)
    line_extra: Ints  # (C, T, B) days of detour
    good_extra: F  # (H, T, B) supply added by measures, days of use per day
    good_need: F  # (H, T, B) use per unit of output, 1 = normal
    good_side: F  # (H, T, B) output lost by restraint itself, share of exposed output
    use_factor: F  # (E, T, B) what substitutes leave of the exposure
    pool_draw: F  # (Q, T, B) greatest draw, days of use per day
    pool_loss: F  # (Q, T, B) share lost that day


class State(NamedTuple):
    """What the day overwrites."""

    S: F  # (P, n, B) stock on hand
    M: F  # (P, n, B) moving and not trapped, what counts towards the position
    ring: F  # (L, P, n, B) arrivals by day
    up_ring: F  # (U, G, W, B) between the origin and a passage; W = widest region
    queue: F  # (G, W, B)
    trapped: F  # (G, W, B) queue + up_ring
    origin: F  # (G, W, B) cover by origin, days
    accept: F  # (G, W, B)
    order: F  # (P, 3, J, B) orders of class 1, rerouted (over spare weight), restocking
    R2: F  # (P, J, B) wanted reroute m
    missing: Bytes  # (P, R) 1 where somebody in the region misses the product in any lane
    misses: Bytes  # (P, R, B) the same by lane
    U: F  # (P, J, B) class-1 order not delivered yesterday
    W: F  # (P, J, B) spare weight of yesterday, where somebody misses the product
    e: F  # (n, B) expected demand
    D1: F  # (n, B) class-1 demand of today
    x: F  # (n, B) output
    K: F  # (n, B) capacity
    X: F  # (n, B) input limit
    spare: F  # (n, B)
    capital: F  # (n, B)
    work: F  # (n, B)
    demand: F  # (P, R, B)
    outage: F  # (V, B)
    level: F  # (V, B)
    service_factor: F  # (n, B)
    service_bind: Ints  # (n, B)
    backup_left: F  # (D, B)
    backup_max: F  # (D, B)
    user_stock: F  # (E, B) physical, days of own normal use
    pool: F  # (Q, B)
    line_ring: F  # (L2, C, B)
    line_up_ring: F  # (L2, C, B)
    line_queue: F  # (C, B)
    line_trapped: F  # (C, B)
    line_moving: F  # (C, B) past the passage
    good_moving: F  # (H, B)
    good_order: F  # (H, B) order rate, 1 = normal
    good_want: F  # (H, B) use at expected demand
    good_still: F  # (H, B) inflow that still comes
    good_reach: F  # (H, B) on the water and in open pools
    good_in: F  # (H, B) inflow and draws of today
    good_home: F  # (H, B) made at home today
    good_ask: F  # (H, B)
    good_fill: F  # (H, B) handed out today
    good_gap: F  # (H, B) missing in users' tanks and open tanks
    good_water: F  # (H, B) normally on the water
    good_import: F  # (H, B) share of normal supply that is imported
    use_avail: F  # (E, B) rate of use possible today, 1 = normal
    use_request: F  # (E, B)
    surplus: F  # (H, B) made at home and not wanted, cumulated
    origin_factor: F  # (n, B) what lost origins leave of capacity
    origin_bind: Ints  # (n, B) product whose origin binds
    counted: F  # (G, W, B) part of trapped that M counts
    cause: Bytes  # (n, B) what sets X
    cause_index: Ints  # (n, B)
    cause_capacity: Bytes  # (n, B) what sets K


class Work(NamedTuple):
    """Scratch space of one thread."""

    gather: F  # (max suppliers * (classes * 24),)
    gather_t: F  # (3, max suppliers, 8)
    out: F  # (widest region * (classes * 24),)
    dem: F  # (n, 3, B) orders on a supplier by class
    vital: F  # (n, B)
    ordinary: F  # (n, B)
    short: Bytes  # (n,) 1 where a supplier leaves any order unfilled
    fill: F  # (n, 5, B) producers, vital, ordinary, rerouted x spare, restocking
    delivered: F  # (B,) all deliveries of the day, for the balance
    total: F  # (B,) all output of the day


class Record(NamedTuple):
    """What a run leaves behind; (T, ..., B)."""

    output: F  # (T, R, B) gross output
    value_added: F  # (T, R, B)
    vital_want: F  # (T, B) vital final demand of the home region
    vital_got: F  # (T, B)
    final_want: F  # (T, B) all final demand of the home region
    final_got: F  # (T, B)
    world_unmet: F  # (T, B) unmet final demand of all regions
    level: F  # (T, V, B)
    cover: F  # (T, H, B) days within reach
    inflow: F  # (T, H, B)
    avail: F  # (T, H, B) use-weighted rate of use
    pool: F  # (T, Q, B)
    drawn: F  # (T, Q, B)
    unit: npt.NDArray[np.float32]  # (T, N, B) output over baseline of the recorded units
    cause: Bytes  # (T, N, B)
    cause_index: npt.NDArray[np.int16]  # (T, N, B)
    vital_product: npt.NDArray[np.float32]  # (T, P, B) vital final demand met, home, share
    got: F  # (B,) scratch: what a final user got
    residual: F  # (T, B) largest residual of any balance that day
    rec_unit: Ints  # (N,)
    home: int
