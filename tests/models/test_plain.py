import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

import pytest

from telic.models._plain import PlainClient, PlainError, PlainResponse

T = TypeVar("T")


def served(
    answers: Sequence[bytes | None], use: Callable[[PlainClient], Awaitable[T]]
) -> tuple[T, int]:
    """Use a client of a server that gives these answers in turn; return connections too.

    ``None`` closes the connection in answer to a request, and so does all but a plain answer.
    """

    async def run() -> tuple[T, int]:
        left, connections = list(answers), 0

        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal connections
            connections += 1
            try:
                while left:
                    head = await reader.readuntil(b"\r\n\r\n")
                    length = int(head.lower().partition(b"content-length:")[2].split()[0])
                    await reader.readexactly(length)
                    content = left.pop(0)
                    if content is None:
                        return
                    writer.write(content)
                    await writer.drain()
                    if not content.startswith(b"HTTP/1.1 200 OK\r\nContent-Length"):
                        return
            except asyncio.IncompleteReadError:
                return
            finally:
                writer.close()

        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        client = PlainClient(f"http://127.0.0.1:{port}/v1", {"x-test": "yes"})
        try:
            return await use(client), connections
        finally:
            await client.aclose()
            server.close()

    return asyncio.run(run())


async def asked(client: PlainClient, count: int = 1) -> list[PlainResponse]:
    return [await client.post("/ask", b"question") for _ in range(count)]


def whole(text: bytes, *lines: bytes) -> bytes:
    length = b"Content-Length: %d" % len(text)
    return b"\r\n".join((b"HTTP/1.1 200 OK", length, *lines, b"", text))


def test_one_connection_serves_one_question_after_the_other() -> None:
    answers, connections = served([whole(b"a"), whole(b"bc")], lambda c: asked(c, 2))

    assert [answer.text for answer in answers] == ["a", "bc"]
    assert connections == 1


def test_questions_at_once_have_connections_of_their_own() -> None:
    async def both(client: PlainClient) -> list[PlainResponse]:
        return list(await asyncio.gather(client.post("/ask", b"1"), client.post("/ask", b"2")))

    answers, connections = served([whole(b"a"), whole(b"b")], both)

    assert sorted(answer.text for answer in answers) == ["a", "b"]
    assert connections == 2


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\nabcde",
        b"HTTP/1.1 100 Continue\r\n\r\n" + whole(b"abcde"),
        b"HTTP/1.0 200\r\ncontent-length: 5\r\n\r\nabcde",
    ],
    ids=["in chunks", "up to the end", "after a word before", "of the old version"],
)
def test_bodies_of_every_form_are_read(answer: bytes) -> None:
    (read,), _ = served([answer], asked)

    assert (read.status_code, read.content) == (200, b"abcde")


@pytest.mark.parametrize("last", [b"Connection: close", b"X: y"])
def test_a_connection_that_the_server_closes_is_replaced(last: bytes) -> None:
    answers, connections = served(
        [whole(b"a", last), None, whole(b"b")][:: 1 + (b"close" in last)], lambda c: asked(c, 2)
    )

    assert [answer.text for answer in answers] == ["a", "b"]
    assert connections == 2


@pytest.mark.parametrize(
    "answer",
    [
        None,
        b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf",
        b"HTTP/1.1 200 OK\r\ncontent-length: nine\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nfffffffff\r\n",
        b"SSH-2.0 content-length\r\n\r\n",
    ],
)
def test_what_is_no_whole_answer_is_an_error(answer: bytes | None) -> None:
    async def failing(client: PlainClient) -> bool:
        with pytest.raises(PlainError) as caught:
            await asked(client)
        return caught.value.has_begun

    has_begun, _ = served([answer, answer], failing)

    assert has_begun


def test_half_an_answer_on_an_old_connection_is_not_asked_for_again() -> None:
    half = b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n"

    async def failing(client: PlainClient) -> None:
        await asked(client)
        with pytest.raises(PlainError):
            await asked(client)

    # The server would give the third answer if it was asked once more.
    left = [whole(b"a"), half + b"half", whole(b"paid twice")]

    _, connections = served(left, failing)

    assert connections == 1


def test_no_server_is_told_from_one_that_breaks_off() -> None:
    client = PlainClient("http://127.0.0.1:9/v1", {})

    with pytest.raises(PlainError) as caught:
        asyncio.run(asked(client))

    assert not caught.value.has_begun
