"""A model that follows a script: for tests, dry runs and measurements of everything else."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from telic.errors import UsageError
from telic.models._perturb import perturbed_reply
from telic.models._wire import estimated_tokens
from telic.models.base import Capability, Choices, Embedding, Prompt, Reply, Usage

__all__ = ["Script", "Scripted"]

Script = Callable[[Prompt], str | Reply]
"""What to reply; the same prompt always gets the same reply."""

_ALL: frozenset[Capability] = frozenset(("generate", "choice_logprobs"))


class Scripted:
    """A model whose replies come from a function.

    Args:
        script: makes replies; without one, a mutation policy that changes a number in the
            program it is shown.
        scores: ``(prompt, choices) -> log-probabilities``, for ``choice_logprobs``.
        name: in the journal.
        price: US dollars for a million prompt tokens and a million reply tokens.
    """

    def __init__(
        self,
        script: Script | None = None,
        *,
        scores: Callable[[Prompt, Sequence[str]], Sequence[float]] | None = None,
        name: str = "scripted",
        price: Sequence[float] = (0.0, 0.0),
    ) -> None:
        self.name = name
        self.asked: list[Prompt] = []
        """Every prompt so far, in order."""
        self._script: Script = script or perturbed_reply
        self._scores = scores
        self._price = (float(price[0]), float(price[1]))
        self.capabilities = _ALL if scores is not None else _ALL - {"choice_logprobs"}

    def price(self, usage: Usage) -> float:
        """Return what that many tokens cost, in US dollars."""
        return (self._price[0] * usage.prompt + self._price[1] * usage.reply) / 1e6

    async def generate(self, prompt: Prompt) -> Reply:
        """Return the script's reply, its tokens estimated where it does not say."""
        self.asked.append(prompt)
        said = self._script(prompt)
        if isinstance(said, Reply):
            return said
        usage = Usage(_tokens(prompt), estimated_tokens(said))
        common: dict[str, Any] = {"usage": usage, "money": self.price(usage)}
        if not said.strip():
            return Reply(model=self.name, ending="empty", reason="the reply has no text", **common)
        return Reply(model=self.name, ending="complete", text=said, **common)

    async def choice_logprobs(self, prompt: Prompt, choices: Sequence[str]) -> Choices:
        """Return the script's log-probabilities.

        Raises:
            UsageError: if the script gives none, or not one for each choice.
        """
        self.asked.append(prompt)
        if self._scores is None:
            raise UsageError(f"model {self.name!r} gives no log-probabilities")
        logprobs = tuple(self._scores(prompt, choices))
        if len(logprobs) != len(choices) or any(math.isnan(p) or p > 0 for p in logprobs):
            raise UsageError(f"the script gave {logprobs} for {len(choices)} choices")
        usage = Usage(_tokens(prompt), 1)
        return Choices(
            model=self.name,
            ending="complete",
            logprobs=logprobs,
            usage=usage,
            money=self.price(usage),
        )

    async def embed(self, texts: Sequence[str]) -> Embedding:
        """Refuse: a script has no vectors.

        Raises:
            UsageError: always.
        """
        raise UsageError(f"model {self.name!r} gives no vectors for {len(texts)} texts")

    async def close(self) -> None:
        """Do nothing."""


def _tokens(prompt: Prompt) -> int:
    return estimated_tokens(prompt.text + "".join(message.text for message in prompt.messages))
