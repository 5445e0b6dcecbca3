import asyncio
import logging
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import pytest

from telic.errors import UsageError
from telic.models import Embedding, Ending, Prompt, Remote, Reply, Usage, about_prices
from telic.testing import Fault, LoopbackServer

T = TypeVar("T")
KEY = "sk-telic-test-5e1f0c"
PROMPT = Prompt.chat("<PROGRAM>\nx = 1.5\n</PROGRAM>\n", system="You edit.", seed=7)


async def no_wait(seconds: float) -> None:
    del seconds


def model_at(server: LoopbackServer, *, host: str = "127.0.0.1", **settings: object) -> Remote:
    url = server.url.replace("127.0.0.1", host)
    given: dict[str, object] = {"environment": {"TELIC_API_KEY": KEY}, "sleep": no_wait}
    return Remote(model="mock", url=url, **(given | settings))  # pyright: ignore[reportArgumentType]


def asked(model: Remote, ask: Callable[[Remote], Awaitable[T]]) -> T:
    async def run() -> T:
        try:
            return await ask(model)
        finally:
            await model.close()

    return asyncio.run(run())


def generated(model: Remote, prompt: Prompt = PROMPT) -> Reply:
    return asked(model, lambda m: m.generate(prompt))


def test_a_good_answer_has_text_usage_cost_and_time() -> None:
    with LoopbackServer(reply=lambda _: "hello") as server:
        reply = generated(model_at(server, price=(1.0, 2.0)))

    assert (reply.ending, reply.text, reply.finish, reply.attempts) == (
        "complete",
        "hello",
        "stop",
        1,
    )
    assert reply.usage == Usage(100, 50)
    assert reply.money == pytest.approx(200e-6)
    assert reply.seconds > 0
    body = server.bodies[0]
    assert body["seed"] == 7
    assert body["max_tokens"] == 1024
    assert [m["role"] for m in body["messages"]] == ["system", "user"]
    assert f"Bearer {KEY}" in server.headers[0]


