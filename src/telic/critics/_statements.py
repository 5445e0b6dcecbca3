"""A program as its statements, each counted once however many candidates share it.

A candidate differs from its parent in few statements, so what is known of the others is kept: a
statement is parsed on its own, below the blocks that it stands in, and its syntax tree's edges and
short paths are counted. A block's header is a statement, too. Text that is not Python is split into
lines, whose words are counted.
"""

from __future__ import annotations

import ast
import math
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from struct import Struct
from typing import NamedTuple

import msgspec

__all__ = [
    "BUCKETS",
    "Counted",
    "Statement",
    "counted",
    "hash_of",
    "number_scale",
    "statements",
    "unpacked",
]

BUCKETS = 96
"""For what a program contains."""

_FIELDS = Struct(f"<{BUCKETS}I")
_MIX = 1_000_003
_MASK = 0xFFFFFFFF

_WORD = re.compile(r"\w+|[^\w\s]")
_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d*)?(?:[eE][-+]?\d+)?")
_MARK = re.compile(
    r"""\"{3}|'{3}|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|\#.*|[\[({]|[\])}]|\\$""", re.VERBOSE
)
_NOT_PYTHON = (SyntaxError, ValueError, RecursionError, MemoryError)
_BODY = "\n pass"
_HEADERS = {
    **dict.fromkeys(("async", "class", "def", "for", "if", "while", "with"), ("", _BODY)),
    **dict.fromkeys(("elif", "else"), (f"if 0:{_BODY}\n", _BODY)),
    **dict.fromkeys(("except", "finally"), (f"try:{_BODY}\n", _BODY)),
    "try": ("", f"{_BODY}\nfinally:{_BODY}"),
    "match": ("", "\n case _: pass"),
    "case": ("match 0:\n ", "\n  pass"),
    "@": ("", f"\ndef _():{_BODY}"),
}
"""First word of a header → what must stand before and after it to make it parse."""
_TEXT = -1
"""Block of a line that is not Python."""


class Statement(NamedTuple):
    """What a statement's counts follow from."""

    text: str
    above: int
    """Hash of the block that it stands in."""
    higher: int
    """Hash of the block around that."""


class Counted(msgspec.Struct, frozen=True):
    """What a statement holds."""

    counts: dict[int, int]
    """Hash of an edge or path of the syntax tree, or of a word → how often it occurs."""
    packed: int
    """The counts in ``BUCKETS`` buckets of 32 bits, side by side in one integer: to add two such
    integers adds all buckets at once, and a program has many statements."""
    literals: tuple[float, ...]
    """Numbers in order."""
    depth: int
    """Of its syntax tree; 0 if it is Python that does not parse."""


def statements(text: str, *, is_python: bool) -> Iterator[tuple[Statement, int]]:
    """Yield the statements of a file, each with the number of blocks that it stands in."""
    if not is_python:
        for line in filter(None, map(str.strip, text.splitlines())):
            yield Statement(line, _TEXT, 0), 0
        return
    blocks: list[tuple[int, int]] = []  # indentation and hash
    for indent, code in _logical_lines(text):
        while blocks and blocks[-1][0] >= indent:
            blocks.pop()
        above = blocks[-1][1] if blocks else 0
        higher = blocks[-2][1] if len(blocks) > 1 else 0
        yield Statement(code, above, higher), len(blocks)
        word = _first_word(code)
        if word in _HEADERS and word != "@":
            blocks.append((indent, hash_of(word)))


@lru_cache(maxsize=4096)
def counted(statement: Statement) -> Counted:
    """Return a statement's counts; remembered for those met lately."""
    text = statement.text
    literals = tuple(map(float, _NUMBER.findall(text)))
    if statement.above != _TEXT:
        before, after = _HEADERS.get(_first_word(text), ("", ""))
        for source in {text: None, f"{before}{text}{after}": None}:  # 'if x: y' is whole already
            try:
                tree = ast.parse(source)
            except _NOT_PYTHON:
                continue
            counts, depth = _count_paths(tree.body, statement)
            return Counted(counts, _packed(counts), literals, depth)
    words = dict(Counter(map(hash_of, _WORD.findall(text))))
    return Counted(words, _packed(words), literals, int(statement.above == _TEXT))


def unpacked(packed: int) -> tuple[int, ...]:
    """Return the counts in each bucket."""
    return _FIELDS.unpack(packed.to_bytes(_FIELDS.size, "little"))


