"""What a language model is to Telic: three questions, and answers that say how they ended.

A :class:`Model` is asked through :meth:`Model.generate`, :meth:`Model.choice_logprobs` and
:meth:`Model.embed`. Whatever goes wrong on the other side (a refusal, a cut reply, a busy
server, nonsense instead of JSON, a deadline) is an *ending* of the answer, never an exception;
exceptions are for wrong use on this side.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Literal, Protocol

import msgspec

from telic.errors import UsageError

__all__ = [
    "ENDINGS",
    "Capability",
    "Choices",
    "Embedding",
    "Ending",
    "Message",
    "Model",
    "Prompt",
    "Question",
    "Reply",
    "Role",
    "Usage",
    "content_key",
]

Role = Literal["system", "user", "assistant"]

Capability = Literal["generate", "choice_logprobs", "embed", "grammar"]
"""What a model can be asked for; ``grammar``: replies held to a GBNF grammar."""

Question = Literal["generate", "choice_logprobs", "embed"]
"""Which of a model's three methods was asked."""

Ending = Literal[
    "complete",
    "truncated",
    "refused",
    "empty",
    "malformed",
    "timeout",
    "unavailable",
    "rejected",
]
"""How an answer ended.

``complete`` is whole; ``truncated`` reached its token limit or the connection broke off (the
text so far is there); ``refused`` the model or its filter declined; ``empty`` has no text;
``malformed`` is not what the protocol says; ``timeout`` missed the total deadline;
``unavailable`` the server was busy, failing or not there, after every retry; ``rejected`` the
server will never accept the request (bad key, unknown model, prompt too long).
"""

ENDINGS: tuple[Ending, ...] = Ending.__args__


class Message(msgspec.Struct, frozen=True):
    """One turn of a conversation."""

    role: Role
    text: str


class Prompt(msgspec.Struct, frozen=True, kw_only=True):
    """What a model is asked: a conversation, or a plain text to go on from.

    Raises:
        UsageError: if there is neither, or both, or a number is out of range.
    """

    messages: tuple[Message, ...] = ()
    """The conversation so far; a last message by the assistant is the beginning of the reply."""
    text: str = ""
    """A plain text to go on from, without any chat format; then there are no messages."""
    most_tokens: int = 1024
    """Tokens of the reply at most."""
    temperature: float | None = None
    """0 takes the likeliest token; ``None``: the server's own."""
    seed: int = 0
    """From 0 to 2^31 - 1. Two prompts that differ in it alone are two requests."""
    stop: tuple[str, ...] = ()
    """Texts that end the reply, not part of it."""
    grammar: str = ""
    """GBNF grammar that the reply must follow, for models that can."""

    def __post_init__(self) -> None:
        if bool(self.messages) == bool(self.text):
            raise UsageError("a prompt needs either messages or a text to go on from")
        if self.most_tokens < 1:
            raise UsageError(f"most_tokens must be 1 or more; got {self.most_tokens}")
        if not 0 <= self.seed < 2**31:
            raise UsageError(f"seed must be from 0 to 2147483647; got {self.seed}")

    @classmethod
    def chat(
        cls,
        user: str,
        *,
        system: str = "",
        most_tokens: int = 1024,
        temperature: float | None = None,
        seed: int = 0,
    ) -> Prompt:
        """Return a conversation of one user message, after a system message if there is one."""
        first = (Message("system", system),) if system else ()
        return cls(
            messages=(*first, Message("user", user)),
            most_tokens=most_tokens,
            temperature=temperature,
            seed=seed,
        )


class Usage(msgspec.Struct, frozen=True):
    """Tokens of one request; estimated from characters where a server does not say."""

    prompt: int = 0
    reply: int = 0

    @property
    def total(self) -> int:
        """Both together."""
        return self.prompt + self.reply


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """A generated text, and how it ended."""

    model: str
    """Name of the model asked."""
    ending: Ending
    text: str = ""
    reason: str = ""
    """Why it is not complete, as one sentence; empty when it is."""
    finish: str = ""
    """The server's own word for how it ended."""
    usage: Usage = Usage()
    money: float = 0.0
    """US dollars, all attempts together."""
    seconds: float = 0.0
    """Wall-clock seconds from the question to the answer, waiting included."""
    attempts: int = 1

    @property
    def is_usable(self) -> bool:
        """Whether there is a text that is whole."""
        return self.ending == "complete"


class Choices(msgspec.Struct, frozen=True, kw_only=True):
    """How probable each of several continuations is."""

    model: str
    ending: Ending
    logprobs: tuple[float, ...] = ()
    """In nats, one for each choice in order when complete; minus infinity for a choice that is
    less probable than everything the model reports."""
    reason: str = ""
    usage: Usage = Usage()
    money: float = 0.0
    seconds: float = 0.0
    attempts: int = 1


class Embedding(msgspec.Struct, frozen=True, kw_only=True):
    """Texts as vectors."""

    model: str
    ending: Ending
    vectors: tuple[tuple[float, ...], ...] = ()
    """One for each text in order when complete, all of the same length."""
    reason: str = ""
    usage: Usage = Usage()
    money: float = 0.0
    seconds: float = 0.0
    attempts: int = 1


class Model(Protocol):
    """A language model. Asking never raises for what happens on the other side.

    A model that lacks a capability raises :class:`telic.errors.UsageError` when asked for it.
    One event loop at a time may use it; :class:`telic.models.Blocking` is for code without one.
    """

    @property
    def name(self) -> str:
        """Name in the journal, in reports and in cassettes."""
        ...

    @property
    def capabilities(self) -> frozenset[Capability]:
        """What it can be asked for."""
        ...

    def price(self, usage: Usage) -> float | None:
        """Return what that many tokens cost, in US dollars; ``None`` if no price is known."""
        ...

    async def generate(self, prompt: Prompt) -> Reply:
        """Return the text that the model goes on with."""
        ...

    async def choice_logprobs(self, prompt: Prompt, choices: Sequence[str]) -> Choices:
        """Return how probable each choice is as the beginning of the reply.

        Choices are told apart by their first token.
        """
        ...

    async def embed(self, texts: Sequence[str]) -> Embedding:
        """Return a vector for each text."""
        ...

    async def close(self) -> None:
        """Release connections and processes; doing so twice is harmless."""
        ...


def content_key(
    model: str, question: Question, content: Prompt | Sequence[str], choices: Sequence[str] = ()
) -> str:
    """Return 32 hexadecimal characters for all that a request says: the key of its answer.

    Args:
        model: name of the model asked.
        question: which of its methods.
        content: the prompt, or the texts to embed.
        choices: of ``choice_logprobs``.
    """
    asked = content if isinstance(content, Prompt) else list(content)
    data = msgspec.msgpack.encode((model, question, asked, list(choices)))
    return hashlib.blake2b(data, digest_size=16).hexdigest()
