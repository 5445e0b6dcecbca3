"""What the mock model does: one random change of the syntax tree of the program in the prompt.

The policy looks for the last EVOLVE-BLOCK of the last user message that has one (every system
puts the parent there), changes it once and answers with the whole program. It ignores scores,
feedback and other programs, so results compare how systems choose parents and use their budget,
not how they prompt. What it answers depends on its seed, on the program, and on how often
that program was sent before: two systems that send the same programs get the same answers.
"""

from __future__ import annotations

import ast
import hashlib
import re
from collections import Counter
from collections.abc import Callable, Mapping
from copy import deepcopy
from random import Random
from typing import Any, TypeGuard

__all__ = ["FUNCTIONS", "Policy", "mutated", "program_of"]

START, END = "# EVOLVE-BLOCK-START\n", "# EVOLVE-BLOCK-END"
_BLOCK = re.compile(r"^# EVOLVE-BLOCK-START\n(.*?)^# EVOLVE-BLOCK-END", re.MULTILINE | re.DOTALL)
FUNCTIONS = ("sin", "cos", "exp", "sqrt", "tanh")
"""Of the module math, that changes may call; other operators are given the same ones."""
_OPERATORS: tuple[type[ast.operator], ...] = (ast.Add, ast.Sub, ast.Mult, ast.Div)
_COMPARISONS: tuple[type[ast.cmpop], ...] = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)

_Place = tuple[ast.AST, str, int | None, ast.expr]
"""Node, its field, the index there, and the expression."""


class Policy:
    """Answers requests of one kind of model, told apart by the model's name.

    A model is called ``mock-SEED-RUN``: the seed of the answers, and which run asks, so that
    runs do not disturb each other.

    Args:
        programs: text of each task's seed program; what stands around its block is put around
            every answer, whatever a system sent.
    """

    def __init__(self, programs: Mapping[str, str]) -> None:
        self._programs = programs
        self._sent: Counter[tuple[str, str]] = Counter()

    def __call__(self, body: Mapping[str, Any]) -> str:
        """Return the reply to a request in the OpenAI-compatible form."""
        model = str(body["model"])
        _, seed, run = model.split("-", 2)
        block = program_of([str(message["content"]) for message in body["messages"]])
        frame = self._programs[run.partition("-")[0]]
        if block is None:
            return "There is no program in this request."
        self._sent[model, block] += 1
        key = f"{seed}|{block}|{self._sent[model, block]}"
        rng = Random(hashlib.sha256(key.encode()).digest())
        before, after = _BLOCK.split(frame)[::2]
        program = f"{before}{START}{mutated(block, rng)}{END}{after}"
        return (
            "<NAME>\nchange\n</NAME>\n\n<DESCRIPTION>\nOne change.\n</DESCRIPTION>\n\n"
            f"<CODE>\n```python\n{program.rstrip()}\n```\n</CODE>\n"
        )


def program_of(messages: list[str]) -> str | None:
    """Return the text of the last evolvable block in the last message that has one."""
    for text in reversed(messages):
        found = _BLOCK.findall(text.replace("\r\n", "\n"))
        if found:
            return found[-1]
    return None


def mutated(block: str, rng: Random) -> str:
    """Return a block with one random change; it parses, but may well fail when it runs.

    Args:
        block: text of Python statements.
        rng: every draw.
    """
    before = ast.unparse(ast.parse(block))
    for _ in range(50):
        tree = ast.parse(block)
        change = rng.choices([kind for kind, _ in _CHANGES], [w for _, w in _CHANGES])[0]
        if change(tree, rng):
            text = ast.unparse(tree)
            if text != before:
                return f"{text}\n"
    return block


def _constant(tree: ast.Module, rng: Random) -> bool:
    """Move one number: a factor, a step, or a new one now and then."""
    found = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and type(node.value) in (int, float)
    ]
    if not found:
        return False
    node = rng.choice(found)
    value = node.value
    assert isinstance(value, int | float)
    if isinstance(value, int):
        node.value = value + rng.choice((-2, -1, 1, 2)) if rng.random() < 0.7 else float(value)
    elif rng.random() < 0.15:
        node.value = round(rng.uniform(-2.0, 2.0), 3)
    else:
        node.value = float(f"{value * rng.gauss(1.0, 0.25) + rng.gauss(0.0, 0.01):.6g}")
    return True


def _operator(tree: ast.Module, rng: Random) -> bool:
    """Exchange one arithmetic operator or comparison."""
    found = [node for node in ast.walk(tree) if isinstance(node, ast.BinOp | ast.Compare)]
    if not found:
        return False
    node = rng.choice(found)
    if isinstance(node, ast.BinOp):
        node.op = rng.choice(_OPERATORS)()
    else:
        node.ops[0] = rng.choice(_COMPARISONS)()
    return True


