"""Crossover takes something from a second program and fits it in."""

from functools import partial
from random import Random

import pytest

from telic.operators._crossover import cross_expression, cross_function, cross_statement
from telic.operators._hunks import cross_lines, differences
from telic.operators._program import Program, analyse
from telic.operators._splice import apply_splices
from tests.operators.corpus import outcomes


def program_of(text: str) -> Program:
    program = analyse(text)
    assert program is not None
    return program


def crossed(edit, text: str, donor: str, draws: int = 300) -> set[str]:
    """Return the children of two texts."""
    return outcomes(partial(_swapped, edit, program_of(donor)), text, draws=draws)


def _swapped(edit, donor: Program, program: Program, rng: Random):
    return edit(program, donor, rng)


BASE = "def f(a, b):\n    c = a + b\n    d = 2.0\n    e = 1\n    return c * d - e\n"


def test_lines_are_mixed_where_two_relatives_differ() -> None:
    donor = BASE.replace("a + b", "a - b").replace("2.0", "3.5")

    assert crossed(cross_lines, BASE, donor) == {
        BASE.replace("a + b", "a - b"),
        BASE.replace("2.0", "3.5"),
    }


def test_lines_of_one_difference_are_not_mixed() -> None:
    assert crossed(cross_lines, BASE, BASE.replace("2.0", "3.5")) == set()
    assert crossed(cross_lines, BASE, BASE) == set()


def test_all_differences_together_give_the_donor() -> None:
    donor = (
        BASE.replace("    e = 1\n", "").replace("2.0", "3.5").replace("return", "x = 1\n    return")
    )

    assert apply_splices(BASE, differences(program_of(BASE), program_of(donor))) == donor


def test_a_place_that_cuts_a_string_of_several_lines_is_not_taken() -> None:
    own = 'def f(a):\n    """Say."""\n    # keep\n    b = a\n    return b + 1\n'
    donor = (
        'def f(a):\n    """Say.\n\n    More.\n    """\n    # keep\n    b = a\n    return b + 2\n'
    )

    found = differences(program_of(own), program_of(donor))

    assert apply_splices(own, found) == donor
    assert len(found) == 2
    swallowing = 'def f(a):\n    """Say.\n    # keep\n    b = a\n    More."""\n    return b + 2\n'
    assert differences(program_of(own), program_of(swallowing)) == []


def test_lines_outside_the_regions_are_not_taken() -> None:
    def marked(first: str, second: str, frozen: str) -> str:
        return (
            f"A = {frozen}\n# EVOLVE-BLOCK-START\nB = {first}\n# EVOLVE-BLOCK-END\n"
            f"C = {frozen}\n# EVOLVE-BLOCK-START\nD = {second}\n# EVOLVE-BLOCK-END\n"
        )

    assert crossed(cross_lines, marked("1", "2", "0"), marked("3", "4", "0")) == {
        marked("3", "2", "0"),
        marked("1", "4", "0"),
    }


def test_expressions_change_hands_with_their_names_adapted() -> None:
    donor = "def g(x, y):\n    return max(x * 7.5, y)\n"
    found = "".join(crossed(cross_expression, BASE, donor))

    assert "a * 7.5" in found or "b * 7.5" in found
    assert "x" not in found.replace("max", "")
    assert "max(" in found


def test_a_statement_of_the_donor_is_inserted_with_its_indentation() -> None:
    donor = "def f(a, b):\n\tif a > b:\n\t\tfor i in range(3):\n\t\t\ta += 1\n\treturn a\n"
    found = crossed(cross_statement, BASE, donor)

    assert any("    for i in range(3):\n    \ta += 1\n" in result for result in found)
    assert any("    c = a + b\n" not in result for result in found) or found


def test_a_statement_that_needs_other_names_is_not_taken() -> None:
    donor = "def f(a, z):\n    a = a + z\n    a = a * 7\n    return a\n"
    found = crossed(cross_statement, BASE, donor)

    assert any("a = a * 7" in result for result in found)
    assert not any("z" in result for result in found)


def test_a_function_is_taken_with_the_functions_it_calls() -> None:
    own = "def score(x):\n    return x\n\n\ndef f(x):\n    return score(x) + 1\n"
    donor = (
        "def square(x):\n    return x * x\n\n\ndef score(x):\n    return square(x) + 2\n\n\n"
        "def f(x):\n    return score(x)\n"
    )
    found = crossed(cross_function, own, donor)

    assert any("def square(x)" in result and "square(x) + 2" in result for result in found)
    assert any("return score(x)\n" in result and "def square" not in result for result in found)
    for result in found:
        assert result.count("def score") == 1


def test_a_function_with_other_parameters_is_not_taken() -> None:
    own = "def f(x):\n    return g(x)\ndef g(x):\n    return x\n"
    donor = "def f(x):\n    return g(x, 2)\ndef g(x, y):\n    return x * y\n"

    assert all("def g(x):" in result for result in crossed(cross_function, own, donor))


@pytest.mark.parametrize("edit", [cross_lines, cross_expression, cross_statement, cross_function])
def test_children_of_unrelated_programs_compile(edit) -> None:
    others = (
        "import math\n\n\nclass C:\n    def m(self, k):\n        return math.sin(k) if k else 0\n"
    )

    for result in crossed(edit, BASE, others) | crossed(edit, others, BASE):
        compile(result, "child", "exec")
