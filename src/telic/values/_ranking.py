"""Rankings of a directed graph's nodes, and its cycles."""

from __future__ import annotations

import numpy as np

from telic.errors import UsageError
from telic.values._arrays import Floats

__all__ = ["cycles", "page_rank"]


def page_rank(weights: Floats, *, damping: float = 0.85) -> Floats:
    """Return each node's share of the time that a random walk spends there; they sum to 1.

    A node without outgoing weight passes the walk on to any node, so no mass leaks away
    (L. Page et al., "The PageRank citation ranking", 1999, section 2.6).

    Args:
        weights: (nodes, nodes), ``weights[i, j] ≥ 0`` of the edge from i to j.
        damping: probability of following an edge, from 0 to below 1.

    Raises:
        UsageError: if weights are negative or the damping is out of range.
    """
    if (weights < 0).any() or not 0 <= damping < 1:
        raise UsageError(f"page_rank needs weights >= 0 and 0 <= damping < 1; got {damping}")
    size = len(weights)
    if size == 0:
        return np.zeros(0)
    out = weights.sum(axis=1, keepdims=True)
    step = np.divide(weights, out, out=np.full_like(weights, 1 / size), where=out > 0)
    rank = np.linalg.solve(np.eye(size) - damping * step.T, np.full(size, (1 - damping) / size))
    return rank / rank.sum()


def cycles(weights: Floats, *, limit: int = 1000) -> list[tuple[int, ...]]:
    """Return the elementary cycles of a directed graph, each from its smallest node.

    Args:
        weights: (nodes, nodes); an edge is where the weight is positive.
        limit: stop after so many.
    """
    following = [np.flatnonzero(row > 0).tolist() for row in weights]
    found: list[tuple[int, ...]] = []
    for start in range(len(weights)):
        reaches = _reaching(weights, start)
        stack: list[tuple[int, ...]] = [(start,)]
        while stack and len(found) < limit:
            path = stack.pop()
            for node in following[path[-1]]:
                if node == start:
                    found.append(path)
                elif node > start and node in reaches and node not in path:
                    stack.append((*path, node))
    return sorted(found[:limit], key=lambda cycle: (len(cycle), cycle))


def _reaching(weights: Floats, target: int) -> set[int]:
    """Return the nodes from ``target`` on from which ``target`` can be reached."""
    reached, fresh = {target}, [target]
    while fresh:
        node = fresh.pop()
        for before in np.flatnonzero(weights[:, node] > 0).tolist():
            if before > target and before not in reached:
                reached.add(before)
                fresh.append(before)
    return reached
