"""A model without a model: it changes the program that it is shown, and nothing else."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telic import Artifact, Budget, Component, Plan, Problem, evolve
from telic.engine.models import model_component
from telic.errors import UsageError
from telic.models import Blocking, Message, Prompt
from telic.models._mutations import broken, changed, renamed
from telic.models.mutator import Mutator
from telic.operators.llm._operator import edited
from telic.scoring import Case
from telic.seeding import stream

TEXT = """import math


def area(radius, times=2):
    total = 0
    for step in range(times):
        total += math.pi * radius**2 - step / 3
    return math.sqrt(total) if total > 1.5 else total
"""
MARKED = f"import math\n# EVOLVE-BLOCK-START\n{TEXT}# EVOLVE-BLOCK-END\nprint(area(2))\n"


def prompt(program: str = TEXT, seed: int = 0) -> Prompt:
    return Prompt.chat(f"Improve it.\n<PROGRAM ab file=a.py>\n{program}</PROGRAM ab>\n", seed=seed)


def replied(model: Mutator, asked: Prompt) -> str:
    with Blocking(model) as blocking:
        return blocking.generate(asked).text


def made(program: str, seed: int, *, strength: float = 1.0, repeats: float = 0.0) -> str:
    reply = replied(Mutator(strength=strength, repeats=repeats), prompt(program, seed))
    return edited(Artifact.of(program, "a.py"), reply).text


def result(text: str, argument: float) -> float:
    names: dict[str, object] = {}
    exec(text, names)
    return names["area"](argument)  # type: ignore[operator]


@given(st.integers(0, 10_000))
@settings(max_examples=40, deadline=None)
def test_every_reply_is_another_program_that_compiles(seed: int):
    text = made(TEXT, seed)

    compile(text, "a.py", "exec")
    assert ast.dump(ast.parse(text)) != ast.dump(ast.parse(TEXT))


def test_the_request_alone_decides_the_reply():
    first, again = Mutator(), Mutator()

    assert replied(first, prompt()) == replied(again, prompt())
    assert len({replied(first, prompt(seed=seed)) for seed in range(10)}) > 5
    assert replied(first, prompt()) != replied(Mutator(name="other"), prompt())


@given(st.integers(0, 10_000))
@settings(max_examples=20, deadline=None)
def test_text_outside_the_markers_stays(seed: int):
    text = made(MARKED, seed)

    assert text.startswith("import math\n# EVOLVE-BLOCK-START\n")
    assert text.endswith("# EVOLVE-BLOCK-END\nprint(area(2))\n")
    assert text != MARKED


def test_a_block_inside_a_function_keeps_its_depth():
    program = (
        "def f(x):\n    # EVOLVE-BLOCK-START\n    y = x + 1\n    # EVOLVE-BLOCK-END\n    return y\n"
    )

    text = made(program, 3)

    compile(text, "a.py", "exec")
    assert text.splitlines()[2].startswith("    ")


@pytest.mark.parametrize("seed", range(8))
def test_a_weak_reply_parses_and_fails_when_it_runs(seed: int):
    text = broken(TEXT, stream(seed, "test"))

    assert text is not None
    with pytest.raises(NameError):
        result(text, 2.0)


@pytest.mark.parametrize("seed", range(8))
def test_a_reply_that_says_nothing_new_computes_the_same(seed: int):
    text = renamed(TEXT, stream(seed, "test"))

    assert text is not None
    assert text != f"{ast.unparse(ast.parse(TEXT))}\n"
    assert result(text, 2.0) == result(TEXT, 2.0)


def test_the_shares_are_what_they_say():
    def share(strength: float, repeats: float = 0.0) -> float:
        bad = 0
        for seed in range(200):
            bad += "value_" in made(TEXT, seed, strength=strength, repeats=repeats)
        return bad / 200

    assert share(1.0) == 0.0
    assert 0.6 < share(0.25) < 0.9
    assert share(0.0) == 1.0
    assert share(0.0, repeats=1.0) == 0.0


@pytest.mark.parametrize("text", ["", "pass\n", "def (", "x" * 10])
def test_where_nothing_can_be_changed_it_says_so(text: str):
    assert changed(text, stream(0, "test")) is None or text == "x" * 10
    assert "```" not in replied(Mutator(), Prompt.chat("Hello"))


def test_a_program_of_calls_alone_can_be_changed_and_broken():
    text = "def f(x):\n    return math.sqrt(math.sqrt(abs(x)))\n"

    found = {changed(text, stream(seed, "test")) for seed in range(40)}

    assert None not in found
    assert "def f(x):\n    return math.sqrt(abs(x))\n" in found
    assert "value_" in (broken(text, stream(0, "test")) or "")


def test_an_edit_that_is_sent_back_is_answered_for_the_same_program():
    first = prompt()
    told = Message("user", "That does not work. Answer again.")
    again = Prompt(messages=(*first.messages, Message("assistant", "Well."), told))

    assert edited(Artifact.of(TEXT, "a.py"), replied(Mutator(), again)).text != TEXT


def test_shares_out_of_range_are_refused():
    with pytest.raises(UsageError, match="strength and repeats"):
        Mutator(strength=1.5)


def test_an_ensemble_of_two_is_named_on_the_command_line_and_improves(tmp_path: Path):
    problem = Problem(name="area", seed=Artifact.of(TEXT), entry="area", description="Grow it.")
    models = [
        model_component("mutator:name=strong"),
        model_component("mutator:name=weak,strength=0.0"),
    ]
    plan = Plan(
        seed=1,
        budget=Budget(evaluations=40),
        models=tuple(models),
        operators=tuple(
            Component("operator", "llm-rewrite", {"model": name}) for name in ("strong", "weak")
        ),
        portfolio=Component("portfolio", "asymmetric", {"cheapness": 0}),
    )

    found = evolve(
        problem,
        score=lambda output, case: -abs(float(output) - 9.0),
        cases=[Case(args=(2.0,))],
        plan=plan,
        workers=1,
        journal=tmp_path / "a.journal",
    )

    arms = found.summary.operators
    assert found.summary.seed_score is not None
    assert found.score is not None
    assert found.score > found.summary.seed_score
    assert arms["rewrite@strong"].improvements > 0
    assert arms["rewrite@weak"].improvements == 0
