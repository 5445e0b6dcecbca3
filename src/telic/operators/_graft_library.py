"""Building blocks: functions of plain Python files, ready to be carried into a program.

A block is carried without its annotations, which say what it fits but are no use elsewhere,
and with the imports and functions of its file that it reads.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

import msgspec

from telic.operators._kinds import ANY
from telic.operators._program import Program, analyse
from telic.operators._splice import Lines, Splice, apply_splices

__all__ = ["BUNDLED", "Block", "Library", "load_library"]

BUNDLED = Path(__file__).with_name("blocks")

_ANNOTATIONS = frozenset({"annotation", "returns"})


class Block(msgspec.Struct, frozen=True):
    """A function that can be carried over."""

    name: str
    text: str
    """Its definition without annotations, lines ending with ``\\n``."""
    parameters: tuple[str, ...]
    """Kinds of the positional parameters that have no default."""
    returned: str
    """Kind of what it returns."""
    helpers: tuple[str, ...]
    """Functions of its file that it reads, directly or not, in the order of the file."""
    imports: tuple[tuple[str, str], ...]
    """Imported names that it and its helpers read, with the statement for each."""

    @property
    def is_wrapper(self) -> bool:
        """Whether it takes a function and returns one."""
        return self.parameters == ("func",) and self.returned == "func"


class Library(msgspec.Struct, frozen=True):
    """The blocks of some folders."""

    blocks: Mapping[str, Block]
    """Every function by name, helpers included."""
    public: tuple[str, ...]
    """Names of those that are grafted: without a leading underscore, with an argument."""
    donors: tuple[Program, ...]
    """The files as programs, for crossover with their expressions and statements."""


@lru_cache(maxsize=8)
def load_library(folder: str) -> Library:
    """Return the bundled blocks and those of a folder; the folder's win over equal names.

    Args:
        folder: holds Python files; empty for none.

    Raises:
        ValueError: if there is no such folder, it holds no function, or a file does not parse.
    """
    blocks: dict[str, Block] = {}
    donors: list[Program] = []
    for path in _files(folder):
        text = path.read_text(encoding="utf-8").replace("\r\n", "\n")
        program = analyse(text)
        if program is None:
            raise ValueError(f"{path} does not parse as Python")
        donors.append(program)
        blocks |= {block.name: block for block in _blocks(text, program)}
    public = [n for n, b in sorted(blocks.items()) if b.parameters and not n.startswith("_")]
    return Library(blocks, tuple(public), tuple(donors))


def _files(folder: str) -> list[Path]:
    own = sorted(path for path in BUNDLED.glob("*.py") if path.name != "__init__.py")
    if not folder:
        return own
    if not Path(folder).is_dir():
        raise ValueError(f"folder must be a folder of Python files; got {folder!r}")
    return own + sorted(Path(folder).glob("*.py"))


def _blocks(text: str, program: Program) -> Iterator[Block]:
    tree, lines = ast.parse(text), Lines(text)
    nodes = {
        node.name: node
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and not node.decorator_list
    }
    imports = _imports(tree, text, lines)
    for name, node in nodes.items():
        entry = program.names.get(name)
        if entry is None or entry.required < 0 or node.args.vararg or node.args.kwarg:
            continue
        helpers = _helpers(name, nodes)
        read = set[str]().union(*(_names_read(nodes[each]) for each in (name, *helpers)))
        if _constants(tree) & read:
            continue  # would miss a value of its module
        yield Block(
            name,
            _without_annotations(text, lines, node),
            entry.parameters[: entry.required],
            _promised(node, entry.returned),
            helpers,
            tuple((name, line) for name, line in imports.items() if name in read),
        )


def _promised(node: ast.FunctionDef, inferred: str) -> str:
    """Return the kind that the annotation of the result promises, as it would of an argument."""
    if node.returns is None:
        return inferred
    stub = analyse(f"def f(x: {ast.unparse(node.returns)}):\n    return x\n")
    promised = ANY if stub is None else stub.names["f"].parameters[0]
    return inferred if promised == ANY else promised


def _imports(tree: ast.Module, text: str, lines: Lines) -> dict[str, str]:
    """Return the names that statements at the top import, one statement for each."""
    found: dict[str, str] = {}
    for node in tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            start, end = lines.span(node)
            for alias in node.names:
                bound = alias.asname or alias.name.partition(".")[0]
                found[bound] = " ".join(text[start:end].split())
    return found


def _constants(tree: ast.Module) -> set[str]:
    """Return the names that the file binds other than by functions and imports."""
    found: set[str] = set()
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            found.add(node.name)
        elif not isinstance(node, ast.FunctionDef | ast.Import | ast.ImportFrom):
            found |= {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
    return found


def _helpers(name: str, nodes: Mapping[str, ast.FunctionDef]) -> tuple[str, ...]:
    found: set[str] = set()
    pending = [name]
    while pending:
        fresh = (_names_read(nodes[pending.pop()]) & nodes.keys()) - found - {name}
        found |= fresh
        pending += sorted(fresh)
    return tuple(other for other in nodes if other in found)


def _names_read(node: ast.AST) -> set[str]:
    """Return the names in a piece of code, those of annotations apart."""
    found: set[str] = set()
    pending = [node]
    while pending:
        part = pending.pop()
        if isinstance(part, ast.Name):
            found.add(part.id)
        for field, value in ast.iter_fields(part):
            if field in _ANNOTATIONS:
                continue
            items = value if isinstance(value, list) else [value]
            pending += [item for item in items if isinstance(item, ast.AST)]
    return found


def _without_annotations(text: str, lines: Lines, node: ast.FunctionDef) -> str:
    """Return the lines of a function without the annotations in it."""
    splices: list[Splice] = []
    for part in ast.walk(node):
        if isinstance(part, ast.FunctionDef):
            splices += _signature_splices(text, lines, part)
        elif isinstance(part, ast.AnnAssign) and part.value is not None:
            start, end = lines.span(part.target)[1], lines.span(part.value)[0]
            splices.append(Splice(start, end, " = "))
    first, last = lines.starts[node.lineno - 1], lines.after(node.end_lineno or node.lineno)
    moved = [Splice(s.start - first, s.end - first, s.text) for s in splices]
    return apply_splices(text[first:last].rstrip() + "\n", moved)


def _signature_splices(text: str, lines: Lines, node: ast.FunctionDef) -> Iterator[Splice]:
    arguments = node.args
    positional = [*arguments.posonlyargs, *arguments.args]
    defaults = dict(zip(reversed(positional), reversed(arguments.defaults), strict=False))
    defaults |= dict(zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True))
    others = [each for each in (arguments.vararg, arguments.kwarg) if each is not None]
    for argument in (*positional, *arguments.kwonlyargs, *others):
        if argument.annotation is None:
            continue
        start = lines.offset(argument.lineno, argument.col_offset) + len(argument.arg)
        default = defaults.get(argument)
        if default is None:
            yield Splice(start, lines.span(argument.annotation)[1], "")
        else:
            yield Splice(start, lines.span(default)[0], "=")
    if node.returns is not None:
        start, end = lines.span(node.returns)
        yield Splice(len(text[: text.rindex("->", 0, start)].rstrip()), end, "")
