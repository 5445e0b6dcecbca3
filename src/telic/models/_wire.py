"""The OpenAI-compatible form of questions and answers: pure functions from and to plain data."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from telic.errors import UsageError
from telic.models.base import Ending, Prompt, Usage

__all__ = [
    "Answer",
    "choice_body",
    "estimated_tokens",
    "generate_body",
    "read_choices",
    "read_text",
    "read_vectors",
]

_BYTES_A_TOKEN = 3
"""Rather few, so that an estimate is rather too high: source code has 3 to 4."""


class Answer(msgspec.Struct, frozen=True):
    """What a server's document says, before names, costs and times are added."""

    ending: Ending
    text: str = ""
    reason: str = ""
    finish: str = ""
    usage: Usage = Usage()
    logprobs: tuple[float, ...] = ()
    vectors: tuple[tuple[float, ...], ...] = ()


def estimated_tokens(text: str) -> int:
    """Return how many tokens a text has at most, roughly."""
    return math.ceil(len(text.encode("utf-8", "replace")) / _BYTES_A_TOKEN)


def generate_body(prompt: Prompt, token_field: str) -> dict[str, Any]:
    """Return what is posted to ``chat/completions``, or to ``completions`` for a plain text."""
    body: dict[str, Any] = {token_field if prompt.messages else "max_tokens": prompt.most_tokens}
    if prompt.messages:
        body["messages"] = [{"role": m.role, "content": m.text} for m in prompt.messages]
    else:
        body["prompt"] = prompt.text
    if prompt.temperature is not None:
        body["temperature"] = prompt.temperature
    if prompt.seed:
        body["seed"] = prompt.seed
    if prompt.stop:
        body["stop"] = list(prompt.stop)
    if prompt.grammar:
        body["grammar"] = prompt.grammar
    return body


def choice_body(prompt: Prompt, token_field: str, top: int) -> dict[str, Any]:
    """Return what asks for the probabilities of the first token."""
    body = generate_body(msgspec.structs.replace(prompt, most_tokens=1, stop=()), token_field)
    if prompt.messages:
        return body | {"logprobs": True, "top_logprobs": top}
    return body | {"logprobs": top}


def read_text(document: Any, prompt: Prompt) -> Answer:
    """Return the text of a completion and how it ended."""
    usage = _usage(document, prompt)
    choice = _first_choice(document)
    if choice is None:
        return Answer("malformed", reason=f"no choices in the answer: {_brief(document)}")
    finish = str(choice.get("finish_reason") or "")
    message = choice.get("message") if prompt.messages else choice
    if not isinstance(message, Mapping):
        return Answer("malformed", reason=f"no message in the answer: {_brief(document)}")
    content = message.get("content" if prompt.messages else "text")
    refusal = message.get("refusal")
    if not isinstance(content, str | None):
        return Answer("malformed", reason=f"the reply is no text: {_brief(content)}", usage=usage)
    text = _without_beginning(content or "", prompt)
    if usage.reply == 0 and text:
        usage = msgspec.structs.replace(usage, reply=estimated_tokens(text))
    if refusal or finish == "content_filter":
        reason = str(refusal or "stopped by the provider's content filter")
        return Answer("refused", text, reason, finish, usage)
    if finish == "length":
        return Answer("truncated", text, "the reply reached its token limit", finish, usage)
    if not text.strip():
        return Answer("empty", text, "the reply has no text", finish, usage)
    return Answer("complete", text, "", finish, usage)


def read_choices(document: Any, prompt: Prompt, choices: Sequence[str]) -> Answer:
    """Return the log-probability of each choice as the beginning of the reply.

    A choice has the probability of all reported tokens that begin it. Tokens are compared
    without the blank that many vocabularies put before a word.

    Raises:
        UsageError: if a reported token begins two of the choices.
    """
    usage = _usage(document, prompt)
    choice = _first_choice(document)
    reported = choice.get("logprobs") if choice else None
    tokens = _top_tokens(reported) if isinstance(reported, Mapping) else None
    if not tokens:
        return Answer("malformed", reason=f"no log-probabilities: {_brief(document)}", usage=usage)
    totals = [0.0] * len(choices)
    for token, logprob in tokens:
        begun = [i for i, text in enumerate(choices) if token and _begins(text, token)]
        if len(begun) > 1:
            names = " and ".join(repr(choices[i]) for i in begun)
            raise UsageError(
                f"choices {names} both begin with the token {token!r}; choose other words"
            )
        for i in begun:
            totals[i] += math.exp(min(logprob, 0.0))
    logprobs = tuple(math.log(min(t, 1.0)) if t > 0 else -math.inf for t in totals)
    return Answer("complete", usage=usage, logprobs=logprobs)


def read_vectors(document: Any, count: int) -> Answer:
    """Return the vectors of an embeddings answer, in the order of the texts."""
    try:
        rows = sorted(document["data"], key=lambda row: row.get("index", 0))
        vectors = tuple(tuple(float(x) for x in row["embedding"]) for row in rows)
    except (KeyError, TypeError, ValueError, AttributeError):
        return Answer("malformed", reason=f"no vectors in the answer: {_brief(document)}")
    if len(vectors) != count or len({len(vector) for vector in vectors}) > 1:
        return Answer("malformed", reason=f"{len(vectors)} vectors for {count} texts")
    return Answer("complete", usage=_usage(document, None), vectors=vectors)


def _usage(document: Any, prompt: Prompt | None) -> Usage:
    """Return the tokens that the server counted, or an estimate for the prompt."""
    said = document.get("usage") if isinstance(document, Mapping) else None
    if isinstance(said, Mapping):
        asked, replied = said.get("prompt_tokens"), said.get("completion_tokens", 0)
        if isinstance(asked, int) and isinstance(replied, int) and min(asked, replied) >= 0:
            return Usage(asked, replied)
    if prompt is None:
        return Usage()
    return Usage(estimated_tokens(prompt.text + "".join(m.text for m in prompt.messages)))


def _first_choice(document: Any) -> Mapping[str, Any] | None:
    choices = document.get("choices") if isinstance(document, Mapping) else None
    if isinstance(choices, Sequence) and choices and isinstance(choices[0], Mapping):
        return choices[0]
    return None


def _top_tokens(reported: Mapping[str, Any]) -> list[tuple[str, float]] | None:
    """Return the likeliest first tokens, in either of the two forms that are in use."""
    content = reported.get("content")
    try:
        if content:
            return [(t["token"], float(t["logprob"])) for t in content[0]["top_logprobs"]]
        return [(str(t), float(p)) for t, p in reported["top_logprobs"][0].items()]
    except (KeyError, IndexError, TypeError, ValueError, AttributeError):
        return None


def _begins(choice: str, token: str) -> bool:
    bare = token.strip()
    return bool(bare) and choice.strip().startswith(bare)


def _without_beginning(text: str, prompt: Prompt) -> str:
    """Remove the reply's given beginning, which some servers repeat."""
    last = prompt.messages[-1] if prompt.messages else None
    return text.removeprefix(last.text) if last and last.role == "assistant" else text


def _brief(document: Any) -> str:
    return repr(document)[:200]
