from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy.special import expit

from telic import seeding
from telic.errors import MeasurementError, UsageError
from telic.values import Edge, EdgeRule, MoralGraph, Vote, rank_values, stability
from telic.values.moral_graph import Judgement

VALUES = [f"v{k}" for k in range(8)]


def votes_of(
    seed: int,
    *,
    people: int = 120,
    unsure: float = 0.15,
    agreement: float = 0.0,
    spread: float = 0.8,
) -> list[Vote]:
    """Votes of people who see wisdom, growing with the number of the value, through noise."""
    rng = seeding.numpy_stream(seed, "votes")
    votes: list[Vote] = []
    for person in range(people):
        for _ in range(6):
            source, to = rng.choice(len(VALUES), size=2, replace=False).tolist()
            says_wiser = rng.random() < expit(spread * (to - source) + agreement)
            answer: Judgement = "wiser" if says_wiser else "not wiser"
            if rng.random() < unsure:
                answer = "unsure"
            votes.append(Vote(f"p{person}", VALUES[source], VALUES[to], answer))
    return votes


def edge(**counts: int) -> Edge:
    zero = {"wiser": 0, "reversed": 0, "not_wiser": 0, "unsure": 0}
    return Edge(source="a", to="b", contexts=(), **{**zero, **counts})


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_wisdom_is_recovered(seed: int) -> None:
    ranking = rank_values(votes_of(seed), seed=seed, draws=50)
    graph = MoralGraph.of(votes_of(seed))

    places = [ranking.order.index(value) for value in VALUES]
    assert np.corrcoef(places, range(8))[0, 1] < -0.95
    assert max(graph.page_rank, key=graph.page_rank.__getitem__) in VALUES[-2:]
    assert sum(graph.page_rank.values()) == pytest.approx(1.0)


def test_the_share_of_being_first_says_how_sure_the_top_is() -> None:
    clear = rank_values(votes_of(1, spread=2.0, people=300), seed=0, draws=100)
    close = rank_values(votes_of(1, spread=0.05), seed=0, draws=100)

    assert clear.first_by_participants[clear.order[0]] > 0.9
    assert close.first_by_participants[close.order[0]] < 0.9
    for ranking in (clear, close):
        assert sum(ranking.first_by_participants.values()) == pytest.approx(1.0)
        assert sum(ranking.first_by_posterior.values()) == pytest.approx(1.0)


def test_agreeing_to_everything_is_told_from_wisdom_where_both_directions_are_asked() -> None:
    ranking = rank_values(
        votes_of(2, people=300, agreement=1.0), seed=0, draws=20, agreement="shared"
    )

    assert ranking.agreement is not None
    assert ranking.agreement.value == pytest.approx(1.0, abs=0.25)
    assert ranking.order[0] in VALUES[-2:]
    assert rank_values(votes_of(2), seed=0, draws=20).agreement is None


def test_unsure_votes_are_counted_and_change_nothing_else() -> None:
    votes = votes_of(3, unsure=0.0)
    doubts = [Vote(v.participant, v.source, v.to, "unsure") for v in votes[::2]]

    plain, doubted = MoralGraph.of(votes), MoralGraph.of([*votes, *doubts])
    plain_rank = rank_values(votes, seed=0, draws=5)
    doubted_rank = rank_values([*votes, *doubts], seed=0, draws=5)

    assert doubted.page_rank == pytest.approx(plain.page_rank)
    assert {(e.source, e.to) for e in doubted.edges} == {(e.source, e.to) for e in plain.edges}
    assert doubted.votes.abstained == len(doubts)
    assert doubted.votes.answered == plain.votes.answered
    assert doubted_rank.order == plain_rank.order


def test_an_edge_s_figures_are_of_decided_votes_alone() -> None:
    sure = edge(wiser=6, reversed=1, not_wiser=1)
    doubted = edge(wiser=6, reversed=1, not_wiser=1, unsure=40)

    assert doubted.decided == sure.decided == 8
    assert doubted.share == sure.share == pytest.approx(5 / 8)
    assert doubted.entropy == sure.entropy
    assert doubted.probability() == sure.probability()