def _leaf(tree: ast.Module, rng: Random) -> ast.expr:
    """Return a number, a name that the block reads, or a function of a name."""
    names = sorted(
        {
            node.id
            for node in ast.walk(tree)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        }
        | {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    )
    if not names or rng.random() < 0.35:
        return ast.Constant(round(rng.uniform(0.1, 3.0), 2))
    name = ast.Name(rng.choice(names), ast.Load())
    if rng.random() < 0.5:
        return name
    scaled = ast.BinOp(name, ast.Mult(), ast.Constant(round(rng.uniform(-3.0, 3.0), 2)))
    return _called(rng.choice(FUNCTIONS), scaled if rng.random() < 0.7 else name)


def _called(function: str, argument: ast.expr) -> ast.Call:
    return ast.Call(
        ast.Attribute(ast.Name("math", ast.Load()), function, ast.Load()), [argument], []
    )


def _expressions(tree: ast.Module) -> list[_Place]:
    """Return every arithmetic expression that is read, with the place that holds it.

    What a loop runs over, what is indexed and what is called stay as they are, and so do the
    arguments of functions other than those of the ``math`` module: changes there nearly always
    fail.
    """
    found: list[_Place] = []

    def visit(node: ast.AST) -> None:
        if isinstance(node, ast.For | ast.comprehension):
            parts = node.body if isinstance(node, ast.For) else node.ifs
            for part in parts:
                visit(part)
            return
        if isinstance(node, ast.Subscript | ast.arguments):
            return
        is_foreign = isinstance(node, ast.Call) and not isinstance(node.func, ast.Attribute)
        for name, value in ast.iter_fields(node):
            parts = value if isinstance(value, list) else [value]
            for index, part in enumerate(parts):
                if not isinstance(part, ast.AST) or name == "func":
                    continue
                if _is_number(part) and not is_foreign and not isinstance(node, ast.Expr):
                    found.append((node, name, index if isinstance(value, list) else None, part))
                visit(part)

    visit(tree)
    return found


def _is_number(node: ast.AST) -> TypeGuard[ast.expr]:
    """Tell whether a node may be arithmetic that is read."""
    if isinstance(node, ast.Name):
        return isinstance(node.ctx, ast.Load)
    if isinstance(node, ast.Constant):
        return type(node.value) in (int, float)
    return isinstance(node, ast.BinOp | ast.UnaryOp)


def _put(place: _Place, new: ast.expr) -> None:
    parent, name, index, _ = place
    if index is None:
        setattr(parent, name, new)
    else:
        getattr(parent, name)[index] = new


def _grow(tree: ast.Module, rng: Random) -> bool:
    """Join an expression with a number or a name."""
    places = _expressions(tree)
    if not places:
        return False
    place = rng.choice(places)
    pair = [place[3], _leaf(tree, rng)]
    if rng.random() < 0.3:
        pair.reverse()
    _put(place, ast.BinOp(pair[0], rng.choice(_OPERATORS)(), pair[1]))
    return True


def _wrap(tree: ast.Module, rng: Random) -> bool:
    """Put an expression into a function of the ``math`` module."""
    places = _expressions(tree)
    if not places:
        return False
    place = rng.choice(places)
    _put(place, _called(rng.choice(FUNCTIONS), place[3]))
    return True


def _shrink(tree: ast.Module, rng: Random) -> bool:
    """Put one operand or argument in the place of the whole."""
    places = [
        place for place in _expressions(tree) if isinstance(place[3], ast.BinOp | ast.UnaryOp)
    ]
    if not places:
        return False
    place = rng.choice(places)
    node = place[3]
    if isinstance(node, ast.BinOp):
        _put(place, rng.choice((node.left, node.right)))
    elif isinstance(node, ast.UnaryOp):
        _put(place, node.operand)
    return True


def _copy(tree: ast.Module, rng: Random) -> bool:
    """Put a copy of one expression in the place of another."""
    places = _expressions(tree)
    if len(places) < 2:
        return False
    source, place = rng.choice(places), rng.choice(places)
    _put(place, deepcopy(source[3]))
    return True


def _statement(tree: ast.Module, rng: Random) -> bool:
    """Remove, repeat or move one statement."""
    bodies = [
        body
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.For | ast.If | ast.While)
        for body in (node.body,)
        if len(body) > 1
    ]
    if not bodies:
        return False
    body = rng.choice(bodies)
    i, j = rng.randrange(len(body)), rng.randrange(len(body))
    kind = rng.randrange(3)
    if kind == 0:
        del body[i]
    elif kind == 1:
        body.insert(j, deepcopy(body[i]))
    else:
        body[i], body[j] = body[j], body[i]
    return True


_CHANGES: tuple[tuple[Callable[[ast.Module, Random], bool], int], ...] = (
    (_constant, 42),
    (_operator, 8),
    (_grow, 22),
    (_wrap, 8),
    (_shrink, 8),
    (_copy, 8),
    (_statement, 4),
)
