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


def cascade(W, sector, essential, failed, revenue=None, market=None, epsilon=1e-10):
    """Return levels downstream and upstream after one failure, every firm in every step."""
    n = len(W)
    firms = range(n)
    sold = [sum(W[i]) for i in firms]
    income = sold if revenue is None else revenue
    start = [0.0 if i == failed else 1.0 for i in firms]

    def weigh(i, j):
        kind = essential[sector[i]][sector[j]]
        if kind == 2:
            return W[i][j] / sum(W[m][j] for m in firms if sector[m] == sector[i])
        return W[i][j] / sum(W[m][j] for m in firms) if kind == 1 else 0.0

    weight = {(i, j): weigh(i, j) for i in firms for j in firms if W[i][j] > 0}

    def step_down(level):
        gone = []
        for i in firms:
            share = 1.0
            if market is not None:
                left = sum(sold[m] * level[m] for m in firms if market[m] == market[i])
                share = min(1.0, sold[i] / left) if left > 0 else 1.0
            gone.append(share * (1.0 - level[i]))
        found = []
        for j in firms:
            plain, by_sector = 0.0, defaultdict(float)
            for i in firms:
                if (i, j) in weight:
                    kind = essential[sector[i]][sector[j]]
                    if kind == 2:
                        by_sector[sector[i]] += weight[i, j] * gone[i]
                    elif kind == 1:
                        plain += weight[i, j] * gone[i]
            worst = max([plain, *by_sector.values()])
            found.append(max(0.0, min(level[j], start[j], 1.0 - worst)))
        return found

    def step_up(level):
        found = []
        for i in firms:
            lost = sum(W[i][j] / income[i] * (1.0 - level[j]) for j in firms if W[i][j] > 0)
            found.append(max(0.0, min(level[i], start[i], 1.0 - lost)))
        return found

    ends = []
    for step in (step_down, step_up):
        level, fall = start, 2.0
        while fall > epsilon:
            later = step(level)
            fall = max(a - b for a, b in zip(level, later, strict=True))
            level = later
        ends.append(level)
    return ends


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
