"""Grafting brings a block and its call into a program, and nothing else changes."""

from __future__ import annotations

import ast
import re
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from telic.artifact import Artifact, respects_regions
from telic.component import Component
from telic.errors import UsageError
from telic.operators._graft import graft
from telic.operators._graft_fit import called, wrapped
from telic.operators._graft_library import BUNDLED, load_library
from telic.operators._program import analyse
from telic.operators._symbolic import changed_text
from telic.registry import build
from tests.operators.corpus import comments, functions

LIBRARY = load_library("")
PROGRAM = '''"""Places points."""

FIXED = 1  # frozen

# EVOLVE-BLOCK-START
import numpy as np


def spread(points):
    """Judge."""
    return float(np.min(np.abs(points - 0.5)))  # the least


# Says where.
def place():
    return np.array([0.1, 0.4, 0.9])  # start


# EVOLVE-BLOCK-END


def entry():
    points = place()
    return spread(points)
'''


def grafted(name: str, text: str = PROGRAM, draws: int = 100) -> set[str]:
    """Return the programs that some draws of grafting one block give."""
    program = analyse(text)
    assert program is not None
    block, rng = LIBRARY.blocks[name], Random(0)
    edit = wrapped if block.is_wrapper else called
    found: set[str] = set()
    for _ in range(draws):
        change = edit(program, LIBRARY, block, rng)
        result = changed_text(program, change) if change else None
        if result is not None:
            found.add(result)
    return found


def run(text: str, call: str) -> Any:
    namespace: dict[str, object] = {}
    exec(compile(text, "<program>", "exec", dont_inherit=True), namespace)
    return eval(call, namespace)


def test_a_search_is_grafted_on_a_value_with_an_objective_of_the_program() -> None:
    results = grafted("local_search")

    better = [r for r in results if "local_search(np.array([0.1, 0.4, 0.9]), spread)" in r]
    assert better
    assert all("    rounds=40,\n    step=0.1,\n):" in result for result in better)
    assert run(better[0], "entry()") > run(PROGRAM, "entry()")


def test_the_block_goes_above_the_comment_of_the_function_that_uses_it() -> None:
    for result in grafted("anneal"):
        assert "# Says where.\ndef place" in result
        assert result.index("# EVOLVE-BLOCK-START\n") < result.index("def anneal(")
        assert result.index("def anneal(") < result.index("# EVOLVE-BLOCK-END")


def test_imports_come_along_only_when_they_are_missing() -> None:
    (annealed, *_) = grafted("anneal")
    assert annealed.count("import numpy") == 1
    assert annealed.count("import math") == 1
    assert "Callable" not in annealed

    plain = "def f(values):\n    total = sum(values)\n    return [v / total for v in values]\n"
    (first, *_) = grafted("swap_search", "def g(o):\n    return len(o)\n\n\n" + plain)
    assert "import" not in first


def test_a_function_is_memoised_once() -> None:
    text = "def slow(n):\n    return n * 2.0\n\n\ndef f(n):\n    return slow(n) + slow(n)\n"
    results = grafted("memoise", text)

    assert any("@memoise\ndef slow(n):" in result for result in results)
    for result in results:
        assert run(result, "f(3)") == 12.0
        assert not any(r.count("@memoise") > 2 for r in grafted("memoise", result))


def test_a_block_that_is_there_already_is_called_and_not_defined_again() -> None:
    (once, *_) = grafted("polynomial", "def f(x):\n    return x * 2.0\n")
    again = grafted("polynomial", once)

    assert again
    assert all(result.count("def polynomial(") == 1 for result in again)


def test_a_taken_name_is_left_alone() -> None:
    assert grafted("polynomial", "def polynomial():\n    return 1.0\n\n\nx = 2.0\n") == set()


def test_outside_the_regions_nothing_changes() -> None:
    for name in LIBRARY.public:
        for result in grafted(name, draws=20):
            assert respects_regions(Artifact.of(PROGRAM), Artifact.of(result))


@pytest.mark.parametrize("name", LIBRARY.public)
def test_every_block_says_what_it_fits(name: str) -> None:
    block = LIBRARY.blocks[name]

    assert block.returned != "any"
    assert "any" not in block.parameters


