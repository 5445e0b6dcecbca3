"""The life of one forked candidate: confine, load the program, call it, hand over data.

Everything here runs beside hostile code. It promises nothing about what is handed over; the
client checks that. It only has to be quick, and to give honest programs readable reasons.
"""

from __future__ import annotations

import builtins
import os
import sys
from types import CodeType

from .frames import DONE, FAILURE, FRAME, OUTPUT, frame, read_exactly, write_all
from .reasons import OUT_OF_MEMORY, Refusal, describe, describe_syntax
from .wire import decode, encode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any, NoReturn

_register_at_fork = os.register_at_fork
os.register_at_fork = dict[str, object]  # something that takes the hook and forgets it
import random  # noqa: E402 - its hook would reseed every fork once more

os.register_at_fork = _register_at_fork

__all__ = ["Program", "reseed", "reseed_forks", "run_calls", "serve_vectors"]

_COMPILED_EARLY = 1 << 16
"""Characters of a text that the zygote compiles: few enough to take no noticeable time."""


class Program:
    """A candidate's files, compiled, and how to call them.

    Args:
        files: pairs of relative path and text, main file first.
        entry: name of the function to call.
        work: folder in which siblings lie.
    """

    def __init__(self, files: Sequence[tuple[str, str]], entry: str, work: str) -> None:
        name, self.text = files[0]
        self.file = name
        self.entry = entry
        self.work = work
        self.path = f"{work}/{name}"
        stem = name.rpartition("/")[2].removesuffix(".py")
        self.module = stem if stem.isidentifier() and stem not in sys.modules else "candidate"
        self.sources = {f"{work}/{name}": text for name, text in files}
        self._code: CodeType | None = None

    def compile_early(self) -> None:
        """Compile before the fork, in warm memory, what is of ordinary size.

        What does not compile is compiled again after the fork, which reports why.
        """
        if len(self.text) > _COMPILED_EARLY:
            return
        try:
            self._code = self.compile()
        except Refusal:
            self._code = None

    def get_source(self, _name: str) -> str:
        """Return the main file's text; ``inspect`` asks the module's loader for it."""
        return self.text

    def write_files(self) -> None:
        """Put every file into the work folder."""
        for path, text in self.sources.items():
            folder = os.path.dirname(path)
            if folder != self.work:
                os.makedirs(folder, exist_ok=True)
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o644)
            write_all(descriptor, text.encode())
            os.close(descriptor)

    def compile(self) -> CodeType:
        """Return the main file's code.

        Raises:
            Refusal: if it has none.
        """
        if self._code is not None:
            return self._code
        try:
            return compile(self.text, self.path, "exec", dont_inherit=True)
        except SyntaxError as error:
            raise Refusal("syntax", describe_syntax(error, self.file)) from None
        except (ValueError, OverflowError, RecursionError, MemoryError) as error:
            reason = str(error) or "the compiler cannot take it, perhaps for its nesting"
            raise Refusal("syntax", f"{type(error).__name__}: {reason}") from None

    def load(self, code: CodeType, slots: Sequence[float] | None = None) -> Callable[..., object]:
        """Execute the main file as a fresh module and return its entry function.

        Raises:
            Refusal: if there is no such function.
        """
        module = type(sys)(self.module)
        namespace = module.__dict__
        namespace["__file__"] = self.path
        namespace["__loader__"] = self
        namespace["__builtins__"] = builtins
        if slots is not None:
            namespace["__telic_slots__"] = slots
        sys.modules[self.module] = module
        exec(code, namespace)
        try:
            function = namespace[self.entry]
        except KeyError:
            raise Refusal("syntax", f"{self.file} defines no function {self.entry!r}") from None
        if not callable(function):
            raise Refusal("syntax", f"{self.entry!r} in {self.file} is not a function")
        return function


