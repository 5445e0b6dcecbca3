"""Moral graphs: which values people find wiser than others, and how sure that is.

Participants are asked whether a second value is wiser than a first in some context. An edge
goes from the first to the wiser. The method is Moral Graph Elicitation (O. Klingefjord,
R. Lowe and J. Edelman, "What are human values, and how do we align AI to them?", 2024), with
three corrections: a vote of *unsure* is kept apart and counts neither for nor against; rank
does not leak away at values without a wiser one; and every edge, and the top of the ranking,
says how often it survives another draw of participants.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import msgspec
import numpy as np
from scipy.special import betaincinv

from telic import seeding
from telic.errors import MeasurementError, UsageError
from telic.values._arrays import Floats
from telic.values._bootstrap import bootstrap
from telic.values._design import UtilityModel
from telic.values._ranking import cycles, page_rank
from telic.values.comparison import Comparison, Comparisons, Replies
from telic.values.utility import Estimate, fit_utilities

__all__ = [
    "Edge",
    "EdgeRule",
    "MoralGraph",
    "Ranking",
    "Vote",
    "rank_values",
    "stability",
]


Judgement = Literal["wiser", "not wiser", "unsure"]


class Vote(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One participant's answer: is ``to`` wiser than ``source`` in this context?

    Raises:
        MeasurementError: if a value is compared with itself.
    """

    participant: str
    source: str
    to: str
    answer: Judgement
    context: str = ""

    def __post_init__(self) -> None:
        if self.source == self.to:
            raise MeasurementError(
                f"participant {self.participant!r} compares the value {self.source!r} with itself"
            )


class EdgeRule(msgspec.Struct, frozen=True, kw_only=True):
    """Which edges enter the graph."""

    wiser: int = 2
    """Votes for it, at least."""
    share: float = 0.33
    """Net share of decided votes for it, at least."""
    entropy: float = 1.5
    """Bits of disagreement among decided votes, at most (log₂ 3 = 1.585 is the maximum)."""


class Edge(msgspec.Struct, frozen=True):
    """Votes on one ordered pair of values, both directions of asking taken together."""

    source: str
    to: str
    wiser: int
    """Votes that ``to`` is wiser than ``source``."""
    reversed: int
    """Votes that ``source`` is wiser than ``to``."""
    not_wiser: int
    """Votes that ``to`` is not wiser than ``source``."""
    unsure: int
    """Kept apart: part of no share and no entropy."""
    contexts: tuple[str, ...]

    @property
    def decided(self) -> int:
        """Votes that are not unsure."""
        return self.wiser + self.reversed + self.not_wiser

    @property
    def share(self) -> float:
        """Votes for the edge less votes for its reverse, over decided votes; from -1 to 1."""
        return (self.wiser - self.reversed) / self.decided if self.decided else 0.0

    @property
    def entropy(self) -> float:
        """Disagreement among decided votes, in bits."""
        if not self.decided:
            return 0.0
        p = np.array([self.wiser, self.reversed, self.not_wiser]) / self.decided
        p = p[p > 0]
        return float(-(p * np.log2(p)).sum())

    def probability(self, *, level: float = 0.9) -> tuple[float, float]:
        """Return the interval of the share of people who would vote *wiser* (Jeffreys)."""
        a, b = self.wiser + 0.5, self.decided - self.wiser + 0.5
        tail = (1 - level) / 2
        return float(betaincinv(a, b, tail)), float(betaincinv(a, b, 1 - tail))


@dataclass(frozen=True, eq=False)
class MoralGraph:
    """The edges that a rule keeps, and what follows from them."""

    values: tuple[str, ...]
    """All values voted on, in order of first appearance."""
    edges: tuple[Edge, ...]
    """Kept edges."""
    dropped: tuple[Edge, ...]
    """Edges with a *wiser* vote that the rule leaves out."""
    page_rank: dict[str, float]
    """Value → rank; sums to 1 over all values."""
    cycles: tuple[tuple[str, ...], ...]
    """Circles of wiser-than, shortest first: the graph is no order where there are any."""
    votes: Replies
    """Unsure votes are its ``abstained``."""
    participants: int

    @classmethod
    def of(cls, votes: Iterable[Vote], *, rule: EdgeRule | None = None) -> MoralGraph:
        """Cook votes down to a graph.

        Args:
            votes: in any order.
            rule: which edges to keep; ``None`` means the defaults.

        Raises:
            MeasurementError: if there is no vote.
        """
        rule = rule or EdgeRule()
        votes = _checked(votes)
        values = tuple(dict.fromkeys(name for vote in votes for name in (vote.source, vote.to)))
        edges = _edges(votes)
        kept = tuple(edge for edge in edges if _keeps(rule, edge))
        weights = _weights(values, kept)
        rank = page_rank(weights)
        return cls(
            values=values,
            edges=kept,
            dropped=tuple(edge for edge in edges if not _keeps(rule, edge)),
            page_rank=dict(zip(values, rank.tolist(), strict=True)),
            cycles=tuple(tuple(values[node] for node in cycle) for cycle in cycles(weights)),
            votes=_table(votes).replies,
            participants=len({vote.participant for vote in votes}),
        )


@dataclass(frozen=True, eq=False)
class Ranking:
    """Values by wisdom, in a Bayesian Bradley-Terry model."""

    order: tuple[str, ...]
    """Wisest first."""
    wisdom: dict[str, Estimate]
    """Log-odds relative to the mean value, with 90 % posterior intervals."""
    first_by_posterior: dict[str, float]
    """Value → posterior probability of being the wisest, were all votes independent."""
    first_by_participants: dict[str, float]
    """Value → share of resamples of participants in which it is the wisest."""
    agreement: Estimate | None
    """Log-odds of answering *wiser* whatever is asked, where the model has it."""
    votes: Replies
    participants: int


