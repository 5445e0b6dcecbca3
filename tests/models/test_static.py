"""Static vectors: likeness without a network, and no words from what has none."""

from __future__ import annotations

import math
import socket
from pathlib import Path

import pytest

from telic import Artifact, Budget, Component, Journal, Plan, Problem
from telic.engine.models import model_component, with_models
from telic.errors import UsageError
from telic.models import Blocking, Prompt, StaticVectors, missing_for_vectors
from telic.problem import NoveltyPlan
from telic.scoring import Case
from telic.testing import LoopbackServer
from tests.engine.test_models import ASKED, run
from tests.engine.test_novelty import FIRST

needs_vectors = pytest.mark.skipif(bool(missing_for_vectors()), reason=missing_for_vectors())


def cosine(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    return math.fsum(a * b for a, b in zip(one, other, strict=True)) / (
        math.hypot(*one) * math.hypot(*other)
    )


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("nothing may be asked over a network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@needs_vectors
@pytest.mark.usefixtures("no_network")
def test_texts_on_one_topic_are_nearer_than_others() -> None:
    texts = [
        "The cat slept on the sofa.",
        "A kitten is asleep on the couch.",
        "Interest rates rose by a quarter of a percent.",
    ]

    with Blocking(StaticVectors()) as model:
        first, again = model.embed(texts), model.embed(texts)

    near, far = cosine(*first.vectors[:2]), cosine(first.vectors[0], first.vectors[2])
    assert first.ending == "complete"
    assert first.vectors == again.vectors
    assert {len(vector) for vector in first.vectors} == {256}
    assert near > far + 0.2


@needs_vectors
def test_it_says_nothing_and_becomes_no_arm() -> None:
    with Blocking(StaticVectors()) as model, pytest.raises(UsageError, match="no replies"):
        model.generate(Prompt.chat("Say hi"))
    models = [model_component("wordllama"), model_component("scripted")]

    arms = with_models([Component("operator", "llm-notes")], models)

    assert {arm.arguments["model"] for arm in arms} == {"scripted"}
    assert with_models((), models[:1]) == ()


@needs_vectors
def test_it_is_asked_about_suspicious_proposals_in_a_run(tmp_path: Path) -> None:
    def reply(body: dict[str, object]) -> str:
        return f"Another.\n```python\n{FIRST.replace('1', str(int(str(body['seed'])) % 97))}```"

    problem = Problem(name="square", seed=Artifact.of(FIRST), entry="f", description="Square.")
    with LoopbackServer(reply=reply) as server:  # pyright: ignore[reportArgumentType]
        settings = {"model": "mock", "url": server.url, "attempts": 1, "deadline": 3.0}
        given = Plan(
            budget=Budget(evaluations=4, tokens=20_000),
            models=(Component("model", "openai", settings), model_component("wordllama")),
            operators=(Component("operator", "llm-rewrite", dict(ASKED)),),
            novelty=NoveltyPlan(similarity=0.3, embed="wordllama", cosine=0.5),
        )
        result = run(
            given,
            tmp_path / "a.journal",
            problem=problem,
            score=lambda output, case: float(output),
            cases=[Case(args=(3,))],
        )

    with Journal.read(result.journal) as journal:
        endings = {answer.ending for answer in journal.answers() if answer.model == "wordllama"}
    assert endings == {"complete"}
    assert result.summary.refused is not None
    assert result.summary.refused.embedding > 0


@pytest.mark.skipif(not missing_for_vectors(), reason="the package is installed")
def test_without_the_package_it_says_what_to_install() -> None:
    with pytest.raises(UsageError, match=r"pip install 'telic\[embed\]'"):
        StaticVectors()