def run_calls(
    program: Program,
    calls: Sequence[tuple[Sequence[Any], dict[str, Any]]],
    result: int,
    *,
    limit: int,
    allow_nonfinite: bool,
) -> NoReturn:
    """Call the entry function with each pair of arguments in order, then leave.

    Args:
        program: what to run.
        calls: positional and keyword arguments.
        result: descriptor that frames are written to.
        limit: bytes that one output may have.
        allow_nonfinite: whether outputs may hold NaN and infinities.
    """
    pending = b""
    try:
        function = program.load(program.compile())
        for arguments, keywords in calls:
            if pending:
                write_all(result, pending)
                pending = b""
            output = function(*arguments, **keywords)
            pending = frame(OUTPUT, encode(output, limit=limit, allow_nonfinite=allow_nonfinite))
    except BaseException as error:
        pending += _failure_frame(error, program)
    _flush()
    try:
        write_all(result, pending + frame(DONE))
    finally:
        os._exit(0)


def serve_vectors(
    program: Program,
    calls: Sequence[bytes],
    channel: int,
    *,
    seed: int,
    limit: int,
    allow_nonfinite: bool,
) -> NoReturn:
    """Execute the program afresh for each vector of literals that arrives, until the end.

    Each vector is answered by one output frame per call, or fewer and a failure frame, and
    a frame that says it is done.
    """

    def outputs(code: CodeType, slots: Sequence[float], pieces: list[bytes]) -> None:
        reseed(seed)
        function = program.load(code, slots)
        for call in calls:
            arguments, keywords = decode(call, allow_nonfinite=True)
            result = function(*arguments, **keywords)
            output = encode(result, limit=limit, allow_nonfinite=allow_nonfinite)
            pieces += (FRAME.pack(OUTPUT, len(output)), output)

    code: CodeType | None = None
    broken = b""
    try:
        try:
            code = program.compile()
        except BaseException as error:
            broken = _failure_frame(error, program)
        while True:
            _, length = FRAME.unpack(read_exactly(channel, FRAME.size))
            for slots in decode(read_exactly(channel, length)):
                pieces = [broken]
                if code is not None:
                    try:
                        outputs(code, slots, pieces)
                    except BaseException as error:
                        pieces.append(_failure_frame(error, program))
                write_all(channel, b"".join(pieces) + frame(DONE))
    finally:
        _flush()
        os._exit(0)


def reseed(seed: int) -> None:
    """Make every source of randomness a function of ``seed``.

    The operating system's entropy is replaced too, since unseeded generators, NumPy's among
    them, start from it.
    """
    random.seed(seed)
    _ENTROPY.seed = seed
    _ENTROPY.generator = None
    os.urandom = _ENTROPY
    random._urandom = _ENTROPY  # noqa: SLF001  # pyright: ignore[reportAttributeAccessIssue]
    numpy_random = sys.modules.get("numpy.random")
    if numpy_random is not None:
        numpy_random.seed(seed % 2**32)


def reseed_forks() -> None:
    """See to it that processes forked by a candidate draw other numbers than it does."""
    os.register_at_fork(after_in_child=random.seed)


class _Entropy:
    """A stand-in for ``os.urandom`` that a seed determines; makes its generator when used."""

    def __init__(self) -> None:
        self.seed = 0
        self.generator: random.Random | None = None

    def __call__(self, size: int, /) -> bytes:
        if self.generator is None:
            self.generator = random.Random(self.seed ^ 0x7E11C)
        return self.generator.randbytes(size)


_ENTROPY = _Entropy()


def _failure_frame(error: BaseException, program: Program) -> bytes:
    try:
        return frame(FAILURE, encode(describe(error, program.sources)))
    except BaseException:
        return OUT_OF_MEMORY  # what else can go wrong with a few short strings


def _flush() -> None:
    """Write out what a candidate's own streams hold; the interpreter's hold nothing back."""
    for stream in (sys.stdout, sys.stderr):
        if stream in _UNBUFFERED:
            continue
        try:
            stream.flush()
        except BaseException:  # noqa: S112 - a candidate may have put anything in its place
            continue


_UNBUFFERED = (sys.stdout, sys.stderr)
