"""Kinds of values, guessed from how Python source uses them.

A kind is a short string: ``int``, ``float``, ``num`` (either), ``bool``, ``str``, ``list``,
``list:KIND``, ``range``, ``pairs``, ``tuple``, ``dict``, ``set``, ``array``, ``matrix`` (an
array of rows), ``func``, ``module``, ``none``, ``obj``, ``mixed`` (of several kinds) and
``any`` (nothing is known). The guess is light and insensitive to flow; edits use it to avoid
nonsense such as adding a number to a list.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from functools import lru_cache

__all__ = [
    "ANY",
    "ARRAYS",
    "CONSTANTS",
    "NUMBERS",
    "SHAPED",
    "element_kind",
    "is_alike",
    "is_data",
    "is_list",
    "is_number",
    "join",
    "kind_of",
    "module_of",
]

ANY = "any"
NUMBERS = frozenset({"int", "float", "num"})
ARRAYS = frozenset({"array", "matrix"})
SHAPED = frozenset({"zeros", "ones", "empty", "full", "eye", "identity", "arange", "reshape"})
"""Functions of NumPy whose first argument is a shape or count."""

_BUILTINS = {
    "len": "int",
    "int": "int",
    "ord": "int",
    "round": "num",
    "float": "float",
    "bool": "bool",
    "isinstance": "bool",
    "all": "bool",
    "any": "bool",
    "callable": "bool",
    "hasattr": "bool",
    "str": "str",
    "repr": "str",
    "chr": "str",
    "list": "list",
    "sorted": "list",
    "reversed": "list",
    "range": "range",
    "enumerate": "pairs",
    "zip": "pairs",
    "map": "list",
    "filter": "list",
    "tuple": "tuple",
    "dict": "dict",
    "set": "set",
    "frozenset": "set",
    "sum": "num",
    "pow": "num",
    "hash": "int",
    "divmod": "tuple",
    "print": "none",
}
_METHODS_BY_KIND = {
    "none": "append extend sort remove reverse insert update",
    "int": "index count randint randrange",
    "list": "keys values",
    "pairs": "items",
    "list:str": "split splitlines",
    "str": "strip lower upper join replace format",
    "bool": "startswith endswith",
    "float": "random uniform gauss",
}
_METHODS = {name: kind for kind, names in _METHODS_BY_KIND.items() for name in names.split()}
CONSTANTS = frozenset({"math.pi", "math.e", "math.inf", "math.tau"}) | frozenset(
    {"numpy.pi", "numpy.e", "numpy.inf"}
)
"""Attributes of modules that are real numbers."""
_INTEGER_MATH = frozenset({"floor", "ceil", "trunc", "gcd", "lcm", "comb", "perm", "factorial"})
_BOOLEAN_MATH = frozenset({"isnan", "isinf", "isfinite", "isclose"})
_ARRAY_INTEGERS = frozenset({"argmax", "argmin", "size", "ndim", "count_nonzero"})
_ARRAY_SCALARS = frozenset({"sum", "max", "min", "mean", "median", "std", "var", "prod"})
_ARRAY_OTHERS = frozenset({"random", "any", "all", "where", "unravel_index", "shape", "linalg"})
_ELEMENTWISE = frozenset(
    {"sin", "cos", "tan", "sqrt", "exp", "log", "log1p", "expm1", "abs", "absolute", "tanh"}
    | {"floor", "ceil", "square", "maximum", "minimum", "arctan", "arctan2", "hypot", "power"}
    | {"sign", "clip", "round", "arcsin", "arccos", "sinh", "cosh", "fabs", "where"}
)


def is_number(kind: str) -> bool:
    """Tell whether values of the kind are Python numbers."""
    return kind in NUMBERS


def is_list(kind: str) -> bool:
    """Tell whether values of the kind are sequences that ``sorted`` and slices accept."""
    return kind.startswith("list")


def is_alike(first: str, second: str) -> bool:
    """Tell whether a value of one known kind may stand for one of the other."""
    if is_list(first) and is_list(second):
        inner = {element_kind(first), element_kind(second)}
        return len(inner) == 1 or ANY in inner or inner <= NUMBERS
    return first == second or (first in NUMBERS and second in NUMBERS)


def is_data(kind: str) -> bool:
    """Tell whether expressions of the kind can be grown and exchanged."""
    return kind in NUMBERS or kind in ARRAYS or kind == "bool" or is_list(kind)


def element_kind(kind: str) -> str:
    """Return the kind of a sequence's items."""
    if kind.startswith("list:"):
        return kind[5:]
    return {"str": "str", "array": "num", "matrix": "array", "range": "int", "pairs": "tuple"}.get(
        kind, ANY
    )


