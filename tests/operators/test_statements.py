"""Statements are inserted, deleted, moved and wrapped without breaking what holds them."""

import ast

import pytest

from telic.operators._liveness import is_read_after
from telic.operators._places import Chunk
from telic.operators._scope import analyse_chunk
from telic.operators._statements import (
    add_otherwise,
    delete,
    duplicate,
    insert,
    swap_neighbours,
    unwrap,
    wrap,
)
from tests.operators.corpus import outcomes

LOOP = """\
def f(xs, limit):
    total = 0.0
    count = 0
    for x in xs:
        # every item
        total += x  # sum
        if total > limit:
            count += 1
    return total * count
"""


def test_statements_are_inserted_of_every_form() -> None:
    found = "".join(outcomes(insert, LOOP, draws=800))

    assert "    total *= " in found
    assert "            break\n" in found
    assert "            continue\n" in found
    assert "        return " in found
    assert "    xs = sorted(xs" in found
    assert "        count += 1\n" in found


def test_a_value_that_nobody_reads_is_not_inserted() -> None:
    text = "def f(a):\n    b = a * 2.0\n    c = b + 1.0\n    return c\n"

    for result in outcomes(insert, text, draws=800):
        lines = result.splitlines()
        assert not (lines[-1].strip() == "return c" and lines[-2].strip().startswith("b "))
        assert not lines[-2].strip().startswith("a ")


def test_every_name_in_an_inserted_statement_has_a_value() -> None:
    for result in outcomes(insert, LOOP, draws=800):
        before_loop = result.partition("    for x in xs:")[0]
        names = [n.id for n in ast.walk(ast.parse(before_loop)) if isinstance(n, ast.Name)]
        assert "x" not in names, result


def test_a_statement_that_others_count_on_is_kept() -> None:
    found = outcomes(delete, LOOP)

    assert LOOP.replace("        total += x  # sum\n", "") in found
    assert LOOP.replace("            count += 1\n", "            pass\n") in found
    for result in found:
        assert "total = 0.0" in result
        assert "count = 0" in result
        assert "return total" in result


def test_the_only_statement_of_a_block_becomes_pass() -> None:
    text = "def f(a):\n    if a:\n        g(a)  # call\n    return a\n"

    assert "def f(a):\n    if a:\n        pass\n    return a\n" in outcomes(delete, text)


def test_statements_are_repeated_where_that_can_matter() -> None:
    found = outcomes(duplicate, LOOP)

    assert (
        LOOP.replace("total += x  # sum\n", "total += x  # sum\n        total += x  # sum\n")
        in found
    )
    assert not any(result.count("total = 0.0") > 1 for result in found)
    assert not any(result.count("return") > 1 for result in found)


def test_neighbours_are_exchanged_when_their_order_matters() -> None:
    found = outcomes(swap_neighbours, LOOP)
    body = "        total += x  # sum\n"
    test = "        if total > limit:\n            count += 1\n"

    assert LOOP.replace(body + test, test + body) in found
    assert not any(result.index("count = 0") < result.index("total = 0.0") for result in found)
    assert not any(result.index("return") < result.index("for x") for result in found)


def test_statements_are_put_under_a_condition_or_in_a_loop() -> None:
    found = outcomes(wrap, LOOP, draws=600)

    assert any("        if " in r and "            total += x  # sum\n" in r for r in found)
    assert (
        LOOP.replace(
            "        total += x  # sum\n",
            "        for _ in range(2):\n            total += x  # sum\n",
        )
        in found
    )
    assert not any("    if " in r and "\n        total = 0.0" in r for r in found)


def test_a_condition_is_removed_with_its_comments_kept() -> None:
    text = (
        "def f(a, b):\n    if a > b:\n        # larger\n        a = a + b  # add\n"
        "        b = 1\n    return a * b\n"
    )

    assert outcomes(unwrap, text) == {
        "def f(a, b):\n    # larger\n    a = a + b  # add\n    b = 1\n    return a * b\n"
    }


