"""Each family of edits makes the changes it is for, and none of those it must not."""

import ast
import re

import pytest

from telic.operators._calls import add_argument, drop_argument, order_by
from telic.operators._constants import number_text, step_constant
from telic.operators._expressions import (
    change_index,
    change_items,
    change_order,
    extend_condition,
    extend_value,
    rename,
    replace_condition,
    replace_value,
    shrink_value,
    wrap_not,
)
from telic.operators._swaps import (
    flip_flag,
    negate_condition,
    swap_assignment,
    swap_exit,
    swap_function,
    swap_operands,
    swap_operator,
)
from tests.operators.corpus import outcomes


def bodies(draw, expression: str, parameters: str = "a, b, c", **settings) -> set[str]:
    """Return what an edit makes of ``return EXPRESSION``."""
    found = outcomes(draw, f"def f({parameters}):\n    return {expression}\n", **settings)
    return {text.partition("return ")[2].rstrip("\n") for text in found}


# Constants


def test_constants_are_stepped_scaled_turned_round_and_snapped() -> None:
    found = {float(text.removeprefix("a * ")) for text in bodies(step_constant, "a * 0.35")}

    assert any(0.3 < value < 0.4 for value in found)
    assert any(value > 1 for value in found)
    assert -0.35 in found
    assert found & {0.25, 0.5, 1.0}


def test_integers_stay_integers_where_they_count_or_select() -> None:
    text = "def f(xs):\n    for i in range(12):\n        xs[i] = xs[2] // 7\n    return [4]\n"

    for result in outcomes(step_constant, text):
        values = [n.value for n in ast.walk(ast.parse(result)) if isinstance(n, ast.Constant)]
        assert all(isinstance(value, int) for value in values)


def test_an_item_of_a_list_in_few_symbols_becomes_another_symbol() -> None:
    signs = [1, -1, -1, 1, 1, -1]

    found = {tuple(ast.literal_eval(text)) for text in bodies(step_constant, str(signs), draws=60)}

    flipped = {(*signs[:at], -signs[at], *signs[at + 1 :]) for at in range(6)}
    assert flipped < found  # and sometimes a new symbol comes in


@pytest.mark.parametrize("items", [[31, 12, 44, 25], [1, 1, 1, 1], [0.5, -0.5, 0.5, -0.5], [1, -1]])
def test_items_that_are_measured_or_all_alike_are_stepped_as_any_number(items: list[float]) -> None:
    found = [ast.literal_eval(text) for text in bodies(step_constant, str(items), draws=60)]

    assert found
    assert sum(set(new) <= set(items) for new in found) < len(found) / 2


def test_integers_become_real_in_arithmetic() -> None:
    assert any("." in text for text in bodies(step_constant, "a * 3"))


@pytest.mark.parametrize("value", [0, 12, -3, 0.5, 1e-9, 123456.789, 1e300, -2.5])
def test_literals_are_short_and_keep_their_type(value: float) -> None:
    text = number_text(value, 3)

    assert type(ast.literal_eval(text)) is type(value)
    assert ast.literal_eval(text) == pytest.approx(value, rel=5e-3)
    assert len(text) <= 9


def test_a_sign_before_a_literal_moves_with_it() -> None:
    assert "a - 0.35" not in bodies(step_constant, "-0.35")
    assert "0.35" in bodies(step_constant, "-0.35")


def test_literals_in_text_annotations_and_patterns_stay() -> None:
    text = "def f(a: 3 = 4):\n    match a:\n        case 1:\n            return f'{a:5}' + '6'\n"

    assert all("def f(a: 3 = " in result for result in outcomes(step_constant, text))
    assert all("case 1:" in result for result in outcomes(step_constant, text))
    assert all("f'{a:5}' + '6'" in result for result in outcomes(step_constant, text))


# Swaps


def test_operators_are_swapped_with_brackets_that_keep_the_operands() -> None:
    found = bodies(swap_operator, "a * b + c")

    assert {"(a + b) + c", "a + b + c"} & found
    assert "a * b - c" in found
    assert "(a * b) * c" in found or "a * b * c" in found
    assert bodies(swap_operator, "a * (b + c)") >= {"a + (b + c)", "a * b * c"} or (
        "a * (b * c)" in bodies(swap_operator, "a * (b + c)")
    )


