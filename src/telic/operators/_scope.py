"""Scope analysis: one walk over a piece of Python that lists its places.

The walk follows the order of execution and keeps the set of local names that certainly have
a value: a branch contributes what all its ways have in common, a loop's body nothing.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence

import msgspec

from telic.operators._evidence import gather
from telic.operators._imports import imports_in
from telic.operators._kinds import ANY, ARRAYS, is_number, join
from telic.operators._nodes import is_documentation, names_read, nodes_in, statements_in
from telic.operators._parameters import parameter_names
from telic.operators._places import Block, Chunk, Function, Place, Role, Statement
from telic.operators._precedence import TEST
from telic.operators._sites import SiteWalk, names_bound, names_in
from telic.operators._splice import Lines

__all__ = ["analyse_chunk"]

_Definition = ast.FunctionDef | ast.AsyncFunctionDef
_LEAVES = (ast.Break, ast.Return, ast.Raise)
_ENDS = (ast.Raise, ast.Break, ast.Continue)
_DISPLAYS = (ast.Tuple, ast.List)


def analyse_chunk(
    text: str,
    modules: Mapping[str, str],
    hints: Mapping[str, Sequence[str]] | None = None,
) -> Chunk:
    """Parse a piece of a program and list its places.

    Args:
        text: one or more top-level statements.
        modules: names imported before it, with dotted full names.
        hints: for functions it defines, the kinds of arguments that they are called with.

    Raises:
        SyntaxError, ValueError, RecursionError, MemoryError: if it does not parse.
    """
    tree = ast.parse(text)
    imported = imports_in(tree) if "import" in text else {}
    walk = _Walk(text, {**modules, **imported}, hints or {})
    top = walk.level("", tree.body, None, None)
    if not _is_main_guard(tree.body):
        walk.block(tree, tree.body, Place(top, frozenset()))
    sites = tuple(walk.expressions.sites)
    return Chunk(
        text=text,
        lines=walk.lines,
        tree=tree,
        extent=_extent(tree, walk.lines),
        sites=sites,
        statements=tuple(walk.statements),
        functions=tuple(walk.functions),
        defined={name: top.kinds.get(name, ANY) for name in top.hidden},
        modules=imported,
        loaded=frozenset(walk.expressions.loaded),
        calls=tuple(walk.expressions.calls),
        selected={},
        by_node={},
    )


def _extent(tree: ast.Module, lines: Lines) -> tuple[int, int]:
    if not tree.body:
        return 0, 0
    return lines.span(tree.body[0])[0], lines.span(tree.body[-1])[1]


def _is_main_guard(body: Sequence[ast.stmt]) -> bool:
    """Tell whether a chunk is ``if __name__ == "__main__":``, which evaluation never runs."""
    return (
        len(body) == 1
        and isinstance(body[0], ast.If)
        and isinstance(body[0].test, ast.Compare)
        and isinstance(body[0].test.left, ast.Name)
        and body[0].test.left.id == "__name__"
    )


def _with(place: Place, names: frozenset[str]) -> Place:
    return (
        place if names <= place.bound else msgspec.structs.replace(place, bound=place.bound | names)
    )


def _deciding(target: ast.expr, place: Place) -> Place:
    """Return the place of a value: decisive when the target is what the function returns."""
    name = target.id if isinstance(target, ast.Name) else ""
    is_result = name in place.function.results
    if is_result and is_number(place.function.kinds.get(name, ANY)):
        return msgspec.structs.replace(place, is_decisive=True)
    return place


def _meet(place: Place, ways: Sequence[tuple[Place, bool]]) -> tuple[Place, bool]:
    """Return the place behind several ways, and whether all of them are left before."""
    going_on = [way.bound for way, left in ways if not left]
    if not going_on:
        return ways[0][0], True
    return _with(place, frozenset.intersection(*going_on)), False


class _Walk:
    """The state of one walk over statements."""

    def __init__(
        self, text: str, modules: Mapping[str, str], hints: Mapping[str, Sequence[str]]
    ) -> None:
        self.hints = hints
        self.text = text
        self.lines = Lines(text)
        self.expressions = SiteWalk(self.lines, modules)
        self.statements: list[Statement] = []
        self.functions: list[Function] = []
        self._around = frozenset[str]()
        """What the methods of the class around see of the function around that."""
        self._watched: list[frozenset[str]] = []
        """For each ``while`` around: the names that its test reads."""

    def level(
        self, name: str, body: list[ast.stmt], node: _Definition | None, around: Function | None
    ) -> Function:
        """Analyse the names of a function, class or module."""
        enclosing = around.kinds if around else {}
        hinted = self.hints.get(name, ()) if around and not around.within else ()
        names = gather(
            body, node.args if node else None, enclosing, self.expressions.modules, hinted
        )
        kinds = names.kinds()
        returned = ANY
        for value in names.returns:
            returned = join(returned, self.expressions.kind_among(value, kinds))
        outer = around.hidden if around and around.node else frozenset[str]()
        function = Function(
            name=name,
            node=node,
            kinds=kinds,
            hidden=frozenset(names.stored) | outer,
            stored=frozenset(names.stored),
            returned=returned,
            results=frozenset(names.results),
            is_generator=names.yields,
            indices=names.tokens(),
            counters=frozenset(names.counters),
            within=(*(around.within if around else ()), *([name] if node else [])),
        )
        self.functions.append(function)
        return function

    def block(self, owner: ast.AST, body: list[ast.stmt], place: Place) -> tuple[Place, bool]:
        """Walk statements; return the place behind them and whether it is never reached."""
        block = Block(owner, len(body), "")
        ends = False
        for position, node in enumerate(body):
            if is_documentation(node):
                continue
            if self._watched and not place.is_risky and self._endangers(node):
                risky = msgspec.structs.replace(place, is_risky=True)
                self._record(node, block, position, risky)
                after, left = self._statement(node, risky)
                place = _with(place, after.bound)
            else:
                self._record(node, block, position, place)
                place, left = self._statement(node, place)
            ends = ends or left
        return place, ends

    def _endangers(self, node: ast.stmt) -> bool:
        """Tell whether the end of a ``while`` loop hangs on a statement in it."""
        if any(isinstance(part, _LEAVES) for part in (node, *statements_in(node))):
            return True
        if hasattr(node, "body"):
            return False  # its parts are asked one by one
        watched = self._watched[-1]
        return any(isinstance(part, ast.Name) and part.id in watched for part in nodes_in(node))

    def _record(self, node: ast.stmt, block: Block, position: int, place: Place) -> None:
        decorators = getattr(node, "decorator_list", None)
        first = decorators[0].lineno if decorators else node.lineno
        last = node.end_lineno or first
        lines = self.lines
        column = lines.offset(node.lineno, node.col_offset)
        indent = self.text[lines.starts[node.lineno - 1] : column]
        text_end = lines.end_of(last)
        rest = self.text[lines.offset(last, node.end_col_offset or 0) : text_end].strip()
        if indent.strip() or (rest and not rest.startswith("#")):
            return
        if isinstance(node, ast.If) and self.text.startswith("elif", column):
            return
        block.indent = indent
        self.statements.append(
            Statement(
                node, lines.starts[first - 1], lines.after(last), text_end, block, position, place
            )
        )

    def _statement(self, node: ast.stmt, place: Place) -> tuple[Place, bool]:
        handler = _STATEMENTS.get(type(node))
        if handler is not None:
            return handler(self, node, place)
        for value in ast.iter_child_nodes(node):
            if isinstance(value, ast.expr):
                self.expressions.add(value, node, TEST, place)
        return place, isinstance(node, _ENDS)

    # One method for each type of statement that binds names or holds blocks.

    def define(self, node: _Definition, place: Place) -> tuple[Place, bool]:
        """A function sees the names bound where it is defined."""
        defaults = [*node.args.defaults, *filter(None, node.args.kw_defaults)]
        for default in defaults:
            self.expressions.add(default, node.args, TEST, place)
        function = self.level(node.name, node.body, node, place.function)
        around = place.bound if place.function.node is not None else self._around
        own = parameter_names(node.args) | (around - function.stored)
        watched, self._watched = self._watched, []
        self.block(node, node.body, Place(function, own))
        self._watched = watched
        return _with(place, frozenset((node.name,))), False

    def define_class(self, node: ast.ClassDef, place: Place) -> tuple[Place, bool]:
        """The methods of a class do not see the names of its body."""
        level = self.level(node.name, node.body, None, place.function)
        around = self._around
        self._around = place.bound if place.function.node is not None else around
        self.block(node, node.body, msgspec.structs.replace(place, function=level))
        self._around = around
        return _with(place, frozenset((node.name,))), False

    def assign(self, node: ast.Assign, place: Place) -> tuple[Place, bool]:
        """Values first, then the indices in targets."""
        first = node.targets[0]
        role = self._role(first, place)
        self.expressions.add(node.value, node, TEST, _deciding(first, place), role)
        for target in node.targets:
            self._target(target, place)
            place = _with(place, names_in(target))
        return place, False

    def _role(self, target: ast.expr, place: Place) -> Role:
        """Return what a value is for that is given to a target."""
        base = target.value if isinstance(target, ast.Subscript) else target
        counts = isinstance(base, ast.Name) and base.id in place.function.indices
        return "index" if counts else "value"

    def annotate(self, node: ast.AnnAssign, place: Place) -> tuple[Place, bool]:
        """An annotation is never evaluated as part of the work, so it is no site."""
        if node.value is not None:
            kind = place.function.kinds.get(getattr(node.target, "id", ""), ANY)
            self.expressions.add(node.value, node, TEST, place, "value", kind)
            self._target(node.target, place)
            place = _with(place, names_in(node.target))
        return place, False

    def augment(self, node: ast.AugAssign, place: Place) -> tuple[Place, bool]:
        """The value of ``+=`` is of its target's kind."""
        kind = self.expressions.kind(node.target, place)
        role = self._role(node.target, place)
        self.expressions.add(node.value, node, TEST, _deciding(node.target, place), role, kind)
        self._target(node.target, place)
        return place, False

    def _target(self, target: ast.expr, place: Place) -> None:
        if isinstance(target, _DISPLAYS):
            for item in target.elts:
                self._target(item, place)
        elif isinstance(target, ast.Subscript):
            self.expressions.index(target.slice, target, place)

    def give_back(self, node: ast.Return, place: Place) -> tuple[Place, bool]:
        """What is returned is of the kind that the function returns elsewhere."""
        if node.value is not None:
            returned = place.function.returned
            if is_number(returned) or returned in ARRAYS:
                place = msgspec.structs.replace(place, is_decisive=True)
            self.expressions.add(node.value, node, TEST, place, "value", returned)
        return place, True

    def branch(self, node: ast.If, place: Place) -> tuple[Place, bool]:
        """Names bound on all ways that go on are bound behind."""
        self.expressions.add(node.test, node, TEST, place, "test", "bool")
        ways = [self.block(node, node.body, place), self.block(node, node.orelse, place)]
        return _meet(place, ways)

    def each(self, node: ast.For | ast.AsyncFor, place: Place) -> tuple[Place, bool]:
        """A loop over items; its body may run no time at all."""
        self.expressions.add(node.iter, node, TEST, place, "iterable", "list")
        inner = msgspec.structs.replace(
            place,
            bound=place.bound | names_in(node.target),
            loops=place.loops + 1,
            in_while=False,
        )
        self.block(node, node.body, inner)
        self.block(node, node.orelse, place)
        return place, False

    def repeat(self, node: ast.While, place: Place) -> tuple[Place, bool]:
        """A ``while`` loop; what its end hangs on is risky to edit."""
        risky = msgspec.structs.replace(place, is_risky=True)
        self.expressions.add(node.test, node, TEST, risky, "test", "bool")
        tested = names_read(node.test)
        self._watched.append(frozenset(tested))
        inner = msgspec.structs.replace(
            place, loops=place.loops + 1, in_while=True, watched=place.watched | frozenset(tested)
        )
        self.block(node, node.body, inner)
        self._watched.pop()
        self.block(node, node.orelse, place)
        return place, False

    def attempt(self, node: ast.Try, place: Place) -> tuple[Place, bool]:
        """A handler cannot count on anything that the body binds."""
        body, left = self.block(node, node.body, place)
        ways = [self.block(node, node.orelse, body) if node.orelse else (body, left)]
        for handler in node.handlers:
            names = frozenset((handler.name,)) if handler.name else frozenset[str]()
            ways.append(self.block(handler, handler.body, _with(place, names)))
        after, ends = _meet(place, ways)
        final, final_ends = self.block(node, node.finalbody, place)
        return _with(after, final.bound), ends or final_ends

    def manage(self, node: ast.With | ast.AsyncWith, place: Place) -> tuple[Place, bool]:
        """Context managers and their names."""
        for item in node.items:
            self.expressions.add(item.context_expr, node, TEST, place)
            if item.optional_vars is not None:
                place = _with(place, names_in(item.optional_vars))
        return self.block(node, node.body, place)

    def match(self, node: ast.Match, place: Place) -> tuple[Place, bool]:
        """Patterns are no sites; no case at all may match."""
        self.expressions.add(node.subject, node, TEST, place)
        for case in node.cases:
            inner = _with(place, names_bound(case.pattern))
            if case.guard is not None:
                self.expressions.add(case.guard, case, TEST, inner, "test", "bool")
            self.block(case, case.body, inner)
        return place, False

    def import_(self, node: ast.Import | ast.ImportFrom, place: Place) -> tuple[Place, bool]:
        """Imported names."""
        bound = {alias.asname or alias.name.partition(".")[0] for alias in node.names}
        return _with(place, frozenset(bound)), False

    def delete(self, node: ast.Delete, place: Place) -> tuple[Place, bool]:
        """Deleted names."""
        gone = frozenset[str]().union(*(names_in(target) for target in node.targets))
        return msgspec.structs.replace(place, bound=place.bound - gone), False

    def evaluate(self, node: ast.Expr, place: Place) -> tuple[Place, bool]:
        """An expression whose value nobody takes."""
        self.expressions.add(node.value, node, TEST, place)
        return place, False

    def share(self, node: ast.Global | ast.Nonlocal, place: Place) -> tuple[Place, bool]:
        """Names of a scope around; whether they have a value is not known."""
        del node
        return place, False


_STATEMENTS: dict[type, Callable[..., tuple[Place, bool]]] = {
    ast.FunctionDef: _Walk.define,
    ast.AsyncFunctionDef: _Walk.define,
    ast.ClassDef: _Walk.define_class,
    ast.Assign: _Walk.assign,
    ast.Expr: _Walk.evaluate,
    ast.AnnAssign: _Walk.annotate,
    ast.AugAssign: _Walk.augment,
    ast.Return: _Walk.give_back,
    ast.If: _Walk.branch,
    ast.For: _Walk.each,
    ast.AsyncFor: _Walk.each,
    ast.While: _Walk.repeat,
    ast.Try: _Walk.attempt,
    ast.TryStar: _Walk.attempt,
    ast.With: _Walk.manage,
    ast.AsyncWith: _Walk.manage,
    ast.Match: _Walk.match,
    ast.Import: _Walk.import_,
    ast.ImportFrom: _Walk.import_,
    ast.Delete: _Walk.delete,
    ast.Global: _Walk.share,
    ast.Nonlocal: _Walk.share,
}
