"""Random edits of real code parse, stay where they may, and lose no comment."""

import ast
from collections import Counter
from collections.abc import Sequence
from random import Random

import pytest

from telic.artifact import Artifact, respects_regions
from telic.operators import _arms
from telic.operators._program import Program, analyse
from telic.operators._symbolic import SymbolicOperator, changed_text
from tests.operators.corpus import comments, functions

ARMS: tuple[SymbolicOperator, ...] = (
    _arms.constants(),
    _arms.expressions(),
    _arms.statements(),
    _arms.swaps(),
    _arms.coupled(),
    _arms.burst(),
    _arms.simplify(),
    _arms.crossover(),
)
START, END = "# EVOLVE-BLOCK-START", "# EVOLVE-BLOCK-END"


def drawn(arm: SymbolicOperator, program: Program, donors: Sequence[Program], rng: Random):
    """Return a change and its text; the text of a change that does not compile is ``None``."""
    change = arm._draw(program, donors, rng)
    return change, changed_text(program, change) if change else None


def with_markers(text: str, rng: Random) -> str:
    """Put markers around some statements of a function's body, at any depth."""
    bodies: list[list[ast.stmt]] = []
    for node in ast.walk(ast.parse(text)):
        body = getattr(node, "body", None)
        if isinstance(body, list) and body and body[0].col_offset > 0:
            bodies.append(body)
    body = rng.choice(bodies)
    first = rng.randrange(len(body))
    last = rng.randrange(first, len(body))
    lines = text.splitlines(keepends=True)
    start, end = body[first].lineno - 1, body[last].end_lineno or 0
    decorators = getattr(body[first], "decorator_list", [])
    start = min([start, *(d.lineno - 1 for d in decorators)])
    pad = " " * body[first].col_offset
    return "".join(
        [*lines[:start], f"{pad}{START}\n", *lines[start:end], f"{pad}{END}\n", *lines[end:]]
    )


def check_edits(count: int, *, seed: int, marked: bool) -> Counter[str]:
    """Draw that many edits and check each; return how many of each arm there were."""
    rng = Random(seed)
    corpus = functions()
    seen: Counter[str] = Counter()
    while seen.total() < count:
        text = rng.choice(corpus)[1]
        if marked:
            text = with_markers(text, rng)
        program, donor = analyse(text), analyse(rng.choice(corpus)[1])
        if program is None:
            continue  # a marker fell where a line ends in a backslash
        assert donor is not None
        before = comments(text)
        for arm in ARMS:
            change, result = drawn(arm, program, [donor], rng)
            if change is None or result is None:
                continue
            seen[arm.name] += 1
            ast.parse(result)
            assert result != text
            assert respects_regions(Artifact.of(text), Artifact.of(result)), change.note
            taken = "\n".join(text[splice.start : splice.end] for splice in change.splices)
            for comment, missing in (before - comments(result)).items():
                assert taken.count(comment) >= missing, (arm.name, change.note, comment)
            assert change.note
    return seen


@pytest.mark.parametrize("marked", [False, True])
def test_edits_of_library_functions_hold(marked: bool) -> None:
    seen = check_edits(600, seed=1, marked=marked)

    assert set(seen) >= {"constants", "expressions", "statements", "swaps", "coupled", "burst"}


@pytest.mark.slow
def test_ten_thousand_edits_of_library_functions_hold() -> None:
    check_edits(8000, seed=2, marked=False)
    check_edits(2000, seed=3, marked=True)


@pytest.mark.parametrize("arm", ARMS[:-1], ids=lambda arm: arm.name)
def test_few_drawn_changes_do_not_compile(arm: SymbolicOperator) -> None:
    rng = Random(4)
    tried, failed = 0, 0
    for _ in range(250):
        program = analyse(rng.choice(functions())[1])
        assert program is not None
        change, result = drawn(arm, program, [], rng)
        tried += change is not None
        failed += change is not None and result is None

    assert failed <= 0.03 * tried + 1


def test_crossover_of_relatives_is_closed() -> None:
    rng = Random(5)
    expressions, crossover = _arms.expressions(), _arms.crossover()
    made = 0
    for _ in range(150):
        text = rng.choice(functions())[1]
        program = analyse(text)
        assert program is not None
        relatives = [drawn(expressions, program, [], rng)[1] for _ in range(2)]
        if None in relatives:
            continue
        first, second = (analyse(relative or "") for relative in relatives)
        assert first is not None
        assert second is not None
        change, result = drawn(crossover, first, [second], rng)
        if change is not None and result is not None:
            made += 1
            ast.parse(result)

    assert made > 10


def test_docstrings_and_annotations_are_never_edited() -> None:
    rng = Random(6)
    text = (
        'def f(x: int = 3, *rest: "list[int]") -> list[int]:\n    """Add 1 to 2."""\n'
        "    y: float = x * 2.5\n    if y > 1:\n        y = 1 + y\n    return [x, y]\n"
    )
    program = analyse(text)
    assert program is not None
    for arm in ARMS[:-1]:
        for _ in range(150):
            _, result = drawn(arm, program, [], rng)
            if result is not None:
                assert "def f(x: int = " in result
                assert ', *rest: "list[int]") -> list[int]:\n    """Add 1 to 2."""\n' in result