def stability(
    votes: Iterable[Vote], *, draws: int, seed: int, rule: EdgeRule | None = None
) -> tuple[dict[tuple[str, str], float], dict[str, float]]:
    """Rebuild the graph from resampled participants.

    Args:
        votes: in any order.
        draws: number of resamples, 1 or more.
        seed: address of the draws.
        rule: as in :meth:`MoralGraph.of`.

    Returns:
        For each edge kept in some resample the share that keep it, and for each value the
        share in which it has the top rank (resamples without an edge have none).

    Raises:
        MeasurementError: if there is no vote.
        UsageError: if there are no draws.
    """
    if draws < 1:
        raise UsageError(f"stability needs 1 draw or more; got {draws}")
    votes = _checked(votes)
    by_participant: dict[str, list[Vote]] = {}
    for vote in votes:
        by_participant.setdefault(vote.participant, []).append(vote)
    people = list(by_participant.values())
    edges: dict[tuple[str, str], int] = {}
    tops: dict[str, float] = {}
    for draw in range(draws):
        chosen = seeding.numpy_stream(seed, "moral graph", draw).integers(
            len(people), size=len(people)
        )
        graph = MoralGraph.of([vote for i in chosen for vote in people[i]], rule=rule)
        for edge in graph.edges:
            edges[edge.source, edge.to] = edges.get((edge.source, edge.to), 0) + 1
        if graph.edges:
            most = max(graph.page_rank.values())
            first = [v for v, rank in graph.page_rank.items() if rank > most - 1e-9]
            for value in first:  # equals share the place
                tops[value] = tops.get(value, 0.0) + 1 / len(first)
    return (
        {pair: count / draws for pair, count in edges.items()},
        {value: count / draws for value, count in tops.items()},
    )


def rank_values(
    votes: Iterable[Vote],
    *,
    seed: int,
    draws: int = 200,
    prior: float = 1.0,
    agreement: Literal["none", "shared"] = "none",
) -> Ranking:
    """Rank values by wisdom with all votes at once.

    A vote *wiser* is a win of ``to``, *not wiser* one of ``source``.

    Args:
        votes: in any order.
        seed: address of the draws.
        draws: resamples of participants, and draws from the posterior.
        prior: precision of the normal prior on wisdom.
        agreement: whether people may tend to agree whatever is asked. Estimate it only
            where pairs are asked in both directions: asked in one, it takes the credit for
            the wiser values.

    Raises:
        MeasurementError: if there is no vote or all are unsure.
        UsageError: if there is a single participant.
    """
    votes = _checked(votes)
    table = _table(votes)
    fit = fit_utilities(table, UtilityModel(position_bias=agreement, ridge=prior))
    boot = bootstrap(table, fit, draws=draws, seed=seed, cluster="respondent")
    rng = seeding.numpy_stream(seed, "wisdom posterior")
    sample = rng.multivariate_normal(fit.utilities, fit.covariance, size=20 * draws, method="eigh")
    tops = np.bincount(sample.argmax(axis=1), minlength=len(fit.items)) / len(sample)
    order = np.argsort(-fit.utilities, kind="stable")
    return Ranking(
        order=tuple(fit.items[i] for i in order),
        wisdom={name: fit.utility(name) for name in fit.items},
        first_by_posterior=dict(zip(fit.items, tops.tolist(), strict=True)),
        first_by_participants=boot.share_first(),
        agreement=fit.position_bias() if agreement == "shared" else None,
        votes=table.replies,
        participants=len(table.respondents),
    )


def _checked(votes: Iterable[Vote]) -> Sequence[Vote]:
    votes = list(votes)
    if not votes:
        raise MeasurementError("a moral graph needs votes; got none")
    return votes


def _table(votes: Sequence[Vote]) -> Comparisons:
    """Return the votes as comparisons of ``to`` (left, in the asked direction) and ``source``."""
    return Comparisons.of(
        Comparison(
            left=vote.to,
            right=vote.source,
            shown="left",
            respondent=vote.participant,
            wins=float(vote.answer == "wiser"),
            n=float(vote.answer != "unsure"),
            context=vote.context,
            abstained=int(vote.answer == "unsure"),
        )
        for vote in votes
    )


def _edges(votes: Sequence[Vote]) -> list[Edge]:
    """Return the ordered pairs that have a *wiser* vote."""
    counts: dict[tuple[str, str], dict[str, int]] = {}
    contexts: dict[tuple[str, str], dict[str, None]] = {}
    for vote in votes:
        tally = counts.setdefault((vote.source, vote.to), {"wiser": 0, "not wiser": 0, "unsure": 0})
        tally[vote.answer] += 1
        contexts.setdefault((vote.source, vote.to), {})[vote.context] = None
    edges: list[Edge] = []
    for (source, to), tally in counts.items():
        if tally["wiser"]:
            back = counts.get((to, source), {})
            names = contexts[source, to] | contexts.get((to, source), {})
            edges.append(
                Edge(
                    source,
                    to,
                    wiser=tally["wiser"],
                    reversed=back.get("wiser", 0),
                    not_wiser=tally["not wiser"],
                    unsure=tally["unsure"],
                    contexts=tuple(names),
                )
            )
    return edges


def _keeps(rule: EdgeRule, edge: Edge) -> bool:
    return edge.wiser >= rule.wiser and edge.share >= rule.share and edge.entropy <= rule.entropy


def _weights(values: Sequence[str], edges: Sequence[Edge]) -> Floats:
    place = {value: i for i, value in enumerate(values)}
    weights = np.zeros((len(values), len(values)))
    for edge in edges:
        weights[place[edge.source], place[edge.to]] = edge.share
    return weights
