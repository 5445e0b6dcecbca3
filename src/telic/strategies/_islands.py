"""Islands with MAP-Elites: the default strategy.

Several isolated islands, each a grid of elites with fixed bins; now and then copies of each
island's best move on to the next island of a ring. Between a greedy climb from the best
candidate of all and a spread over every island's elites, the share of each try follows the
run: right after an improvement most tries climb, and the longer nothing improves the more
spread. A spread try goes more to islands that are ahead than to those that lag behind. A short
run then loses little to hill climbing, a long one does not stay stuck.
"""

from __future__ import annotations

import math
from random import Random
from typing import Literal

from telic.candidate import Record, Request
from telic.objectives import Objective
from telic.problem import Problem
from telic.strategies._archive import Archive
from telic.strategies._features import Grid
from telic.strategies._ranges import check_ranges
from telic.strategies._selection import power_law, weighted
from telic.strategies._turns import Rule, turns_by

__all__ = ["Islands", "ucb_islands"]

_FIRST_PAUSE = 20.0
"""Tells between improvements that count as usual at first, and at least."""
_PAUSE_WEIGHT = 0.2
"""Weight of the latest pause in the running mean of pauses."""


class Islands:
    """Isolated islands of elites with ring migration.

    Args:
        problem: gives the objective and the features.
        islands: how many, 1 or more.
        depth: elites that a cell may hold.
        selection: how a spread try picks among an island's elites.
        exponent: of the power law over ranks, of islands and of elites, 0 or more.
        greedy: share of greedy tries right after an improvement, 0 to 1.
        patient: share of greedy tries after a long time without one, 0 to 1.
        patience: after how many usual pauses between improvements the share has fallen by 63
            percent; usual is what the run itself showed lately.
        migrate_every: fewest tells between two migrations; 0 means that none happens.
        migrate_share: fewest tells between two migrations as a share of all tells so far, so
            that isolation lasts longer in longer runs.
        migrants: elites that each migration copies from each island.
        inspirations: most further elites shown with the parent: half of them the best of its
            island, the others of any rank.
        abroad: most other islands whose best is shown, too.
        turns: whose turn a spread try is: an island's by its rank, any island's, or that of the
            one whose tries lately improved most, by discounted UCB.
        exploration: factor of the optimism of UCB, 0 or more.
        discount: by how much UCB's past tries fade with each one, above 0 and at most 1.

    Raises:
        ValueError: if a setting is out of its range.
    """

    def __init__(
        self,
        *,
        problem: Problem,
        islands: int = 3,
        depth: int = 4,
        selection: Literal["power", "weighted"] = "power",
        exponent: float = 1.0,
        greedy: float = 0.95,
        patient: float = 0.3,
        patience: float = 5.0,
        migrate_every: int = 50,
        migrate_share: float = 0.1,
        migrants: int = 1,
        inspirations: int = 4,
        abroad: int = 0,
        turns: Rule = "ranked",
        exploration: float = 0.3,
        discount: float = 0.99,
    ) -> None:
        check_ranges(
            ("islands", islands, 1, 1000),
            ("depth", depth, 1, 1000),
            ("exponent", exponent, 0, 100),
            ("greedy", greedy, 0, 1),
            ("patient", patient, 0, 1),
            ("migrate_every", migrate_every, 0, math.inf),
            ("migrate_share", migrate_share, 0, math.inf),
            ("migrants", migrants, 0, math.inf),
            ("inspirations", inspirations, 0, 1000),
            ("abroad", abroad, 0, 1000),
            ("exploration", exploration, 0, math.inf),
            ("discount", discount, 1e-6, 1),
        )
        if not patience > 0:
            raise ValueError(f"patience must be positive; got {patience}")
        if selection not in ("power", "weighted"):
            raise ValueError(f"selection must be 'power' or 'weighted'; got {selection!r}")
        self._objective = Objective(problem.objective)
        self._grid = Grid(problem)
        self._islands = [Archive(depth) for _ in range(islands)]
        power = power_law(exponent, self._grid.cells * depth)
        self._select = weighted if selection == "weighted" else power
        self._turns = turns_by(
            turns, islands, exponent=exponent, exploration=exploration, discount=discount
        )
        self._greedy, self._patient, self._patience = greedy, patient, patience
        self._migrate_every, self._migrate_share = migrate_every, migrate_share
        self._migrants, self._inspirations = migrants, inspirations
        self._abroad = abroad
        self._nearest: Record | None = None
        self._leader = 0
        self._tells = 0
        self._migrated_at = 0
        self._improved_at = 0
        self._usual_pause = _FIRST_PAUSE

    def ask(self, index: int, rng: Random) -> Request:
        """Return a parent, further elites of its island, and the island."""
        leader = self._islands[self._leader]
        if not leader:
            assert self._nearest is not None, "the seed is told first"
            return Request((self._nearest,), island=index % len(self._islands))
        if rng.random() < self._greed():
            return self._request(self._leader, leader, 0, rng)
        bests = [each.best_fitness if each else -math.inf for each in self._islands]
        island = self._turns.draw(bests, rng)
        # An island that nothing feasible has reached yet begins with the leader's elites.
        archive = self._islands[island] or leader
        return self._request(island, archive, self._select(archive, rng), rng)

    def tell(self, record: Record) -> None:
        """Offer a feasible record to its island's archive; migrate when it is time."""
        self._tells += 1
        for parent in record.candidate.parents:
            for archive in self._islands:
                archive.count_child(parent)
        self._book_turn(record)
        if self._nearest is None or record.outcome == "evaluated":
            self._consider(record)
        pause = max(self._migrate_every, self._migrate_share * self._tells)
        if self._migrate_every and self._tells - self._migrated_at >= pause:
            self._migrated_at = self._tells
            self._migrate()

    def _book_turn(self, record: Record) -> None:
        """Tell the bandit what a try on an island gave, before it enters the archives."""
        home = record.candidate.island
        if home is None:
            return
        home %= len(self._islands)
        island, leader = self._islands[home], self._islands[self._leader]
        fitness = record.fitness if record.outcome == "evaluated" else None
        is_best = fitness is not None and (not leader or fitness > leader.best_fitness)
        is_own = fitness is not None and (not island or fitness > island.best_fitness)
        self._turns.tell(home, is_best=is_best, is_island_best=is_own)

    def _consider(self, record: Record) -> None:
        if record.fitness is not None:
            self._place(record, record.fitness)
        if self._objective.is_better(record, self._nearest):
            self._nearest = record

    def _place(self, record: Record, fitness: float) -> None:
        leader = self._islands[self._leader]
        cell = self._grid.cell(record)
        home = record.candidate.island
        # The seed, and candidates put in from outside, belong to every island.
        homes = range(len(self._islands)) if home is None else (home % len(self._islands),)
        if not leader or fitness > leader.best_fitness:
            self._leader = homes[0]
            pause = self._tells - self._improved_at
            self._usual_pause += _PAUSE_WEIGHT * (pause - self._usual_pause)
            self._improved_at = self._tells
        for island in homes:
            self._islands[island].add(record, fitness, cell)

    def _greed(self) -> float:
        """Share of greedy tries at the present length of stagnation."""
        waited = (self._tells - self._improved_at) / max(self._usual_pause, _FIRST_PAUSE)
        return self._patient + (self._greedy - self._patient) * math.exp(-waited / self._patience)

    def _migrate(self) -> None:
        """Copy each island's best to the next one in the ring, all at the same time."""
        count = len(self._islands)
        moves = [
            (target, elites[rank], elites.cell(rank))
            for target, elites in zip([*range(1, count), 0], self._islands, strict=True)
            for rank in range(min(self._migrants, len(elites)))
        ]
        for target, record, cell in moves if count > 1 else ():
            assert record.fitness is not None, "only feasible records are elites"
            self._islands[target].add(record, record.fitness, cell)

    def _request(self, island: int, archive: Archive, rank: int, rng: Random) -> Request:
        """Join a parent with the best others, as many of any rank, and the best from abroad."""
        ranks = [*range(min(self._inspirations // 2, len(archive)))]
        ranks += [rng.randrange(len(archive)) for _ in range(self._inspirations - len(ranks))]
        others = dict.fromkeys(other for other in ranks if other != rank)
        inspirations = [archive[other] for other in others]
        if self._abroad:
            away = [other for at, other in enumerate(self._islands) if at != island and other]
            shown = {archive[rank].candidate.id, *(each.candidate.id for each in inspirations)}
            for other in rng.sample(away, min(self._abroad, len(away))):
                if other[0].candidate.id not in shown:
                    shown.add(other[0].candidate.id)
                    inspirations.append(other[0])
        return Request((archive[rank],), tuple(inspirations), island)


def ucb_islands(
    *,
    problem: Problem,
    islands: int = 4,
    depth: int = 4,
    greedy: float = 0.3,
    exploration: float = 0.3,
    discount: float = 0.99,
    migrate_every: int = 50,
) -> Islands:
    """Return islands among which a bandit deals out the tries.

    A fixed share climbs from the best of all; every other try goes where tries lately improved
    most, as in AdaEvolve's decayed UCB over islands. Settings as for :class:`Islands`.
    """
    return Islands(
        problem=problem,
        islands=islands,
        depth=depth,
        greedy=greedy,
        patient=greedy,
        migrate_every=migrate_every,
        turns="ucb",
        exploration=exploration,
        discount=discount,
    )
