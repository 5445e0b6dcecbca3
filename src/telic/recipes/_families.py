"""Families of protein-like sequences whose fitness is known.

Fitness is what a family asks of each site, which only its members can tell, plus what neighbouring
letters ask of each other, by the kinds of the letters, which is the same in all families: a model
that has read many families can know the second, an alignment of one family mostly the first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Letters = NDArray[np.int64]

__all__ = [
    "LETTERS",
    "Assay",
    "Grammar",
    "draw_assay",
    "draw_grammar",
    "fitness",
    "mutants",
    "sample_family",
]

LETTERS = 20
_KINDS = 5
_REACH = 3


class Grammar(msgspec.Struct, frozen=True):
    """What letters ask of each other at distances 1 to 3, shape (3, letters, letters)."""

    couplings: Array


def draw_grammar(rng: np.random.Generator, *, strength: float) -> Grammar:
    """Draw what all families of a world share."""
    import numpy as np

    kind = np.arange(LETTERS) % _KINDS
    between = rng.normal(size=(_REACH, _KINDS, _KINDS))
    return Grammar(strength * between[:, kind[:, None], kind[None, :]])


def fitness(sequences: Letters, sites: Array, grammar: Grammar) -> Array:
    """Return the fitness of sequences, shape (N,).

    Args:
        sequences: shape (N, L).
        sites: what a family asks of its sites, shape (L, letters).
        grammar: what letters ask of each other.
    """
    import numpy as np

    total = sites[np.arange(len(sites)), sequences].sum(axis=1)
    for distance, table in enumerate(grammar.couplings, start=1):
        total += table[sequences[:, :-distance], sequences[:, distance:]].sum(axis=1)
    return total


def sample_family(
    sites: Array, grammar: Grammar, count: int, rng: np.random.Generator, *, sweeps: int = 15
) -> Letters:
    """Draw members with probability ∝ exp(fitness), by sweeps of Gibbs sampling."""
    import numpy as np

    length = len(sites)
    members = rng.integers(LETTERS, size=(count, length))
    for _ in range(sweeps):
        for place in range(length):
            logs = np.tile(sites[place], (count, 1))
            for distance, table in enumerate(grammar.couplings, start=1):
                if place >= distance:
                    logs += table[members[:, place - distance]]
                if place + distance < length:
                    logs += table[:, members[:, place + distance]].T
            # The greatest of logs with Gumbel noise is a draw from their softmax.
            members[:, place] = (logs + rng.gumbel(size=logs.shape)).argmax(axis=1)
    return members


def mutants(wild: Letters, count: int, rng: np.random.Generator, *, most: int = 4) -> Letters:
    """Return variants of a sequence with one to ``most`` letters changed, shape (count, L)."""
    import numpy as np

    variants = np.tile(wild, (count, 1))
    for row in variants:
        places = rng.choice(len(wild), size=rng.integers(1, most + 1), replace=False)
        row[places] = (row[places] + rng.integers(1, LETTERS, size=len(places))) % LETTERS
    return variants


class Assay(msgspec.Struct, frozen=True):
    """Variants of one member of a family, to be predicted."""

    relatives: Letters
    """Other members, aligned, shape (relatives, L)."""
    variants: Letters
    """Shape (variants, L)."""
    fitness: Array
    """Of the variants."""


def draw_assay(
    grammar: Grammar, rng: np.random.Generator, *, length: int, sizes: tuple[int, int]
) -> Assay:
    """Draw a family of a world, and variants of its first member.

    Args:
        grammar: of the world.
        rng: of all draws.
        length: sites.
        sizes: how many relatives, and how many variants.
    """
    sites = rng.normal(size=(length, LETTERS))
    members = sample_family(sites, grammar, sizes[0] + 1, rng)
    variants = mutants(members[0], sizes[1], rng)
    return Assay(members[1:], variants, fitness(variants, sites, grammar))
