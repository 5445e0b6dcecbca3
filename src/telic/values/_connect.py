"""Whether the comparisons connect the items well enough to put them on one scale.

Maximum-likelihood utilities are finite and unique only if every item can be reached from
every other along wins (L. R. Ford, American Mathematical Monthly 64 (1957), 28-33).
"""

from __future__ import annotations

import msgspec
import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from telic.values._arrays import Floats, Indices
from telic.values.comparison import Comparisons

__all__ = ["Connectedness", "connectedness"]


class Connectedness(msgspec.Struct, frozen=True):
    """Groups of items that answered comparisons join."""

    groups: tuple[tuple[str, ...], ...]
    """Items joined by any comparison, largest group first; more than one means that
    utilities of different groups cannot be compared."""
    mutual: tuple[tuple[str, ...], ...]
    """Items joined by wins in both directions, largest group first; more than one means that
    some differences are bounded by the prior alone."""

    @property
    def is_connected(self) -> bool:
        """Whether all items are on one scale."""
        return len(self.groups) == 1

    @property
    def is_mutual(self) -> bool:
        """Whether maximum-likelihood utilities are finite without a prior."""
        return len(self.mutual) == 1

    def sentences(self) -> tuple[str, ...]:
        """Return what a reader of the utilities must know, possibly nothing."""
        if not self.is_connected:
            small = ", ".join(repr(group[0]) for group in self.groups[1:6])
            return (
                f"the items fall into {len(self.groups)} groups that were never compared with "
                f"each other (the smaller ones hold {small}); differences between groups come "
                "from the prior alone",
            )
        if not self.is_mutual:
            return (
                f"the items fall into {len(self.mutual)} groups without wins in both "
                "directions; differences between those groups are bounded by the prior alone",
            )
        return ()


def connectedness(table: Comparisons) -> Connectedness:
    """Return how the answered replies of a table connect its items; ties count both ways."""
    size = len(table.items)
    wins, losses = table.wins + table.ties, table.losses + table.ties
    winner = np.concatenate([table.left[wins > 0], table.right[losses > 0]])
    loser = np.concatenate([table.right[wins > 0], table.left[losses > 0]])
    ones: Floats = np.ones(len(winner))
    graph = sparse.csr_array((ones, (winner, loser)), shape=(size, size))
    return Connectedness(
        _groups(connected_components(graph, directed=False)[1], table.items),
        _groups(connected_components(graph, connection="strong")[1], table.items),
    )


def _groups(labels: Indices, items: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    groups: dict[int, list[str]] = {}
    for name, label in zip(items, labels.tolist(), strict=True):
        groups.setdefault(label, []).append(name)
    return tuple(tuple(group) for group in sorted(groups.values(), key=lambda g: -len(g)))
