"""Any server that speaks the OpenAI-compatible protocol: a provider's or one's own."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from telic.errors import UsageError
from telic.models._client import Asked, Client
from telic.models._prices import cost_of, price_of
from telic.models._wire import (
    choice_body,
    generate_body,
    read_choices,
    read_text,
    read_vectors,
)
from telic.models.base import (
    Capability,
    Choices,
    Embedding,
    Prompt,
    Reply,
    Usage,
    content_key,
)

__all__ = ["Remote"]

_DEFAULT_URL = "https://api.openai.com/v1"
_URL_VARIABLES = ("TELIC_API_BASE", "OPENAI_BASE_URL")
_KEY_VARIABLES = ("TELIC_API_KEY", "OPENAI_API_KEY")


class Remote:
    """A model behind an OpenAI-compatible server.

    Args:
        model: its name at the server.
        url: base URL up to ``/v1``; else ``TELIC_API_BASE``, ``OPENAI_BASE_URL`` or OpenAI's.
        key_variable: environment variable of the key; else ``TELIC_API_KEY`` or
            ``OPENAI_API_KEY``. A server that needs none is asked without.
        price: US dollars for a million prompt tokens and a million reply tokens; else that of the
            file which ``TELIC_PRICES`` names, nothing for a server on this machine, or the list
            price as of a day, see ``telic doctor``.
        concurrency: requests open at once; further ones wait their turn.
        deadline: seconds for one question, with all its attempts, once its turn has come.
        attempts: tries at most, 1 or more.
        options: further fields of every request, for example ``{"reasoning_effort": "low"}``.
        embeds: whether the server is asked for vectors.
        has_grammar: whether the server holds replies to a GBNF grammar.
        top: how many first tokens a request for log-probabilities asks for.
        environment: read once; the process's own when left out.
        sleep: waits between attempts.

    Raises:
        UsageError: if a number is out of range, or the user's prices cannot be read.
    """

    def __init__(
        self,
        *,
        model: str,
        url: str = "",
        key_variable: str = "",
        price: Sequence[float] | None = None,
        concurrency: int = 16,
        deadline: float = 180.0,
        attempts: int = 5,
        options: Mapping[str, Any] | None = None,
        embeds: bool = False,
        has_grammar: bool = False,
        top: int = 20,
        environment: Mapping[str, str] | None = None,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        if concurrency < 1 or attempts < 1 or not deadline > 0:
            raise UsageError(
                "concurrency and attempts must be 1 or more and deadline above 0; got "
                f"{concurrency}, {attempts} and {deadline}"
            )
        given = os.environ if environment is None else environment
        base = url or next((given[v] for v in _URL_VARIABLES if given.get(v)), _DEFAULT_URL)
        variables = (key_variable,) if key_variable else _KEY_VARIABLES
        self.name = model
        self._client = Client(
            base.rstrip("/"),
            next((given[v] for v in variables if given.get(v)), ""),
            concurrency=concurrency,
            deadline=deadline,
            attempts=attempts,
            sleep=sleep,
        )
        self._price = price_of(model, price, is_free=self._client.is_here, environment=given)
        self._options = dict(options or {})
        self._top = top
        self._token_field = "max_completion_tokens" if "openai.com" in base else "max_tokens"
        able: set[Capability] = {"generate", "choice_logprobs"}
        if embeds:
            able.add("embed")
        if has_grammar:
            able.add("grammar")
        self.capabilities = frozenset(able)

    def __repr__(self) -> str:
        return f"Remote(model={self.name!r}, url={self._client.url!r})"

    def price(self, usage: Usage) -> float | None:
        """Return what that many tokens cost, in US dollars; ``None`` if no price is known."""
        return cost_of(self._price, usage)

    async def generate(self, prompt: Prompt) -> Reply:
        """Return the text that the model goes on with.

        Raises:
            UsageError: if the prompt has a grammar and the server takes none.
        """
        if prompt.grammar and "grammar" not in self.capabilities:
            raise UsageError(
                f"model {self.name!r} takes no grammar; set has_grammar=true if it does"
            )
        asked = await self._client.ask(
            _path(prompt),
            self._body(generate_body(prompt, self._token_field)),
            lambda document: read_text(document, prompt),
            content_key(self.name, "generate", prompt),
        )
        answer = asked.answer
        return Reply(text=answer.text, finish=answer.finish, **self._common(asked))

    async def choice_logprobs(self, prompt: Prompt, choices: Sequence[str]) -> Choices:
        """Return how probable each choice is as the beginning of the reply.

        Raises:
            UsageError: if two choices begin with the same token.
        """
        asked = await self._client.ask(
            _path(prompt),
            self._body(choice_body(prompt, self._token_field, self._top)),
            lambda document: read_choices(document, prompt, choices),
            content_key(self.name, "choice_logprobs", prompt, choices),
        )
        return Choices(logprobs=asked.answer.logprobs, **self._common(asked))

    async def embed(self, texts: Sequence[str]) -> Embedding:
        """Return a vector for each text.

        Raises:
            UsageError: if the model was not declared to embed.
        """
        if "embed" not in self.capabilities:
            raise UsageError(f"model {self.name!r} gives no vectors; set embeds=true if it does")
        count = len(texts)
        asked = await self._client.ask(
            "/embeddings",
            self._body({"input": list(texts)}),
            lambda document: read_vectors(document, count),
            content_key(self.name, "embed", texts),
        )
        return Embedding(vectors=asked.answer.vectors, **self._common(asked))

    async def close(self) -> None:
        """Close the connections; doing so twice is harmless."""
        await self._client.close()

    def _body(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        return {"model": self.name, **fields, **self._options}

    def _common(self, asked: Asked) -> dict[str, Any]:
        answer = asked.answer
        return {
            "model": self.name,
            "ending": answer.ending,
            "reason": answer.reason,
            "usage": answer.usage,
            "money": self.price(answer.usage) or 0.0,
            "seconds": asked.seconds,
            "attempts": asked.attempts,
        }


def _path(prompt: Prompt) -> str:
    return "/chat/completions" if prompt.messages else "/completions"
