"""Slow readable twins of the array code of the room exposure."""

from collections import defaultdict
from itertools import pairwise, permutations


def concentrate(rows):
    """Return {cell: (total, hhi, top, share, count)} of (cell, partner, amount) rows."""
    cells = defaultdict(dict)
    for cell, partner, amount in rows:
        if amount > 0:
            cells[cell][partner] = amount
    found = {}
    for cell, amounts in cells.items():
        total = sum(amounts.values())
        shares = {partner: amount / total for partner, amount in amounts.items()}
        top = min(shares, key=lambda partner: (-shares[partner], partner))
        found[cell] = (total, sum(s * s for s in shares.values()), top, shares[top], len(shares))
    return found


def cluster(W):
    """Return Fagiolo's weighted directed clustering of each node, triangle by triangle."""
    n = len(W)
    found = []
    for i in range(n):
        total = 0.0
        for j, h in permutations([k for k in range(n) if k != i], 2):
            total += (
                (W[i][j] ** (1 / 3) + W[j][i] ** (1 / 3))
                * (W[i][h] ** (1 / 3) + W[h][i] ** (1 / 3))
                * (W[j][h] ** (1 / 3) + W[h][j] ** (1 / 3))
            )
        degree = sum((W[i][j] > 0) + (W[j][i] > 0) for j in range(n))
        mutual = sum(W[i][j] > 0 and W[j][i] > 0 for j in range(n))
        possible = 2 * (degree * (degree - 1) - 2 * mutual)
        found.append(total / possible if possible > 0 else 0.0)
    return found


def list_simple_paths(W, start, end, seen=()):
    if start == end:
        yield (*seen, end)
        return
    for to in range(len(W)):
        if W[start][to] > 0 and to not in seen and to != start:
            yield from list_simple_paths(W, to, end, (*seen, start))


def measure_betweenness(W):
    """Return betweenness with distance 1 / value by listing every path; shortest ways unique."""
    n = len(W)
    passed = [0] * n
    for start, end in permutations(range(n), 2):
        paths = list(list_simple_paths(W, start, end))
        if paths:
            best = min(paths, key=lambda p: sum(1 / W[a][b] for a, b in pairwise(p)))
            for node in best[1:-1]:
                passed[node] += 1
    return [count / ((n - 1) * (n - 2)) for count in passed]


def weigh_input(W, sector, essential, i, j):
    """Return the downstream weight of a link, by the kind of input it is."""
    kind = essential[sector[i]][sector[j]]
    if kind == 2:
        return W[i][j] / sum(row[j] for m, row in enumerate(W) if sector[m] == sector[i])
    return W[i][j] / sum(row[j] for row in W) if kind == 1 else 0.0


def replace_part(sold, market, level, i):
    """Return what others in the market cannot make up for."""
    if market is None:
        return 1.0
    left = sum(s * h for s, h, m in zip(sold, level, market, strict=True) if m == market[i])
    return min(1.0, sold[i] / left) if left > 0 else 1.0


def step_down(W, sector, essential, market, level):
    """Return every firm's level after one step downstream."""
    firms = range(len(W))
    sold = [sum(row) for row in W]
    gone = [replace_part(sold, market, level, i) * (1.0 - level[i]) for i in firms]
    found = []
    for j in firms:
        plain, by_sector = 0.0, defaultdict(float)
        for i in firms:
            if W[i][j] > 0:
                part = weigh_input(W, sector, essential, i, j) * gone[i]
                if essential[sector[i]][sector[j]] == 2:
                    by_sector[sector[i]] += part
                else:
                    plain += part
        found.append(max(0.0, min(level[j], 1.0 - max([plain, *by_sector.values()]))))
    return found


def step_up(W, income, level):
    """Return every firm's level after one step upstream."""
    found = []
    for i, row in enumerate(W):
        lost = sum(row[j] / income[i] * (1.0 - level[j]) for j in range(len(W)) if row[j] > 0)
        found.append(max(0.0, min(level[i], 1.0 - lost)))
    return found


def settle(step, level, epsilon):
    """Repeat a step until nobody falls by more than epsilon."""
    while True:
        later = step(level)
        fall = max(a - b for a, b in zip(level, later, strict=True))
        level = later
        if fall <= epsilon:
            return level


def cascade(W, sector, essential, failed, revenue=None, market=None, epsilon=1e-10):
    """Return levels downstream and upstream after one failure, every firm in every step."""
    income = [sum(row) for row in W] if revenue is None else revenue
    start = [0.0 if i == failed else 1.0 for i in range(len(W))]
    low = settle(lambda level: step_down(W, sector, essential, market, level), start, epsilon)
    return low, settle(lambda level: step_up(W, income, level), start, epsilon)


def rank_risk(W, sector, essential, weights, **options):
    """Return the three indices of every firm."""
    total, found = sum(weights), []
    for failed in range(len(W)):
        low, high = cascade(W, sector, essential, failed, **options)
        both = [min(pair) for pair in zip(low, high, strict=True)]
        found.append(
            [
                sum(w * (1.0 - h) for w, h in zip(weights, level, strict=True)) / total
                for level in (low, high, both)
            ]
        )
    return [list(column) for column in zip(*found, strict=True)]
