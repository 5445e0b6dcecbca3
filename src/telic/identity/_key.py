"""The key that programs which mean the same have in common."""

from __future__ import annotations

import hashlib
import marshal
import re
from bisect import bisect_left
from functools import lru_cache
from opcode import hasjrel, opmap, opname
from types import CodeType

from telic.artifact import Artifact
from telic.identity._chunks import (
    NOT_PYTHON,
    bare_code,
    crosses_chunks,
    future_count,
    split_chunks,
)

__all__ = ["does_compile", "normalised_key"]

_FUTURE_FLAGS = 0x1FF0000
_VALUES_ALONE = 2
_NOP = opmap["NOP"]
_CACHE = opmap["CACHE"]
_NOPS = re.compile(re.escape(bytes((_NOP,))))
# Beyond a byte there are only the compiler's own, which no code holds.
_RELATIVE = bytes(code for code in hasjrel if code < 256)
# A jump with its inline caches; its argument counts from the match's end.
_JUMPS = re.compile(b"[%s]%s*" % (re.escape(_RELATIVE), re.escape(bytes((_CACHE,)))))
_FORWARD = frozenset(code for code in _RELATIVE if "BACKWARD" not in opname[code])


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


@lru_cache(maxsize=256)
def _python_key(text: str) -> tuple[bytes, ...] | str:
    """Return the digests of the chunks that have an effect, or the text if it does not compile."""
    pieces = split_chunks(text)
    futures = future_count(text)
    if (futures and futures != future_count(pieces[0])) or crosses_chunks(text):
        pieces = (text,)
    try:
        flags = bare_code(pieces[0], 0).co_flags & _FUTURE_FLAGS if futures else 0
        return tuple(filter(None, [_chunk_key(piece, flags) for piece in pieces]))
    except NOT_PYTHON:
        pass
    try:
        flags = bare_code(text, 0).co_flags & _FUTURE_FLAGS
        return tuple(filter(None, _merged_keys(pieces, flags)))
    except NOT_PYTHON:
        return text


def _merged_keys(pieces: tuple[str, ...], flags: int) -> list[bytes]:
    """Join each piece that does not compile alone with those after it until it does."""
    keys: list[bytes] = []
    pending = ""
    for piece in pieces:
        pending += piece
        try:
            keys.append(_chunk_key(pending, flags))
        except NOT_PYTHON:
            continue
        pending = ""
    if pending:
        keys.append(_chunk_key(pending, flags))
    return keys


@lru_cache(maxsize=2048)
def _chunk_key(chunk: str, flags: int) -> bytes:
    """Return the digest of a chunk, empty when it does nothing."""
    code = bare_code(chunk, flags)
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


def _text_key(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.splitlines()).rstrip()


_EMPTY = bare_code("", 0)
