"""What *wiser-than* votes come to: ranking, edges and circles, each with its denominators."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from telic.errors import MeasurementError
from telic.values.comparison import Replies
from telic.values.moral_graph import (
    Edge,
    EdgeRule,
    MoralGraph,
    Ranking,
    Vote,
    rank_values,
    stability,
)

__all__ = ["GraphEdge", "GraphSummary", "RankedValue", "summarise_votes"]


class RankedValue(msgspec.Struct, frozen=True):
    """A value's place."""

    value: str
    """Its name."""
    page_rank: float
    """Share of the rank; all values together have 1."""
    wisdom: float
    """Log-odds of being voted wiser than the mean value, by the Bayesian ranking."""
    low: float
    """Lower end of its 90 % interval."""
    high: float
    """Upper end of its 90 % interval."""
    first: float
    """Share of resamples of participants in which it is the wisest."""
    asked: int
    """Votes that compare it."""
    decided: int
    """Those that were not `unsure`."""


class GraphEdge(msgspec.Struct, frozen=True):
    """How many find one value wiser than another."""

    source: str
    """The less wise value."""
    to: str
    """The wiser one."""
    wiser: int
    """Votes for the edge."""
    not_wiser: int
    """Votes against it."""
    reversed: int
    """Votes for the opposite edge."""
    unsure: int
    """Part of no share."""
    share: float
    """Votes for it less votes for the opposite, over all that were decided."""
    low: float
    """Lower end of the 90 % interval of the share of people who would vote for it."""
    high: float
    """Upper end of that interval."""
    kept: bool
    """Whether the rule lets it into the graph."""
    survival: float
    """Share of resamples of participants that keep it."""


class GraphSummary(msgspec.Struct, frozen=True, kw_only=True):
    """A moral graph and how sure it is."""

    votes: Replies
    """How votes ended; `unsure` ones are `abstained`."""
    participants: int
    """People who voted."""
    draws: int
    """Resamples of participants behind every share of resamples."""
    seed: int
    """Address of the resamples."""
    values: tuple[RankedValue, ...]
    """Wisest first, by the Bayesian ranking."""
    edges: tuple[GraphEdge, ...]
    """Edges with a vote for them, kept ones first."""
    cycles: tuple[tuple[str, ...], ...]
    """Circles of wiser-than among the kept edges: where there is one, the graph is no order."""
    notes: tuple[str, ...]
    """What a reader must know."""


def summarise_votes(
    votes: Sequence[Vote], *, seed: int = 0, draws: int = 200, rule: EdgeRule | None = None
) -> GraphSummary:
    """Return a moral graph with its ranking, and how both survive other participants.

    Args:
        votes: in any order.
        seed: address of the draws.
        draws: resamples of participants, 1 or more.
        rule: which edges to keep; ``None`` means the defaults.

    Raises:
        MeasurementError: if there is no vote, or fewer than two participants decided one.
        UsageError: if there are no draws.
    """
    graph = MoralGraph.of(votes, rule=rule)
    deciding = {vote.participant for vote in votes if vote.answer != "unsure"}
    if len(deciding) < 2:
        raise MeasurementError(
            f"a ranking needs decided votes of 2 participants or more; got {len(deciding)} "
            f"({graph.votes}, unsure ones as abstained)"
        )
    survival, _ = stability(votes, draws=draws, seed=seed, rule=rule)
    ranking = rank_values(votes, seed=seed, draws=max(draws, 2))
    return GraphSummary(
        votes=graph.votes,
        participants=graph.participants,
        draws=draws,
        seed=seed,
        values=_values(votes, graph, ranking),
        edges=tuple(
            _edge(edge, survival, is_kept=is_kept)
            for edges, is_kept in ((graph.edges, True), (graph.dropped, False))
            for edge in sorted(edges, key=lambda each: (-each.share, -each.wiser))
        ),
        cycles=graph.cycles,
        notes=_notes(graph, ranking),
    )


def _values(votes: Sequence[Vote], graph: MoralGraph, ranking: Ranking) -> tuple[RankedValue, ...]:
    asked = dict.fromkeys(graph.values, 0)
    decided = dict.fromkeys(graph.values, 0)
    for vote in votes:
        for value in (vote.source, vote.to):
            asked[value] += 1
            decided[value] += vote.answer != "unsure"
    return tuple(
        RankedValue(
            value,
            graph.page_rank[value],
            ranking.wisdom[value].value,
            ranking.wisdom[value].low,
            ranking.wisdom[value].high,
            ranking.first_by_participants.get(value, 0.0),
            asked[value],
            decided[value],
        )
        for value in ranking.order
    )


def _edge(edge: Edge, survival: Mapping[tuple[str, str], float], *, is_kept: bool) -> GraphEdge:
    low, high = edge.probability()
    return GraphEdge(
        edge.source,
        edge.to,
        wiser=edge.wiser,
        not_wiser=edge.not_wiser,
        reversed=edge.reversed,
        unsure=edge.unsure,
        share=edge.share,
        low=low,
        high=high,
        kept=is_kept,
        survival=survival.get((edge.source, edge.to), 0.0),
    )


def _notes(graph: MoralGraph, ranking: Ranking) -> tuple[str, ...]:
    notes: list[str] = []
    top = ranking.order[0]
    share = ranking.first_by_participants.get(top, 0.0)
    if share < 0.95:
        notes.append(
            f"The wisest value, {top}, comes first in {share:.0%} of resamples of participants: "
            "another draw of people may put another one there."
        )
    if graph.cycles:
        notes.append(
            f"{len(graph.cycles)} circles of wiser-than: the graph is no order. The shortest: "
            f"{' -> '.join((*graph.cycles[0], graph.cycles[0][0]))}."
        )
    if not graph.edges:
        notes.append("No edge has enough votes for the graph; the ranking uses all votes.")
    lost = graph.votes.asked - graph.votes.answered
    if lost > 0.05 * graph.votes.asked:
        notes.append(
            f"{lost:g} of {graph.votes.asked:g} votes were unsure and are part of no share."
        )
    return tuple(notes)
