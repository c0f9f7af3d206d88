"""Critical goods of the slow twin: what users can use, ask for and get; ships on their way.

Sections 2.4, 2.7 and 2.8 of docs/method/crisis.md for one run.
"""

from __future__ import annotations

from collections import defaultdict

from keian.crisis._arrays import REOPENED, TINY, Drawn, Forcing, Static


def let_through(come: float, queue: float, route: float, normal: float, clearing: float) -> float:
    """What a passage lets through (2.7a): its open share; reopened, more while a queue clears."""
    waiting = queue + come
    if route >= 1.0 and queue <= 0.0:
        return waiting
    usual = route * max(come, normal)
    return min(waiting, usual * (1.0 + clearing) if route >= REOPENED else usual)


class GoodsTwin:
    """All goods of one run."""

    def __init__(self, st: Static, dr: Drawn, fx: Forcing, x: list[float]) -> None:
        self.st, self.dr, self.fx = st, dr, fx
        self.x = x  # output of the units, written by the owner of the table
        self.able = [1.0] * len(x)  # what they could make, at most normal; written there too
        self.goods = range(st.good_parent.size)
        self.lines = range(st.line_good.size)
        self.uses = range(st.use_good.size)
        self.pools = range(st.pool_good.size)
        self.user_stock = [float(c) + 1.0 for c in dr.use_cover]
        self.pool = [float(q) for q in dr.pool_start]
        straits = range(fx.strait_up.size)
        self.line_way = [defaultdict(float) for _ in straits]  # on the way to a passage
        self.line_queue = [0.0 for _ in straits]
        self.line_counts = [1.0 for _ in straits]  # open share with which a queue counts
        self.line_pipe = [defaultdict(float) for _ in self.lines]
        self.water_wanted = [0.0 for _ in self.goods]
        self.imported = [0.0 for _ in self.goods]
        self.home = [0.0 for _ in self.goods]
        for c in self.lines:
            share, h = float(dr.line_share[c]), int(st.line_good[c])
            if st.line_unit[c] >= 0:
                self.home[h] += share
                continue
            self.imported[h] += share
            gone = 0
            for a in self.passages(c):
                for day in range(int(fx.strait_up[a]) - gone):
                    self.line_way[a][day] += share
                gone = int(fx.strait_up[a])
            for day in range(int(dr.line_lag[c]) - gone):
                self.line_pipe[c][day] += share
            self.water_wanted[h] += share * int(dr.line_lag[c])
        self.surplus = [0.0 for _ in self.goods]

    def made(self, c: int) -> float:
        """What the maker of a home line makes, or could make where only demand is missing."""
        i = int(self.st.line_unit[c])
        return max(self.able[i], self.x[i] / float(self.st.x0[i]))

    def passages(self, c: int) -> range:
        """Passages of a supply line, in the order in which its ships meet them."""
        return range(int(self.fx.strait_ptr[c]), int(self.fx.strait_ptr[c + 1]))

    def water(self, c: int) -> float:
        """What is on the water; it counts as far as every passage before it is open."""
        count, open_ = sum(self.line_pipe[c].values()), 1.0
        for a in reversed(self.passages(c)):
            open_ *= self.line_counts[a]
            count += open_ * (self.line_queue[a] + sum(self.line_way[a].values()))
        return count

    def open_goods(self, t: int) -> None:
        """Rate of use that each user can afford today (2.4a, 2.4b)."""
        st, dr, fx = self.st, self.dr, self.fx
        still = [float(fx.good_extra[h, t]) for h in self.goods]
        believed = list(still)
        reach = [0.0 for _ in self.goods]
        for c in self.lines:
            come = float(dr.line_share[c] * fx.line_source[c, t] * fx.line_open[c, t])
            made = self.made(c) if st.line_unit[c] >= 0 else 1.0
            still[st.line_good[c]] += come * made
            believed[st.line_good[c]] += float(dr.line_share[c] * fx.line_seen[c, t]) * made
            if st.line_unit[c] < 0:
                reach[st.line_good[c]] += self.water(c)
        for k in self.pools:
            self.pool[k] *= 1.0 - float(fx.pool_loss[k, t])
            # users count on every stock that stands behind them, released or not
            reach[st.pool_good[k]] += self.pool[k]
        self.still = still
        self.avail = []
        for e in self.uses:
            h = int(st.use_good[e])
            need = self.need(e, t)
            if need <= TINY:  # all of it replaced, or nothing wanted
                self.avail.append(1.0 + float(dr.sigma))
                continue
            rate = min(need * (1.0 + float(dr.sigma)), self.user_stock[e])
            if believed[h] < 1.0 - 1e-9:
                stretched = believed[h] + (self.user_stock[e] + reach[h]) / float(dr.stretch[h])
                rate = min(rate, max(float(dr.use_floor[e]), stretched))
            self.avail.append(rate / need)

    def need(self, e: int, t: int) -> float:
        """Use per unit of output; a qualified substitute needs none of the good."""
        return float(self.fx.good_need[self.st.use_good[e], t] * self.fx.use_factor[e, t])

    def request_goods(self, t: int, plan: list[float]) -> None:
        """Users use what their output needs; they ask for what they would use and lack (2.8b).

        What they would use follows the plan: a starved user does not ask for less.
        """
        st, dr = self.st, self.dr
        self.good_used = [0.0 for _ in self.goods]
        self.good_want = [0.0 for _ in self.goods]
        self.good_gap = [0.0 for _ in self.goods]
        for k in self.pools:
            if dr.pool_auto[k]:
                self.good_gap[st.pool_good[k]] += float(dr.pool_start[k]) - self.pool[k]
        self.asks = []
        for e in self.uses:
            h, i = int(st.use_good[e]), int(st.use_unit[e])
            weight, need = float(dr.use_weight[e]), self.need(e, t)
            # households use what they always use
            made = self.x[i] / float(st.x0[i]) if i >= 0 else 1.0
            rate = min(self.avail[e], made)
            used = min(self.user_stock[e], need * rate)
            self.user_stock[e] -= used
            want = need * (plan[i] if i >= 0 else 1.0)
            lacks = float(dr.use_cover[e]) + 1.0 - (self.user_stock[e] + want)
            self.asks.append(weight * max(0.0, want + lacks / float(dr.restock[h])))
            self.good_used[h] += weight * used
            self.good_want[h] += weight * want
            self.good_gap[h] += weight * lacks

    def sail(self, t: int) -> None:
        """Imports ordered, waiting and landed; home supply."""
        st, dr, fx = self.st, self.dr, self.fx
        self.come_in = [float(fx.good_extra[h, t]) for h in self.goods]
        home = [0.0 for _ in self.goods]
        wanted = [0.0 for _ in self.goods]
        rate = [self.import_rate(h) for h in self.goods]
        for c in self.lines:
            h, share = int(st.line_good[c]), float(dr.line_share[c])
            source = float(fx.line_source[c, t])
            if st.line_unit[c] >= 0:
                home[h] += share * source * self.made(c)
                continue
            if share <= 0:
                continue
            days = int(dr.line_lag[c]) + sum(int(fx.strait_extra[a, t]) for a in self.passages(c))
            wanted[h] += share * days
            self.come_in[h] += self.sail_line(t, c, share, share * rate[h] * source)
        self.water_wanted = wanted
        self.home = home
        self.come_in = [a + b for a, b in zip(self.come_in, home, strict=True)]

    def sail_line(self, t: int, c: int, share: float, leave: float) -> float:
        """Ships of a line leave, pass what they meet, and land; return what lands today."""
        fx, lag = self.fx, int(self.dr.line_lag[c])
        for a in self.passages(c):
            route = float(fx.strait_open[a, t])
            room = max(0.0, float(fx.strait_yard[a]) - self.line_queue[a] / share)
            leave *= min(1.0, route + min(1.0 - route, room))
        go, since = leave, 0  # since: day on which ships left the origin, against today
        for a in self.passages(c):
            self.line_way[a][t + since + int(fx.strait_up[a])] += go
            come, route = self.line_way[a].pop(t, 0.0), float(fx.strait_open[a, t])
            go = let_through(come, self.line_queue[a], route, share, float(self.st.queue_rate))
            self.line_queue[a] += come - go
            self.line_counts[a] = route
            since = int(fx.strait_extra[a, t]) - int(fx.strait_up[a])
        self.line_pipe[c][t + since + lag] += go
        return self.line_pipe[c].pop(t, 0.0)

    def import_rate(self, h: int) -> float:
        """Rate at which imports are ordered, 1 = normal."""
        if self.imported[h] <= TINY:
            return 0.0
        water = sum(
            self.water(c)
            for c in self.lines
            if self.st.line_good[c] == h and self.st.line_unit[c] < 0
        )
        gap = self.good_gap[h] + self.water_wanted[h] * self.good_want[h] - water
        want = self.good_want[h] + gap / float(self.dr.restock[h]) - self.home[h]
        # the world market sells a little more than normal, counted on all of national use, unless
        # the good, or what it is made from, is short on the way
        source = int(self.st.good_from[h])
        gate = min(self.still[h], self.still[source] if source >= 0 else 1.0)
        catch_up = float(self.dr.catch_up[h]) * min(1.0, max(0.0, gate))
        most = 1.0 + catch_up / self.imported[h]
        return min(most, max(0.0, want / self.imported[h]))

    def share_goods(self, t: int) -> None:
        """Inflow first, then pools in their order; what nobody wants refills tanks."""
        st, dr = self.st, self.dr
        self.drawn = [0.0 for _ in self.pools]
        self.inflow = list(self.come_in)
        for h in self.goods:
            users = [e for e in self.uses if st.use_good[e] == h]
            ask = sum(self.asks[e] for e in users)
            given = min(self.come_in[h], ask)
            left = self.come_in[h] - given
            for k in self.pools:
                if st.pool_good[k] != h:
                    continue
                short = ask - given
                if short > 0:
                    draw = min(short, float(self.fx.pool_draw[k, t]), self.pool[k])
                    self.pool[k] -= draw
                    self.drawn[k] = draw
                    given += draw
                elif dr.pool_auto[k]:
                    put = min(left, max(0.0, float(dr.pool_start[k]) - self.pool[k]))
                    self.pool[k] += put
                    left -= put
            self.surplus[h] += left
            for e in users:
                if ask > 0:
                    self.user_stock[e] += given * self.asks[e] / ask / float(dr.use_weight[e])

    def count_afloat(self) -> list[float]:
        """Goods on the water, trapped goods in full."""
        afloat = [0.0 for _ in self.goods]
        for c in self.lines:
            behind = sum(
                self.line_queue[a] + sum(self.line_way[a].values()) for a in self.passages(c)
            )
            afloat[self.st.line_good[c]] += behind + sum(self.line_pipe[c].values())
        return afloat

    def count_all(self) -> list[float]:
        """All that exists of each good, with what nobody wanted."""
        held = self.count_afloat()
        for e in self.uses:
            held[self.st.use_good[e]] += float(self.dr.use_weight[e]) * self.user_stock[e]
        for k in self.pools:
            held[self.st.pool_good[k]] += self.pool[k]
        return [h + s for h, s in zip(held, self.surplus, strict=True)]

    def play_trade(self, t: int, plan: list[float]) -> float:
        """Use, ships and distribution of a day; the largest residual of a good's balance."""
        before = self.count_all()
        self.request_goods(t, plan)
        afloat = self.count_afloat()
        self.sail(t)
        # what entered the chain of a good: shipped abroad, made at home, added by measures
        entered = [
            after - start + came
            for after, start, came in zip(self.count_afloat(), afloat, self.come_in, strict=True)
        ]
        self.share_goods(t)
        worst = 0.0
        for h, held in enumerate(self.count_all()):
            worst = max(worst, abs(held - before[h] - entered[h] + self.good_used[h]))
        return worst