def join(first: str, second: str) -> str:
    """Return the kind of a value that is sometimes of one kind, sometimes of the other."""
    if first == second or second == ANY:
        return first
    if first == ANY:
        return second
    pair = {first, second}
    if pair <= NUMBERS:
        return "num"
    if pair <= NUMBERS | ARRAYS:
        return "matrix" if "matrix" in pair else "array"
    if pair <= NUMBERS | {"bool"}:
        return "num"
    if is_list(first) and is_list(second):
        inner = join(element_kind(first), element_kind(second))
        return "list" if inner in (ANY, "mixed") else f"list:{inner}"
    return "mixed"


def module_of(node: ast.expr, modules: Mapping[str, str]) -> str:
    """Return the dotted name of a module attribute such as ``np.linalg.norm``, or ``""``."""
    if type(node) is ast.Name:
        return modules.get(node.id, "")
    if type(node) is not ast.Attribute:
        return ""
    value = node.value
    base = modules.get(value.id) if type(value) is ast.Name else module_of(value, modules)
    return f"{base}.{node.attr}" if base else ""


def kind_of(
    node: ast.expr,
    kinds: Mapping[str, str],
    modules: Mapping[str, str],
    memo: dict[ast.expr, str],
) -> str:
    """Return the kind of an expression's value.

    Args:
        node: the expression.
        kinds: kinds of the names it may use.
        modules: names that stand for modules and their functions, with dotted full names.
        memo: kinds of expressions already asked for; extended.
    """
    if type(node) is ast.Name:
        return kinds.get(node.id) or ("module" if node.id in modules else ANY)
    known = memo.get(node)
    if known is None:
        infer = _INFER.get(type(node))
        known = memo[node] = ANY if infer is None else infer(node, kinds, modules, memo)
    return known


_Kinds = Mapping[str, str]
_Memo = dict[ast.expr, str]


def _constant(node: ast.Constant, *_: object) -> str:
    return _CONSTANTS.get(type(node.value), ANY)


def _binary(node: ast.BinOp, kinds: _Kinds, modules: _Kinds, memo: _Memo) -> str:
    left = kind_of(node.left, kinds, modules, memo)
    right = kind_of(node.right, kinds, modules, memo)
    if left in ARRAYS or right in ARRAYS:
        return "matrix" if "matrix" in (left, right) else "array"
    operator = type(node.op)
    if operator is ast.MatMult:
        return "array"
    if left == "str":
        return "str"
    if operator in (ast.Add, ast.Mult):
        for kind in (left, right):
            if is_list(kind) or kind in ("str", "tuple"):
                return kind
    if operator is ast.Div:
        return "float"
    if left == right == "int":
        return "num" if operator is ast.Pow else "int"
    if "float" in (left, right):
        return "float"
    if is_number(left) or is_number(right) or operator in (ast.Sub, ast.Pow, ast.FloorDiv):
        return left if left == "set" else "num"
    return ANY


def _unary(node: ast.UnaryOp, kinds: _Kinds, modules: _Kinds, memo: _Memo) -> str:
    if isinstance(node.op, ast.Not):
        return "bool"
    inner = kind_of(node.operand, kinds, modules, memo)
    return inner if is_number(inner) or inner in ARRAYS else "num"


def _boolean(node: ast.BoolOp, kinds: _Kinds, modules: _Kinds, memo: _Memo) -> str:
    found = ANY
    for value in node.values:
        found = join(found, kind_of(value, kinds, modules, memo))
    return found


def _compare(node: ast.Compare, kinds: _Kinds, modules: _Kinds, memo: _Memo) -> str:
    for side in (node.left, *node.comparators):
        if kind_of(side, kinds, modules, memo) in ARRAYS:
            return "array"
    return "bool"


def _conditional(node: ast.IfExp, kinds: _Kinds, modules: _Kinds, memo: _Memo) -> str:
    body = kind_of(node.body, kinds, modules, memo)
    return join(body, kind_of(node.orelse, kinds, modules, memo))


def _subscript(node: ast.Subscript, kinds: _Kinds, modules: _Kinds, memo: _Memo) -> str:
    base = kind_of(node.value, kinds, modules, memo)
    if isinstance(node.slice, ast.Slice):
        return base
    if base in ARRAYS:
        index = node.slice
        if isinstance(index, ast.Tuple):
            return "array" if any(isinstance(part, ast.Slice) for part in index.elts) else "num"
        if kind_of(index, kinds, modules, memo) == "array":
            return base
        return "array" if base == "matrix" else ANY
    return element_kind(base)


