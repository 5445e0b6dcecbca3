"""Features are finite, follow from the programs alone, and see each statement on its own."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import telic.critics
from telic.artifact import Artifact
from telic.critics import WIDTH, describe, vector
from telic.critics._statements import counted, statements

WHOLE = '''\
"""Text # that is no comment."""
import math
@cached
def f(x, *,
      y=(1,
         2)):
    """Say
    more: (."""
    if x: return y
    elif y:
        z = x + \\
            3
    else:
        z = "a # b (" + 'c'  # a comment (
    for i in range(4):  # another
        try:
            z = {
                "k": [1, 2],
            }
        except (ValueError, KeyError):
            continue
        finally:
            pass
    match z:
        case [1, 2]:
            yield z
        case _:
            pass
    return z
'''


def found(text: str) -> list[str]:
    return [statement.text for statement, _ in statements(text, is_python=True)]


def test_every_statement_of_a_program_is_parsed_on_its_own():
    description = describe(Artifact.of(WHOLE))

    assert description.is_parsed
    assert len(found(WHOLE)) == 23
    assert '"""Say\n    more: (."""' in found(WHOLE)


@pytest.mark.parametrize(
    "path", sorted(Path(telic.critics.__file__).parent.glob("*.py")), ids=lambda path: path.name
)
def test_statements_are_as_many_as_the_parser_finds(path: Path):
    text = path.read_text()

    headers = ("else", "finally", "@")  # no statements of their own to the parser
    count = sum(not each.startswith((*headers, "except", "elif")) for each in found(text))
    nodes = sum(isinstance(node, ast.stmt) for node in ast.walk(ast.parse(text)))
    elifs = sum(each.startswith("elif") for each in found(text))

    assert count + elifs == nodes
    assert describe(Artifact.of(text)).is_parsed


def test_a_statement_is_another_one_in_another_block():
    (loop, _), (inner, depth), (outer, _) = statements(
        "while x:\n    x = 1\nx = 1\n", is_python=True
    )

    assert inner.text == outer.text
    assert inner != outer
    assert depth == 1
    assert counted(inner).counts != counted(outer).counts
    assert counted(loop).depth > 0


def test_what_did_not_change_leaves_no_trace_in_the_edit():
    parent, child = describe(Artifact.of("x = 1\ny = 2\n")), describe(Artifact.of("x = 1\ny = 3\n"))
    longer = [
        describe(Artifact.of("z = 9\n" + text)) for text in ("x = 1\ny = 2\n", "x = 1\ny = 3\n")
    ]

    short, long = (
        vector(new, old, parent_worth=0.5, operator="constants", generation=1)
        for new, old in ((child, parent), (longer[1], longer[0]))
    )

    assert short[96 : 96 + 64 + 32] == long[96 : 96 + 64 + 32]
    assert any(short[96 : 96 + 64])


@given(st.text(max_size=60), st.text(max_size=60), st.sampled_from(["main.py", "main.txt"]))
def test_any_text_has_features(child: str, parent: str, name: str):
    one, other = (describe(Artifact(((name, text),))) for text in (child, parent))

    features = vector(one, other, parent_worth=0.5, operator="o", generation=2)

    assert len(features) == WIDTH
    assert all(abs(feature) < float("inf") for feature in features)
