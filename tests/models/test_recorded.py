import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

import pytest

from telic.errors import ReplayError, StorageError, UsageError
from telic.models import Blocking, Prompt, Recorded, Remote, Reply, Scripted
from telic.testing import LoopbackServer

T = TypeVar("T")
PROMPT = Prompt.chat("Improve this.\nx = 1\n", system="You edit.", seed=3)


def done(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(work)


def recorded(path: Path, *prompts: Prompt) -> list[Reply]:
    model = Recorded(path=path, model=Scripted(lambda p: f"seed {p.seed}"), mode="record")
    return [done(model.generate(prompt)) for prompt in prompts]


def test_a_cassette_gives_again_what_it_heard_without_the_model(tmp_path: Path) -> None:
    path = tmp_path / "tape" / "a.jsonl"
    other = Prompt.chat("Improve this.\nx = 1\n", system="You edit.", seed=4)
    said = recorded(path, PROMPT, other)

    alone = Recorded(path=path, name="scripted")

    assert [done(alone.generate(p)) for p in (PROMPT, other)] == said
    assert [reply.text for reply in said] == ["seed 3", "seed 4"]


def test_log_probabilities_are_kept_too(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    model = Scripted(scores=lambda _, choices: [-0.5 * (i + 1) for i in range(len(choices))])
    said = done(Recorded(path=path, model=model, mode="record").choice_logprobs(PROMPT, ("a", "b")))

    alone = Recorded(path=path, name="scripted")

    assert done(alone.choice_logprobs(PROMPT, ("a", "b"))) == said
    with pytest.raises(ReplayError):
        done(alone.choice_logprobs(PROMPT, ("b", "a")))


def test_an_unknown_request_is_refused_with_its_difference(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    recorded(path, PROMPT)
    changed = Prompt.chat("Improve this.\nx = 2\n", system="You edit.", seed=3)
    colder = Prompt.chat("Improve this.\nx = 1\n", system="You edit.", seed=3, temperature=0.0)

    alone = Recorded(path=path, name="scripted")

    with pytest.raises(ReplayError, match=r"line 3 was 'x = 1' and is 'x = 2'"):
        done(alone.generate(changed))
    with pytest.raises(ReplayError, match="settings"):
        done(alone.generate(colder))


def test_what_is_known_is_not_asked_again(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    recorded(path, PROMPT)
    inner = Scripted(lambda _: "new")
    model = Recorded(path=path, model=inner, mode="replay")

    known = done(model.generate(PROMPT))
    new = done(model.generate(Prompt.chat("Else")))
    again = done(model.generate(Prompt.chat("Else")))

    assert [known.text, new.text, again.text] == ["seed 3", "new", "new"]
    assert len(inner.asked) == 1


def test_half_a_line_of_a_killed_process_is_forgotten(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    recorded(path, PROMPT)
    path.write_bytes(path.read_bytes() + b'{"key": "12')

    model = Recorded(path=path, model=Scripted(lambda _: "new"), mode="replay")
    done(model.generate(Prompt.chat("Else")))

    again = Recorded(path=path, name="scripted")
    assert done(again.generate(PROMPT)).text == "seed 3"
    assert done(again.generate(Prompt.chat("Else"))).text == "new"


def test_a_damaged_or_missing_cassette_is_named(tmp_path: Path) -> None:
    (tmp_path / "bad.jsonl").write_text("no JSON\n")

    for name in ("bad.jsonl", "none.jsonl"):
        with pytest.raises(StorageError, match=name):
            Recorded(path=tmp_path / name, name="m")


def test_recording_needs_a_model_and_replaying_its_name(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="needs a model"):
        Recorded(path=tmp_path / "a", mode="record")
    with pytest.raises(UsageError, match="name"):
        Recorded(path=tmp_path / "a")


def test_the_key_is_in_no_cassette_even_if_the_server_says_it(tmp_path: Path) -> None:
    key = "sk-telic-cassette-77aa"
    path = tmp_path / "said.jsonl"
    with LoopbackServer(faults=("rejected",)) as server:
        remote = Remote(model="m", url=server.url, environment={"TELIC_API_KEY": key}, embeds=True)
        with Blocking(Recorded(path=path, model=remote, mode="record")) as model:
            refused = model.generate(Prompt.chat("Hello"))
            model.generate(Prompt.chat("<PROGRAM>\nx = 1\n</PROGRAM>\n"))
            model.embed(["a"])

    assert all(key in head for head in server.headers)
    assert "[key]" in refused.reason
    assert len(path.read_bytes().splitlines()) == 3
    assert key.encode() not in path.read_bytes()
