"""The slow readable twin of the firm-day kernel; numbers are those of docs/method/firms.md.

Plain Python over dictionaries: one firm, one input, one link after the other. It shares no code with
the kernel beyond the nouns; levels of allocation are found by sorting, demand is kept as a whole.
"""

import math

REST = 0.995


class Economy:
    """A network at rest, then day by day."""

    def __init__(self, network, rules, traits, shocks, hits, classes=None):
        self.rules, self.shocks, self.hits = rules, shocks, hits
        n = network.firm_count
        self.n = n
        self.classes = classes or [1] * n
        year = rules.days_per_year
        self.links = []  # supplier, client, product, money per day
        for i in range(n):
            for k in range(network.client_start[i], network.client_start[i + 1]):
                j = int(network.supplier[k])
                self.links.append((j, i, int(network.product[j]), float(network.value[k]) / year))
        sold = [0.0] * n
        for j, _, _, money in self.links:
            sold[j] += money
        self.x0 = [max(float(network.sales[j]) / year, sold[j]) for j in range(n)]  # (1.1)
        self.final = [self.x0[j] - sold[j] for j in range(n)]
        self.vital = [traits.vital_share[network.product[j]] for j in range(n)]
        self.room = []
        for j in range(n):
            known = float(network.capacity[j]) / float(network.sales[j])
            self.room.append(
                1 + rules.headroom_share if math.isnan(known) else max(known, 1.0)
            )  # (1.2)
        self.cover = [traits.cover_days[network.product[i]] for i in range(n)]
        self.b, self.beta, self.stocked = {}, {}, {}
        for _, i, p, money in self.links:
            self.b[i, p] = self.b.get((i, p), 0.0) + money
        for (i, p), b in self.b.items():  # (1.3)
            rated = traits.criticality[p, network.product[i]]
            beta = 1.0 if rated >= 1 else 0.5 if rated >= 0.5 else 0.0
            self.beta[i, p] = 0.0 if b < rules.least_input_share * self.x0[i] else beta
            self.stocked[i, p] = bool(traits.stocked[p])
            if not self.stocked[i, p]:
                self.beta[i, p] = 0.0
        working = 1.0 if rules.orders == "expected" else 0.0
        self.stock = {(i, p): (self.cover[i] + working) * b for (i, p), b in self.b.items()}
        self.expected = [1.0] * n
        self.x = list(self.x0)
        self.held = [math.inf] * n  # what a world around the network leaves (4.5)
        self.outside_demand = [1.0] * n  # and what it orders (4.6)

    def factors(self, t):
        """Capacity and final demand factors of the day (2.1)."""
        capital, wanted = [1.0] * self.n, [1.0] * self.n
        for shock, hit in zip(self.shocks, self.hits, strict=True):
            force = 0.0
            if shock.start_day <= t < shock.end_day:
                force = 1.0
            elif t >= shock.end_day and shock.half_life_days:
                force = 0.5 ** ((t - shock.end_day + 1) / shock.half_life_days)
            for i in hit:
                target = capital if shock.kind == "capacity" else wanted
                target[i] *= 1 - shock.share * force
        return capital, wanted

    def limits(self, capital):
        """Input limits (2.2)."""
        limit = [capital[i] * self.room[i] * self.x0[i] for i in range(self.n)]
        top = list(limit)
        for (i, p), stock in self.stock.items():
            if self.rules.orders == "realised":
                bound = self.x0[i] * stock / self.b[i, p]
            else:
                beta = self.beta[i, p]
                bound = (1 - beta) * top[i] + beta * self.x0[i] * stock / self.b[i, p]
            limit[i] = min(limit[i], bound)
        return limit

    def orders(self, capital):
        """Orders by input: class 1 and class 3 (2.3 to 2.5), or one order that follows output (2.10)."""
        first, again = {}, {}
        tau = self.rules.tau_days
        for (i, p), b in self.b.items():
            stock, n = self.stock[i, p], self.cover[i]
            if self.rules.orders == "realised":
                share = self.x[i] / self.x0[i]
                first[i, p] = max(0.0, share * b + (n * share * b - stock) / tau)
                again[i, p] = 0.0
                continue
            q = min(self.expected[i], capital[i] * self.room[i])
            gap = (n + 1) * b - stock
            top = max(0.0, min(n + 1, 3.0) * b - stock) / 2
            if not self.stocked[i, p]:
                gap = top = 0.0
            first[i, p] = max(0.0, q * b + min(0.0, gap) / tau + top)
            again[i, p] = max(0.0, gap / tau - top)
        return first, again

    def day(self, t):
        """One day; returns what was made, delivered and missed."""
        capital, wanted = self.factors(t)
        limit = self.limits(capital)
        limit = [min(limit[i], self.held[i] * self.x0[i]) for i in range(self.n)]
        wanted = [wanted[i] * self.outside_demand[i] for i in range(self.n)]
        first, again = self.orders(capital)
        asked, restock = [0.0] * self.n, [0.0] * self.n
        clients = [[] for _ in range(self.n)]
        for j, i, p, money in self.links:
            part = money / self.b[i, p]
            asked[j] += part * first[i, p]
            restock[j] += part * again[i, p]
            clients[j].append((i, p, part * first[i, p], part * again[i, p], money))
        came = dict.fromkeys(self.b, 0.0)
        got, vital_got, want = [0.0] * self.n, [0.0] * self.n, [0.0] * self.n
        demand = [0.0] * self.n
        for j in range(self.n):
            want[j] = self.final[j] * wanted[j]
            demand[j] = asked[j] + want[j]
            usable = capital[j] * max(self.x0[j], demand[j])
            made = min(usable, limit[j], demand[j])  # (2.6)
            rest = max(0.0, min(limit[j] - made, restock[j]))
            vital = want[j] * self.vital[j]
            vital_got[j] = min(made, vital)
            served, ordinary = self.share(
                made - vital_got[j], want[j] - vital, clients[j], wanted[j], demand[j] - made
            )
            got[j] = vital_got[j] + ordinary
            for (i, p, _, more, _), amount in zip(clients[j], served, strict=True):
                came[i, p] += amount + (more * rest / restock[j] if restock[j] > 0 else 0.0)
            self.x[j] = made + rest
            self.expected[j] += (demand[j] / self.x0[j] - self.expected[j]) / self.rules.smooth_days
        for (i, p), b in self.b.items():  # (2.12)
            use = min(b * self.x[i] / self.x0[i], self.stock[i, p])
            if self.stocked[i, p]:
                self.stock[i, p] += came[i, p] - use
        return {
            "output": list(self.x), "final_got": got, "final_want": want, "vital_got": vital_got,
            "came": sum(came.values()), "demand": demand, "limit": limit, "factor": capital,
        }  # fmt: skip

    def share(self, left, ordinary, clients, wanted, missing):
        """Share what is left over producers and ordinary final users (2.7 to 2.9)."""
        orders = [first for _, _, first, _, _ in clients]
        if missing <= 1e-12 * (left + ordinary + missing):
            return orders, ordinary
        rule = self.rules.allocation
        if rule == "fill":
            f, o = self.fill(left, sum(orders), ordinary)
            return [f * order for order in orders], o * ordinary
        if rule == "level":
            asks = [
                (order / money, money)
                for order, (_, _, _, _, money) in zip(orders, clients, strict=True)
            ]
            if ordinary > 0:
                asks.append((wanted, ordinary / wanted))
            level = self.level(left, asks)
            served = [money * min(ratio, level) for ratio, money in asks]
            return served[: len(orders)], (served[-1] if ordinary > 0 else 0.0)
        served, ordinary_got = [0.0] * len(orders), 0.0
        for c in (0, 1, 2):
            members = [k for k, client in enumerate(clients) if self.classes[client[0]] == c]
            total = sum(orders[k] for k in members) + (ordinary if c == 1 else 0.0)
            f = 1.0 if left >= total else left / total
            for k in members:
                served[k] = f * orders[k]
            if c == 1:
                ordinary_got = f * ordinary
            left = max(0.0, left - total)
        return served, ordinary_got

    def fill(self, left, orders, ordinary):
        """Fills of producers and of ordinary final users, found by halving (2.7)."""
        kappa = self.rules.kappa
        if math.isinf(kappa):
            to_final = max(0.0, left - orders) / ordinary if ordinary > 0 else 1.0
            return (min(1.0, left / orders) if orders > 0 else 1.0), to_final
        low, high = 0.0, 1.0
        for _ in range(200):
            f = (low + high) / 2
            low, high = (f, high) if orders * f + ordinary * f**kappa < left else (low, f)
        return low, low**kappa

    @staticmethod
    def level(left, asks):
        """Level at which everybody gets the lesser of it and the own ratio (2.8)."""
        open_ = sum(money for _, money in asks)
        for ratio, money in sorted(asks):
            if ratio * open_ >= left:
                return left / open_
            left -= money * ratio
            open_ -= money
        return math.inf