def _packed(counts: dict[int, int]) -> int:
    buckets = [0] * BUCKETS
    for key, count in counts.items():
        buckets[key % BUCKETS] += count
    return int.from_bytes(_FIELDS.pack(*buckets), "little")


@lru_cache(maxsize=8192)
def hash_of(text: str) -> int:
    """Return 32 bits that are the same for a text in every process."""
    return zlib.crc32(text.encode("utf-8", "surrogatepass"))


def number_scale(value: float) -> float:
    """Return a number on a scale that is logarithmic far from 0, with its sign."""
    return math.copysign(math.log1p(min(abs(value), 1e300)), value)


def _logical_lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield indentation and text of each statement; lines are joined within brackets and texts."""
    joined: list[str] = []
    opened, quote, indent = 0, "", 0
    for line in text.splitlines():
        if not joined:
            found = _whole(line)
            if found is not None:
                yield found
                continue
        bare = line.strip()
        if not joined:
            if not bare or bare[0] == "#":
                continue
            indent = len(line) - len(line.lstrip())
        joined.append(line if joined else bare)
        more, quote = _opened(bare, quote)
        opened = max(opened + more, 0)
        if not opened and not quote:
            yield indent, "\n".join(joined)
            joined.clear()
    if joined:
        yield indent, "\n".join(joined)


@lru_cache(maxsize=8192)
def _whole(line: str) -> tuple[int, str] | None:
    """Return indentation and text of a line that is a statement, ``None`` if it is not one."""
    bare = line.strip()
    if not bare or bare[0] == "#" or _opened(bare, "") != (0, ""):
        return None
    return len(line) - len(line.lstrip()), bare


@lru_cache(maxsize=8192)
def _opened(line: str, quote: str) -> tuple[int, str]:
    """Return how many more brackets are open after a line, and the quote that still is.

    A backslash at the end counts as a quote, for it joins the next line as well.
    """
    opened = at = 0
    quote = quote.strip("\\")
    while True:
        if quote:
            end = line.find(quote, at)
            if end < 0:
                return opened, quote
            at, quote = end + len(quote), ""
        found = _MARK.search(line, at)
        if found is None:
            return opened, quote
        mark, at = found[0], found.end()
        if mark in ('"""', "'''", "\\"):
            quote = mark
        elif mark in "([{":
            opened += 1
        elif mark in ")]}":
            opened -= 1


@lru_cache(maxsize=8192)
def _first_word(code: str) -> str:
    found = _WORD.match(code)
    return found[0] if found else ""


def _count_paths(body: list[ast.stmt], statement: Statement) -> tuple[dict[int, int], int]:
    """Count edges, and paths of two edges, of syntax trees; also return their depth."""
    counts: dict[int, int] = {}
    depth = 0
    # A path is mixed from its nodes' hashes: cheaper than hashing a text for each.
    stack: list[tuple[ast.AST, int, int, int]] = [
        (node, statement.above, statement.higher, 1) for node in body
    ]
    while stack:
        node, above, higher, level = stack.pop()
        label = _label(node)
        edge = (above * _MIX ^ label) & _MASK
        path = ((higher * _MIX ^ above) * _MIX ^ label) & _MASK
        counts[edge] = counts.get(edge, 0) + 1
        counts[path] = counts.get(path, 0) + 1
        if level > depth:
            depth = level
        for field in node._fields:
            value = getattr(node, field, None)
            if isinstance(value, list):
                stack.extend((v, label, above, level + 1) for v in value if isinstance(v, ast.AST))
            elif isinstance(value, ast.AST) and not isinstance(value, ast.expr_context):
                stack.append((value, label, above, level + 1))
    return counts, depth


def _label(node: ast.AST) -> int:
    """Return a node's hash: its kind, a name, or the size of a number."""
    if isinstance(node, ast.Name):
        return hash_of(f"name {node.id}")
    if isinstance(node, ast.Attribute):
        return hash_of(node.attr)
    if isinstance(node, ast.Constant):
        value = node.value
        if isinstance(value, int | float) and not isinstance(value, bool):
            size = round(2 * number_scale(float(min(abs(value), 1e300))))
            return hash_of(f"number {size if value else 'zero'}")
        return hash_of(type(value).__name__)
    return hash_of(type(node).__name__)
