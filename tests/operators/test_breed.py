"""The breed operator finds known expressions, in place, and counts what it tried."""

from __future__ import annotations

import ast
import math
import random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telic.artifact import Artifact, respects_regions
from telic.candidate import Proposal
from telic.operators._breed import Breed
from telic.operators._breed_draws import Draws, Supply
from telic.operators._breed_meaning import Meanings
from telic.operators._breed_record import recorded
from telic.operators._breed_search import Search, Worth
from telic.operators._breed_trees import Tree, leaf, read
from telic.operators._breed_values import values_of
from telic.operators._breeding import spots, template
from telic.operators._call_shapes import Shape
from telic.operators._precedence import TEST
from telic.operators._program import analyse
from telic.operators._task import Task
from telic.operators.base import allotment
from telic.scoring import Score
from tests.operators.workbench import PlainBench, problem_of, propose, run_program

SINE, LARGER = "math.sin({0})", "max({0}, {1})"
SUPPLY = Supply([leaf("x"), leaf("y")], [leaf("size")], [Shape(SINE, 1), Shape(LARGER, 2)])

PROGRAM = """import math

# EVOLVE-BLOCK-START


def curve(x):
    # as flat as can be
    return x  # for now


# EVOLVE-BLOCK-END


def f():
    return [curve(x / 10) for x in range(1, 11)]
"""


def key(tree: Tree) -> bytes | None:
    return Meanings().key(tree)


def fits(formula: Any) -> Any:
    def score(output: Any) -> Score:
        errors = [value - formula((k + 1) / 10) for k, value in enumerate(output)]
        return Score({"score": -math.sqrt(math.fsum(e * e for e in errors))})

    return score


def tree_of(text: str) -> Tree:
    return read(ast.parse(text, mode="eval").body, {SINE, LARGER})


def drawn(number: int) -> Tree:
    return Draws(SUPPLY, random.Random(number), plain=number % 2 == 0).whole()


class TestTrees:
    @given(number=st.integers(0, 100_000))
    @settings(max_examples=300, deadline=None)
    def test_the_text_of_a_tree_means_what_the_tree_does(self, number):
        tree = drawn(number)

        again = tree_of(tree.term.text)

        assert key(again) == key(tree)
        assert again.term.text == tree.term.text

    @pytest.mark.parametrize(
        "text",
        [
            "x - (y - x)",
            "-(x + 1) ** 2",
            "(x < y) * 3 - -1",
            "math.sin(x * y) / (x / y)",
            "max(x, items[0]) ** (x + y)",
            "(x if x > 1 else y) * 2",
        ],
    )
    def test_an_expression_that_is_read_is_written_alike(self, text):
        assert ast.dump(ast.parse(tree_of(text).term.text)) == ast.dump(ast.parse(text))

    def test_each_node_can_be_replaced(self):
        tree = tree_of("math.sin(x) + y * 2")

        texts = [tree.put(place, leaf("z")).term.text for place in range(tree.count)]

        assert texts == [
            "z",
            "z + y * 2",
            "math.sin(z) + y * 2",
            "math.sin(x) + z",
            "math.sin(x) + z * 2",
            "math.sin(x) + y * z",
        ]
        assert [tree.node(place).term.text for place in (1, 2, 4)] == ["math.sin(x)", "x", "y"]


class TestMeaning:
    def test_equal_functions_have_equal_keys_and_others_have_not(self):
        assert key(tree_of("x * x + x")) == key(tree_of("x * (x + 1)"))
        assert key(tree_of("x + y")) == key(tree_of("y + x"))
        assert key(tree_of("x - y")) != key(tree_of("y - x"))
        assert key(tree_of("other(x)")) != key(tree_of("other(y)"))

    def test_what_is_defined_nowhere_has_no_key(self):
        assert key(tree_of("1 / (x - x)")) is None


