"""A model server on the loopback interface that fails to order.

It speaks the OpenAI-compatible protocol as far as Telic uses it, conversations and vectors, and
can be told to answer request after request with each of the faults that real servers show.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from string import ascii_lowercase
from types import TracebackType
from typing import Any, Literal, Self

from telic.models._perturb import perturbed_reply
from telic.models.base import Message, Prompt

__all__ = ["FAULTS", "Fault", "LoopbackServer", "mock_reply"]

Fault = Literal[
    "busy",
    "error",
    "hang",
    "cut",
    "not json",
    "wrong form",
    "refusal",
    "filtered",
    "empty",
    "too long",
    "drip",
    "rejected",
]
"""``busy`` 429 with Retry-After; ``error`` 500; ``hang`` no answer at all; ``cut`` the
connection breaks in the middle of the answer; ``not json`` and ``wrong form`` 200 with
nonsense; ``refusal`` and ``filtered`` the model or a filter declines; ``empty`` no text;
``too long`` the token limit; ``drip`` a byte a second; ``rejected`` 401 with the key in it."""

FAULTS: tuple[Fault, ...] = Fault.__args__

_PROMPT_TOKENS = 100
_REPLY_TOKENS = 50


def mock_reply(body: Mapping[str, Any]) -> str:
    """Return what the mutation policy without a model says to a request."""
    messages = tuple(Message(m["role"], m["content"]) for m in body["messages"])
    return perturbed_reply(Prompt(messages=messages, seed=int(body.get("seed", 0))))


@dataclass
class LoopbackServer:
    """A server in a thread of its own; a context manager.

    Every answer counts 100 prompt tokens and 50 reply tokens.
    """

    reply: Callable[[Mapping[str, Any]], str] = mock_reply
    """Makes the text of a reply from the request's body."""
    faults: Sequence[Fault | None] = ()
    """For each request in the order of arrival; ``None`` is a good answer."""
    afterwards: Fault | None = None
    """For all further requests."""
    delay: float = 0.0
    """Seconds before each answer."""
    retry_after: float = 0.0
    """What a busy server asks for, in seconds."""
    bodies: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    """Every request so far."""
    headers: list[str] = field(default_factory=list[str])
    """Head of every request so far."""
    most_open: int = 0
    """Requests that were being answered at once, at most."""
    url: str = ""
    """Base URL, once the server is running."""
    _open: int = 0
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set[asyncio.Task[None]])

    def __enter__(self) -> Self:
        started = threading.Event()
        self._thread = threading.Thread(target=self._serve, args=(started,), daemon=True)
        self._thread.start()
        started.wait()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def _serve(self, started: threading.Event) -> None:
        loop = self._loop
        asyncio.set_event_loop(loop)
        server = loop.run_until_complete(asyncio.start_server(self._connection, "127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
        started.set()
        loop.run_forever()
        server.close()
        for task in self._tasks:
            task.cancel()
        loop.run_until_complete(asyncio.gather(*self._tasks, return_exceptions=True))
        loop.run_until_complete(asyncio.sleep(0))  # closed transports let go of their sockets
        loop.close()

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        try:
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
                while await self._exchange(reader, writer):
                    pass
        finally:
            writer.close()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Answer one request; return whether the connection stays open."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = next(
            int(line.partition(":")[2])
            for line in head.lower().splitlines()
            if line.startswith("content-length")
        )
        body = json.loads(await reader.readexactly(length))
        number = len(self.bodies)
        self.bodies.append(body)
        self.headers.append(head)
        fault = self.faults[number] if number < len(self.faults) else self.afterwards
        self._open += 1
        self.most_open = max(self.most_open, self._open)
        try:
            if self.delay:
                await asyncio.sleep(self.delay)
            return await self._answer(writer, fault, body, head)
        finally:
            self._open -= 1

    async def _answer(
        self, writer: asyncio.StreamWriter, fault: Fault | None, body: Mapping[str, Any], head: str
    ) -> bool:
        if fault == "hang":
            await asyncio.Event().wait()
        status, extra, content = self._content(fault, body, head)
        lines = (
            f"HTTP/1.1 {status}",
            "content-type: application/json",
            f"content-length: {len(content)}",
            *extra,
        )
        writer.write("\r\n".join((*lines, "", "")).encode())
        if fault == "cut":
            writer.write(content[: len(content) // 2])
            await writer.drain()
            return False
        if fault == "drip":
            for byte in content:
                writer.write(bytes((byte,)))
                await writer.drain()
                await asyncio.sleep(1.0)
        writer.write(content)
        await writer.drain()
        return True

    def _content(
        self, fault: Fault | None, body: Mapping[str, Any], head: str
    ) -> tuple[str, list[str], bytes]:
        """Return status, further headers and content."""
        if fault == "busy":
            wait = [f"retry-after: {self.retry_after:g}"]
            return "429 Too Many Requests", wait, b'{"error": {"message": "slow down"}}'
        if fault == "error":
            return "500 Internal Server Error", [], b'{"error": {"message": "out of order"}}'
        if fault == "rejected":
            sent = next((x for x in head.splitlines() if x.lower().startswith("authoriz")), "")
            told = {"error": {"message": f"incorrect API key: {sent}"}}
            return "401 Unauthorized", [], json.dumps(told).encode()
        if fault == "not json":
            return "200 OK", [], b"<html>an upstream page</html>"
        if fault == "wrong form":
            return "200 OK", [], b'{"outcome": "as you like it"}'
        if "input" in body:
            return "200 OK", [], json.dumps(_embeddings(body["input"], fault)).encode()
        return "200 OK", [], json.dumps(self._completion(fault, body)).encode()

    def _completion(self, fault: Fault | None, body: Mapping[str, Any]) -> dict[str, Any]:
        message: dict[str, Any] = {"role": "assistant", "content": ""}
        finish = {"filtered": "content_filter", "too long": "length"}.get(fault or "", "stop")
        if fault == "refusal":
            message |= {"content": None, "refusal": "I cannot help with that."}
        elif fault not in ("empty", "filtered"):
            message["content"] = self.reply(body)
        total = _PROMPT_TOKENS + _REPLY_TOKENS
        return {
            "choices": [{"index": 0, "message": message, "finish_reason": finish}],
            "usage": {
                "prompt_tokens": _PROMPT_TOKENS,
                "completion_tokens": _REPLY_TOKENS,
                "total_tokens": total,
            },
        }


def _embeddings(texts: Sequence[str], fault: Fault | None) -> dict[str, Any]:
    """Return how often each letter occurs in each text, for no text if the answer is empty."""
    rows = [[float(text.lower().count(letter)) for letter in ascii_lowercase] for text in texts]
    data = [{"index": index, "embedding": row} for index, row in enumerate(rows)]
    used = {"prompt_tokens": _PROMPT_TOKENS, "total_tokens": _PROMPT_TOKENS}
    return {"data": [] if fault == "empty" else data, "usage": used}
