"""The ideal mates that the members of a population carry, as points among the outputs.

A child's ideal takes each coordinate from either parent's, and mutates in one of two ways: it
becomes what some other member does, as when a whole tree is replaced, or it moves by the difference
between two members, as in differential evolution (Storn & Price 1997), so that members may look
for what nobody does yet. Without the first kind preferences wither, which Simões, Lourenço &
Machado 2025, "On the Dynamics of Mating Preferences in Genetic Programming", find of subtree
mutation.
"""

from __future__ import annotations

from random import Random

from telic.seeding import stream
from telic.strategies._outputs import Point
from telic.strategies._population import Member, Population

__all__ = ["Ideals"]


class Ideals:
    """Keeps one ideal for each member.

    Args:
        population: whose members they are.
        mutation: chance that an inherited ideal changes, 0 to 1.
    """

    def __init__(self, population: Population, mutation: float) -> None:
        self._population = population
        self._mutation = mutation
        self._points: dict[int, Point] = {}

    def of(self, member: Member) -> Point:
        """Return a member's ideal."""
        return self._points[member.record.candidate.id]

    def inherit(self, member: Member) -> None:
        """Give a new member its ideal: the one it reported, or one made of its parents'."""
        candidate = member.record.candidate
        reported = self._population.space.ideal(member.record)
        if reported is not None:
            self._points[candidate.id] = reported
            return
        rng = stream(0, "ideal mate", candidate.id)
        known = [self._points[parent] for parent in candidate.parents if parent in self._points]
        if not known:
            ideal = self._population.draw(rng).point
        elif rng.random() < self._mutation:
            ideal = self._mutated(_crossed(known, rng), rng)
        else:
            ideal = _crossed(known, rng)
        self._points[candidate.id] = ideal

    def forget(self, member: Member) -> None:
        """Drop the ideal of a member that left."""
        del self._points[member.record.candidate.id]

    def _mutated(self, ideal: Point, rng: Random) -> Point:
        one = self._population.draw(rng).point
        if rng.random() < 0.5:
            return one
        other = self._population.draw(rng).point
        length = rng.gauss(0.0, 1.0)
        triples = zip(ideal, one, other, strict=True)
        return tuple(value + length * (a - b) for value, a, b in triples)


def _crossed(ideals: list[Point], rng: Random) -> Point:
    """Take each coordinate from any of the ideals."""
    return tuple(rng.choice(values) for values in zip(*ideals, strict=True))
