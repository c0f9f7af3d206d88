# size: the slow twin of one kernel file, read from top to bottom like it
"""The day of the crisis model once more, slowly: plain Python loops.

Written from docs/method/crisis.md, whose numbers it cites, and not from the kernel: a shipment is
an entry in a dictionary by the day it arrives, a sum is a loop over single links, what moves is
counted anew every day. Every product and every good is balanced on every day.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass

from keian.crisis._arrays import (
    BACKUP_REFILL,
    CLASSES,
    FILL,
    LAST_CLASS,
    LEAST_MISS,
    NO_SPARE,
    REST,
    TINY,
    Drawn,
    Forcing,
    Static,
)
from tests.naive_goods import GoodsTwin, let_through

BALANCE = 1e-9  # relative
WORKING_DAYS = 2.0  # least time to refill the working stock
WORKING_STOCK = 3.0  # days of stock that are refilled as class 1
NONE, DEMAND, CAPITAL, WORKFORCE, SERVICE, INPUT, ORIGIN, GOOD = range(8)


@dataclass
class Day:
    """What one day left behind."""

    output: list[float]
    capacity: list[float]
    limit: list[float]
    stock: dict[tuple[int, int], float]  # (product, unit)
    moving: dict[tuple[int, int], float]
    delivered: dict[tuple[int, int], float]  # (product, client), shipped today
    missing: dict[tuple[int, int], float]  # class-1 order not delivered
    level: list[float]
    user_stock: list[float]
    pool: list[float]
    drawn: list[float]
    inflow: list[float]
    surplus: list[float]
    cause: list[tuple[int, int]]
    final_want: float
    final_got: float
    balance: float  # largest relative residual of any balance


class Twin:
    """One run; call `play` once."""

    def __init__(self, st: Static, dr: Drawn, fx: Forcing) -> None:
        self.st, self.dr, self.fx = st, dr, fx
        self.units = range(st.x0.size)
        self.regions = range(st.unit_start.size - 1)
        self.products = range(st.b.shape[0])
        self.clients = range(st.b.shape[1])
        self.finals = range(st.x0.size, st.b.shape[1])
        self.read_links()
        self.read_groups()
        self.start_table()
        self.start_services()
        self.start_building()
        self.ware = GoodsTwin(st, dr, fx, self.x)

    # What there is

    def read_links(self) -> None:
        """Suppliers of each client: share s_ij by product, and lag by link."""
        st = self.st
        self.share: dict[tuple[int, int, int], float] = {}
        for p in self.products:
            sellers = [int(i) for i in st.sup_unit[st.sup_ptr[p] : st.sup_ptr[p + 1]]]
            for j in self.clients:
                for k, i in enumerate(sellers):
                    share = float(st.s_t[st.s_ptr[p] + k * st.b.shape[1] + j])
                    if st.b[p, j] > 0 and (share > 0 or (self.dr.new_links and st.x0[i] > 0)):
                        self.share[p, j, i] = share
        self.links = defaultdict(list)
        for (p, j, i), share in self.share.items():
            self.links[p, j].append((i, share))
        self.again_share = {at: self.link(*at) for at in self.share}
        self.buyers = defaultdict(list)
        for (p, j, i), share in self.share.items():
            self.buyers[i].append((p, j, share))

    def link(self, p: int, j: int, i: int) -> float:
        """Share of a supplier in the orders of class 2 (2.5h), before spare capacity."""
        own = self.share[p, j, i]
        if not self.dr.new_links:
            return own
        rivals = [k for k in self.clients if k != j and self.same_kind(j, k)]
        bought = sum(float(self.st.b[p, k]) for k in rivals)
        if bought <= 0.0:
            return own
        theirs = sum(self.share.get((p, k, i), 0.0) * float(self.st.b[p, k]) for k in rivals)
        return 0.5 * (own + theirs / bought)

    def same_kind(self, j: int, k: int) -> bool:
        """Whether two clients compete: makers of one product, or final users of one kind."""
        n = len(self.units)
        if j in self.finals or k in self.finals:
            return j in self.finals and k in self.finals and (j - n) % 2 == (k - n) % 2
        return bool(self.st.unit_product[j] == self.st.unit_product[k])

    def read_groups(self) -> None:
        """Flow groups that an event touches, by product, seller and region of the buyer."""
        self.group: dict[tuple[int, int, int], int] = {}
        for cell in range(len(self.fx.group_ptr) - 1):
            p, r = divmod(cell, len(self.regions))
            for g in range(self.fx.group_ptr[cell], self.fx.group_ptr[cell + 1]):
                self.group[p, int(self.fx.group_unit[g]), r] = g

    def lag(self, p: int, i: int, j: int) -> int:
        st = self.st
        return int(st.lag_days[st.lag_class[p, st.unit_region[i], st.client_region[j]]])

    def group_of(self, p: int, i: int, j: int) -> int | None:
        return self.group.get((p, i, int(self.st.client_region[j])))

    def seen(self, a: int, j: int, factor: float) -> float:
        """A factor of a passage as client j meets it: only a part of its flow may be touched."""
        return 1.0 - self.part(a, j) * (1.0 - float(factor))

    def part(self, a: int, j: int) -> float:
        if j in self.finals:
            return float(self.fx.pass_part_final[a, (j - len(self.units)) % 2])
        return float(self.fx.pass_part[a, j - self.st.unit_start[self.st.unit_region[j]]])

    def passages(self, g: int) -> range:
        """Passages of a flow group, in the order in which its ships meet them."""
        return range(int(self.fx.pass_ptr[g]), int(self.fx.pass_ptr[g + 1]))

    def arrives(self, t: int, g: int, j: int) -> float:
        """Share of a flow that reaches client j today: what origin and passages let go in time."""
        come = float(self.fx.source_arrive[g, t])
        for a in self.passages(g):
            come *= self.seen(a, j, self.fx.pass_arrive[a, t])
        return come

    def longer(self, t: int, a: int, j: int) -> int:
        """Days that the way around a passage adds for client j."""
        return round(self.part(a, j) * int(self.fx.pass_extra[a, t]))

    def held_days(self, p: int, j: int) -> float:
        """Days of stock in normal times: the cover n and one working day."""
        return float(self.dr.held[p, j])

    def beta(self, p: int, i: int) -> float:
        return float(self.dr.beta[p, i])

    # The state before day 0: pipelines are full, stocks are at their target

    def start_table(self) -> None:
        st = self.st
        n = len(self.units)
        self.stock: dict[tuple[int, int], float] = {}
        self.pipe = defaultdict(lambda: defaultdict(float))  # (p, j) -> day of arrival -> amount
        self.way = defaultdict(lambda: defaultdict(float))  # (a, j) -> day at passage -> amount
        self.queue: dict[tuple[int, int], float] = {}
        self.origin: dict[tuple[int, int], float] = {}
        self.position_open: dict[tuple[int, int], float] = {}
        for (p, j, i), share in self.share.items():
            if j >= n:
                continue
            self.stock[p, j] = self.held_days(p, j) * st.b[p, j] if st.stocked[p] else 0.0
            flow, lag, g = share * float(st.b[p, j]), self.lag(p, i, j), self.group_of(p, i, j)
            gone = 0
            for a in self.passages(g) if g is not None else ():
                up = int(self.fx.pass_up[a])
                for day in range(up - gone):
                    self.way[a, j][day] += flow
                self.queue[a, j] = 0.0
                self.position_open[a, j] = 1.0
                gone = up
            for day in range(lag - gone):
                self.pipe[p, j][day] += flow
            if g is not None:
                self.origin[g, j] = self.held_days(p, j)
        # the covers of an origin exist also where a unit buys nothing from it
        for (p, _, r), g in self.group.items():
            for j in range(st.unit_start[r], st.unit_start[r + 1]):
                self.origin.setdefault((g, j), self.held_days(p, j))
        self.x = [float(x) for x in st.x0]
        self.expected = [float(x) for x in st.x0]
        self.demand1 = [float(x) for x in st.x0]
        self.spare = [float(self.dr.sigma) if x > 0 else 0.0 for x in st.x0]
        self.wanted = defaultdict(float)  # m of the rerouting rule
        self.missed = defaultdict(float)  # U
        self.searched = defaultdict(float)  # the part of U that clients look for elsewhere
        self.spare_weight: dict[tuple[int, int], float] = {}
        self.factor: dict[str, dict] = {"capital": {}, "work": {}, "demand": {}, "outage": {}}

    def start_services(self) -> None:
        dr = self.dr
        self.service_factor = [1.0 for _ in self.units]
        self.backup = [float(b) for b in dr.service_backup]
        self.backup_most = list(self.backup)
        self.level = [1.0 for _ in self.st.service_provider]

    # 2.1 Events

    def set_factors(self, t: int) -> None:
        fx = self.fx
        for k, i in enumerate(fx.capital_unit):
            self.factor["capital"][int(i)] = float(fx.capital[k, t])
        self.order_building(t)
        for k, i in enumerate(fx.work_unit):
            self.factor["work"][int(i)] = float(fx.work[k, t])
        for k, cell in enumerate(fx.demand_cell):
            self.factor["demand"][divmod(int(cell), len(self.regions))] = float(fx.demand[k, t])
        for k, v in enumerate(fx.outage_service):
            self.factor["outage"][int(v)] = float(fx.outage[k, t])
        for k, d in enumerate(fx.backup_use):
            before = float(fx.backup[k, t - 1]) if t > 0 else 0.0
            more = float(fx.backup[k, t]) - before
            self.backup_most[d] += more
            self.backup[d] = max(0.0, self.backup[d] + more)

    def unit_factor(self, i: int) -> float:
        """Productive capital times workforce."""
        return self.factor["capital"].get(i, 1.0) * self.factor["work"].get(i, 1.0)

    # 2.2 Capacity, 2.3 input limit, 2.4 overlay

    def accept(self, t: int, p: int, i: int, j: int) -> float:
        """Share of an order that origin and passage take, up to the yard days (2.7b)."""
        g = self.group_of(p, i, j)
        if g is None:
            return 1.0
        if j in self.finals:  # no pipeline: what counts is what arrives today
            return self.arrives(t, g, j)
        normal = self.share[p, j, i] * float(self.st.b[p, j])
        taken = float(self.fx.source_open[g, t])
        for a in self.passages(g):
            route = self.seen(a, j, self.fx.pass_open[a, t])
            waits = self.queue[a, j] / normal if normal > 0.0 else math.inf  # no room for new links
            room = max(0.0, float(self.fx.pass_yard[a]) - waits)
            taken *= min(1.0, route + min(1.0 - route, room))
        return taken

    def origin_limit(self, i: int) -> tuple[float, int]:
        """What lost origins leave of capacity (2.4e), and the product that binds."""
        best, product = 1.0, 0
        for p in self.products:
            if not self.st.stocked[p] or self.beta(p, i) == 0.0:
                continue
            lost = 0.0
            for (q, seller, r), g in self.group.items():
                if q != p or r != self.st.unit_region[i]:
                    continue
                exposed = min(1.0, self.dr.phi * self.share.get((p, i, seller), 0.0))
                lost += exposed * (1.0 - min(1.0, self.origin[g, i]))
            left = 1.0 - self.beta(p, i) * min(1.0, lost)
            if left < best:
                best, product = left, p
        return best, product

    def limit(self, i: int, t: int) -> tuple[float, float, tuple[int, int]]:
        """Capacity K (2.2a), input limit X (2.3a, 2.4c, 2.4e), and what binds X."""
        st, dr = self.st, self.dr
        x0, surge = float(st.x0[i]), 1.0 + float(dr.sigma)
        # services are ordered for more than a plant with part of its capacity needs
        ordered = min(1.0, self.unit_factor(i) * surge)
        capacity = x0 * min(self.unit_factor(i), self.service_factor[i] * ordered)
        limit, cause = capacity * surge, (NONE, 0)
        for p in self.products:
            if st.beta_all[p, i] == 0.0 or (p, i) not in self.stock:
                continue
            beta = self.beta(p, i)
            reach = x0 * self.stock[p, i] / float(st.b[p, i])
            here = (1.0 - beta) * capacity * surge + beta * reach
            if here < limit:
                limit, cause = here, (INPUT, p)
        left, product = self.origin_limit(i)
        if capacity * surge * left < limit:
            limit, cause = capacity * surge * left, (ORIGIN, product)
        for e in self.ware.uses:
            if st.use_unit[e] != i:
                continue
            h = st.use_good[e]
            exposed = float(dr.use_exposed[e] * self.fx.use_factor[e, t])
            rate = max(0.0, min(1.0, self.ware.avail[e]) - float(self.fx.good_side[h, t]))
            here = x0 * (1.0 - exposed + exposed * rate)
            if rate < 1.0 and here < limit:
                limit, cause = here, (GOOD, e)
        return capacity, limit, cause

    def serve(self, t: int) -> None:
        """Service levels (2.2b); a provider sees the levels of the day before."""
        st = self.st
        self.level = []
        for v, provider in enumerate(st.service_provider):
            level = 1.0
            if provider >= 0 and self.demand1[provider] > 0:
                want = self.demand1[provider]
                capacity, limit, _ = self.limit(int(provider), t)
                able = min(capacity * max(1.0, want / float(st.x0[provider])), limit)
                level = min(1.0, able / want)
            self.level.append(level * (1.0 - self.factor["outage"].get(v, 0.0)))
        self.service_factor = [1.0 for _ in self.units]
        self.service_bind = [0 for _ in self.units]
        for v in range(len(self.level)):
            for d in range(st.service_ptr[v], st.service_ptr[v + 1]):
                self.serve_user(v, d)

    def serve_user(self, v: int, d: int) -> None:
        """Low tiers are cut last; backup first, then the floor."""
        st = self.st
        tier, i = int(st.service_tier[d]), int(st.service_unit[d])
        got, share = self.level[v], float(st.tier_share[v, tier])
        if share > 0:
            before = sum(float(st.tier_share[v, k]) for k in range(tier))
            got = min(1.0, max(0.0, (got - before) / share))
        if got < 1.0 - TINY:
            help_ = min(self.backup[d], 1.0 - got)
            self.backup[d] -= help_
            got += help_
        else:
            self.backup[d] = min(self.backup_most[d], self.backup[d] + BACKUP_REFILL)
        got = max(float(self.dr.service_floor[d]), got)
        if got < self.service_factor[i]:
            self.service_factor[i], self.service_bind[i] = got, v

    # 2.5 Demand and orders

    def position(self, p: int, j: int) -> float:
        """Stock and what moves; goods behind a passage count by its open share of yesterday."""
        return self.stock[p, j] + self.moving(p, j)

    def moving(self, p: int, j: int) -> float:
        moving = sum(self.pipe[p, j].values())
        for i, _ in self.links[p, j]:
            g = self.group_of(p, i, j)
            if g is None:
                continue
            open_ = 1.0  # goods count as far as every passage before them is open
            for a in reversed(self.passages(g)):
                open_ *= self.position_open[a, j]
                moving += open_ * (self.queue[a, j] + sum(self.way[a, j].values()))
        return moving

    def way_days(self, t: int, p: int, j: int) -> float:
        """Mean days on the way today, detours included."""
        days = float(self.st.lag_mean[p, j])
        for i, share in self.links[p, j]:
            g = self.group_of(p, i, j)
            if g is not None:
                days += share * sum(self.longer(t, a, j) for a in self.passages(g))
        return days

    # 2.9 Building again

    def start_building(self) -> None:
        """What each plant still needs of each product, MUSD."""
        fx = self.fx
        self.to_build = {
            (k, p): float(fx.build_cost[k] * fx.build_mix[k, p])
            for k in range(fx.build_unit.size)
            for p in self.products
            if fx.build_mix[k, p] > 0
        }

    def order_building(self, t: int) -> None:
        """Lower capital by what is not built, and order what can be built today."""
        fx = self.fx
        self.building = {}
        for (k, p), left in self.to_build.items():
            most = float(fx.build_rate[k] * fx.build_mix[k, p])
            self.building[k, p] = float(fx.build_part[k, t]) * min(most, left)
        for k in range(fx.build_unit.size):
            i = int(fx.build_unit[k])
            left = sum(x for (plant, _), x in self.to_build.items() if plant == k)
            gone = float(fx.build_loss[k, t]) * left / float(fx.build_cost[k])
            self.factor["capital"][i] = self.factor["capital"].get(i, 1.0) * (1.0 - gone)

    def ordered_to_build(self, p: int, j: int) -> float:
        """What all plants of a region order of a product (2.9b); ordinary final users order it."""
        if self.comes_first(j):
            return 0.0
        region = int(self.st.client_region[j])
        return sum(
            x
            for (k, product), x in self.building.items()
            if product == p and int(self.st.unit_region[self.fx.build_unit[k]]) == region
        )

    def build(self) -> None:
        """Build with what came, each plant its part of the order."""
        for (k, p), ordered in self.building.items():
            region = int(self.st.unit_region[self.fx.build_unit[k]])
            j = len(self.units) + 2 * region + 1
            if ordered > 0:
                came = min(1.0, self.delivered[p, j] / self.asked[p, j])
                self.to_build[k, p] = max(0.0, self.to_build[k, p] - ordered * came)

    def plan(self, i: int) -> float:
        """Output for which a unit orders, share of normal (2.5b): a stopped plant orders less at once."""
        if self.st.x0[i] <= 0:
            return 0.0
        most = self.capacity[i] * (1.0 + float(self.dr.sigma))
        return min(self.expected[i], most) / float(self.st.x0[i])

    def order(self, t: int, p: int, j: int) -> tuple[float, float]:
        """Orders of class 1 and class 3 (2.5c to 2.5f)."""
        st = self.st
        b = float(st.b[p, j])
        if j in self.finals:
            wanted = b * self.factor["demand"].get((p, int(st.client_region[j])), 1.0)
            return wanted + self.ordered_to_build(p, j), 0.0
        if not st.stocked[p]:  # a service: demand follows capital and workforce only
            surge = 1.0 + float(self.dr.sigma)
            return b * min(self.expected[j] / float(st.x0[j]), self.unit_factor(j) * surge), 0.0
        plan = self.plan(j)
        lag, held = self.way_days(t, p, j), self.held_days(p, j)
        position = self.position(p, j)
        gap = held * b + lag * b * plan - position
        slow, fast = max(float(st.tau), lag / 2), max(WORKING_DAYS, lag / 2)
        top_up = max(0.0, min(held, WORKING_STOCK) * b + lag * b * plan - position) / fast
        first = max(0.0, b * plan + min(0.0, gap) / slow + top_up)
        return first, max(0.0, gap / slow - top_up)

    def reroute(self, p: int, j: int) -> float:
        """Order of class 2 (2.5g), before it is split over spare capacity."""
        st = self.st
        mu = float(st.mu[p])
        if mu <= 0:
            return 0.0
        missed = self.searched[p, j]
        most = min(missed, mu * float(st.b[p, j]))
        self.wanted[p, j] += (most - self.wanted[p, j]) / float(st.reroute_days[p])
        return min(self.wanted[p, j], missed)

    def place_orders(self, t: int) -> None:
        """Every order on every supplier, after origins and passages refused their part."""
        self.asked: dict[tuple[int, int], float] = {}
        self.orders: dict[tuple[int, int, int], tuple[float, float, float]] = {}
        for (p, j), sellers in self.links.items():
            first, restock = self.order(t, p, j)
            again = self.reroute(p, j)
            self.asked[p, j] = first
            weight = self.spare_weight.get((p, j), 0.0)
            for i, share in sellers:
                accept = self.accept(t, p, i, j)
                part, link = share * accept, self.again_share[p, j, i] * accept
                second = again * link * self.spare[i] / weight if weight > TINY else 0.0
                self.orders[p, j, i] = (first * part, second, restock * part)

    # 2.6 Output and allocation

    def class_one_fills(self, goods: float, inputs: float, final: float) -> tuple[float, float]:
        """Fill f of producers and f^kappa of ordinary final demand (2.6c); any kappa, by bisection."""
        kappa = float(self.dr.kappa)
        if goods >= inputs + final:
            return 1.0, 1.0
        if goods <= 0.0:
            return 0.0, 0.0
        if math.isinf(kappa):
            if goods <= inputs:
                return goods / inputs, 0.0
            return 1.0, (goods - inputs) / final
        low, high = 0.0, 1.0
        for _ in range(200):
            middle = 0.5 * (low + high)
            if inputs * middle + final * middle**kappa > goods:
                high = middle
            else:
                low = middle
        return high, high**kappa

    def produce(self, i: int) -> None:
        """Output of one unit (2.6a, 2.6b), how much of each order it fills, demand learned (2.5a)."""
        x0 = float(self.st.x0[i])
        vital = ordinary = inputs = again = restock = 0.0
        for p, j, _ in self.buyers[i]:
            first, second, third = self.orders[p, j, i]
            again, restock = again + second, restock + third
            if self.comes_first(j):
                vital += first
            elif j not in self.finals:
                inputs += first
            else:
                ordinary += first
        want = vital + ordinary + inputs
        limit = self.limits[i]
        # overtime may serve class-1 demand above baseline but never replaces lost capacity
        able = min(self.capacity[i] * max(1.0, want / x0), limit)
        first = min(able, want)
        rest = min(max(0.0, limit - first), again + restock)
        self.x[i] = first + rest
        least = float(self.dr.producers_least)
        ahead = vital + least * inputs
        fill_vital = first / ahead if first < ahead else 1.0
        left = first - fill_vital * vital
        fill, fill_ordinary = self.class_one_fills(left, inputs, ordinary)
        if fill < least * fill_vital:
            fill = least * fill_vital
            fill_ordinary = max(0.0, left - fill * inputs) / ordinary if ordinary > 0 else 0.0
        self.share_out(i, left)
        willing = max(0.0, 1.0 - (want - first) / (NO_SPARE * x0))
        fill_again = min(1.0, rest / again) if again > TINY * x0 else 0.0
        rest -= fill_again * again
        fill_restock = min(1.0, max(0.0, rest / restock)) if restock > TINY * x0 else 1.0
        # an outage cuts off whoever it meets
        on = self.running(i)
        self.x[i] *= on
        fills = (fill, fill_vital, fill_ordinary, fill_again, fill_restock)
        self.fills[i] = tuple(on * share for share in fills)
        self.spare[i] = on * willing * max(0.0, limit - want) / x0
        self.demand1[i] = want
        self.expected[i] += (want - self.expected[i]) / float(self.st.smooth)

    def share_out(self, i: int, goods: float) -> None:
        """Fill of each client who is not served first, where a rule other than kappa holds."""
        if self.dr.allocation == FILL:
            return
        later = [(p, j) for p, j, _ in self.buyers[i] if not self.comes_first(j)]
        asked = {(p, j): self.orders[p, j, i][0] for p, j in later}
        usual = {(p, j): self.share[p, j, i] * float(self.st.b[p, j]) for p, j in later}
        if self.dr.allocation == CLASSES:
            fills = self.fill_classes(goods, asked)
        else:
            fills = fill_to_level(goods, asked, usual)
        for (p, j), fill in fills.items():
            self.client_fill[p, j, i] = self.running(i) * fill

    def fill_classes(
        self, goods: float, asked: dict[tuple[int, int], float]
    ) -> dict[tuple[int, int], float]:
        """One class after the other, in proportion within (2.6e)."""
        fills = {}
        for rank in range(LAST_CLASS + 1):
            mine = [at for at in asked if self.rank(at[1]) == rank]
            wanted = sum(asked[at] for at in mine)
            fill = min(1.0, goods / wanted) if wanted > 0 else 1.0
            fills |= dict.fromkeys(mine, fill)
            goods = max(0.0, goods - wanted)
        return fills

    def rank(self, j: int) -> int:
        """Priority class of a client who is not served first of all."""
        return LAST_CLASS if j in self.finals else int(self.st.rank[j])

    def outages(self, i: int) -> list[tuple[float, int]]:
        """Share lost of each service whose outage stops a unit."""
        units = enumerate(self.st.outage_unit)
        return [(self.factor["outage"].get(v, 0.0), v) for v, unit in units if unit == i]

    def running(self, i: int) -> float:
        """Share of its customers whom outages leave a unit."""
        return math.prod(1.0 - lost for lost, _ in self.outages(i))

    def comes_first(self, j: int) -> bool:
        """Vital final demand, and providers of essential services."""
        if j in self.finals:
            return (j - len(self.units)) % 2 == 0
        return bool(self.st.is_provider[j])

    def deliver(self, t: int) -> None:
        """Ship every order by its fill, and note what of class 1 is missing."""
        self.delivered = defaultdict(float)
        self.shipped = defaultdict(float)
        self.missed = defaultdict(float)
        self.spare_weight = defaultdict(float)
        for (p, j), sellers in self.links.items():
            got_first = 0.0
            for i, _ in sellers:
                fill, vital, ordinary, again, restock = self.fills[i]
                if self.comes_first(j):
                    fill = vital
                elif j in self.finals:
                    fill = ordinary
                fill = self.client_fill.get((p, j, i), fill)
                first, second, third = self.orders[p, j, i]
                amount = first * fill + second * again + third * restock
                got_first += first * fill
                self.delivered[p, j] += amount
                self.shipped[i] += amount
                link = self.again_share[p, j, i] * self.accept(t, p, i, j)
                self.spare_weight[p, j] += link * self.spare[i]
                self.send(t, (p, j, i), amount)
            self.missed[p, j] = max(0.0, self.asked[p, j] - got_first)
        self.forget_small_misses()

    def forget_small_misses(self) -> None:
        """Where no client of a region misses a thousandth of a product, nobody looks elsewhere."""
        looking = set()
        for p, j in self.links:
            least = LEAST_MISS * float(self.st.b[p, j])
            if max(self.missed[p, j], self.wanted[p, j]) > least:
                looking.add((p, int(self.st.client_region[j])))
        self.searched = defaultdict(float)
        for p, j in self.links:
            if (p, int(self.st.client_region[j])) in looking:
                self.searched[p, j] = self.missed[p, j]
            else:
                self.wanted[p, j] = 0.0

    # 2.7 Transport

    def send(self, t: int, link: tuple[int, int, int], amount: float) -> None:
        p, j, i = link
        if j in self.finals:
            return
        g = self.group_of(p, i, j)
        if g is None or not self.passages(g):
            self.pipe[p, j][t + self.lag(p, i, j)] += amount
        else:
            first = self.passages(g)[0]
            self.way[first, j][t + int(self.fx.pass_up[first])] += amount

    def pass_passages(self, t: int) -> None:
        for p, j, i in self.share:
            g = self.group_of(p, i, j)
            if g is not None and j not in self.finals:
                self.pass_one(t, (p, j, i), g)

    def pass_one(self, t: int, link: tuple[int, int, int], g: int) -> None:
        """One flow through its passages; what leaves one is on its way to the next."""
        p, j, i = link
        normal = self.share[link] * float(self.st.b[p, j])
        for a in self.passages(g):
            come = self.way[a, j].pop(t, 0.0)
            route = self.seen(a, j, self.fx.pass_open[a, t])
            go = let_through(come, self.queue[a, j], route, normal, float(self.st.queue_rate))
            self.queue[a, j] += come - go
            self.position_open[a, j] = route
            day = t + self.longer(t, a, j) - int(self.fx.pass_up[a])
            if a + 1 in self.passages(g):
                self.way[a + 1, j][day + int(self.fx.pass_up[a + 1])] += go
            else:
                self.pipe[p, j][day + self.lag(p, i, j)] += go

    # 2.8 Stocks, and cover by origin (2.4)

    def use_inputs(self, t: int) -> None:
        """Use and arrivals (2.8a)."""
        st = self.st
        self.used: dict[tuple[int, int], float] = {}
        for p, i in list(self.stock):
            come = self.pipe[p, i].pop(t, 0.0)
            if not st.stocked[p]:
                self.used[p, i] = come
                continue
            need = float(st.b[p, i] / st.x0[i]) * self.x[i]
            self.used[p, i] = min(self.stock[p, i], need)
            self.stock[p, i] += come - self.used[p, i]

    def cover_origins(self, t: int) -> None:
        """Cover by origin (2.4d)."""
        for (p, _, r), g in self.group.items():
            for j in range(self.st.unit_start[r], self.st.unit_start[r + 1]):
                if self.st.x0[j] <= 0:
                    continue
                rate = self.x[j] / float(self.st.x0[j])
                held = self.origin[g, j]
                come = self.arrives(t, g, j) * max(1.0, rate)
                held = max(0.0, held + come - min(1.0, held) * rate)
                self.origin[g, j] = min(held, self.held_days(p, j))

    # 2.10 Record, and the balances

    def find_cause(self, i: int, bind: tuple[int, int]) -> tuple[int, int]:
        if self.st.x0[i] <= 0 or self.x[i] / float(self.st.x0[i]) >= REST:
            return NONE, 0
        able = min(self.capacity[i], self.limits[i])
        if self.running(i) < min(1.0, able / max(self.demand1[i], TINY)):
            return SERVICE, max(self.outages(i), key=lambda loss: (loss[0], -loss[1]))[1]
        if able >= self.demand1[i] * (1.0 - 1e-9):
            return DEMAND, 0
        if self.capacity[i] > self.limits[i] and bind[0] != NONE:
            return bind
        capital = self.factor["capital"].get(i, 1.0)
        work = self.factor["work"].get(i, 1.0)
        kind = WORKFORCE if work < capital else CAPITAL
        if self.capacity[i] < float(self.st.x0[i]) * self.unit_factor(i):
            kind = SERVICE
        return kind, self.service_bind[i]

    def holdings(self) -> dict[tuple[int, int], float]:
        """All that exists of each position, trapped goods in full."""
        table = {}
        for p, j in self.stock:
            table[p, j] = self.stock[p, j] + sum(self.pipe[p, j].values())
            for i, _ in self.links[p, j]:
                g = self.group_of(p, i, j)
                for a in self.passages(g) if g is not None else ():
                    table[p, j] += self.queue[a, j] + sum(self.way[a, j].values())
        return table

    def balance(self, before: dict[tuple[int, int], float]) -> float:
        """Largest relative residual of output against deliveries, and of any position."""
        worst = 0.0
        for i in self.units:
            if self.st.x0[i] > 0:
                worst = max(worst, abs(self.x[i] - self.shipped[i]) / float(self.st.x0[i]))
        for at, held in self.holdings().items():
            change = self.delivered[at] - self.used[at]
            scale = float(self.st.b[at]) * (1.0 + self.held_days(*at))
            worst = max(worst, abs(held - before[at] - change) / scale)
        return worst

    def begin(self, t: int) -> None:
        """What the day gives."""
        self.before = self.holdings()
        self.set_factors(t)

    def look(self, t: int) -> None:
        """What every unit can make of it."""
        self.ware.open_goods(t)
        self.serve(t)
        nothing = (0.0, 0.0, (NONE, 0))
        found = [self.limit(i, t) if self.st.x0[i] > 0 else nothing for i in self.units]
        self.capacity = [k for k, _, _ in found]
        self.limits = [x for _, x, _ in found]
        self.binds = [bind for _, _, bind in found]
        for i in self.units:
            x0 = float(self.st.x0[i])
            if x0 > 0:
                self.ware.able[i] = min(1.0, min(self.capacity[i], self.limits[i]) / x0)

    def act(self, t: int) -> Day:
        """What everybody orders, makes, gets and uses."""
        self.place_orders(t)
        self.fills: dict[int, tuple[float, ...]] = {}
        self.client_fill: dict[tuple[int, int, int], float] = {}
        for i in self.units:
            if self.st.x0[i] > 0:
                self.produce(i)
        self.deliver(t)
        self.build()
        causes = [self.find_cause(i, self.binds[i]) for i in self.units]
        self.pass_passages(t)
        self.use_inputs(t)
        self.cover_origins(t)
        residual = max(
            self.ware.play_trade(t, [self.plan(i) for i in self.units]), self.balance(self.before)
        )
        return self.note(causes, residual)

    def play_day(self, t: int) -> Day:
        self.begin(t)
        self.look(t)
        return self.act(t)

    def note(self, causes: list[tuple[int, int]], residual: float) -> Day:
        want, got = 0.0, 0.0
        for (p, j), asked in self.asked.items():
            if j in self.finals and asked > 0.0:
                own = asked - self.ordered_to_build(p, j)  # building is counted apart
                want += own
                got += own * min(1.0, self.delivered[p, j] / asked)
        return Day(
            output=list(self.x),
            capacity=self.capacity,
            limit=self.limits,
            stock=dict(self.stock),
            moving={at: self.moving(*at) for at in self.stock},
            delivered=dict(self.delivered),
            missing=dict(self.missed),
            level=self.level,
            user_stock=list(self.ware.user_stock),
            pool=list(self.ware.pool),
            drawn=self.ware.drawn,
            inflow=self.ware.inflow,
            surplus=list(self.ware.surplus),
            cause=causes,
            final_want=want,
            final_got=got,
            balance=residual,
        )

    def play(self, days: int) -> list[Day]:
        return [self.play_day(t) for t in range(days)]


def fill_to_level(
    goods: float, asked: dict[tuple[int, int], float], usual: dict[tuple[int, int], float]
) -> dict[tuple[int, int], float]:
    """Everybody up to one share of normal purchases: whoever asks least, over normal, first (2.6d)."""
    queue = sorted(asked, key=lambda at: asked[at] / usual[at])
    left, fills = sum(usual.values()), {}
    for at in queue:
        level = goods / left if left > 0 else 0.0
        given = min(asked[at], usual[at] * max(0.0, level))
        fills[at] = given / asked[at] if asked[at] > 0 else 1.0
        goods, left = goods - given, left - usual[at]
    return fills


def simulate_slowly(st: Static, dr: Drawn, fx: Forcing, days: int) -> list[Day]:
    """Play a run with the slow twin."""
    return Twin(st, dr, fx).play(days)
