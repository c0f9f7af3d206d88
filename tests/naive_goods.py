"""Critical goods of the slow twin: what users can use, ask for and get; ships on their way.

Sections 2.4, 2.7 and 2.8 of docs/method/crisis.md for one lane.
"""

from __future__ import annotations

from collections import defaultdict

from keian.crisis._arrays import TINY, Forcing, Lanes, Static


def let_through(come: float, queue: float, route: float, normal: float, clearing: float) -> float:
    """What a passage lets through: its open share, and a part on top while a queue clears."""
    waiting = queue + come
    if route >= 1.0 and queue <= 0.0:
        return waiting
    return min(waiting, route * max(come, normal) * (1.0 + clearing * route))


class GoodsTwin:
    """All goods of one lane."""

    def __init__(self, st: Static, ln: Lanes, fx: Forcing, z: int, x: list[float]) -> None:
        self.st, self.ln, self.fx, self.z = st, ln, fx, z
        self.x = x  # output of the units, written by the owner of the table
        self.able = [1.0] * len(x)  # what they could make, at most normal; written there too
        self.goods = range(st.good_parent.size)
        self.lines = range(st.line_good.size)
        self.uses = range(st.use_good.size)
        self.pools = range(st.pool_good.size)
        self.user_stock = [float(c) + 1.0 for c in ln.use_cover[:, z]]
        self.pool = [float(q) for q in ln.pool_start[:, z]]
        self.line_way = [defaultdict(float) for _ in self.lines]
        self.line_pipe = [defaultdict(float) for _ in self.lines]
        self.line_queue = [0.0 for _ in self.lines]
        self.line_counts = [1.0 for _ in self.lines]  # open share with which a queue counts
        self.normal_water = [0.0 for _ in self.goods]
        self.imported = [0.0 for _ in self.goods]
        self.home = [0.0 for _ in self.goods]
        for c in self.lines:
            share, h = float(ln.line_share[c, z]), int(st.line_good[c])
            if st.line_unit[c] >= 0:
                self.home[h] += share
                continue
            self.imported[h] += share
            for day in range(ln.line_up[c, z]):
                self.line_way[c][day] += share
            for day in range(ln.line_down[c, z]):
                self.line_pipe[c][day] += share
            self.normal_water[h] += share * int(ln.line_up[c, z] + ln.line_down[c, z])
        self.surplus = [0.0 for _ in self.goods]

    def made(self, c: int) -> float:
        """What the maker of a home line makes, or could make where only demand is missing."""
        i = int(self.st.line_unit[c])
        return max(self.able[i], self.x[i] / float(self.st.x0[i]))

    def water(self, c: int) -> float:
        behind = self.line_queue[c] + sum(self.line_way[c].values())
        return sum(self.line_pipe[c].values()) + self.line_counts[c] * behind

    def open_goods(self, t: int) -> None:
        """Rate of use that each user can afford today."""
        st, ln, fx, z = self.st, self.ln, self.fx, self.z
        still = [float(fx.good_extra[h, t, z]) for h in self.goods]
        reach = [0.0 for _ in self.goods]
        for c in self.lines:
            come = float(ln.line_share[c, z] * fx.line_source[c, t, z] * fx.line_route[c, t, z])
            still[st.line_good[c]] += come * (self.made(c) if st.line_unit[c] >= 0 else 1.0)
            if st.line_unit[c] < 0:
                reach[st.line_good[c]] += self.water(c)
        for k in self.pools:
            self.pool[k] *= 1.0 - float(fx.pool_loss[k, t, z])
            # users count on every stock that stands behind them, released or not
            reach[st.pool_good[k]] += self.pool[k]
        self.still = still
        self.avail = []
        for e in self.uses:
            h = int(st.use_good[e])
            need = float(fx.good_need[h, t, z])
            rate = min(need * (1.0 + float(ln.sigma[z])), self.user_stock[e])
            if still[h] < 1.0 - 1e-9:
                stretched = still[h] + (self.user_stock[e] + reach[h]) / float(ln.stretch[h, z])
                rate = min(rate, max(float(ln.use_floor[e, z]), stretched))
            self.avail.append(rate / need)

    def request_goods(self, t: int, plan: list[float]) -> None:
        """Users use what their output needs; they ask for what they would use, and what they lack.

        What they would use follows the plan: a starved user does not ask for less.
        """
        st, ln, z = self.st, self.ln, self.z
        self.good_used = [0.0 for _ in self.goods]
        self.good_want = [0.0 for _ in self.goods]
        self.good_gap = [0.0 for _ in self.goods]
        for k in self.pools:
            if ln.pool_auto[k]:
                self.good_gap[st.pool_good[k]] += float(ln.pool_start[k, z]) - self.pool[k]
        self.asks = []
        for e in self.uses:
            h, i = int(st.use_good[e]), int(st.use_unit[e])
            weight, need = float(ln.use_weight[e, z]), float(self.fx.good_need[h, t, z])
            rate = min(self.avail[e], self.x[i] / float(st.x0[i]))
            used = min(self.user_stock[e], need * rate)
            self.user_stock[e] -= used
            want = need * plan[i]
            lacks = float(ln.use_cover[e, z]) + 1.0 - (self.user_stock[e] + want)
            self.asks.append(weight * max(0.0, want + lacks / float(ln.restock[h, z])))
            self.good_used[h] += weight * used
            self.good_want[h] += weight * want
            self.good_gap[h] += weight * lacks

    def sail(self, t: int) -> None:
        """Imports ordered, waiting and landed; home supply."""
        st, ln, fx, z = self.st, self.ln, self.fx, self.z
        self.come_in = [float(fx.good_extra[h, t, z]) for h in self.goods]
        home = [0.0 for _ in self.goods]
        rate = [self.import_rate(h) for h in self.goods]
        for c in self.lines:
            h, share = int(st.line_good[c]), float(ln.line_share[c, z])
            source, route = float(fx.line_source[c, t, z]), float(fx.line_route[c, t, z])
            if st.line_unit[c] >= 0:
                home[h] += share * source * self.made(c)
                continue
            if share <= 0:
                continue
            room = max(0.0, float(ln.line_yard[c, z]) - self.line_queue[c] / share)
            leave = share * rate[h] * source * min(1.0, route + min(1.0 - route, room))
            self.line_way[c][t + int(ln.line_up[c, z])] += leave
            come = self.line_way[c].pop(t, 0.0)
            go = let_through(come, self.line_queue[c], route, share, float(st.queue_rate))
            self.line_queue[c] += come - go
            down = int(ln.line_down[c, z]) + int(fx.line_extra[c, t, z])
            self.line_pipe[c][t + down] += go
            self.line_counts[c] = route
            self.come_in[h] += self.line_pipe[c].pop(t, 0.0)
        self.home = home
        self.come_in = [a + b for a, b in zip(self.come_in, home, strict=True)]

    def import_rate(self, h: int) -> float:
        """Rate at which imports are ordered, 1 = normal."""
        if self.imported[h] <= TINY:
            return 0.0
        water = sum(
            self.water(c)
            for c in self.lines
            if self.st.line_good[c] == h and self.st.line_unit[c] < 0
        )
        gap = self.good_gap[h] + self.normal_water[h] * self.good_want[h] - water
        want = self.good_want[h] + gap / float(self.ln.restock[h, self.z]) - self.home[h]
        # the world market sells a little more than normal, counted on all of national use, unless
        # the good, or what it is made from, is short on the way
        source = int(self.st.good_from[h])
        gate = min(self.still[h], self.still[source] if source >= 0 else 1.0)
        catch_up = float(self.ln.catch_up[h, self.z]) * min(1.0, max(0.0, gate))
        most = 1.0 + catch_up / self.imported[h]
        return min(most, max(0.0, want / self.imported[h]))

    def share_goods(self, t: int) -> None:
        """Inflow first, then pools in their order; what nobody wants refills tanks."""
        st, ln, z = self.st, self.ln, self.z
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
                    draw = min(short, float(self.fx.pool_draw[k, t, z]), self.pool[k])
                    self.pool[k] -= draw
                    self.drawn[k] = draw
                    given += draw
                elif ln.pool_auto[k]:
                    put = min(left, max(0.0, float(ln.pool_start[k, z]) - self.pool[k]))
                    self.pool[k] += put
                    left -= put
            self.surplus[h] += left
            for e in users:
                if ask > 0:
                    self.user_stock[e] += given * self.asks[e] / ask / float(ln.use_weight[e, z])

    def count_afloat(self) -> list[float]:
        """Goods on the water, trapped goods in full."""
        afloat = [0.0 for _ in self.goods]
        for c in self.lines:
            behind = self.line_queue[c] + sum(self.line_way[c].values())
            afloat[self.st.line_good[c]] += behind + sum(self.line_pipe[c].values())
        return afloat

    def count_all(self) -> list[float]:
        """All that exists of each good, with what nobody wanted."""
        held = self.count_afloat()
        for e in self.uses:
            held[self.st.use_good[e]] += float(self.ln.use_weight[e, self.z]) * self.user_stock[e]
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
