"""Posting one question to a server: turns, attempts, a deadline over all of them.

The key lives in the connection's headers alone; what a server says is freed of it before
anyone sees it.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from time import monotonic
from typing import TYPE_CHECKING, Any

import msgspec

from telic import seeding
from telic.errors import UsageError
from telic.models._plain import PlainClient, PlainError, PlainResponse
from telic.models._wire import Answer

if TYPE_CHECKING:
    import httpx2

__all__ = ["Asked", "Client"]

_LOOPBACK = ("http://127.0.0.1", "http://localhost", "http://[::1]")
_BUSY = frozenset((408, 409, 425, 429))
_FIRST_DELAY = 0.5
_LONGEST_DELAY = 30.0
_REASON_LENGTH = 300


class Asked(msgspec.Struct, frozen=True):
    """An answer with what it took."""

    answer: Answer
    seconds: float
    """Wall-clock, waiting for a turn included."""
    attempts: int


class _FaultError(Exception):
    """One attempt failed."""

    def __init__(self, answer: Answer, *, helps: bool = True, wait: float = 0.0) -> None:
        super().__init__(answer.reason)
        self.answer = answer
        self.helps = helps
        """Whether another attempt may help."""
        self.wait = wait
        """Seconds that the server asks for."""


class Client:
    """Connections to one server.

    Args:
        url: base URL without a slash at its end.
        key: secret, or empty.
        concurrency: questions open at once.
        deadline: seconds for one question with all its attempts, once its turn has come.
        attempts: tries at most.
        sleep: waits between attempts.

    Raises:
        UsageError: if the address is none.
    """

    def __init__(
        self,
        url: str,
        key: str,
        *,
        concurrency: int,
        deadline: float,
        attempts: int,
        sleep: Callable[[float], Awaitable[object]],
    ) -> None:
        if not url.startswith(("http://", "https://")):
            raise UsageError(
                f"a model server's address begins with http:// or https://; got {url!r}"
            )
        self.url = url
        self.is_here = url.startswith(_LOOPBACK)
        self._key = key
        self._concurrency = concurrency
        self._deadline = deadline
        self._attempts = attempts
        self._sleep = sleep
        self._http: httpx2.AsyncClient | PlainClient | None = None
        self._turns: asyncio.Semaphore | None = None

    async def ask(
        self,
        path: str,
        body: Mapping[str, Any],
        read: Callable[[Any], Answer],
        address: str,
    ) -> Asked:
        """Ask until there is an answer; faults of the other side end as one.

        Args:
            path: below the base URL.
            body: the request as plain data.
            read: makes an answer of the server's document.
            address: of the random part of the delays between attempts.
        """
        began = monotonic()
        content = json.dumps(body).encode()
        if self._turns is None:
            self._turns = asyncio.Semaphore(self._concurrency)
        async with self._turns:
            try:
                async with asyncio.timeout(self._deadline):
                    answer, attempts = await self._try(path, content, read, address)
            except TimeoutError:
                reason = f"no answer within {self._deadline:g} s"
                answer, attempts = Answer("timeout", reason=reason), self._attempts
        clean = msgspec.structs.replace(
            answer, text=self._without_key(answer.text), reason=self._without_key(answer.reason)
        )
        return Asked(clean, monotonic() - began, attempts)

    async def close(self) -> None:
        """Close the connections; doing so twice is harmless."""
        http, self._http = self._http, None
        self._turns = None
        if http is not None:
            await http.aclose()

    async def _try(
        self, path: str, content: bytes, read: Callable[[Any], Answer], address: str
    ) -> tuple[Answer, int]:
        ends = monotonic() + self._deadline
        for attempt in range(1, self._attempts + 1):
            try:
                return read(await self._post(path, content)), attempt
            except _FaultError as fault:
                delay = max(fault.wait, _delay(address, attempt))
                is_last = attempt == self._attempts or monotonic() + delay > ends
                if is_last or not fault.helps:
                    return fault.answer, attempt
            await self._sleep(delay)
        raise AssertionError("the last attempt returns")

    async def _post(self, path: str, content: bytes) -> Any:
        """Post once and return the document.

        Raises:
            _FaultError: with the answer to give if no further attempt is made.
        """
        if self.is_here:
            response = await self._posted_here(path, content)
        else:
            response = await self._posted_away(path, content)
        if response.status_code != 200:
            raise _fault_of(response)
        try:
            return json.loads(response.content)
        except (ValueError, RecursionError):
            return {"not JSON": response.text[:_REASON_LENGTH]}

    async def _posted_here(self, path: str, content: bytes) -> PlainResponse:
        """Post to this machine, where the time that a general client takes would show."""
        if not isinstance(self._http, PlainClient):
            self._http = PlainClient(self.url, self._headers())
        try:
            return await self._http.post(path, content)
        except PlainError as error:
            ending = "truncated" if error.has_begun else "unavailable"
            raise _FaultError(Answer(ending, reason=str(error))) from None

    async def _posted_away(self, path: str, content: bytes) -> PlainResponse:
        import httpx2

        if not isinstance(self._http, httpx2.AsyncClient):
            self._http = httpx2.AsyncClient(
                headers=self._headers(),
                timeout=None,
                limits=httpx2.Limits(max_connections=None, max_keepalive_connections=None),
                verify=self.url.startswith("https:"),
            )
        try:
            response = await self._http.post(self.url + path, content=content)
        except (httpx2.RemoteProtocolError, httpx2.ReadError, httpx2.DecodingError) as error:
            raise _FaultError(
                Answer("truncated", reason=f"the connection broke off: {error}")
            ) from None
        except httpx2.HTTPError as error:
            reason = f"{type(error).__name__}: {error}".rstrip(": ")
            raise _FaultError(Answer("unavailable", reason=reason)) from None
        return PlainResponse(response.status_code, response.headers, response.content)

    def _headers(self) -> dict[str, str]:
        headers = {"content-type": "application/json"}
        if self._key:
            headers["authorization"] = f"Bearer {self._key}"
        return headers

    def _without_key(self, text: str) -> str:
        return text.replace(self._key, "[key]") if self._key else text


def _fault_of(response: PlainResponse) -> _FaultError:
    """Return what a status other than 200 means."""
    status = response.status_code
    reason = f"HTTP {status}: {response.text[:_REASON_LENGTH].strip()}"
    if status in _BUSY or status >= 500:
        wait = _asked_wait(response.headers)
        return _FaultError(Answer("unavailable", reason=reason), wait=wait)
    return _FaultError(Answer("rejected", reason=reason), helps=False)


def _asked_wait(headers: Mapping[str, str]) -> float:
    """Return the seconds that a busy server asks for; a date instead of seconds counts as 0."""
    for name, unit in (("retry-after-ms", 1e-3), ("retry-after", 1.0)):
        try:
            wait = float(headers.get(name, "")) * unit
        except ValueError:
            continue
        if wait >= 0:
            return wait
    return 0.0


def _delay(address: str, attempt: int) -> float:
    """Return the seconds before the next attempt: doubling, with jitter of its own address."""
    longest = min(_LONGEST_DELAY, _FIRST_DELAY * 2 ** (attempt - 1))
    return longest * (0.5 + 0.5 * seeding.stream(0, "retry", address, attempt).random())
