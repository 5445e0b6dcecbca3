"""Asking a critic which of a turn's proposals is to be evaluated."""

from __future__ import annotations

from collections.abc import Sequence
from time import perf_counter

import msgspec

from telic.candidate import Behaviour, Candidate, Prediction, Record
from telic.critics import View
from telic.engine.observing import observed
from telic.evaluation import Pool

__all__ = ["choose"]


async def choose(
    view: View, parent: Record, drafts: Sequence[Record], pool: Pool, seed: int
) -> tuple[Candidate, Prediction | None]:
    """Return the candidate to be evaluated, and what its critic said of it, if it was asked.

    Args:
        view: the critic, as it was when the turn was opened.
        parent: main parent of all proposals.
        drafts: proposals that are new, at least one.
        pool: runs them, for a critic that looks at what they do; the time counts as theirs.
        seed: of the programs' own random numbers.
    """
    candidates = [draft.candidate for draft in drafts]
    behaviours: list[Behaviour] = []
    seconds = 0.0
    if view.observes:
        began = perf_counter()
        behaviours = await observed(pool, [each.artifact for each in candidates], seed)
        seconds = perf_counter() - began
    if candidates[0].cost.trials > 0:  # a critic's advice comes too late then
        return candidates[0], view.noted(behaviours[0]) if behaviours else None
    if view.proposals > 1:
        chosen, prediction = view.choose(candidates, parent, behaviours)
    else:
        chosen = 0
        prediction = view.judge(candidates[0], parent, behaviours[0] if behaviours else None)
    cost = candidates[chosen].cost
    cost = msgspec.structs.replace(cost, seconds=cost.seconds + seconds)
    return msgspec.structs.replace(candidates[chosen], cost=cost), prediction
