"""Identity of programs up to layout, comments and docstrings.

Two artifacts have the same :func:`normalised_key` when every Python file compiles to the
same bytecode and every other file has the same text up to trailing white space. Python
source is compiled in *chunks* of top-level statements whose digests are cached, so that the
key of a program that differs from a known one in a single function costs the compilation
of that function alone.
"""

from __future__ import annotations

import ast
import hashlib
import marshal
import re
import warnings
from bisect import bisect_left
from functools import lru_cache
from opcode import hasjrel, opmap, opname
from types import CodeType

from telic.artifact import Artifact

__all__ = ["does_compile", "normalised_key", "split_chunks"]

_LINE = re.compile(r"\n([^\W\d]\w*|@)")
_CONTINUES = frozenset({"else", "elif", "except", "finally"})
_COMPOUND = frozenset({"@", "def", "class", "async", "if", "for", "while", "try", "with", "match"})
_FUTURE = re.compile(r"^from __future__\b", re.MULTILINE)
_GLOBAL = re.compile(r"^global\b", re.MULTILINE)
_FUTURE_FLAGS = 0x1FF0000
_FILE = "<candidate>"
_NOT_PYTHON = (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError)
_VALUES_ALONE = 2
_NOP = opmap["NOP"]
_CACHE = opmap["CACHE"]
_NOPS = re.compile(re.escape(bytes((_NOP,))))
# Beyond a byte there are only the compiler's own, which no code holds.
_RELATIVE = bytes(code for code in hasjrel if code < 256)
# A jump with its inline caches; its argument counts from the match's end.
_JUMPS = re.compile(b"[%s]%s*" % (re.escape(_RELATIVE), re.escape(bytes((_CACHE,)))))
_FORWARD = frozenset(code for code in _RELATIVE if "BACKWARD" not in opname[code])
_DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def normalised_key(artifact: Artifact) -> str:
    """Return 32 hexadecimal characters equal for programs that mean the same.

    Invariant under comments, docstrings, blank lines, line breaks, indentation width and
    redundant parentheses; sensitive to names, the types and signs of constants, order, and
    the files' names. A Python file that does not compile counts by its exact text.
    """
    state = hashlib.blake2b(digest_size=16)
    for name, text in artifact.files:
        part = _python_key(text) if name.endswith(".py") else _text_key(text)
        state.update(repr((name, part)).encode("utf-8", "surrogatepass"))
    return state.hexdigest()


def does_compile(text: str) -> bool:
    """Tell whether Python source compiles; shares its cache with :func:`normalised_key`."""
    return not isinstance(_python_key(text), str)


@lru_cache(maxsize=128)
def split_chunks(text: str) -> tuple[str, ...]:
    """Split Python source before top-level statements; the pieces join to ``text``.

    A compound statement, with its decorators, is a chunk; so is a run of simple statements
    between two of them. The split looks at the beginnings of lines alone: when such a line
    lies within brackets or a string, a piece does not compile on its own.
    """
    starts = [0]
    previous = ""
    for match in _LINE.finditer("\n" + text):  # with a first line break, starts are text's own
        word = match[1]
        if word in _CONTINUES:
            continue
        is_compound = word in _COMPOUND
        if previous != "@" and previous and (is_compound or previous in _COMPOUND):
            starts.append(match.start())
        if previous != "@" or is_compound:
            previous = word
    return tuple(text[a:b] for a, b in zip(starts, [*starts[1:], len(text)], strict=True))


@lru_cache(maxsize=256)
def _python_key(text: str) -> tuple[bytes, ...] | str:
    """Return the digests of the chunks that have an effect, or the text if it does not compile."""
    pieces = split_chunks(text)
    futures = len(_FUTURE.findall(text)) if "__future__" in text else 0
    if (futures and futures != len(_FUTURE.findall(pieces[0]))) or (
        "global" in text and _GLOBAL.search(text)
    ):
        pieces = (text,)  # statements whose effect crosses chunks
    try:
        flags = _compile(pieces[0], 0).co_flags & _FUTURE_FLAGS if futures else 0
        return tuple(filter(None, [_chunk_key(piece, flags) for piece in pieces]))
    except _NOT_PYTHON:
        pass
    try:
        flags = _compile(text, 0).co_flags & _FUTURE_FLAGS
        return tuple(filter(None, _merged_keys(pieces, flags)))
    except _NOT_PYTHON:
        return text


