"""Lists of syntax nodes, against the standard library's walk."""

import ast

import pytest

from telic.operators._nodes import names_read, nodes_in, statements_in
from tests.operators import corpus

_SHARED = (ast.expr_context, ast.boolop, ast.operator, ast.unaryop, ast.cmpop)


@pytest.mark.parametrize("share", range(4))
def test_nodes_come_in_the_order_of_walk_without_operators_and_contexts(share: int) -> None:
    for name, text in corpus.functions()[share::4]:
        tree = ast.parse(text)

        assert nodes_in(tree) == [n for n in ast.walk(tree) if not isinstance(n, _SHARED)], name


def test_nodes_of_patterns_handlers_and_shared_names_are_found() -> None:
    text = "match x:\n    case {'a': [b, *c], **d}: pass\n    case E(f=g): pass\n"
    text += "try:\n    global h\nexcept* I as j:\n    k = f'{l!r:{m}}'\n"
    tree = ast.parse(text)

    assert nodes_in(tree) == [n for n in ast.walk(tree) if not isinstance(n, _SHARED)]


def test_names_are_those_read_and_bound() -> None:
    assert names_read(ast.parse("a = b.c(d, e=[f for f in 'g'])")) == {"a", "b", "d", "f"}


def test_statements_within_a_node_include_handlers_and_those_in_them() -> None:
    tree = ast.parse("try:\n    pass\nexcept OSError:\n    a = 1\nelse:\n    b = 2\n")

    found = [type(node).__name__ for node in statements_in(tree)]

    assert found == ["Try", "Pass", "Assign", "ExceptHandler", "Assign"]