def test_comparisons_and_boolean_operators_are_swapped() -> None:
    assert bodies(swap_operator, "a < b", "a: int, b: int") == {"a <= b", "a > b", "a >= b"}
    assert bodies(swap_operator, "a == b") == {"a != b"}
    assert bodies(swap_operator, "a not  in b") == {"a in b"}
    assert "a or b or c" in bodies(swap_operator, "a and b and c")


def test_comments_and_line_breaks_within_an_expression_survive_a_swap() -> None:
    found = outcomes(
        swap_operator, "def f(a, b):\n    return (a  # +\n            + b)  # sum\n", draws=60
    )

    assert "def f(a, b):\n    return (a  # +\n            - b)  # sum\n" in found


def test_a_condition_is_turned_into_its_opposite() -> None:
    def conditions(test: str) -> set[str]:
        found = outcomes(negate_condition, f"def f(a, b):\n    if {test}:\n        return 1\n")
        return {re.findall("if (.*):", text)[0] for text in found}

    assert conditions("a < b") == {"a >= b"}
    assert conditions("a") == {"not a"}
    assert conditions("not a") == {"a"}
    assert conditions("a is b") == {"a is not b"}
    assert "not (a or b)" in conditions("a or b")


def test_operands_are_exchanged_where_order_matters() -> None:
    assert bodies(swap_operands, "a - b") == {"b - a"}
    assert bodies(swap_operands, "a * b") == set()
    assert bodies(swap_operands, "(a + b) / c") == {"c / (a + b)"}
    assert bodies(swap_operands, "a if c else b") == {"b if c else a"}
    assert bodies(swap_operands, "g(a, b)") == {"g(b, a)"}
    assert bodies(swap_operands, "max(a, b)") == set()


def test_functions_are_swapped_for_relatives_that_are_there() -> None:
    text = "import math\ndef f(xs):\n    return math.floor(min(xs)) + math.sin(xs[0])\n"
    found = "".join(outcomes(swap_function, text))

    assert "math.ceil(min(xs))" in found
    assert "max(xs)" in found
    assert "math.cos(xs[0])" in found
    assert bodies(swap_function, "min(a, key=b)") == {"max(a, key=b)"}


def test_flags_assignments_and_exits_are_swapped() -> None:
    text = (
        "def f(xs):\n    t = 0\n    for x in sorted(xs, reverse=True):\n"
        "        if x > 3:\n            break\n        t += x\n    return t\n"
    )

    assert text.replace("True", "False") in outcomes(flip_flag, text)
    assert {text.replace("+=", "-="), text.replace("+=", "=")} <= outcomes(swap_assignment, text)
    assert outcomes(swap_exit, text) == {text.replace("break", "continue")}


# Expressions


def test_expressions_grow_from_names_in_scope() -> None:
    found = bodies(extend_value, "a * b")

    assert any("c" in text for text in found)
    assert any(text.startswith("a * b ") for text in found)
    assert any("max(" in text or "min(" in text for text in found)


def test_names_without_a_value_are_not_used() -> None:
    text = (
        "def f(a, b):\n    x = a * b\n    if a > 1:\n        late = x + 1\n"
        "    after = 2.0 * x\n    return after\n"
    )

    for result in outcomes(replace_value, text) | outcomes(extend_value, text):
        tree = ast.parse(result)
        uses = [node.id for node in ast.walk(tree) if isinstance(node, ast.Name)]
        assert uses.count("late") == 1, result  # bound on one way only
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "x":
                read = {n.id for n in ast.walk(node.value) if isinstance(n, ast.Name)}
                assert not read & {"x", "after"}, result


def test_a_function_is_not_made_to_call_itself() -> None:
    text = (
        "def half(a):\n    return a / 2\n\n\ndef whole(a):\n    return half(a) + half(a + 1)\n\n\n"
        "def f(a):\n    return whole(a) * 3\n"
    )
    found = outcomes(extend_value, text, draws=600)

    for result in found:
        half = result.partition("def whole")[0]
        assert "whole(" not in half
        assert half.count("half(") == 1
    assert any(text.count("half(a)") < result.count("half(a)") for result in found)


def test_the_vocabulary_is_preferred_when_declared() -> None:
    text = "import math\ndef f(x):\n    return 2.0 * x\n"
    found = outcomes(extend_value, text, vocabulary=("math.sin", "math.hypot"))

    assert any("math.sin(" in result for result in found)
    assert any(re.search(r"math\.hypot\(.+, .+\)", result) for result in found)


