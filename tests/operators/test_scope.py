"""Scope analysis knows what has a value where, and of what kind it is."""

import ast

import pytest

from telic.operators._places import Chunk, Site
from telic.operators._program import Program, analyse
from telic.operators._scope import analyse_chunk


def site_at(chunk: Chunk, marker: str = "HERE") -> Site:
    return next(s for s in chunk.sites if isinstance(s.node, ast.Name) and s.node.id == marker)


def bound_at(text: str) -> set[str]:
    return set(site_at(analyse_chunk(text, {})).place.bound)


@pytest.mark.parametrize(
    ("body", "bound"),
    [
        ("a = 1\n    HERE", {"p", "a"}),
        ("HERE\n    a = 1", {"p"}),
        ("if p:\n        a = 1\n    HERE", {"p"}),
        ("if p:\n        a = 1\n    else:\n        a = 2\n    HERE", {"p", "a"}),
        ("if p:\n        a = 1\n    else:\n        return\n    HERE", {"p", "a"}),
        ("if p:\n        raise E\n    a = 1\n    HERE", {"p", "a"}),
        ("for i in p:\n        a = 1\n        HERE", {"p", "i", "a"}),
        ("for i in p:\n        a = 1\n    HERE", {"p"}),
        ("for i, (j, *k) in p:\n        HERE", {"p", "i", "j", "k"}),
        ("while p:\n        a = 1\n    HERE", {"p"}),
        ("with p as a, p as (b, c):\n        HERE", {"p", "a", "b", "c"}),
        ("try:\n        a = 1\n    except E as e:\n        HERE", {"p", "e"}),
        ("try:\n        a = 1\n    except E:\n        return\n    HERE", {"p", "a"}),
        ("try:\n        a = 1\n    finally:\n        HERE", {"p"}),
        ("match p:\n        case [a, *b]:\n            HERE", {"p", "a", "b"}),
        ("match p:\n        case {'k': a, **b} | C(x=a):\n            HERE", {"p", "a", "b"}),
        ("a = [HERE for i in p]", {"p", "i"}),
        ("a = [1 for i in p for j in HERE]", {"p", "i"}),
        ("a = lambda x, *y: HERE", {"p", "x", "y"}),
        ("import m.n, o as q\n    HERE", {"p", "m", "q"}),
        ("a = 1\n    del a\n    HERE", {"p"}),
        ("a, b = p\n    c[HERE] = 1", {"p", "a", "b"}),
        ("def g(q):\n        HERE", {"p", "q"}),
        ("def g(q):\n        HERE\n        p = 1", {"q"}),
        ("class C:\n        def g(self):\n            HERE", {"p", "self"}),
        ("a: int = 1\n    b: int\n    HERE", {"p", "a"}),
        ("a = b = 1\n    HERE", {"p", "a", "b"}),
    ],
)
def test_names_that_certainly_have_a_value(body: str, bound: set[str]) -> None:
    assert bound_at(f"def f(p):\n    {body}\n") == bound


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("def f(x):\n    return x * 2", {"x": "num"}),
        ("def f(x):\n    return x", {"x": "num"}),
        ("def f(x, y):\n    g(x)\n    return y.z", {"x": "any", "y": "any"}),
        (
            "def f(x: int, y: 'list[float]', z: str):\n    pass",
            {"x": "int", "y": "list:float", "z": "str"},
        ),
        ("def f(x=1, y=None, z='a'):\n    pass", {"x": "num", "y": "num", "z": "str"}),
        (
            "def f(xs):\n    for x in xs:\n        s = x / 2",
            {"xs": "list:num", "x": "num", "s": "float"},
        ),
        (
            "def f(xs):\n    for i in range(len(xs)):\n        s = xs[i] - 1",
            {"xs": "list:num", "i": "int"},
        ),
        (
            "def f(xs):\n    n = len(xs)\n    ys = sorted(xs)",
            {"n": "int", "xs": "list", "ys": "list"},
        ),
        ("def f(s):\n    t = s.split()\n    u = f'{s}'", {"s": "str", "t": "list:str", "u": "str"}),
        ("def f(d):\n    for k, v in d.items():\n        pass", {"d": "dict"}),
        ("def f(g):\n    best = None\n    best = 1", {"best": "mixed"}),
        ("def f(a):\n    b = a > 1\n    c = not b", {"b": "bool", "c": "bool"}),
        (
            "def f(a):\n    def h():\n        pass\n    k = lambda q: q * 2",
            {"h": "func", "k": "func", "q": "num"},
        ),
        (
            "import numpy as np\ndef f(c):\n    r = np.ones(3)\n    x, y = c[0]\n    s = np.sum(r)",
            {"r": "array", "c": "matrix", "s": "num"},
        ),
        (
            "import numpy as np\ndef f():\n    c = np.ones((3, 2))\n    d = c[0] * 2\n"
            "    e = np.sin(2)",
            {"c": "matrix", "d": "array", "e": "float"},
        ),
        (
            "import math\ndef f(a):\n    b = math.sqrt(a)\n    n = math.floor(b)",
            {"a": "num", "n": "int"},
        ),
    ],
)
def test_kinds_are_guessed_from_use(text: str, kinds: dict[str, str]) -> None:
    chunk = analyse_chunk(text, {})
    found = chunk.functions[1].kinds

    assert {name: found.get(name) for name in kinds} == kinds


