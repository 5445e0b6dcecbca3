"""The walk over an expression that lists its sites: what may stand where, and of what kind."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence

import msgspec

from telic.operators._kinds import ANY, ARRAYS, CONSTANTS, SHAPED, is_number, kind_of, module_of
from telic.operators._nodes import names_read, nodes_in
from telic.operators._parameters import parameter_names
from telic.operators._places import Place, Role, Site
from telic.operators._precedence import (
    AND,
    ATOM,
    COMPARED,
    FACTOR,
    NEGATED,
    OR,
    TEST,
    operand_slots,
)
from telic.operators._splice import Lines

__all__ = ["SiteWalk", "names_bound", "names_in"]

_INDEX = "index"
"""What is expected where an index stands: not a kind of its own, but the role that it gives."""
_Comprehension = ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp
_ARITHMETIC = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow)
_ORDER = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
_DISPLAYS = (ast.Tuple, ast.List)
_NAMING = (ast.MatchAs, ast.MatchStar, ast.ExceptHandler)
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


class SiteWalk:
    """Collects the sites of expressions, outermost first.

    What is not evaluated as a value of its own is no site: annotations, keywords, slices,
    starred arguments, and all inside f-strings, whose positions Python 3.11 does not tell.
    """

    def __init__(self, lines: Lines, modules: Mapping[str, str]) -> None:
        self.lines = lines
        self.modules = modules
        self.sites: list[Site] = []
        self._list = self.sites.append
        self._starts = lines.plain_starts
        self.loaded: set[str] = set()
        self.calls: list[tuple[str, tuple[str, ...]]] = []
        self._memo: dict[ast.expr, str] = {}

    def kind(self, node: ast.expr, place: Place) -> str:
        """Return the kind of an expression at a place."""
        return kind_of(node, place.function.kinds, self.modules, self._memo)

    def kind_among(self, node: ast.expr, kinds: Mapping[str, str]) -> str:
        """Return the kind of an expression of a function with the names of these kinds."""
        return kind_of(node, kinds, self.modules, self._memo)

    def add(
        self,
        node: ast.expr,
        parent: ast.AST,
        slot: int,
        place: Place,
        role: Role = "value",
        expected: str = ANY,
    ) -> None:
        """List an expression and all within it.

        Args:
            node: the expression.
            parent: the node it belongs to.
            slot: how tightly an expression must bind to stand there.
            place: what holds there.
            role: what it is used for.
            expected: kind its surroundings ask for, used when its own is not known.
        """
        if expected == _INDEX:
            role, expected = "index", "int"
        kinds = place.function.kinds
        if type(node) is ast.Name:
            self.loaded.add(node.id)
            kind = kinds.get(node.id) or ("module" if node.id in self.modules else ANY)
        else:
            kind = self._memo.get(node) or kind_of(node, kinds, self.modules, self._memo)
        starts = self._starts
        if starts is None:
            start, end = self.lines.span(node)
        else:
            assert node.end_lineno is not None
            assert node.end_col_offset is not None
            start = starts[node.lineno - 1] + node.col_offset
            end = starts[node.end_lineno - 1] + node.end_col_offset
        self._list(
            Site(node, parent, start, end, expected if kind == ANY else kind, slot, role, place)
        )
        within = _WITHIN.get(type(node))
        if within is not None:
            within(self, node, place, _INDEX if role == "index" else expected)

    def _all(
        self, nodes: Sequence[ast.expr], parent: ast.AST, place: Place, expected: str = ANY
    ) -> None:
        for node in nodes:
            inner = node.value if isinstance(node, ast.Starred) else node
            slot = COMPARED if isinstance(node, ast.Starred) else TEST
            self.add(inner, parent, slot, place, "value", expected)

    # One method for each type of expression that has parts.

    def binary(self, node: ast.BinOp, place: Place, expected: str) -> None:
        """Operands of arithmetic are numbers unless something else is known."""
        left, right = operand_slots(node)
        if expected == _INDEX:
            wanted = _INDEX
        else:
            wanted = "num" if is_number(self._memo[node]) or is_number(expected) else ANY
        self.add(node.left, node, left, place, "value", wanted)
        self.add(node.right, node, right, place, "value", wanted)

    def unary(self, node: ast.UnaryOp, place: Place, expected: str) -> None:
        """``not`` takes a test, signs take a number."""
        if isinstance(node.op, ast.Not):
            self.add(node.operand, node, NEGATED, place, "test", "bool")
        else:
            wanted = _INDEX if expected == _INDEX else "num"
            self.add(node.operand, node, FACTOR, place, "value", wanted)

    def boolean(self, node: ast.BoolOp, place: Place, expected: str) -> None:
        """Operands of ``and`` bind tighter than ``and``, those of ``or`` tighter than ``or``."""
        slot = NEGATED if isinstance(node.op, ast.And) else AND
        for value in node.values:
            self.add(value, node, slot, place, "test", expected)

    def compare(self, node: ast.Compare, place: Place, _: str) -> None:
        """Both sides of an order are of one kind."""
        sides = [node.left, *node.comparators]
        expected = ANY
        if all(type(operator) in _ORDER for operator in node.ops):
            kinds = [self.kind(side, place) for side in sides]
            expected = next((kind for kind in kinds if kind != ANY), "num")
        for side in sides:
            self.add(side, node, COMPARED, place, "value", expected)

    def conditional(self, node: ast.IfExp, place: Place, expected: str) -> None:
        """``body if test else orelse``."""
        self.add(node.test, node, OR, place, "test", "bool")
        self.add(node.body, node, OR, place, "value", expected)
        self.add(node.orelse, node, TEST, place, "value", expected)

    def call(self, node: ast.Call, place: Place, wanted: str) -> None:
        """Arguments of mathematical functions are numbers."""
        full = module_of(node.func, self.modules)
        if not (full and self._module_function(node, node.func, full, place)):
            self.add(node.func, node, ATOM, place, "callee", "func")
        expected = "num" if full.startswith("math.") else ANY
        role: Role = "argument"
        if wanted == _INDEX and getattr(node.func, "id", "") not in ("int", "round"):
            role = "index"  # what counts the items is made of counts
        arguments = node.args
        if isinstance(node.func, ast.Name):
            kinds = [self.kind(argument, place) for argument in node.args]
            self.calls.append((node.func.id, tuple(kinds)))
            if node.func.id == "range":
                role, expected = "index", "int"
            elif node.func.id in ("abs", "min", "max", "round") and len(node.args) > 1:
                expected = "num"
            elif node.func.id in ("sorted", "sum", "len", "enumerate", "min", "max"):
                expected = "list" if len(node.args) == 1 else ANY
        elif full.startswith("numpy.") and full.rpartition(".")[2] in SHAPED and node.args:
            self.index(node.args[0], node, place)
            arguments = node.args[1:]
        for argument in arguments:
            is_starred = isinstance(argument, ast.Starred)
            inner = argument.value if isinstance(argument, ast.Starred) else argument
            slot = COMPARED if is_starred else TEST
            self.add(inner, node, slot, place, role, ANY if is_starred else expected)
        for keyword in node.keywords:
            self.add(keyword.value, node, TEST, place, "argument")

    def _module_function(self, call: ast.Call, node: ast.expr, full: str, place: Place) -> bool:
        """List ``math.sin`` in its call, the most common site; false if it is no such thing."""
        if type(node) is not ast.Attribute or type(node.value) is not ast.Name:
            return False
        name = node.value.id
        if place.function.kinds.get(name, ANY) in ARRAYS:
            return False
        self.loaded.add(name)
        start, end = self.lines.span(node)
        kind = "float" if full in CONSTANTS else "func"
        self._list(Site(node, call, start, end, kind, ATOM, "callee", place))
        return True

    def subscript(self, node: ast.Subscript, place: Place, _: str) -> None:
        """An index of a list is an integer; that of a shape is best left alone."""
        self.add(node.value, node, ATOM, place, "base")
        if not (isinstance(node.value, ast.Attribute) and node.value.attr == "shape"):
            self.index(node.slice, node, place)

    def index(self, node: ast.expr, parent: ast.AST, place: Place) -> None:
        """List an index, the bounds of a slice, or the parts of an index tuple."""
        if isinstance(node, ast.Slice):
            for part in (node.lower, node.upper, node.step):
                if part is not None:
                    self.add(part, node, TEST, place, "index", "int")
        elif isinstance(node, ast.Tuple):
            for part in node.elts:
                self.index(part, node, place)
        elif not isinstance(node, ast.Starred):
            self.add(node, parent, TEST, place, "index")

    def attribute(self, node: ast.Attribute, place: Place, _: str) -> None:
        """The object of an attribute; modules are no sites."""
        value = node.value
        if isinstance(value, ast.Name) and value.id in self.modules:
            self.loaded.add(value.id)
        elif module_of(node, self.modules):
            base: ast.expr = node
            while isinstance(base, ast.Attribute):
                base = base.value
            self.loaded.update([base.id] if isinstance(base, ast.Name) else ())
        else:
            self.add(value, node, ATOM, place, "base")

    def items(self, node: ast.Tuple | ast.List | ast.Set, place: Place, expected: str) -> None:
        """Items of a display."""
        self._all(node.elts, node, place, _INDEX if expected == _INDEX else ANY)

    def dictionary(self, node: ast.Dict, place: Place, _: str) -> None:
        """Keys and values of a dictionary."""
        self._all([key for key in node.keys if key is not None], node, place)
        for key, value in zip(node.keys, node.values, strict=True):
            self.add(value, node, COMPARED if key is None else TEST, place)

    def lambda_(self, node: ast.Lambda, place: Place, _: str) -> None:
        """The body of a lambda sees its parameters."""
        defaults = [*node.args.defaults, *filter(None, node.args.kw_defaults)]
        self._all(defaults, node, place)
        bound = place.bound | parameter_names(node.args)
        inner = msgspec.structs.replace(place, bound=bound, is_decisive=True)
        self.add(node.body, node, TEST, inner)

    def comprehension(self, node: _Comprehension, place: Place, expected: str) -> None:
        """Each clause sees the targets of those before it."""
        inner = place
        for clause in node.generators:
            self.add(clause.iter, clause, OR, inner, "iterable", "list")
            inner = msgspec.structs.replace(inner, bound=inner.bound | names_in(clause.target))
            for test in clause.ifs:
                self.add(test, clause, OR, inner, "test", "bool")
        if isinstance(node, ast.DictComp):
            self.add(node.key, node, TEST, inner)
            self.add(node.value, node, TEST, inner)
        else:
            counts = expected == _INDEX
            self.add(node.elt, node, TEST, inner, "value", _INDEX if counts else ANY)

    def wrapped(self, node: ast.Await | ast.Yield | ast.YieldFrom, place: Place, _: str) -> None:
        """The value of ``await`` and ``yield``."""
        if node.value is not None:
            self.add(node.value, node, ATOM if isinstance(node, ast.Await) else TEST, place)

    def named(self, node: ast.NamedExpr, place: Place, expected: str) -> None:
        """The value of ``:=``; the name it binds is not counted on."""
        self.add(node.value, node, TEST, place, "value", expected)

    def formatted(self, node: ast.JoinedStr, *_: object) -> None:
        """Names in an f-string are read."""
        self.loaded.update(names_read(node))


def names_in(target: ast.expr) -> frozenset[str]:
    """Return the names that an assignment target binds."""
    if isinstance(target, ast.Name):
        return frozenset((target.id,))
    if isinstance(target, _DISPLAYS):
        return frozenset[str]().union(*map(names_in, target.elts))
    return names_in(target.value) if isinstance(target, ast.Starred) else frozenset()


def names_bound(node: ast.AST) -> frozenset[str]:
    """Return the names that a pattern or statement binds at any depth."""
    found: set[str] = set()
    for part in nodes_in(node):
        if isinstance(part, ast.Name) and not isinstance(part.ctx, ast.Load):
            found.add(part.id)
        elif isinstance(part, _NAMING) and part.name:
            found.add(part.name)
        elif isinstance(part, ast.MatchMapping) and part.rest:
            found.add(part.rest)
        elif isinstance(part, _DEFINITIONS):
            found.add(part.name)
        elif isinstance(part, ast.alias):
            found.add(part.asname or part.name.partition(".")[0])
    return frozenset(found)


_WITHIN: dict[type, Callable[..., None]] = {
    ast.BinOp: SiteWalk.binary,
    ast.UnaryOp: SiteWalk.unary,
    ast.BoolOp: SiteWalk.boolean,
    ast.Compare: SiteWalk.compare,
    ast.IfExp: SiteWalk.conditional,
    ast.Call: SiteWalk.call,
    ast.Subscript: SiteWalk.subscript,
    ast.Attribute: SiteWalk.attribute,
    ast.Tuple: SiteWalk.items,
    ast.List: SiteWalk.items,
    ast.Set: SiteWalk.items,
    ast.Dict: SiteWalk.dictionary,
    ast.Lambda: SiteWalk.lambda_,
    ast.ListComp: SiteWalk.comprehension,
    ast.SetComp: SiteWalk.comprehension,
    ast.GeneratorExp: SiteWalk.comprehension,
    ast.DictComp: SiteWalk.comprehension,
    ast.Await: SiteWalk.wrapped,
    ast.Yield: SiteWalk.wrapped,
    ast.YieldFrom: SiteWalk.wrapped,
    ast.NamedExpr: SiteWalk.named,
    ast.JoinedStr: SiteWalk.formatted,
}