@pytest.mark.parametrize(
    "name", ["local_search", "coordinate_search", "anneal", "multi_start", "polish_freely"]
)
def test_searches_never_lose_and_find_a_near_optimum(name: str) -> None:
    search = run(_whole(name), name)
    start = np.array([[0.4, -0.3], [0.2, 0.1]])

    def objective(x: np.ndarray) -> float:
        return -float(((x - 0.25) ** 2).sum())

    found = search(start, objective)

    assert found.shape == start.shape
    assert objective(found) > 0.2 * objective(start)
    assert objective(search(found, objective)) >= objective(found)


def test_the_constrained_search_keeps_the_constraint() -> None:
    search = run(_whole("polish_within"), "polish_within")

    found = search(np.array([0.1, 0.1]), lambda x: float(x.sum()), lambda x: 1.0 - float(x @ x))

    assert found == pytest.approx([0.5**0.5] * 2, abs=1e-4)


def test_orders_are_improved() -> None:
    def ascents(order: list[int]) -> float:
        return sum(a < b for a, b in pairwise(order))

    for name in ("swap_search", "look_ahead"):
        found = run(_whole(name), name)([3, 1, 2, 0], ascents)
        assert sorted(found) == [0, 1, 2, 3]
        assert ascents(found) > ascents([3, 1, 2, 0])


def test_shapes_of_scores_start_close_to_doing_nothing() -> None:
    scores = np.array([1.0, 2.0, 4.0])
    for name in ("weighted_scores", "bonus_near", "relaxed"):
        shaped = run(_whole(name), name)(scores)
        assert np.allclose(shaped, scores, atol=0.2)
    assert run(_whole("polynomial"), "polynomial")(3.5) == 3.5


def _whole(name: str) -> str:
    block = LIBRARY.blocks[name]
    texts = [line for _, line in block.imports]
    return "\n".join([*texts, *(LIBRARY.blocks[other].text for other in block.helpers), block.text])


def test_a_folder_adds_blocks_with_their_helpers(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(
        "from math import sqrt\n\nLIMIT = 3\n\n\n"
        "def _root(x: float) -> float:\n    return sqrt(abs(x))\n\n\n"
        "def rooted(x: float) -> float:\n    return _root(x)\n\n\n"
        "def limited(x: float) -> float:\n    return min(x, LIMIT)\n"
    )
    library = load_library(str(tmp_path))
    program = analyse("def f(x):\n    return x * 2.0\n")
    assert program is not None

    change = called(program, library, library.blocks["rooted"], Random(0))

    assert change is not None
    result = changed_text(program, change)
    assert result is not None
    assert result.startswith("from math import sqrt\n\n\ndef _root(x):\n")
    assert "limited" not in library.blocks  # it would miss LIMIT
    assert "rooted" in library.public
    assert "_root" not in library.public
    assert "anneal" in library.public


def test_a_folder_that_cannot_be_used_is_refused(tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text("def f(:\n")
    for folder, reason in ((tmp_path, "broken.py does not parse"), (tmp_path / "no", "folder")):
        with pytest.raises(UsageError, match=reason):
            build(Component("operator", "graft", {"folder": str(folder)}))


def test_bundled_blocks_name_no_problem() -> None:
    text = "".join(path.read_text() for path in BUNDLED.glob("*.py")).lower()

    assert not re.search(r"circle|pack|tour|bin\b|nguyen|radius", text)


@given(st.integers(0, 2**32), st.integers(0, len(functions()) - 1))
def test_grafts_into_real_functions_parse_and_keep_comments(seed: int, number: int) -> None:
    text = f"FIRST = 1  # one\n# EVOLVE-BLOCK-START\n{functions()[number][1]}\n# EVOLVE-BLOCK-END\n"
    program = analyse(text)
    if program is None:
        return
    operator, rng = graft(), Random(seed)
    for _ in range(4):
        change = operator._draw(program, [], rng)  # pyright: ignore[reportPrivateUsage]
        result = changed_text(program, change) if change else None
        if result is None:
            continue
        ast.parse(result)
        assert respects_regions(Artifact.of(text), Artifact.of(result))
        assert comments(result) >= comments(text)