@pytest.mark.parametrize(
    ("fault", "ending"),
    [
        ("busy", "unavailable"),
        ("error", "unavailable"),
        ("cut", "truncated"),
        ("not json", "malformed"),
        ("wrong form", "malformed"),
        ("refusal", "refused"),
        ("filtered", "refused"),
        ("empty", "empty"),
        ("too long", "truncated"),
        ("rejected", "rejected"),
    ],
)
@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"], ids=["here", "elsewhere"])
def test_every_lasting_fault_ends_as_an_ending_with_a_reason(
    fault: Fault, ending: Ending, host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_PROXY", "*")  # an address other than loopback goes another way
    with LoopbackServer(afterwards=fault) as server:
        reply = generated(model_at(server, host=host))

    assert reply.ending == ending
    assert reply.reason
    assert KEY not in repr(reply)
    assert reply.attempts == (5 if fault in ("busy", "error", "cut") else 1)


@pytest.mark.parametrize("fault", ["hang", "drip"])
def test_no_answer_takes_longer_than_the_deadline(fault: Fault) -> None:
    with LoopbackServer(afterwards=fault) as server:
        reply = generated(model_at(server, deadline=0.3))

    assert reply.ending == "timeout"
    assert 0.25 < reply.seconds < 3.0


def test_passing_faults_are_tried_again_after_doubling_delays_with_jitter() -> None:
    waits: list[float] = []

    async def waited(seconds: float) -> None:
        waits.append(seconds)

    with LoopbackServer(faults=("busy", "error", "cut", None), reply=lambda _: "at last") as server:
        reply = generated(model_at(server, sleep=waited))
        again: list[float] = list(waits)
        waits.clear()
        server.faults = (*(None,) * 4, "busy", "error", "cut", None)
        generated(model_at(server, sleep=waited))

    assert (reply.ending, reply.attempts) == ("complete", 4)
    assert [0.5 * 2**n * 0.5 <= w <= 0.5 * 2**n for n, w in enumerate(again)] == [True] * 3
    assert waits == again


def test_a_server_that_asks_for_patience_gets_it() -> None:
    waits: list[float] = []

    async def waited(seconds: float) -> None:
        waits.append(seconds)

    with LoopbackServer(faults=("busy", None), retry_after=20) as server:
        generated(model_at(server, sleep=waited))

    assert waits == [20.0]


def test_a_server_that_asks_for_more_time_than_there_is_is_given_up() -> None:
    with LoopbackServer(afterwards="busy", retry_after=1000) as server:
        reply = generated(model_at(server, deadline=5.0))

    assert (reply.ending, reply.attempts) == ("unavailable", 1)


def test_a_server_that_is_not_there_is_unavailable() -> None:
    with LoopbackServer() as server:
        model = model_at(server)

    assert generated(model).ending == "unavailable"


def test_no_more_requests_are_open_than_allowed() -> None:
    async def many(model: Remote) -> list[Reply]:
        return await asyncio.gather(*(model.generate(PROMPT) for _ in range(12)))

    with LoopbackServer(delay=0.02) as server:
        replies = asked(model_at(server, concurrency=3), many)

    assert [reply.ending for reply in replies] == ["complete"] * 12
    assert server.most_open == 3


def test_an_address_that_is_none_is_a_fault_of_the_caller() -> None:
    with pytest.raises(UsageError, match="address"):
        Remote(model="mock", url="localhost:80", environment={})


def test_a_grammar_is_refused_where_the_server_takes_none() -> None:
    with pytest.raises(UsageError, match="grammar"):
        generated(
            Remote(model="mock", url="http://127.0.0.1:9", environment={}),
            Prompt(text="a", grammar='root ::= "a"'),
        )


def test_the_key_is_neither_shown_nor_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with LoopbackServer(faults=("error", "rejected")) as server:
        model = model_at(server)
        reply = generated(model)

    assert "[key]" in reply.reason
    assert KEY not in caplog.text
    assert KEY not in repr(model)
    assert any(KEY in head for head in server.headers)


def embedded(model: Remote) -> Embedding:
    return asked(model, lambda m: m.embed(["abba", "ABBA", "zoo"]))


def test_vectors_come_in_the_order_of_the_texts_with_their_cost() -> None:
    with LoopbackServer() as server:
        found = embedded(model_at(server, embeds=True, price=(10.0, 0.0)))

    first, second, third = found.vectors
    assert found.ending == "complete"
    assert first == second
    assert (first[0], first[1], third[14], third[25]) == (2.0, 2.0, 2.0, 1.0)
    assert (found.usage.prompt, found.usage.reply) == (100, 0)
    assert found.money == pytest.approx(0.001)
    assert server.bodies[0]["input"] == ["abba", "ABBA", "zoo"]


@pytest.mark.parametrize(
    ("fault", "ending"),
    [
        ("not json", "malformed"),
        ("wrong form", "malformed"),
        ("empty", "malformed"),
        ("error", "unavailable"),
        ("cut", "truncated"),
        ("rejected", "rejected"),
        ("hang", "timeout"),
    ],
)
def test_a_fault_ends_as_an_answer_without_vectors(fault: Fault, ending: Ending) -> None:
    with LoopbackServer(afterwards=fault) as server:
        found = embedded(model_at(server, embeds=True, attempts=2, deadline=1.0))

    assert (found.ending, found.vectors) == (ending, ())
    assert found.reason


def test_list_prices_hold_for_dated_names_and_given_prices_come_first() -> None:
    def cost(name: str, **settings: object) -> float | None:
        remote = Remote(model=name, url="https://example.invalid", environment={}, **settings)  # pyright: ignore[reportArgumentType]
        return remote.price(Usage(1_000_000, 1_000_000))

    assert cost("gpt-4o-mini") == pytest.approx(0.75)
    assert cost("openai/gpt-4o-mini-2024-07-18") == pytest.approx(0.75)
    assert cost("gpt-4o-mini", price=(1, 1)) == pytest.approx(2.0)
    assert cost("somebody-elses") is None
    assert cost("gpt-4o-minister") is None
    assert cost("claude-opus-4-20250514") == pytest.approx(90.0)
    assert cost("anthropic/claude-opus-4.5") == pytest.approx(30.0)
    assert cost("claude-opus-4-99") is None


def test_a_file_of_own_prices_comes_before_the_list_and_after_a_given_price(
    tmp_path: Path,
) -> None:
    file = tmp_path / "prices.toml"
    file.write_text('"gpt-4o-mini" = [1, 2.5]\n"my-model" = [0.5, 0.5]\n')

    def cost(name: str, url: str = "https://example.invalid", **settings: object) -> float | None:
        given = {"TELIC_PRICES": str(file)}
        remote = Remote(model=name, url=url, environment=given, **settings)  # pyright: ignore[reportArgumentType]
        return remote.price(Usage(1_000_000, 1_000_000))

    assert cost("gpt-4o-mini") == pytest.approx(3.5)
    assert cost("gpt-4o-mini", price=(1, 1)) == pytest.approx(2.0)
    assert cost("my-model", "http://127.0.0.1:1/v1") == pytest.approx(1.0)
    assert cost("other", "http://127.0.0.1:1/v1") == 0.0
    assert cost("gpt-4o") == pytest.approx(12.5)
    assert "2 of your own" in about_prices({"TELIC_PRICES": str(file)})


@pytest.mark.parametrize("text", ['"m" = 1', '"m" = [1]', '"m" = [1, -1]', "m ="])
def test_own_prices_that_are_none_are_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "prices.toml"
    file.write_text(text)

    with pytest.raises(UsageError, match=r"prices\.toml"):
        about_prices({"TELIC_PRICES": str(file)})


def test_the_list_says_of_when_it_is() -> None:
    said = about_prices({})

    assert re.search(r"as of \d{4}-\d{2}-\d{2} \(https://", said)
    assert "not checked" in said
