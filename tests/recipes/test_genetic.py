"""Trees that recipes breed, and the runs that they make of them."""

import math
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from telic.recipes._genetic import TREES, Breeding, breed
from telic.recipes._trees import Shape, Tree, cross, evaluator, grow, mutate
from telic.registry import build, parse

seeds = st.integers(0, 10_000)
SHAPE = Shape(nodes=30)


def size(tree: Tree) -> int:
    return 1 + sum(size(child) for child in tree[2:])


def depth(tree: Tree) -> int:
    return 1 + max((depth(child) for child in tree[2:]), default=-1)


@given(seeds, st.integers(0, 5))
def test_full_trees_have_every_leaf_at_their_depth(seed: int, levels: int):
    tree = grow(Random(seed), levels, full=True, shape=SHAPE)

    def shallowest(tree: Tree) -> int:
        return 1 + min((shallowest(child) for child in tree[2:]), default=-1)

    assert depth(tree) == shallowest(tree) == levels
    assert tree[1] == size(tree)


@given(seeds)
def test_variation_keeps_sizes_right_and_within_bounds(seed: int):
    rng = Random(seed)
    tree, donor = (grow(rng, 3, full=False, shape=SHAPE) for _ in range(2))
    for _ in range(20):
        tree = mutate(cross(tree, donor, rng, SHAPE), rng, SHAPE)

        assert tree[1] == size(tree) <= 30


def test_crossover_brings_a_part_of_the_donor():
    tree, donor = ("+", 3, ("x", 1), ("x", 1)), ("sin", 2, (0.5, 1))

    made = {cross(tree, donor, Random(seed), SHAPE) for seed in range(60)}

    for part in (donor, (0.5, 1)):
        assert part in made
        assert ("+", 2 + part[1], ("x", 1), part) in made
        assert ("+", 2 + part[1], part, ("x", 1)) in made
    assert len(made) == 6


def test_trees_are_evaluated_at_every_point():
    x = np.array([-2.0, 0.0, 3.0])
    value = evaluator(x)
    leaf = ("x", 1)

    assert value(("-", 5, ("*", 3, leaf, leaf), (1.5, 1))).tolist() == [2.5, -1.5, 7.5]
    assert value(("/", 3, (6.0, 1), leaf)).tolist() == [-3.0, 1.0, 2.0]
    assert value(("log", 2, leaf)).tolist() == [math.log(2), 0.0, math.log(3)]
    assert value(("exp", 2, ("exp", 2, ("exp", 2, leaf)))).tolist()[-1] == math.inf


@pytest.mark.parametrize("strategy", ["mate-choice", "tournament", "crowding"])
def test_a_run_repeats_itself_and_finds_an_easy_truth(strategy: str):
    x = np.linspace(-1.0, 1.0, 11)
    breeding = Breeding(founders=40, evaluations=400, mutation=0.1, has_ideals=True)

    runs = [
        breed(
            build(parse("strategy", f"{strategy}:population=40"), problem=TREES),
            x,
            x * x,
            breeding=breeding,
            address=(1, "easy"),
        )
        for _ in range(2)
    ]

    assert runs[0] == runs[1]
    assert runs[0].is_success
    assert runs[0].fitness > 0.99
    assert 0.0 < runs[0].diversity <= 1.0