def _merged_keys(pieces: tuple[str, ...], flags: int) -> list[bytes]:
    """Join each piece that does not compile alone with those after it until it does."""
    keys: list[bytes] = []
    pending = ""
    for piece in pieces:
        pending += piece
        try:
            keys.append(_chunk_key(pending, flags))
        except _NOT_PYTHON:
            continue
        pending = ""
    if pending:
        keys.append(_chunk_key(pending, flags))
    return keys


@lru_cache(maxsize=2048)
def _chunk_key(chunk: str, flags: int) -> bytes:
    """Return the digest of a chunk, empty when it does nothing."""
    code = _compile(chunk, flags)
    if code.co_consts == _EMPTY.co_consts and code.co_code == _EMPTY.co_code:
        return b""
    state = hashlib.blake2b(digest_size=16)
    pending = [code]
    for part in pending:
        state.update(_describe(part, pending))
    return state.digest()


def _describe(code: CodeType, pending: list[CodeType]) -> bytes:
    """Return what a code object does; the code objects nested in it go to ``pending``.

    ``marshal`` tells 1, 1.0 and True, and 0.0 and -0.0, apart; its format 2 looks at values
    alone, not at which objects are shared. The elements of a constant set are sorted because
    their order changes from process to process. No constant is a list, so one can stand for
    a code object or set.
    """
    constants: list[object] = []
    for const in code.co_consts:
        if isinstance(const, CodeType):
            constants.append([len(pending)])
            pending.append(const)
        elif isinstance(const, frozenset):
            constants.append(sorted(map(repr, const)))
        else:
            constants.append(const)
    return marshal.dumps(
        (
            constants,
            code.co_name,
            code.co_names,
            code.co_varnames,
            code.co_freevars,
            code.co_cellvars,
            code.co_flags,
            code.co_argcount,
            code.co_posonlyargcount,
            code.co_kwonlyargcount,
            *_instructions(code),
        ),
        _VALUES_ALONE,
    )


def _instructions(code: CodeType) -> tuple[bytes, list[tuple[int, ...]]]:
    """Return the bytecode and exception table without the no-operations.

    The compiler leaves those behind for tracing, and where depends on line breaks. A jump
    too far for one byte keeps its distance: then a change of layout may change the key.
    """
    units = code.co_code
    operations = units[::2]
    if _NOP not in operations:
        return units, _handlers(code.co_exceptiontable)
    dropped = [match.start() for match in _NOPS.finditer(operations)]
    arguments = bytearray(units[1::2])
    for match in _JUMPS.finditer(operations):
        origin = match.end()
        forward = operations[match.start()] in _FORWARD
        target = origin + (arguments[match.start()] if forward else -arguments[match.start()])
        crossed = bisect_left(dropped, target) - bisect_left(dropped, origin)
        arguments[match.start()] -= min(abs(crossed), arguments[match.start()])
    kept = bytearray(units)
    kept[1::2] = arguments
    for index in reversed(dropped):
        del kept[2 * index : 2 * index + 2]
    return bytes(kept), [
        (*(at - bisect_left(dropped, at) for at in (start, start + length, target)), depth)
        for start, length, target, depth in _handlers(code.co_exceptiontable)
    ]


def _handlers(table: bytes) -> list[tuple[int, ...]]:
    """Decode an exception table: entries of start, length, target and depth, 6 bits a byte."""
    numbers: list[int] = []
    value = 0
    for byte in table:
        value = value << 6 | byte & 0x3F
        if not byte & 0x40:
            numbers.append(value)
            value = 0
    return [tuple(numbers[at : at + 4]) for at in range(0, len(numbers), 4)]


def _compile(text: str, flags: int) -> CodeType:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if "assert" not in text and "__debug__" not in text:
            return compile(text, _FILE, "exec", flags, dont_inherit=True, optimize=2)
        # Level 2 drops assertions together with docstrings: drop the docstrings by hand.
        tree = compile(text, _FILE, "exec", flags | ast.PyCF_ONLY_AST, dont_inherit=True)
        for node in ast.walk(tree):
            if isinstance(node, _DOCUMENTED) and ast.get_docstring(node, clean=False) is not None:
                node.body[0] = ast.copy_location(ast.Pass(), node.body[0])
        return compile(tree, _FILE, "exec", flags, dont_inherit=True, optimize=0)


def _text_key(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.splitlines()).rstrip()


_EMPTY = _compile("", 0)
