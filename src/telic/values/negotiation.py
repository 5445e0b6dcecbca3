"""Agreeing on a standard: thresholds that the people concerned can all live with.

"Beyond Preferences in AI Alignment" (Zhi-Xuan et al. 2024) would have assistants follow standards
that stakeholders agree on, rather than the sum of their preferences. It gives no procedure; this
is a simple one of our own. Everyone names the least they can accept on each dimension. The standard
starts where all are content (the highest of these bounds) and gives way, on all dimensions by the
same share of people, only as far as it must for some option to meet it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import msgspec
import numpy as np

from telic.errors import MeasurementError
from telic.values._arrays import Floats
from telic.values.standard import Adoption, Norm, Standard, Threshold

__all__ = ["Agreement", "Stakeholder", "acceptance", "negotiate"]


class Stakeholder(msgspec.Struct, frozen=True):
    """Somebody concerned, and the least that they can accept."""

    group: str
    least: Mapping[str, float]
    """Dimension → least acceptable score; dimensions that do not matter to them are left out."""

    def accepts(self, scores: Mapping[str, float]) -> bool:
        """Return whether scores meet everything that this person asks for."""
        return all(scores[each] >= bound for each, bound in self.least.items())


class Agreement(msgspec.Struct, frozen=True):
    """A standard, and the option that it picks."""

    standard: Standard
    """With those who accept the option on record as in favour."""
    option: str
    concession: float
    """Share of each dimension's bounds that had to give way, in [0, 1]; 0 where all were met."""


def negotiate(
    role: str, stakeholders: Sequence[Stakeholder], options: Mapping[str, Mapping[str, float]]
) -> Agreement:
    """Return the least demanding retreat from everyone's bounds that some option meets.

    Args:
        role: that the standard is for.
        stakeholders: one or more.
        options: name → dimension → score; of those that meet the standard, the one with the
            largest least margin is picked.

    Raises:
        MeasurementError: if there is no stakeholder, bound or option, or an option lacks a score
            on a dimension that somebody bounds.
    """
    dimensions = sorted({each for person in stakeholders for each in person.least})
    if not dimensions or not options:
        raise MeasurementError("a standard needs people who ask for something, and options")
    for name, scores in options.items():
        for each in dimensions:
            if each not in scores:
                raise MeasurementError(f"option {name!r} has no score on {each!r}")
    bounds = [
        np.sort([person.least[each] for person in stakeholders if each in person.least])
        for each in dimensions
    ]
    names = list(options)
    table = np.array([[options[name][each] for each in dimensions] for name in names])
    # An option needs the retreat of the dimension on which it falls farthest behind.
    behind = np.column_stack(
        [1 - np.searchsorted(b, table[:, k], side="right") / len(b) for k, b in enumerate(bounds)]
    ).max(axis=1)
    concession = float(behind.min())
    standing = [_standing(each, concession) for each in bounds]
    margins = (table - np.array(standing)).min(axis=1)
    margins[behind > concession + 1e-12] = -np.inf
    option = names[int(margins.argmax())]
    standard = Standard(
        role=role,
        norms=tuple(Norm(f"enough {each}", each) for each in dimensions),
        thresholds={
            each: Threshold(at_least=bound)
            for each, bound in zip(dimensions, standing, strict=True)
        },
        adoption=_votes(stakeholders, options[option]),
    )
    return Agreement(standard, option, concession)


def acceptance(
    stakeholders: Sequence[Stakeholder], scores: Mapping[str, float]
) -> dict[str, float]:
    """Return group → share of its people who accept some scores."""
    votes = _votes(stakeholders, scores)
    return {group: votes.support(group) or 0.0 for group in votes.groups}


def _standing(bounds: Floats, concession: float) -> float:
    """Return the bound that meets all but the conceded share of sorted bounds."""
    met = math.ceil((1 - concession) * len(bounds) - 1e-9)
    return float(bounds[met - 1]) if met else -math.inf


def _votes(stakeholders: Sequence[Stakeholder], scores: Mapping[str, float]) -> Adoption:
    yes: dict[str, int] = {}
    no: dict[str, int] = {}
    for person in stakeholders:
        votes = yes if person.accepts(scores) else no
        votes[person.group] = votes.get(person.group, 0) + 1
    return Adoption(in_favour=yes, against=no, note="negotiated from everyone's least bounds")