class TestValues:
    POINTS = ((0.3, -1.2, 4), (2.5, 0.7, 4), (1.0, 1.0, 4))

    @given(number=st.integers(0, 100_000))
    @settings(max_examples=300, deadline=None)
    def test_numbers_are_what_the_text_gives(self, number):
        tree = drawn(number)
        rows = [(*point, 1.5) for point in self.POINTS]
        values = values_of(("x", "y", "size"), rows, (SINE, LARGER), leaf("1.5"))

        assert values is not None
        try:
            wanted = [
                eval(
                    tree.term.text, {"math": math}, dict(zip(("x", "y", "size"), row, strict=False))
                )
                for row in rows
            ]
        except (ArithmeticError, ValueError):
            wanted = None
        if wanted is not None and any(isinstance(value, complex) for value in wanted):
            wanted = None
        found = values.of(tree)
        assert found == (
            wanted if wanted is None else pytest.approx(wanted, rel=1e-12, nan_ok=True)
        )

    def test_arrays_are_joined_with_the_numbers_beside_them(self):
        rows = [
            (2, np.array([1.0, 4.0]), np.array([1.0, 4.0])),
            (3, np.array([9.0]), np.array([9.0])),
        ]
        shapes = ("np.sqrt(np.abs({0}))", "np.minimum({0}, {1})")

        values = values_of(("item", "bins"), rows, shapes, leaf("bins"))

        assert values is not None
        assert values.lengths == [2, 1]
        assert values.row(leaf("item")).tolist() == [2.0, 2.0, 3.0]
        huge = [Tree("*", (leaf("1e200"), leaf(name))) for name in ("item", "bins", "item")]
        keys = [values.key(tree) for tree in huge]
        assert keys[0] == keys[2] != keys[1]
        assert values.key(Tree("-", (leaf("bins"), leaf("bins")))) == values.key(leaf("-0.0"))
        root = Tree("np.sqrt(np.abs({0}))", (leaf("bins"),))
        product = Tree("*", (leaf("item"), Tree("np.minimum({0}, {1})", (root, leaf("2")))))
        assert values.of(product).tolist() == [2.0, 4.0, 6.0]
        assert values.of(Tree("/", (leaf("1"), Tree("-", (leaf("bins"), leaf("1")))))) is None

    def test_a_row_is_finite(self):
        values = values_of(("x",), [(1e300, 1.5), (2.0, 1.5)], (), leaf("1.5"))

        assert values is not None
        assert values.row(Tree("+", (leaf("x"), leaf("x")))) == [2e300, 4.0]
        assert values.row(Tree("*", (leaf("x"), leaf("x")))) is None

    @pytest.mark.parametrize(
        ("rows", "shapes"),
        [
            ([], ()),
            ([(1.0, 2)], ()),
            ([(1.0, 2.0)], ("surprise({0})",)),
            ([("text", 1.0)], ()),
            ([(1.0, 7.0)], ()),
        ],
    )
    def test_what_is_not_understood_is_left_to_the_program(self, rows, shapes):
        assert values_of(("x",), rows, shapes, leaf("2")) is None

    @pytest.mark.parametrize(
        ("body", "is_recorded"),
        [
            ("    total = 1.5\n    return total * 2.0 + 1\n", True),
            ("    a = 1.0\n    while a < 5:\n        a = a * 2.0\n    return 1\n", False),
            ("    total = 'a'\n    size = len(total)\n    return size + 1\n", False),
        ],
    )
    def test_only_a_site_whose_surroundings_it_leaves_alone_is_recorded(self, body, is_recorded):
        text = f"def f():\n{body}"
        program = analyse(text, "f")
        assert program is not None
        spot = max(
            spots(program), key=lambda each: each.site.start if is_recorded else -each.site.start
        )
        start = read(spot.site.node, ())
        names = [leaf(name) for name in sorted(spot.site.place.bound)]
        bench = PlainBench(problem_of(text), fits(abs))
        task = Task(Artifact.of(text), 0, 1, 100, (0,))

        found = recorded(bench, task, program, spot, Supply(names, (), ()), start)

        assert (found is not None) == is_recorded
        if found is not None:
            row = found.values.of(Tree("*", (start, leaf("10"))))
            namespace: dict[str, Any] = {"__telic_slots__": row}
            exec(found.template.text, namespace)
            assert namespace["f"]() == 40.0


class TestHandingOn:
    def bred(self, text: str) -> tuple[PlainBench, Proposal]:
        bench = PlainBench(problem_of(text), fits(lambda x: 3 * x * x))
        return bench, propose(Breed(trials=600), bench, text=text)

    def test_what_a_program_only_hands_on_is_scored_without_it_but_each_new_best(self):
        bench, proposal = self.bred(PROGRAM)

        assert proposal.artifact is not None
        assert run_program(proposal.artifact.text)[9] == pytest.approx(3.0)
        assert 0 < len(bench.vectors) < 60 < proposal.cost.trials

    def test_a_program_that_does_more_is_executed_each_time(self):
        text = PROGRAM.replace("return [curve", "return [1.0 * abs(curve").replace(
            "x / 10)", "x / 10))"
        )
        bench, proposal = self.bred(text)

        assert proposal.artifact is not None
        assert run_program(proposal.artifact.text)[9] == pytest.approx(3.0)
        assert len(bench.vectors) == proposal.cost.trials

    def test_a_program_that_only_seemed_to_hand_values_on_is_executed_from_then_on(self):
        text = PROGRAM.replace("return [curve(x / 10)", "return [min(curve(x / 10), 1.5)")
        bench, proposal = self.bred(text)

        assert proposal.artifact is not None
        assert max(run_program(proposal.artifact.text)) <= 1.5
        assert len(bench.vectors) > 500


