"""Putting things into a good order."""

from collections.abc import Callable
from typing import Any


def swap_search(
    order: list[Any], objective: Callable[[list[Any]], float], *, rounds: int = 3
) -> list[Any]:
    """Exchange pairs as long as that helps."""
    best = list(order)
    value = objective(best)
    for _ in range(rounds):
        before = value
        for i in range(len(best)):
            for j in range(i + 1, len(best)):
                best[i], best[j] = best[j], best[i]
                reached = objective(best)
                if reached > value:
                    value = reached
                else:
                    best[i], best[j] = best[j], best[i]
        if value <= before:
            break
    return best


def look_ahead(
    items: list[Any], objective: Callable[[list[Any]], float], *, width: int = 3
) -> list[Any]:
    """Choose greedily, but judge an item by the best that can follow it."""
    chosen: list[Any] = []
    left = list(items)
    while left:
        ranked = sorted(
            range(len(left)), key=lambda k: objective([*chosen, left[k]]), reverse=True
        )[:width]
        best = max(
            ranked,
            key=lambda k: max(
                (objective([*chosen, left[k], left[m]]) for m in range(len(left)) if m != k),
                default=0.0,
            ),
        )
        chosen.append(left.pop(best))
    return chosen