def _call(node: ast.Call, kinds: _Kinds, modules: _Kinds, memo: _Memo) -> str:
    function = node.func
    full = module_of(function, modules)
    if full:
        found, is_elementwise, is_shaped = _module_call(full)
        if is_elementwise:
            kinds_of = [kind_of(argument, kinds, modules, memo) for argument in node.args]
            if all(is_number(kind) for kind in kinds_of):
                return "float"
            known = [kind for kind in kinds_of if kind in ARRAYS]
            return ANY if not known else "matrix" if "matrix" in known else "array"
        if is_shaped and node.args:
            return "matrix" if isinstance(node.args[0], ast.Tuple) else "array"
        return found
    if isinstance(function, ast.Name):
        if function.id in kinds:
            return ANY
        if function.id in ("min", "max", "abs", "sum", "sorted", "list", "reversed") and node.args:
            arguments = [kind_of(argument, kinds, modules, memo) for argument in node.args]
            return _reduction(function.id, arguments)
        return _BUILTINS.get(function.id, ANY)
    if isinstance(function, ast.Attribute):
        base = kind_of(function.value, kinds, modules, memo)
        if base in ARRAYS:
            return base if function.attr == "copy" else _array_result(function.attr)
        if function.attr == "copy":
            return base
        if function.attr == "pop":
            return element_kind(base)
        return _METHODS.get(function.attr, ANY)
    return ANY


def _reduction(name: str, arguments: list[str]) -> str:
    first = arguments[0]
    if name == "sum":
        inner = element_kind(first)
        return inner if inner in NUMBERS else "num"
    if name in ("sorted", "list", "reversed"):
        return "list:int" if first == "range" else first if is_list(first) else "list"
    if name != "abs" and len(arguments) == 1:
        return element_kind(first)
    found = ANY
    for kind in arguments:
        found = join(found, kind)
    return "num" if found in (ANY, "bool") else found


@lru_cache(maxsize=256)
def _module_call(full: str) -> tuple[str, bool, bool]:
    """Return the kind that a module's function gives, and whether its arguments decide.

    They do when it works element by element, and when its first argument is a shape.
    """
    name = full.rpartition(".")[2]
    found = _module_result(full)
    return found, found == "array" and name in _ELEMENTWISE, name in SHAPED


def _module_result(full: str) -> str:
    module, _, name = full.rpartition(".")
    if module == "math" or module == "cmath":
        if name in _INTEGER_MATH:
            return "int"
        return "bool" if name in _BOOLEAN_MATH else "float"
    if module == "numpy":
        if name in _ARRAY_INTEGERS:
            return "int"
        if name in ("float64", "dot", "vdot"):
            return "num"
        return "num" if name in _ARRAY_SCALARS else _array_result(name)
    if module == "numpy.random":
        return "array"
    if module == "numpy.linalg":
        return "num" if name in ("norm", "det") else "array"
    if module == "random":
        return _METHODS.get(name, ANY)
    return ANY


def _array_result(name: str) -> str:
    if name in _ARRAY_SCALARS:
        return "num"
    if name in _ARRAY_INTEGERS:
        return "int"
    if name == "tolist":
        return "list"
    return ANY if name in _ARRAY_OTHERS else "array"


def _sequence(node: ast.List, kinds: _Kinds, modules: _Kinds, memo: _Memo) -> str:
    inner = ANY
    for item in node.elts[:4]:
        inner = join(inner, kind_of(item, kinds, modules, memo))
    return "list" if inner in (ANY, "mixed", "none") else f"list:{inner}"


def _comprehension(node: ast.ListComp, kinds: _Kinds, modules: _Kinds, memo: _Memo) -> str:
    inner = kind_of(node.elt, kinds, modules, memo)
    return "list" if inner in (ANY, "mixed", "none") else f"list:{inner}"


def _attribute(node: ast.Attribute, kinds: _Kinds, modules: _Kinds, memo: _Memo) -> str:
    if module_of(node, modules) in CONSTANTS:
        return "float"
    if kind_of(node.value, kinds, modules, memo) in ARRAYS:
        return {"shape": "tuple", "size": "int", "ndim": "int", "T": "array"}.get(node.attr, ANY)
    return ANY


def _named(node: ast.NamedExpr, kinds: _Kinds, modules: _Kinds, memo: _Memo) -> str:
    return kind_of(node.value, kinds, modules, memo)


_CONSTANTS: dict[type, str] = {
    bool: "bool",
    int: "int",
    float: "float",
    str: "str",
    type(None): "none",
}
# Each key is the type that its rule takes, which a dictionary type cannot say.
_INFER: dict[type, Callable[..., str]] = {
    ast.Constant: _constant,
    ast.BinOp: _binary,
    ast.UnaryOp: _unary,
    ast.BoolOp: _boolean,
    ast.Compare: _compare,
    ast.IfExp: _conditional,
    ast.Subscript: _subscript,
    ast.Call: _call,
    ast.List: _sequence,
    ast.ListComp: _comprehension,
    ast.GeneratorExp: _comprehension,
    ast.Attribute: _attribute,
    ast.NamedExpr: _named,
    ast.Tuple: lambda *_: "tuple",
    ast.Dict: lambda *_: "dict",
    ast.DictComp: lambda *_: "dict",
    ast.Set: lambda *_: "set",
    ast.SetComp: lambda *_: "set",
    ast.JoinedStr: lambda *_: "str",
    ast.Lambda: lambda *_: "func",
}
