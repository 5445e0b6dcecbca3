"""Posting to a server on this machine: HTTP/1.1 over connections that stay open, nothing else.

A general client costs about two milliseconds of CPU for each question, more than evaluating a
small program; this one costs a quarter of one. It speaks what local model servers speak: no
encryption, no proxy, no redirect, bodies with a length, in chunks or up to the end.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from urllib.parse import urlsplit

import msgspec

__all__ = ["PlainClient", "PlainError", "PlainResponse"]

_LONGEST_BODY = 64 * 1024 * 1024
_LONGEST_HEAD = 256 * 1024

_Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class PlainError(Exception):
    """The other side did not answer as it should."""

    def __init__(self, reason: str, *, has_begun: bool) -> None:
        super().__init__(reason)
        self.has_begun = has_begun
        """Whether a connection stood and something may have been sent over it."""


class PlainResponse(msgspec.Struct, frozen=True):
    """An answer."""

    status_code: int
    headers: Mapping[str, str]
    """Names in lower case; of repeated ones the last."""
    content: bytes

    @property
    def text(self) -> str:
        """The content, with a mark for what is no UTF-8."""
        return self.content.decode("utf-8", "replace")


class PlainClient:
    """Connections to one server.

    Args:
        url: ``http://HOST:PORT`` and a path that questions go below.
        headers: of every question.
    """

    def __init__(self, url: str, headers: Mapping[str, str]) -> None:
        parts = urlsplit(url)
        self._host, self._port = parts.hostname or "", parts.port or 80
        self._path = parts.path
        lines = [f"host: {parts.netloc}", *(f"{k}: {v}" for k, v in headers.items())]
        self._head = "\r\n".join(lines)
        self._idle: list[_Connection] = []

    async def post(self, path: str, content: bytes) -> PlainResponse:
        """Post and return the answer, whatever its status.

        A connection that the server has closed since its last answer is replaced once.

        Raises:
            PlainError: if there is no whole answer.
        """
        first = f"POST {self._path}{path} HTTP/1.1\r\n{self._head}\r\n"
        request = f"{first}content-length: {len(content)}\r\n\r\n".encode("latin-1") + content
        reused = self._still_open()
        if reused is not None:
            try:
                return await self._exchanged(reused, request)
            except (ConnectionError, asyncio.IncompleteReadError):
                pass  # closed while it was idle: nothing came back, so a new one may try
        try:
            connection = await asyncio.open_connection(self._host, self._port, limit=_LONGEST_HEAD)
        except OSError as error:
            raise PlainError(f"no connection: {error}", has_begun=False) from None
        try:
            return await self._exchanged(connection, request)
        except (OSError, asyncio.IncompleteReadError) as error:
            raise _broken(error) from None

    async def aclose(self) -> None:
        """Close the connections that stay open."""
        idle, self._idle = self._idle, []
        for _, writer in idle:
            writer.close()
        for _, writer in idle:
            try:
                await writer.wait_closed()
            except OSError:  # the other side was quicker
                continue

    def _still_open(self) -> _Connection | None:
        while self._idle:
            reader, writer = self._idle.pop()
            if not reader.at_eof() and not writer.is_closing():
                return reader, writer
            writer.close()
        return None

    async def _exchanged(self, connection: _Connection, request: bytes) -> PlainResponse:
        reader, writer = connection
        stays = False
        try:
            writer.write(request)
            await writer.drain()
            response, stays = await _answer(reader)
        finally:
            if stays:
                self._idle.append(connection)
            else:
                writer.close()
        return response


async def _answer(reader: asyncio.StreamReader) -> tuple[PlainResponse, bool]:
    """Read one answer; tell whether the connection may be used again.

    Raises:
        PlainError: if it is none, or not whole.
        IncompleteReadError: if there is nothing of it at all.
    """
    head = await _until(reader, b"\r\n\r\n")
    try:
        status, headers = _read_head(head)
        while status // 100 == 1:
            status, headers = _read_head(await _until(reader, b"\r\n\r\n"))
        is_chunked = headers.get("transfer-encoding", "").lower() == "chunked"
        length = headers.get("content-length")
        if is_chunked:
            content = await _chunks(reader)
        elif length is not None:
            content = await reader.readexactly(_size(length, 10))
        else:
            content = await reader.read(-1)
    except (ConnectionError, asyncio.IncompleteReadError) as error:
        raise _broken(error) from None
    is_delimited = is_chunked or length is not None
    closes = head.startswith(b"HTTP/1.0") or "close" in headers.get("connection", "").lower()
    return PlainResponse(status, headers, content), is_delimited and not closes


async def _until(reader: asyncio.StreamReader, end: bytes) -> bytes:
    try:
        return await reader.readuntil(end)
    except asyncio.LimitOverrunError:
        raise PlainError("a line of the answer is too long", has_begun=True) from None
    except asyncio.IncompleteReadError as error:
        if error.partial:
            raise _broken(error) from None
        raise


def _read_head(head: bytes) -> tuple[int, dict[str, str]]:
    first, *lines = head.decode("latin-1").split("\r\n")
    words = first.split(None, 2)
    if len(words) < 2 or not words[0].startswith("HTTP/1.") or not words[1].isdigit():
        raise PlainError(f"the answer is no HTTP/1: {first[:100]}", has_begun=True)
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if colon:
            headers[name.strip().lower()] = value.strip()
    return int(words[1]), headers


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    parts: list[bytes] = []
    total = 0
    while True:
        line = await _until(reader, b"\r\n")
        size = _size(line.partition(b";")[0].decode("latin-1").strip(), 16)
        if not size:
            break
        total += size
        _size(str(total), 10)
        parts.append(await reader.readexactly(size))
        await reader.readexactly(2)
    while await _until(reader, b"\r\n") != b"\r\n":
        continue  # trailers
    return b"".join(parts)


def _size(text: str, base: int) -> int:
    try:
        size = int(text, base)
    except ValueError:
        raise PlainError(f"the answer's length is no number: {text[:40]}", has_begun=True) from None
    if not 0 <= size <= _LONGEST_BODY:
        raise PlainError(f"the answer is too long: {size} bytes", has_begun=True)
    return size


def _broken(error: Exception) -> PlainError:
    return PlainError(f"the connection broke off: {error}", has_begun=True)
