"""Evaluating a candidate in rungs of repeats, for as long as it may be among the better ones."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from telic.candidate import Candidate, Evaluation, Prediction, Race, Record
from telic.critics.race import FAIR, Track, rungs
from telic.engine.records import scored
from telic.evaluation import Pool, join_repeats
from telic.objectives import Objective

__all__ = ["raced"]


async def raced(
    candidate: Candidate,
    prediction: Prediction,
    track: Track,
    *,
    pool: Pool,
    seeds: Sequence[int],
    objective: Objective,
) -> Record:
    """Return what a candidate's repeats came to, as far as they were made.

    Args:
        candidate: to be evaluated.
        prediction: what the critic says of it; the record's one tells how the race went, too.
        track: decides, as it was when the turn was opened.
        pool: evaluates.
        seeds: one for each repeat asked for.
        objective: turns evaluations into fitness.
    """
    parts: list[Evaluation] = []
    reached: list[float | None] = []
    chance, spared, is_explored = 1.0, 0, False
    made, reason = 0, ""
    for upto in rungs(len(seeds)):
        part = await pool.evaluate(candidate.artifact, seeds[made:upto])
        made = upto
        parts = [*parts, part] if part.failure is None else [part]
        if part.failure is not None or made == len(seeds):
            break
        joined = join_repeats(parts)
        fitness = objective.fitness_of(joined)
        reached.append(fitness)
        if is_explored:
            continue
        chance = min(chance, track.chance(prediction, made, joined.samples, fitness))
        if chance < FAIR and track.explores(candidate.id):
            is_explored = True
        elif chance < FAIR:
            spared = len(seeds) - made
            reason = (
                f"stopped after {made} of {len(seeds)} repeats: its chance to be in the upper part "
                f"of those evaluated so far was put at {chance:.1%}"
            )
            break
    race = Race(tuple(reached), chance=chance, spared=spared, explored=is_explored)
    return msgspec.structs.replace(
        scored(candidate, join_repeats(parts), objective),
        reason=reason,
        prediction=msgspec.structs.replace(prediction, race=race),
    )
