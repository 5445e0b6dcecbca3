"""Simplifications remove what does nothing, and nothing else."""

import itertools

import pytest

from telic.operators._normalise import simplifications, simplify
from telic.operators._program import analyse
from telic.operators._splice import apply_splices
from tests.operators.corpus import functions, outcomes


def simplified(text: str, entry: str = "") -> str:
    program = analyse(text, entry)
    assert program is not None
    return apply_splices(text, simplifications(program))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("2 * 3 + x", "6 + x"),
        ("x * (1 + 2)", "x * 3"),
        ("0.1 + 0.2 + x", "0.1 + 0.2 + x"),
        ("1 / 3 + x", "1 / 3 + x"),
        ("x * 1 + y", "x + y"),
        ("(x + y) * 1", "x + y"),
        ("2 * ((x + y) * 1)", "2 * (x + y)"),
        ("x + 0", "x"),
        ("0 + x", "x"),
        ("x - 0", "x"),
        ("x ** 1", "x"),
        ("x * 1.0", "x * 1.0"),
        ("x / 1", "x / 1"),
        ("abs(abs(x)) / 1", "abs(x) / 1"),
        ("x - x", "0"),
        ("-(-x)", "x"),
        ("max(x, x)", "x"),
        ("min(2, 3.5) * x", "2 * x"),
        ("abs(-2) * x", "2 * x"),
        ("x if y > 1 else x", "x"),
        ("x if True else y", "x"),
        ("x if 1 < 2 else y", "x if True else y"),
        ("g(x) * 0", "g(x) * 0"),
        ("max(g(x), g(x))", "max(g(x), g(x))"),
        ("1 / 0 + x", "1 / 0 + x"),
        ("'a' * 1", "'a' * 1"),
    ],
)
def test_expressions(before: str, after: str) -> None:
    text = "def f(x: float, y: float):\n    return {}\n"

    assert simplified(text.format(before)).replace("(", "").replace(")", "") == text.format(
        after
    ).replace("(", "").replace(")", "")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("    return x\n    x = 1\n", "    return x\n"),
        ("    y = x * 2\n    return x\n", "    return x\n"),
        ("    y = g(x)\n    return x\n", "    y = g(x)\n    return x\n"),
        ("    y = 1\n    y += x\n    return x\n", "    return x\n"),
        ("    x = x\n    return x\n", "    return x\n"),
        ("    x += 0\n    return x\n", "    return x\n"),
        ("    if x > 1:\n        pass\n    return x\n", "    return x\n"),
        (
            "    if g(x):\n        pass\n    return x\n",
            "    if g(x):\n        pass\n    return x\n",
        ),
        ("    pass\n    return x\n", "    return x\n"),
        ("    for _ in range(3):\n        pass\n    return x\n", "    return x\n"),
        ("    if x:\n        y = 2\n    return x\n", "    if x:\n        pass\n    return x\n"),
        ("    x * 2\n    return x\n", "    return x\n"),
        ("    yield x\n    return\n    yield 2\n", "    yield x\n    return\n    yield 2\n"),
        ("    global z\n    z = 1\n    return x\n", "    global z\n    z = 1\n    return x\n"),
        ("    y = 1\n    return locals\n", "    return locals\n"),
    ],
)
def test_statements(before: str, after: str) -> None:
    head = "def f(x):\n"

    assert simplified(head + before) == head + after


def test_draws_apply_all_or_some() -> None:
    text = "def f(x):\n    y = x * 1\n    z = 3\n    return y + 0\n"
    found = outcomes(simplify, text)

    assert "def f(x):\n    y = x\n    return y\n" in found
    assert "def f(x):\n    y = x * 1\n    return y + 0\n" in found
    assert "def f(x):\n    y = x\n    z = 3\n    return y + 0\n" in found


def test_numeric_functions_keep_their_values() -> None:
    text = """\
def f(x, y):
    a = 0.5 * 2 + x * 1
    b = max(a, a) - 0
    dead = b * y
    if 2 < 1 or y > 3:
        b = b if True else dead
    elif not not y:
        b += 0
    for k in range(2 * 2):
        b -= -(-k) / 1
    return b if y < y else abs(abs(b + 0))
"""
    result = simplified(text)
    first, second = {}, {}
    exec(text, first)
    exec(result, second)

    assert len(result) < 0.8 * len(text)
    for x, y in itertools.product((-2.5, 0.0, 1, 7), repeat=2):
        assert first["f"](x, y) == second["f"](x, y)


def test_library_functions_hold_little_to_remove() -> None:
    changed = [name for name, text in functions() if simplified(text) != text]

    for name, text in functions():
        if name in changed:
            compile(simplified(text), name, "exec")
    assert len(changed) < len(functions()) / 20