def test_roles_tell_tests_indices_and_items_apart() -> None:
    text = (
        "def f(xs, n):\n    for i in range(n + 1):\n        if xs[i + 2] > 3:\n            g(i)\n"
    )
    roles = {text[s.start : s.end]: s.role for s in analyse_chunk(text, {}).sites}

    assert roles["n + 1"] == roles["n"] == roles["i + 2"] == roles["2"] == "index"
    assert roles["xs[i + 2] > 3"] == "test"
    assert roles["range(n + 1)"] == "iterable"
    assert roles["g"] == "callee"
    assert roles["3"] == "value"


def test_what_ends_a_while_loop_is_risky() -> None:
    text = (
        "def f(n):\n    i = t = 0\n    while i < n:\n        t += 2\n        if t > 9:\n"
        "            break\n        i += 1\n    return t\n"
    )
    chunk = analyse_chunk(text, {})
    risky = {text[s.start : s.end] for s in chunk.sites if s.place.is_risky}

    assert {"i < n", "t > 9", "1"} <= risky
    assert "2" not in risky


def program_of(text: str, entry: str = "") -> Program:
    program = analyse(text, entry)
    assert program is not None
    return program


def test_code_that_the_entry_cannot_reach_is_not_edited() -> None:
    text = (
        "A = 2\ndef used(x):\n    return x * A\nB = 3\ndef unused(x):\n    return x + B\n"
        "class C:\n    def m(self):\n        return 5\n"
        "def f(x):\n    return used(x)\nif __name__ == '__main__':\n    print(f(7))\n"
    )
    program = program_of(text, "f")
    sources = {program.source(spot) for spot in program.where(_anything)}

    assert {"x * A", "2", "used(x)"} <= sources
    assert not {"x + B", "3", "5", "7"} & sources
    assert "x + B" in {program.source(s) for s in program_of(text).where(_anything)}


def _anything(site: Site) -> bool:
    return site.kind != ""


def test_names_of_the_module_are_visible_unless_a_local_one_hides_them() -> None:
    program = program_of("A = 1.5\ndef f(x):\n    HERE\n    B = x\n    A2 = A\nB = 2.5\n")
    spot = next(s for s in program.where(_anything) if program.source(s) == "HERE")

    assert dict(program.visible(spot)) == {"A": "float", "x": "num"}
    assert not program.is_visible("B", spot.chunk, spot.site.place)
    assert program.is_visible("abs", spot.chunk, spot.site.place)
    assert not program.is_visible("nothing", spot.chunk, spot.site.place)


def test_a_line_of_the_module_sees_what_stands_above_it() -> None:
    program = program_of("A = 1.5\ndef f(): pass\nB = HERE\ndef g(): pass\nC = 2.5\n")
    spot = next(s for s in program.where(_anything) if program.source(s) == "HERE")

    assert [name for name, _ in program.visible(spot)] == ["A"]


def test_offsets_count_characters_not_bytes() -> None:
    text = "def f(x):\n    größe = 'äöü' ; y = x * 2  # ß\n    return größe, y\n"
    program = program_of(text)

    assert {"x * 2", "größe", "y"} <= {program.source(s) for s in program.where(_anything)}


def test_text_that_is_no_program_is_not_analysed() -> None:
    assert analyse("def f(:\n") is None
    assert analyse("# EVOLVE-BLOCK-END\nx = 1\n") is None
    assert analyse("x = '''\ndef f():\n'''\ny = [\nz\n]\n") is not None
