"""Asking language models within a run: recorded first, paid for once, bounded by the budget.

An answer is in the journal before anything comes of it. A request whose answer is there
already, from before an interruption or from the run that is replayed, is not sent again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import msgspec

from telic.budget import Budget, Spent
from telic.errors import ReplayError, UsageError
from telic.journal import Journal, StoredAnswer
from telic.models import Model, Prompt, Reply, Usage, content_key, unknown_request
from telic.operators.base import Asks, Operator, asks_of

__all__ = ["Asking", "Purse", "check_models"]

_ROOM = 1.25
"""Tokens are estimated; what is promised to a request counts this much more."""
_ROOM_TO_JUDGE = 8
"""Tokens of an answer about a proposal."""


class Purse(msgspec.Struct):
    """What one request may spend on models, and has spent."""

    tokens_left: float
    money_left: float
    tokens: int = 0
    money: float = 0.0

    def is_empty(self) -> bool:
        """Tell whether nothing more may be asked."""
        return self.tokens >= self.tokens_left or self.money >= self.money_left


class _Kept(msgspec.Struct):
    """What a stored answer holds."""

    asked: Prompt
    answer: Reply
    opened: int = 0
    """How many records had been told when the request was opened."""
    operator: str = ""
    """That asked."""
    vectors: tuple[tuple[float, ...], ...] = ()
    """What was answered when an embedding was asked for."""


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(_Kept)


class Asking:
    """The models of a run.

    Args:
        models: by name.
        journal: keeps answers, and knows those from before an interruption.
        source: a finished run's journal that is replayed: then no model is asked at all.
        notice: tells a person what a model's trouble is, once for each model.
        also: models that are asked about a proposal itself, once each, before it is evaluated.
    """

    def __init__(
        self,
        models: Sequence[Model],
        journal: Journal,
        *,
        source: Journal | None = None,
        notice: Callable[[str], object] = lambda _: None,
        also: Sequence[str] = (),
    ) -> None:
        self._models = {model.name: model for model in models}
        self._also = tuple(also)
        self._journal = journal
        self._source = source
        self._notice = notice
        self._troubled: set[str] = set()

    def worst(self, operator: Operator) -> Purse:
        """Return the most that one proposal of an operator may spend, as tokens and money."""
        asks = asks_of(operator)
        if asks is None:
            return Purse(0.0, 0.0)
        prompt = round(asks.calls * asks.prompt_tokens * _ROOM)
        reply = asks.calls * asks.reply_tokens
        purse = Purse(prompt + reply, self._models[asks.model].price(Usage(prompt, reply)) or 0.0)
        asked = Usage(round(asks.prompt_tokens * _ROOM), _ROOM_TO_JUDGE)
        for name in self._also:
            purse.tokens_left += asked.total
            purse.money_left += self._models[name].price(asked) or 0.0
        return purse

    def unused(self) -> dict[int, tuple[int, str]]:
        """Return candidates with answers and without a record: when they were opened, by whom.

        They were in flight when the run was interrupted; their answers are paid for.
        """
        found: dict[int, tuple[int, str]] = {}
        for stored in self._journal.answers():
            kept = _decoder.decode(stored.data)
            found.setdefault(stored.candidate, (kept.opened, kept.operator))
        for record in self._journal.records(with_artifacts=False):
            found.pop(record.candidate.id, None)
        return dict(sorted(found.items()))

    async def ask(
        self,
        candidate: int,
        opened: int,
        purse: Purse,
        name: str,
        prompt: Prompt,
        *,
        operator: str = "",
    ) -> Reply:
        """Return a model's reply to a prompt, out of a purse.

        Args:
            candidate: that it is for.
            opened: how many records had been told when its request was opened.
            purse: what may be spent.
            name: of the model.
            prompt: what to ask.
            operator: that asks.

        Raises:
            UsageError: if there is no such model.
            ReplayError: if a replayed run did not ask this.
            StorageError: if the journal cannot be written.
        """
        model = self._models.get(name)
        if model is None:
            raise UsageError(f"this run has no model {name!r}")
        if purse.is_empty():
            reason = "the budget of tokens or money has no room for it"
            return Reply(model=name, ending="unavailable", reason=reason, attempts=0)
        key = content_key(name, "generate", prompt)
        kept = self._known(key)
        if kept is None:
            if self._source is not None:
                raise self._unknown(self._source, name, candidate, prompt)
            kept = _Kept(prompt, await model.generate(prompt), opened, operator)
            self._keep(key, candidate, kept)
        reply = kept.answer
        purse.tokens += reply.usage.total
        purse.money += reply.money
        return reply

    async def embed(
        self,
        candidate: int,
        opened: int,
        purse: Purse,
        name: str,
        texts: Sequence[str],
        *,
        operator: str = "",
    ) -> tuple[tuple[float, ...], ...]:
        """Return a model's vectors for texts, empty if it has none; arguments as for :meth:`ask`.

        Raises:
            The errors of :meth:`ask`, and UsageError if the model cannot embed.
        """
        model = self._models.get(name)
        if model is None:
            raise UsageError(f"this run has no model {name!r}")
        if purse.is_empty():
            return ()
        key = content_key(name, "embed", texts)
        kept = self._known(key)
        if kept is None:
            asked = Prompt(text="\n".join(texts) or " ")
            if self._source is not None:
                raise self._unknown(self._source, name, candidate, asked)
            found = await model.embed(texts)
            answer = Reply(
                model=name,
                ending=found.ending,
                reason=found.reason,
                usage=found.usage,
                money=found.money,
                seconds=found.seconds,
                attempts=found.attempts,
            )
            kept = _Kept(asked, answer, opened, operator, found.vectors)
            self._keep(key, candidate, kept)
        purse.tokens += kept.answer.usage.total
        purse.money += kept.answer.money
        return kept.vectors

    def _known(self, key: str) -> _Kept | None:
        stored = self._journal.answer(key)
        if stored is None and self._source is not None:
            stored = self._source.answer(key)
            if stored is not None:
                self._journal.append_answer(stored)
        return None if stored is None else _decoder.decode(stored.data)

    def _keep(self, key: str, candidate: int, kept: _Kept) -> None:
        reply = kept.answer
        stored = StoredAnswer(
            key=key,
            candidate=candidate,
            model=reply.model,
            ending=reply.ending,
            tokens=reply.usage.total,
            money=reply.money,
            seconds=reply.seconds,
            data=_encoder.encode(kept),
        )
        self._journal.append_answer(stored)
        if reply.ending in ("rejected", "unavailable") and reply.model not in self._troubled:
            self._troubled.add(reply.model)
            self._notice(f"model {reply.model!r} does not answer ({reply.ending}): {reply.reason}")

    def _unknown(self, source: Journal, name: str, candidate: int, prompt: Prompt) -> ReplayError:
        asked = {
            stored.key: _decoder.decode(stored.data).asked
            for stored in source.answers()
            if stored.model == name and stored.candidate == candidate
        }
        where = f"candidate {candidate}: {source.path}"
        return unknown_request(where, name, prompt, asked)


def allowance(budget: Budget, spent: Spent, promised: Mapping[int, Purse]) -> Purse:
    """Return what is left of a budget for models when all in flight spend what they may."""
    tokens = sum(purse.tokens_left for purse in promised.values())
    money = sum(purse.money_left for purse in promised.values())
    return Purse(
        float("inf") if budget.tokens is None else budget.tokens - spent.tokens - tokens,
        float("inf") if budget.money is None else budget.money - spent.money - money,
    )


def check_models(
    models: Sequence[Model], operators: Sequence[Operator], budget: Budget
) -> dict[str, Asks]:
    """Return what each operator asks for, by its name.

    Raises:
        UsageError: if two models have one name, an operator asks one that is not there, or money
            is bounded and a model's price is not known.
    """
    names = [model.name for model in models]
    if len(set(names)) < len(names):
        raise UsageError(f"two models have the same name: {', '.join(sorted(names))}")
    for model in models:
        if budget.money is not None and model.price(Usage(1, 1)) is None:
            raise UsageError(
                f"the price of model {model.name!r} is not known, and money is bounded: give it "
                "as price=[PROMPT,REPLY], US dollars for a million tokens, or in a file that "
                "TELIC_PRICES names"
            )
    found: dict[str, Asks] = {}
    for operator in operators:
        asks = asks_of(operator)
        if asks is None:
            continue
        if asks.model not in names:
            known = ", ".join(sorted(names)) or "none"
            raise UsageError(
                f"operator {operator.name!r} asks the model {asks.model!r}; models of this run: "
                f"{known}"
            )
        found[operator.name] = asks
    return found
