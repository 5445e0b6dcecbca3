"""The asynchronous loop.

In ordered mode request ``i`` is made right after record ``i - window`` was told, and records
are told by index. What is asked thus depends on the run's seed and on recorded results,
never on timing or on the number of workers; and since a recorded result may stand in for
an evaluation, continuing a run is the same loop as making it.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterator, Sequence
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING

import msgspec

from telic.budget import exhausted
from telic.candidate import Record
from telic.engine.asking import Asking, Purse, allowance
from telic.engine.evaluating import Evaluator
from telic.engine.keeping import Keep, Keeper
from telic.engine.notebook import Notebook
from telic.engine.novelty import Novelty
from telic.engine.observer import Observer
from telic.engine.people import People
from telic.engine.plan import Plan
from telic.engine.progress import Progress
from telic.engine.proposing import Proposer, Turn, rivals_of
from telic.engine.records import deduplicated
from telic.engine.script import Script
from telic.evaluation import Pool
from telic.objectives import Objective
from telic.operators.base import Operator, allotment, asks_of, chore_of, follows_others
from telic.operators.portfolio import Portfolio, stake_of
from telic.problem import Problem
from telic.seeding import stream
from telic.strategies.base import Strategy

if TYPE_CHECKING:
    from telic.critics import Screen

__all__ = ["Engine"]

_IDLE_LIMIT = 500
"""Requests in a row without anything new to evaluate, after which a run ends."""
_GRACE_SECONDS = 5.0
"""What work in flight is given to finish once the time budget is spent."""
_FAILED_KEPT = 8
"""Latest failed candidates that operators may look at."""
_KEEP_NOW = TimeoutError("told records are to be made durable")


class Engine:
    """One run: parts, state and the loop that moves records between them.

    Args:
        problem: what is improved.
        plan: seed, budget, mode and window.
        pool: evaluates; already open.
        strategy: chooses parents.
        portfolio: chooses among ``operators``.
        operators: make artifacts.
        keep: makes new records durable, given the running time in seconds.
        recorded: records of an interrupted run, in the order they were told.
        observer: watches.
        noisy: whether evaluating a program twice may give two results.
        asking: the language models, if there are any.
        script: when to open and tell each request, to make a recorded run again; ``None``: the
            mode and the budget decide.
        people: what people added to the run, if anything.
        screen: a critic that may spare evaluations; ``None``: every new program is evaluated.
    """

    def __init__(
        self,
        problem: Problem,
        plan: Plan,
        *,
        pool: Pool,
        strategy: Strategy,
        portfolio: Portfolio,
        operators: Sequence[Operator],
        keep: Keep,
        recorded: Iterator[Record],
        observer: Observer,
        noisy: bool,
        asking: Asking | None = None,
        script: Script | None = None,
        people: People | None = None,
        screen: Screen | None = None,
    ) -> None:
        self.progress = Progress(Objective(problem.objective))
        self._plan = plan
        self._strategy = strategy
        self._portfolio = portfolio
        self._notebook = Notebook(operators)
        arms = [operator for operator in operators if chore_of(operator) is None]
        self._operators = {operator.name: operator for operator in arms}
        self._recorded = recorded
        self._observer = observer
        self._known: dict[str, tuple[int, int]] = {}  # identity → place when told, and id
        self._open: dict[int, int] = {}  # request → evaluations reserved for it
        self._working: dict[int, tuple[str, float]] = {}  # request → operator, since when
        self._tasks: set[asyncio.Task[None]] = set()
        self._arrived: asyncio.Queue[Record | BaseException] = asyncio.Queue()
        self._early: dict[int, Record] = {}
        self._keeper = Keeper(keep, partial(self._arrived.put_nowait, _KEEP_NOW))
        self._next = 1
        self._stop_reason: str | None = None
        self._started = 0.0
        self._asking = asking
        self._script = script
        self._people = people
        self._screen = screen
        self._has_plain = any(
            asks_of(operator) is None and not follows_others(operator) for operator in arms
        )
        self._promised: dict[int, Purse] = {}  # request → what it may spend on models
        self._failed: deque[Record] = deque(maxlen=_FAILED_KEPT)
        self._novelty = novelty = Novelty(plan.novelty) if plan.novelty is not None else None
        proposer = Proposer(
            problem, plan.seed, pool, self._known, asking=asking, people=people, novelty=novelty
        )
        objective = self.progress.objective
        self._evaluator = Evaluator(problem, plan, pool, objective, proposer, noisy=noisy)
        self._peeked: Record | None = None
        self._replayed = -1
        self._is_free = plan.mode == "unordered" and script is None

    def stop(self, reason: str = "interrupted") -> None:
        """Ask the run to end: first what is in flight is finished, the second time not."""
        if self._stop_reason == reason:
            self._arrived.put_nowait(asyncio.CancelledError())
        self._stop_reason = reason

    def in_flight(self) -> list[tuple[str, float]]:
        """Return the operator of each request in work and its age in seconds, oldest first."""
        now = monotonic()
        return [(name, now - since) for name, since in self._working.values()]

    async def run(self, seed_record: Record | None, *, seconds_before: float = 0.0) -> str:
        """Run until a budget, the target or a stop, and return the reason.

        Args:
            seed_record: the evaluated seed of a new run, ``None`` to take it from the record.
            seconds_before: what earlier processes spent on this run.
        """
        self._started = monotonic() - seconds_before
        self._peeked = next(self._recorded, None)
        bound = self._plan.budget.seconds
        if bound is not None:
            left = self._started + bound + _GRACE_SECONDS - monotonic()
            over = asyncio.CancelledError()
            asyncio.get_running_loop().call_later(left, self._arrived.put_nowait, over)
        try:
            if seed_record is not None:
                await self._tell(seed_record, is_new=True)
            elif self._peeked is not None:
                await self._tell(self._take_recorded(), is_new=False)
            if self._plan.mode == "unordered":
                await self._replay_all()
            self._observer.begun(self.progress)
            reason = await self._loop() if self.progress.told else self._ended_by()
        finally:
            self._keeper.keep(monotonic() - self._started)
            for task in self._tasks:
                task.cancel()
        return reason or "nothing left to try"

    async def _loop(self) -> str | None:
        while True:
            self._issue()
            if not self._open:
                return self._ended_by()
            record = await self._next_record()
            if record is None:
                return self._ended_by()
            self._open.pop(record.candidate.id, None)
            self._promised.pop(record.candidate.id, None)
            is_new = record.candidate.id > self._replayed or self._plan.mode == "unordered"
            await self._tell(record, is_new=is_new)

    def _take_recorded(self) -> Record:
        record, self._peeked = self._peeked, next(self._recorded, None)
        assert record is not None
        self._replayed = max(self._replayed, record.candidate.id)
        self._notebook.opened(record.candidate.operator)
        if self._people is not None:
            self._people.recorded(record.candidate.operator)
        return record

    async def _replay_all(self) -> None:
        """Tell what is recorded, and open again what was in flight and is paid for."""
        paid = self._asking.unused() if self._asking is not None else {}
        while True:
            for index in [i for i, (opened, _) in paid.items() if opened <= self.progress.told]:
                self._open_request(index, named=paid.pop(index)[1])
            if self._peeked is None:
                break
            await self._tell(self._take_recorded(), is_new=False)
        self._next = max(self._next, self._replayed + 1, *(index + 1 for index in self._open))

    def _ended_by(self) -> str | None:
        if self._stop_reason or self._spent_out():
            return self._stop_reason or self._spent_out()
        return None if self._plan.budget.evaluations is None else "budget: evaluations"

    def _spent_out(self, reserved: int = 0) -> str | None:
        self.progress.spent.seconds = monotonic() - self._started
        bound = exhausted(self._plan.budget, self.progress.spent, reserved=reserved)
        return f"budget: {bound}" if bound else None

    # -- issuing ---------------------------------------------------------------------------

    def _issue(self) -> None:
        """Open every request that may be opened now."""
        while self._may_open():
            index = self._next
            if self._peeked is not None:
                record = self._take_recorded()
                name = record.candidate.operator
                operator = self._operators.get(name) or self._notebook.chore(name)
                trials = self._allotted(operator, self._room()) if operator else 0
                self._open[index] = 1 + (trials or 0)
                if operator is not None and self._asking is not None:
                    self._promised[index] = self._asking.worst(operator)
                self._arrived.put_nowait(record)
            elif not self._open_request(index):
                return
            self._next += 1

    def _may_open(self) -> bool:
        """In ordered mode, request i opens when record i - window has been told.

        In unordered mode there is a window for requests that ask a model and one for all others.
        """
        if self._script is not None:
            within = self._script.may_open(self._next, self.progress.told)
        elif self._plan.mode == "ordered":
            within = self._next < self.progress.told + self._plan.window
        else:
            asking = len(self._promised)
            used = len(self._open) - asking if self._has_plain else len(self._open)
            within = used < self._plan.window
        if not within or self._peeked is not None:
            return within
        if self._stop_reason is None and self.progress.idle >= _IDLE_LIMIT:
            self._stop_reason = "nothing new to try"
        return self._stop_reason is None

    def _open_request(self, index: int, *, named: str = "") -> bool:
        reserved = sum(self._open.values())
        if self._spent_out(reserved):
            return False
        seed = self._plan.seed
        purse = allowance(self._plan.budget, self.progress.spent, self._promised)
        is_full = self._plan.mode == "unordered" and len(self._promised) >= self._plan.window
        is_full = is_full or purse.is_empty()
        room = self._room()
        arms = [
            name
            for name, operator in self._operators.items()
            if self._allotted(operator, room) is not None and not (is_full and asks_of(operator))
        ]
        if not arms:
            return False
        request = self._strategy.ask(index, stream(seed, "strategy", index))
        operator = self._people.candidate(self.progress.told) if self._people else None
        if operator is None and not is_full:
            operator = self._chore(index, named)
        if operator is None:
            name = self._portfolio.choose(index, arms, stream(seed, "portfolio", index))
            operator = self._operators[name]
        trials = self._allotted(operator, room) or 0
        self._open[index] = 1 + trials
        # What is told while this one is open must not change it: it knows the past up to here.
        horizon = self.progress.told
        if self._asking is not None and asks_of(operator):
            self._promised[index] = self._asking.worst(operator)
        if self._script is not None and not self._script.has(index):
            return True
        view = self._screen.view() if self._screen is not None else None
        failed = tuple(reversed(self._failed))
        page = self._notebook.page(operator.name, partial(stream, seed, "advice", index))
        rivals = ()
        if view is not None:
            rivals = rivals_of(
                operator,
                (self._operators[arm] for arm in arms),
                view.proposals,
                index=index,
                seed=seed,
                portfolio=self._portfolio,
            )
        turn = Turn(index, request, operator, horizon, purse, failed, page, view, trials, rivals)
        task = asyncio.ensure_future(self._process(turn))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return True

    def _room(self) -> int | None:
        """Return how many evaluations are left for what opens now; ``None``: no limit."""
        limit = self._plan.budget.evaluations
        if limit is None:
            return None
        return limit - self.progress.spent.evaluations - sum(self._open.values())

    def _allotted(self, operator: Operator, room: int | None) -> int | None:
        """Return what a turn that opens now may spend on trials; ``None``: it does not fit."""
        if not operator.trials or room is None:
            return allotment(operator, room)
        return allotment(operator, room, stake_of(self._portfolio, operator.name))

    def _chore(self, index: int, named: str) -> Operator | None:
        """Return what is to be written now instead of a candidate, if anything.

        Args:
            index: of the request.
            named: the operator that it went to before an interruption, if that is known.
        """
        if self._script is not None:
            named = self._script.operator(index)
        known = bool(named) or self._script is not None
        chore = self._notebook.chore(named) if known else self._notebook.due()
        if chore is not None:
            self._notebook.opened(chore.name)
        return chore

    async def _process(self, turn: Turn) -> None:
        self._working[turn.index] = (turn.operator.name, monotonic())
        try:
            record = await self._evaluator.record(turn)
        except asyncio.CancelledError:
            raise
        except BaseException as error:  # noqa: BLE001 - the loop raises it where it is awaited
            self._arrived.put_nowait(error)
        else:
            advice = turn.page.advice
            used = None if advice is None else advice.id
            self._arrived.put_nowait(
                msgspec.structs.replace(record, opened=turn.horizon, advice=used)
            )
        finally:
            del self._working[turn.index]

    # -- telling ---------------------------------------------------------------------------

    async def _next_record(self) -> Record | None:
        """Return the next record to tell, or ``None`` when waiting for it makes no sense."""
        awaited: int | None = self.progress.told
        if self._script is not None:
            awaited = self._script.told(awaited)
        while awaited is not None:
            if awaited in self._early:
                return self._early.pop(awaited)
            arrived = await self._arrived.get()
            if arrived is _KEEP_NOW:
                self._keeper.keep(monotonic() - self._started)
            elif isinstance(arrived, asyncio.CancelledError):
                return None
            elif isinstance(arrived, BaseException):
                raise arrived
            elif self._is_free or arrived.candidate.id == awaited:
                return arrived
            else:
                self._early[arrived.candidate.id] = arrived
        return None

    async def _tell(self, record: Record, *, is_new: bool) -> None:
        if is_new:
            record = deduplicated(record, self._known)
            record = await self._evaluator.confirmed(record, self.progress.best)
            self._keeper.add(record)
        if record.outcome == "evaluated":
            place = (self.progress.told, record.candidate.id)
            self._known.setdefault(record.candidate.identity, place)
            if record.fitness is None:
                self._failed.append(record)
        if self._novelty is not None:
            self._novelty.tell(record, self.progress.told)
        if self._notebook.chore(record.candidate.operator) is None:
            self._strategy.tell(record)
            self._portfolio.tell(record)
            if self._screen is not None:
                self._screen.tell(record)
        is_best = self.progress.tell(record)
        self._notebook.tell(record, is_best=is_best)
        self.progress.spent.seconds = monotonic() - self._started
        if is_new:
            self._observer.told(record, self.progress, is_best=is_best)
        target, reaches = self._plan.target, self.progress.objective.reaches
        if is_best and target is not None and reaches(record.fitness, target):
            self._stop_reason = self._stop_reason or "target"
