"""From an open request to a candidate, or to several that compete for one evaluation."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from time import perf_counter
from typing import TYPE_CHECKING

import msgspec

from telic.artifact import Artifact, respects_regions
from telic.candidate import Candidate, Cost, Proposal, Record, Request
from telic.engine.asking import Asking, Purse
from telic.engine.notebook import Page
from telic.engine.novelty import Novelty, reason_of
from telic.engine.people import People
from telic.errors import JournalError, ProblemError, SandboxError, StorageError
from telic.evaluation import Pool
from telic.identity import normalised_key
from telic.models import Prompt, Reply
from telic.operators.base import Context, Operator, Routine, asks_of, no_model
from telic.operators.portfolio import Portfolio
from telic.problem import Problem
from telic.seeding import address, stream

if TYPE_CHECKING:
    from telic.critics import View

__all__ = ["Proposer", "Turn", "rivals_of"]

_UNKNOWN = (sys.maxsize, -1)
_key_of = lru_cache(maxsize=1024)(normalised_key)


@dataclass(frozen=True, slots=True)
class Turn:
    """One request in work."""

    index: int
    request: Request
    operator: Operator
    horizon: int
    """How many records it knows of: those told when it was opened."""
    purse: Purse
    """What it may spend on models."""
    failed: tuple[Record, ...]
    """Latest failures when it was opened, the latest first."""
    page: Page
    """What was learnt when it was opened."""
    view: View | None
    """What decides whether the proposal is evaluated; ``None``: it is."""
    trials: int
    """What it may spend on trials."""
    rivals: tuple[Operator, ...] = ()
    """Operators of further proposals that compete for the same evaluation."""


class Proposer:
    """Lets operators propose, and makes candidates of what they propose.

    Args:
        problem: what is improved.
        seed: the run's.
        pool: runs the operators' routines.
        known: identity of every evaluated program → its place when told, and its id.
        asking: the language models, if there are any.
        people: what people added to the run, if anything.
        novelty: refuses what is too like an earlier candidate, if anything does.
    """

    def __init__(
        self,
        problem: Problem,
        seed: int,
        pool: Pool,
        known: Mapping[str, tuple[int, int]],
        *,
        asking: Asking | None,
        people: People | None,
        novelty: Novelty | None = None,
    ) -> None:
        self._problem = problem
        self._seed = seed
        self._pool = pool
        self._known = known
        self._asking = asking
        self._people = people
        self._novelty = novelty

    async def records(self, turn: Turn) -> list[Record]:
        """Return every proposal of a turn that is new, not evaluated yet; or why there is none.

        Only one of them is to be evaluated; the outcome ``evaluated`` says that it may be. The
        first is what would be evaluated if there were no rivals. All bear the cost of all.
        """
        began = perf_counter()
        drafts = [await self._draft(turn, turn.operator, 0)]
        for number, operator in enumerate(turn.rivals, 1):
            drafts.append(await self._draft(turn, operator, number))
        drafts = [await self._if_novel(turn, draft) for draft in drafts]
        seconds = perf_counter() - began
        fresh: dict[str, Record] = {}
        for draft in drafts:
            if draft.outcome == "evaluated":
                fresh.setdefault(draft.candidate.identity, draft)
        return [_paid(draft, turn, seconds) for draft in [*fresh.values()] or drafts[:1]]

    async def _if_novel(self, turn: Turn, draft: Record) -> Record:
        """Return a draft, refused if it is too like an earlier candidate."""
        novelty, operator = self._novelty, turn.operator
        if novelty is None or draft.outcome != "evaluated" or draft.candidate.cost.trials:
            return draft
        if novelty.plan.scope == "models" and asks_of(operator) is None:
            return draft

        async def ask(name: str, prompt: Prompt) -> Reply:
            return await self._ask(turn, operator, name, prompt)

        async def embed(name: str, texts: Sequence[str]) -> tuple[tuple[float, ...], ...]:
            if self._asking is None:
                return ()
            return await self._asking.embed(
                turn.index, turn.horizon, turn.purse, name, texts, operator=operator.name
            )

        refusal = await novelty.refusal(draft.candidate, turn.horizon, embed=embed, ask=ask)
        if refusal is None:
            return draft
        return Record(draft.candidate, "skipped", reason=reason_of(refusal), refusal=refusal)

    async def _draft(self, turn: Turn, operator: Operator, number: int) -> Record:
        proposal = await self._propose(turn, operator, number)
        candidate = self._candidate(turn, operator.name, proposal)
        if proposal.artifact is None:
            outcome = "noted" if proposal.noted else "declined"
            return Record(candidate, outcome, reason=proposal.noted or proposal.note)
        place, first = self._known.get(candidate.identity, _UNKNOWN)
        if place < turn.horizon:
            return Record(candidate, "duplicate", duplicate_of=first)
        return Record(candidate, "evaluated")

    async def _propose(self, turn: Turn, operator: Operator, number: int) -> Proposal:
        request = turn.request

        def is_known(artifact: Artifact) -> bool:
            return self._known.get(_key_of(artifact), _UNKNOWN)[0] < turn.horizon

        async def ask(name: str, prompt: Prompt) -> Reply:
            return await self._ask(turn, operator, name, prompt)

        context = Context(
            problem=self._problem,
            index=turn.index,
            seed=self._seed if not number else address(self._seed, "rival", number),
            parents=request.parents,
            inspirations=request.inspirations,
            is_known=is_known,
            run=self._run_routine,
            ask=ask,
            failed=turn.failed,
            guidance=self._people.guidance(turn.horizon) if self._people is not None else (),
            ancestor=request.ancestor,
            notes=turn.page.notes,
            advice=turn.page.advice,
            archive=turn.page.archive,
            attempts=turn.page.attempts,
            trials=turn.trials,
        )
        try:
            proposal = await operator.propose(context)
        except (SandboxError, ProblemError, JournalError, StorageError):
            raise
        except Exception as error:  # noqa: BLE001 - plug-in code; recorded, costs the arm its turn
            return Proposal(None, note=f"{operator.name}: {type(error).__name__}: {error}")
        parent, artifact = request.parents[0].candidate.artifact, proposal.artifact
        if artifact is not None and not respects_regions(parent, artifact):
            note = f"{operator.name} changed text outside the evolvable regions"
            return msgspec.structs.replace(proposal, artifact=None, note=note)
        return proposal

    async def _ask(self, turn: Turn, operator: Operator, name: str, prompt: Prompt) -> Reply:
        if self._asking is None:
            return await no_model(name, prompt)
        return await self._asking.ask(
            turn.index, turn.horizon, turn.purse, name, prompt, operator=operator.name
        )

    def _candidate(self, turn: Turn, operator: str, proposal: Proposal) -> Candidate:
        request = turn.request
        main = request.parents[0].candidate
        used = proposal.parents if proposal.parents is not None else (main.id,)
        among = (*request.parents, *request.inspirations, *turn.failed)
        possible = [record.candidate for record in among]
        generation = max((c.generation for c in possible if c.id in used), default=main.generation)
        artifact = proposal.artifact or main.artifact
        return Candidate(
            id=turn.index,
            artifact=artifact,
            parents=used,
            operator=operator,
            generation=generation + 1,
            island=request.island,
            note=proposal.note,
            cost=proposal.cost,
            identity=_key_of(artifact),
        )

    async def _run_routine(self, routine: Routine) -> dict[str, object]:
        return dict(await self._pool.run(routine.function, routine.arguments))


def rivals_of(
    first: Operator,
    operators: Iterable[Operator],
    count: int,
    *,
    index: int,
    seed: int,
    portfolio: Portfolio,
) -> tuple[Operator, ...]:
    """Return operators for further proposals that cost no evaluation and ask no model.

    Args:
        first: makes the first proposal; it has no rivals if it costs something itself.
        operators: that may be chosen; not looked at for a single proposal.
        count: proposals in all.
        index: of the request.
        seed: the run's.
        portfolio: chooses, each time by another draw.
    """
    if count < 2:
        return ()
    free = {o.name: o for o in operators if not o.trials and asks_of(o) is None}
    if first.name not in free:
        return ()
    names = list(free)
    return tuple(
        free[portfolio.choose(index, names, stream(seed, "portfolio", index, number))]
        for number in range(1, count)
    )


def _paid(draft: Record, turn: Turn, seconds: float) -> Record:
    cost: Cost = msgspec.structs.replace(
        draft.candidate.cost, seconds=seconds, tokens=turn.purse.tokens, money=turn.purse.money
    )
    candidate = msgspec.structs.replace(draft.candidate, cost=cost)
    return msgspec.structs.replace(draft, candidate=candidate)