def test_a_branch_of_a_condition_is_chosen() -> None:
    text = "def f(a):\n    if a > 1:\n        b = a\n    else:\n        b = -a\n    return b * 2\n"

    assert outcomes(unwrap, text) == {
        "def f(a):\n    b = a\n    return b * 2\n",
        "def f(a):\n    b = -a\n    return b * 2\n",
    }


def test_a_condition_gets_an_otherwise() -> None:
    found = outcomes(add_otherwise, LOOP)

    assert all("        else:\n            " in result for result in found)
    assert found


def test_a_while_loop_keeps_what_ends_it() -> None:
    text = (
        "def f(n):\n    total = 0.0\n    i = 0\n    while i < n:\n        total += i\n"
        "        i += 1\n    return total\n"
    )

    for result in outcomes(insert, text, draws=600):
        assert "continue" not in result
        body = result.partition("while")[2].rpartition("return")[0]
        assert body.count("i = ") + body.count("i += ") + body.count("i -= ") == 1
    for result in outcomes(delete, text, draws=600):
        assert "while" not in result or "i += 1" in result


@pytest.mark.parametrize("edit", [insert, delete, wrap, duplicate, unwrap, add_otherwise])
def test_layout_survives_with_tabs_and_carriage_returns(edit) -> None:
    for text in (
        LOOP.replace("    ", "\t"),
        LOOP.replace("\n", "\r\n"),
        LOOP.replace("    ", "  "),
        LOOP.replace("total", "größe"),
        LOOP.rstrip("\n"),
    ):
        found = outcomes(edit, text)
        assert found
        for result in found:
            lines = result.split("\n")
            assert ("\r\n" in text) == all(line.endswith("\r") for line in lines[:-1])
            if "\t" in text:
                assert not any(line.startswith(" ") for line in lines)


def test_strings_over_several_lines_are_not_indented() -> None:
    text = 'def f(a):\n    g("""one\n    two\n  three""", a)\n    return a\n'

    for result in outcomes(wrap, text, draws=100):
        assert '("""one\n    two\n  three""", a)' in result
    assert outcomes(wrap, text, draws=100)


def test_statements_that_share_a_line_are_left_alone() -> None:
    text = "def f(a):\n    b = a; c = b * 2.0\n    if a: c += 1\n    return c\n"

    for edit in (delete, duplicate, wrap):
        for result in outcomes(edit, text):
            assert "b = a; c = b * 2.0" in result


def find(text: str) -> tuple[Chunk, int]:
    chunk = analyse_chunk(text, {})
    offset = text.index("HERE")
    number = next(
        i
        for i, s in enumerate(chunk.statements)
        if s.start <= offset < s.end
        and "HERE" in text[s.start : s.text_end]
        and not hasattr(s.node, "body")
    )
    return chunk, number


@pytest.mark.parametrize(
    ("text", "is_read"),
    [
        ("def f(x):\n    HERE()\n    return x\n", True),
        ("def f(x):\n    HERE()\n    x = 1\n    return x\n", False),
        ("def f(x):\n    HERE()\n    x += 1\n    return 0\n", True),
        ("def f(x):\n    HERE()\n    return 0\n", False),
        ("def f(x):\n    for i in y:\n        z(x)\n        HERE()\n    return 0\n", True),
        (
            "def f(x):\n    for i in y:\n        x = 1\n        z(x)\n        HERE()\n    z()\n",
            False,
        ),
        ("def f(x):\n    while x:\n        HERE()\n    return 0\n", True),
        ("def f(x):\n    if y:\n        HERE()\n    return x\n", True),
        ("def f(x):\n    if y:\n        HERE()\n        return 1\n    return x\n", False),
        ("def f(x):\n    try:\n        HERE()\n    finally:\n        pass\n    z(x)\n", True),
        ("def f(x):\n    try:\n        pass\n    except E:\n        HERE()\n    z(x)\n", True),
    ],
)
def test_the_fate_of_a_value_is_followed(text: str, is_read: bool) -> None:
    chunk, number = find(text)

    assert is_read_after(chunk, chunk.statements[number], "x", after=True) is is_read
