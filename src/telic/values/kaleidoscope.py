"""What is at stake in a situation: values, rights and duties, and which way they point.

After Value Kaleidoscope (Sorensen et al. 2024): considerations come with a relevance and a
valence; near-duplicates are merged; the decision is the relevance-weighted mean valence, and its
entropy signals how ambiguous the situation is. Unlike the original, merging does not depend on
the order in which considerations arrive. Where they come from is a :class:`Backend`: tables
written by hand (:class:`HandTable`), or a model (:class:`ModelBackend`).
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Literal, Protocol, cast

import msgspec

from telic.errors import MeasurementError, UnknownNameError, UsageError

__all__ = [
    "Backend",
    "Consideration",
    "Explanation",
    "HandTable",
    "Kind",
    "ModelBackend",
    "Valence",
    "explain",
    "merge_duplicates",
]

Kind = Literal["value", "right", "duty"]

_KINDS: tuple[Kind, ...] = ("value", "right", "duty")
_WORDS = re.compile(r"[^\W_]+")
_FILLER = frozenset(
    ("a", "an", "and", "as", "be", "for", "in", "is", "of", "on", "or", "that", "the", "to")
)


class Valence(msgspec.Struct, frozen=True):
    """Probabilities that a consideration supports an action, opposes it, or may do either.

    Raises:
        MeasurementError: if one is negative or not finite, or they do not sum to 1 (±1e-6).
    """

    supports: float
    opposes: float
    either: float

    def __post_init__(self) -> None:
        parts = (self.supports, self.opposes, self.either)
        if not all(0 <= part <= 1 for part in parts) or abs(sum(parts) - 1) > 1e-6:
            raise MeasurementError(f"a valence is three probabilities that sum to 1; got {parts}")

    @property
    def sign(self) -> float:
        """Support minus opposition, in [-1, 1]."""
        return self.supports - self.opposes

    @property
    def ambiguity(self) -> float:
        """Entropy over its maximum: 0 when one outcome is certain, 1 when all are alike."""
        parts = (self.supports, self.opposes, self.either)
        return -sum(part * math.log(part) for part in parts if part > 0) / math.log(3)


class Consideration(msgspec.Struct, frozen=True, kw_only=True):
    """One value, right or duty at stake.

    Raises:
        MeasurementError: if its text is empty or its relevance is outside [0, 1].
    """

    kind: Kind
    text: str
    relevance: float
    """Probability that it matters here."""
    valence: Valence
    explanation: str = ""
    merged: int = 1
    """How many considerations it stands for."""

    def __post_init__(self) -> None:
        if not self.text.strip():
            raise MeasurementError(f"a {self.kind} needs a text; got an empty one")
        if not 0 <= self.relevance <= 1:
            raise MeasurementError(
                f"the relevance of {self.text!r} is {self.relevance}, not in [0, 1]"
            )


class Backend(Protocol):
    """Finds considerations; may repeat itself."""

    def considerations(self, situation: str) -> Sequence[Consideration]:
        """Return what is at stake in a situation, in any order."""
        ...


class Explanation(msgspec.Struct, frozen=True):
    """What is at stake in a situation, and what it comes to."""

    situation: str
    considerations: tuple[Consideration, ...]
    """By falling relevance."""
    decision: Valence | None
    """Relevance-weighted mean valence; ``None`` when nothing is relevant."""
    dropped: int
    """Considerations below the least relevance."""
    merged: int
    """Considerations merged into others."""

    @property
    def ambiguity(self) -> float | None:
        """Normalised entropy of the decision, in [0, 1]."""
        return None if self.decision is None else self.decision.ambiguity


def explain(
    situation: str,
    backend: Backend,
    *,
    least_relevance: float = 0.5,
    similarity: float = 0.6,
) -> Explanation:
    """Return the considerations of a situation and the decision they come to.

    Args:
        situation: in words.
        backend: where considerations come from.
        least_relevance: below which a consideration is dropped, in [0, 1].
        similarity: share of words in common from which two of one kind are the same, in (0, 1].

    Raises:
        MeasurementError: if the backend finds nothing at all.
    """
    found = backend.considerations(situation)
    if not found:
        raise MeasurementError(f"nothing was found to be at stake in {situation[:80]!r}")
    kept = [each for each in found if each.relevance >= least_relevance]
    merged = merge_duplicates(kept, similarity=similarity)
    return Explanation(
        situation=situation,
        considerations=merged,
        decision=_mean_valence(merged),
        dropped=len(found) - len(kept),
        merged=len(kept) - len(merged),
    )


def merge_duplicates(
    considerations: Iterable[Consideration], *, similarity: float = 0.6
) -> tuple[Consideration, ...]:
    """Merge considerations of one kind that say the same, whatever their order.

    Two are linked if their sets of words overlap enough (Jaccard index); what is connected by
    links becomes one. The text and explanation are those of the most relevant member, its
    relevance is theirs, and the valence is the relevance-weighted mean.

    Args:
        considerations: in any order.
        similarity: least Jaccard index of a link, in (0, 1].

    Raises:
        UsageError: if ``similarity`` is outside (0, 1].
    """
    if not 0 < similarity <= 1:
        raise UsageError(f"similarity must lie in (0, 1]; got {similarity}")
    # The order of arrival is forgotten here, ties in relevance included.
    ranked = sorted(considerations, key=_rank)
    words = [_content(each.text) for each in ranked]
    group = list(range(len(ranked)))
    for i, one in enumerate(ranked):
        for j in range(i):
            if one.kind == ranked[j].kind and _overlap(words[i], words[j]) >= similarity:
                old, new = group[i], group[j]
                group = [min(old, new) if g in (old, new) else g for g in group]
    members: dict[int, list[Consideration]] = {}
    for one, place in zip(ranked, group, strict=True):
        members.setdefault(place, []).append(one)
    return tuple(sorted((_merged(each) for each in members.values()), key=_rank))


class HandTable(msgspec.Struct, frozen=True):
    """Considerations written by hand."""

    table: Mapping[str, Sequence[Consideration]]

    def considerations(self, situation: str) -> Sequence[Consideration]:
        """Return a situation's row.

        Raises:
            UnknownNameError: if the table has no such situation.
        """
        if situation not in self.table:
            raise UnknownNameError("situation", situation, self.table)
        return self.table[situation]


class ModelBackend(msgspec.Struct, frozen=True):
    """Considerations written by a language model.

    A line ``KIND | TEXT | RELEVANCE | SUPPORTS OPPOSES EITHER | EXPLANATION`` is one; other lines
    are left out and counted by :meth:`read`.
    """

    complete: Callable[[str, int], str]
    """``(prompt, seed) -> reply``."""
    seed: int = 0

    def considerations(self, situation: str) -> Sequence[Consideration]:
        """Return the considerations that can be read from the model's reply.

        Raises:
            MeasurementError: if no line can be read.
        """
        found, unread = self.read(self.complete(self.prompt(situation), self.seed))
        if not found:
            raise MeasurementError(
                f"no consideration could be read from the model's reply ({unread} other lines)"
            )
        return found

    @staticmethod
    def prompt(situation: str) -> str:
        """Return what the model is asked."""
        return (
            f"Situation: {situation}\n\n"
            "List the values, rights and duties that matter here, one per line, as\n"
            "KIND | TEXT | RELEVANCE | SUPPORTS OPPOSES EITHER | EXPLANATION\n"
            "KIND is value, right or duty. RELEVANCE is a number from 0 to 1. The three numbers "
            "after it are probabilities that it supports the action, opposes it, or may do "
            "either, and sum to 1."
        )

    @staticmethod
    def read(reply: str) -> tuple[tuple[Consideration, ...], int]:
        """Return the considerations in a reply, and how many other lines it has."""
        found: list[Consideration] = []
        unread = 0
        for line in reply.splitlines():
            if not line.strip():
                continue
            one = _line(line)
            if one is None:
                unread += 1
            else:
                found.append(one)
        return tuple(found), unread


def _line(line: str) -> Consideration | None:
    parts = [part.strip() for part in line.split("|")]
    if len(parts) < 4 or parts[0].lower() not in _KINDS:
        return None
    try:
        supports, opposes, either = (float(part) for part in parts[3].split())
        total = supports + opposes + either
        return Consideration(
            kind=cast("Kind", parts[0].lower()),
            text=parts[1],
            relevance=float(parts[2]),
            valence=Valence(supports / total, opposes / total, either / total),
            explanation=" | ".join(parts[4:]),
        )
    except (ValueError, ZeroDivisionError, MeasurementError):
        return None


def _mean_valence(considerations: Sequence[Consideration]) -> Valence | None:
    total = math.fsum(each.relevance for each in considerations)
    if not total > 0:
        return None
    supports, opposes = (
        math.fsum(each.relevance * getattr(each.valence, name) for each in considerations) / total
        for name in ("supports", "opposes")
    )
    return Valence(supports, opposes, max(0.0, 1 - supports - opposes))


def _merged(members: Sequence[Consideration]) -> Consideration:
    if len(members) == 1:
        return members[0]
    first = min(members, key=_rank)
    valence = _mean_valence(members) or first.valence
    return msgspec.structs.replace(
        first, valence=valence, merged=sum(each.merged for each in members)
    )


def _rank(one: Consideration) -> tuple[float, str, str, str, tuple[float, float]]:
    return (
        -one.relevance,
        one.kind,
        one.text,
        one.explanation,
        (one.valence.supports, one.valence.opposes),
    )


def _content(text: str) -> frozenset[str]:
    words = frozenset(_stem(word) for word in _WORDS.findall(text.casefold()))
    return words - _FILLER or words


def _stem(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other) if one | other else 1.0