def test_values_are_replaced_only_by_their_kind() -> None:
    text = (
        "def f(xs, name):\n    total = sum(xs)\n    label = name.strip()\n"
        "    return total * 2 if label else total\n"
    )

    for result in outcomes(replace_value, text, draws=600):
        assert "label *" not in result
        assert "name +" not in result
        assert "xs *" not in result
        assert not re.search(r"[-+*/] (xs|name|label)\b", result)


def test_an_expression_shrinks_to_a_part_of_the_same_kind() -> None:
    assert {"a", "b * c", "a + b", "a + c"} & bodies(shrink_value, "a + b * c") >= {"a", "b * c"}
    assert bodies(shrink_value, "len(a) * 2") >= {"len(a)", "2"}


def test_brackets_that_are_no_longer_needed_go() -> None:
    assert "a * b" in bodies(shrink_value, "a * (b + c)")
    assert "b * (b + c)" in bodies(rename, "a * (b + c)") | bodies(replace_value, "a * (b + c)")


def test_names_are_exchanged_within_their_kind() -> None:
    text = "def f(xs, k):\n    n = 2.0 * k\n    ys = sorted(xs)\n    return ys[0] * n\n"
    found = outcomes(rename, text)

    assert text.replace("ys[0]", "xs[0]") in found
    assert text.replace("* n", "* k") in found
    assert not any("n[0]" in result or "sorted(k)" in result for result in found)


def test_conditions_are_replaced_and_extended() -> None:
    text = "def f(a, b):\n    if a > 1:\n        return a\n    return 2 * b\n"

    extended = outcomes(extend_condition, text)
    assert any("if a > 1 and " in result for result in extended)
    assert any("if a > 1 or " in result for result in extended)
    replaced = {re.findall("if (.*):", r)[0] for r in outcomes(replace_condition, text)}
    assert len(replaced) > 20
    assert all(re.search("[<>]|%", test) for test in replaced)


def test_indices_bounds_and_orders_change() -> None:
    text = "def f(xs):\n    t = 0\n    for i in range(len(xs)):\n        t += xs[i]\n    return t\n"

    found = outcomes(change_index, text)
    assert text.replace("xs[i]", "xs[i - 1]") in found
    assert text.replace("len(xs)", "len(xs) - 1") in found
    orders = outcomes(change_order, text)
    assert text.replace("range(len(xs))", "list(range(len(xs)))[::-1]") in orders


def test_keys_to_sort_by_change() -> None:
    text = "def f(xs, w):\n    return sorted(xs, key=lambda x: (w[x], x))\n"

    found = "".join(outcomes(change_items, text))
    assert "(-w[x], x)" in found
    assert re.search(r"lambda x: \(.+, w\[x\], x\)", found)


def test_negation_is_put_before_a_value_once() -> None:
    assert "-(a + b)" in bodies(wrap_not, "a + b")
    assert "-(-a)" not in bodies(wrap_not, "-a")


# Calls


def test_arguments_are_dropped_and_added_after_examples() -> None:
    text = (
        "def f(xs, w):\n    ys = sorted(xs, key=lambda x: -w[x], reverse=True)\n"
        "    zs = sorted(ys)\n    return g(ys, step=3) + g(zs)\n"
    )

    dropped = outcomes(drop_argument, text)
    assert text.replace(", reverse=True", "") in dropped
    assert text.replace(" key=lambda x: -w[x],", "") in dropped
    assert text.replace(", step=3", "") in dropped
    added = outcomes(add_argument, text)
    assert text.replace("sorted(ys)", "sorted(ys, reverse=True)") in added
    assert text.replace("g(zs)", "g(zs, step=3)") in added


def test_items_are_ordered_by_expressions_known_from_elsewhere() -> None:
    text = (
        "def f(n, v, w):\n    t = 0\n    for i in range(n):\n        t += v[i] / w[i]\n"
        "    return sorted(range(n)), t\n"
    )

    found = "".join(outcomes(order_by, text))
    assert "sorted(range(n), key=lambda i: v[i] / w[i])" in found
    assert "sorted(range(n), key=lambda i: -(v[i] / w[i]))" in found or (
        "key=lambda i: -v[i]" in found
    )