def test_an_edge_s_entropy_is_zero_for_one_voice_and_greatest_for_three_alike() -> None:
    assert edge(wiser=5).entropy == 0.0
    assert edge(wiser=2, reversed=2, not_wiser=2).entropy == pytest.approx(np.log2(3))
    assert edge(unsure=3).entropy == 0.0
    assert edge(unsure=3).share == 0.0


def test_an_edge_s_interval_narrows_with_votes() -> None:
    few, many = (
        edge(wiser=3, not_wiser=1).probability(),
        edge(wiser=300, not_wiser=100).probability(),
    )

    assert few[0] < many[0] < 0.75 < many[1] < few[1]


def test_votes_in_the_other_direction_count_against_an_edge() -> None:
    votes = [Vote(f"p{k}", "a", "b", "wiser") for k in range(3)]
    against = [Vote(f"q{k}", "b", "a", "wiser") for k in range(2)]

    graph = MoralGraph.of([*votes, *against])

    (dropped,) = (e for e in graph.dropped if e.source == "a")
    assert (dropped.wiser, dropped.reversed) == (3, 2)
    assert graph.edges == ()
    kept = MoralGraph.of([*votes, *against], rule=EdgeRule(share=0.1))
    assert [(e.source, e.to) for e in kept.edges] == [("a", "b")]


def test_circles_of_wisdom_are_reported() -> None:
    votes = [
        Vote(f"p{k}", source, to, "wiser")
        for source, to in (("a", "b"), ("b", "c"), ("c", "a"), ("c", "d"))
        for k in range(3)
    ]

    graph = MoralGraph.of(votes)

    assert graph.cycles == (("a", "b", "c"),)
    assert sum(graph.page_rank.values()) == pytest.approx(1.0)


def test_an_order_without_circles_reports_none() -> None:
    votes = [
        Vote(f"p{k}", source, to, "wiser")
        for source, to in itertools.combinations("abcd", 2)
        for k in range(2)
    ]

    graph = MoralGraph.of(votes)

    assert graph.cycles == ()
    assert list(graph.page_rank) == sorted(graph.page_rank, key=graph.page_rank.__getitem__)
    assert graph.participants == 2


def test_edges_say_how_often_they_survive_other_participants() -> None:
    votes = [Vote(f"p{k}", "a", "b", "wiser") for k in range(30)]
    votes += [Vote("p0", "c", "d", "wiser"), Vote("p1", "c", "d", "wiser")]

    edges, tops = stability(votes, draws=60, seed=0)

    assert edges["a", "b"] == 1.0
    assert 0.2 < edges["c", "d"] < 0.8
    assert sum(tops.values()) == pytest.approx(1.0)
    assert max(tops, key=tops.__getitem__) == "b"


def test_contexts_of_an_edge_are_kept() -> None:
    votes = [
        Vote("p0", "a", "b", "wiser", context="at work"),
        Vote("p1", "a", "b", "wiser", context="at home"),
        Vote("p2", "b", "a", "unsure", context="at sea"),
    ]

    assert MoralGraph.of(votes).edges[0].contexts == ("at work", "at home", "at sea")


def test_votes_that_say_nothing_get_a_sentence() -> None:
    unsure = [Vote(f"p{k}", "a", "b", "unsure") for k in range(3)]

    with pytest.raises(MeasurementError, match="needs votes; got none"):
        MoralGraph.of([])
    with pytest.raises(MeasurementError, match="3 asked, 0 answered, 3 abstained"):
        rank_values(unsure, seed=0)
    with pytest.raises(MeasurementError, match="'p' compares the value 'a' with itself"):
        Vote("p", "a", "a", "wiser")
    with pytest.raises(UsageError, match="1 draw or more"):
        stability(unsure, draws=0, seed=0)
    assert MoralGraph.of(unsure).edges == ()


def test_a_single_participant_cannot_be_resampled() -> None:
    with pytest.raises(UsageError, match="one respondent"):
        rank_values([Vote("p", "a", "b", "wiser")], seed=0)
