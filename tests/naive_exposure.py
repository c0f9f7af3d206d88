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