class TestSearch:
    def search(self, value: Any, *, trials: int, target: float | None = None) -> Search:
        self.tried: list[str] = []

        def measure(trees: Any, floor: float) -> list[Worth | None]:
            assert not math.isnan(floor)
            self.tried += [tree.term.text for tree in trees]
            return [value(tree) for tree in trees]

        search = Search(SUPPLY, measure, random.Random(3), trials=trials, target=target)
        search.run(leaf("x"))
        return search

    def test_no_more_is_tried_than_allowed_and_no_meaning_twice(self):
        self.search(lambda tree: Worth(-tree.size, -tree.size), trials=500)

        keys = [key(tree_of(text)) for text in self.tried]
        assert len(keys) == len(set(keys)) == 500

    def test_it_ends_at_the_target(self):
        search = self.search(lambda tree: Worth(0.0, 0.0), trials=5_000, target=0.0)

        assert len(self.tried) < 200
        assert search.best is not None
        assert search.best.tree.size == 1

    def test_it_ends_when_nothing_is_worth_anything(self):
        assert self.search(lambda tree: None, trials=100_000).best is None
        assert len(self.tried) < 100_000


class TestOperator:
    def test_a_polynomial_is_recovered_inside_its_region(self):
        bench = PlainBench(problem_of(PROGRAM), fits(lambda x: x**3 + x**2 + x))

        proposal = propose(Breed(trials=1_500), bench)

        assert proposal.artifact is not None
        assert run_program(proposal.artifact.text)[9] == pytest.approx(3.0, abs=1e-9)
        assert respects_regions(bench.problem.seed, proposal.artifact)
        assert "# as flat as can be\n" in proposal.artifact.text
        assert len(bench.vectors) <= proposal.cost.trials <= 1_500

    def test_lower_may_be_better_and_scores_negative(self):
        def score(output: Any) -> Score:
            return Score({"score": -5.0 + sum(abs(y - 2.0) for y in output)})

        problem = problem_of(PROGRAM, direction="minimize")

        proposal = propose(Breed(trials=300), PlainBench(problem, score))

        assert proposal.artifact is not None
        assert run_program(proposal.artifact.text) == [2.0] * 10

    def test_what_fails_everywhere_gives_no_proposal(self):
        def refuse(output: Any) -> Score:
            raise ValueError("no")

        proposal = propose(Breed(trials=200), PlainBench(problem_of(PROGRAM), refuse))

        assert proposal.artifact is None
        assert "nothing better" in proposal.note

    def test_a_program_without_such_an_expression_gives_no_proposal(self):
        proposal = propose(Breed(), PlainBench(problem_of("def f():\n    pass\n"), fits(abs)))

        assert proposal.artifact is None
        assert proposal.cost.trials == 0

    def test_a_noisy_problem_is_tried_with_every_seed(self):
        bench = PlainBench(problem_of(PROGRAM, deterministic=False), fits(lambda x: 2 * x))

        proposal = propose(Breed(trials=600, repeats=2), bench)

        assert proposal.artifact is not None
        assert proposal.cost.trials <= 600
        assert len(bench.vectors) == proposal.cost.trials

    def test_settings_that_are_too_small_are_refused(self):
        with pytest.raises(ValueError, match="trials must be 20 or more"):
            Breed(trials=10)
        with pytest.raises(ValueError, match="repeats 1 or more"):
            Breed(repeats=0)
        with pytest.raises(ValueError, match="least must be between 1 and trials, 500; got 501"):
            Breed(trials=500, least=501)

    def test_a_call_may_be_a_whole_one_or_a_share_of_what_is_left(self):
        assert allotment(Breed(trials=900), 1_000, 0.4) == 400
        assert allotment(Breed(trials=900, least=900), 1_000, 0.4) == 900
        assert allotment(Breed(trials=900, least=900), 600, 0.4) is None


def test_a_template_gives_the_expression_every_local_name():
    text = "def f():\n    a = 2\n    return a + 1\n"
    program = analyse(text, "f")
    assert program is not None
    wanted = [spot for spot in spots(program) if program.source(spot) == "a + 1"]

    code = template(program, wanted[0])
    namespace: dict[str, Any] = {"__telic_slots__": (leaf("a").term.within(TEST) + " * 21",)}
    exec(code, namespace)

    assert namespace["f"]() == 42
