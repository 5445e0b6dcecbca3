"""The life of one forked candidate: confine, load the program, call it, hand over data.

Everything here runs beside hostile code. It promises nothing about what is handed over; the
client checks that. It only has to be quick, and to give honest programs readable reasons.
"""

from __future__ import annotations

import builtins
import marshal
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

__all__ = [
    "Program",
    "answer_calls",
    "replace_entropy",
    "reseed_forks",
    "run_calls",
    "seed_generators",
    "serve_vectors",
]


class Program:
    """A candidate's files and how to call them.

    It is made after the fork, where everything that is touched is copied, so it unpacks its
    files only when somebody asks.

    Args:
        packed: marshalled pairs of relative path and text, main file first.
        code: marshalled code objects that together are the main file's; empty if it was not
            compiled beforehand.
        module: name of the main file's module; empty if its file's name cannot be one.
        entry: name of the function to call.
        work: folder in which siblings lie.
    """

    __slots__ = ("_code", "_module", "_packed", "entry", "work")

    def __init__(self, packed: bytes, code: bytes, module: str, entry: str, work: str) -> None:
        self._packed = packed
        self._code = code
        self._module = module if module and module not in sys.modules else "candidate"
        self.entry = entry
        self.work = work

    @property
    def sources(self) -> dict[str, str]:
        """The files' texts by absolute path, main file first."""
        return {f"{self.work}/{name}": text for name, text in marshal.loads(self._packed)}

    def get_source(self, _name: str) -> str:
        """Return the main file's text; ``inspect`` asks the module's loader for it."""
        return next(iter(self.sources.values()))

    def write_files(self) -> None:
        """Put every file into the work folder."""
        for path, text in self.sources.items():
            folder = os.path.dirname(path)
            if folder != self.work:
                os.makedirs(folder, exist_ok=True)
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o644)
            write_all(descriptor, text.encode())
            os.close(descriptor)

    def compile(self) -> tuple[CodeType, ...]:
        """Return the main file's code, to be executed in order.

        Raises:
            Refusal: if it has none.
        """
        if self._code:
            return marshal.loads(self._code)
        path, text = next(iter(self.sources.items()))
        try:
            return (compile(text, path, "exec", dont_inherit=True),)
        except SyntaxError as error:
            name = path[len(self.work) + 1 :]
            raise Refusal("syntax", describe_syntax(error, name)) from None
        except (ValueError, OverflowError, RecursionError, MemoryError) as error:
            reason = str(error) or "the compiler cannot take it, perhaps for its nesting"
            raise Refusal("syntax", f"{type(error).__name__}: {reason}") from None

    def load(
        self, codes: Sequence[CodeType], slots: Sequence[float] | None = None
    ) -> Callable[..., object]:
        """Execute the main file as a fresh module and return its entry function.

        Raises:
            Refusal: if there is no such function.
        """
        module = type(sys)(self._module)
        namespace = module.__dict__
        file = codes[0].co_filename
        namespace["__file__"] = file
        namespace["__loader__"] = self
        namespace["__builtins__"] = builtins
        if slots is not None:
            namespace["__telic_slots__"] = slots
        sys.modules[self._module] = module
        for code in codes:
            exec(code, namespace)
        try:
            function = namespace[self.entry]
        except KeyError:
            file = file[len(self.work) + 1 :]
            raise Refusal("syntax", f"{file} defines no function {self.entry!r}") from None
        if not callable(function):
            file = file[len(self.work) + 1 :]
            raise Refusal("syntax", f"{self.entry!r} in {file} is not a function")
        return function


def run_calls(
    program: Program,
    calls: Sequence[tuple[Sequence[Any], dict[str, Any]]],
    result: int,
    limit: int,
    allow_nonfinite: bool,
) -> NoReturn:
    """Answer the calls, then leave; see :func:`answer_calls`."""
    try:
        answer_calls(program, calls, result, limit, allow_nonfinite)
    finally:
        os._exit(0)


def answer_calls(
    program: Program,
    calls: Sequence[tuple[Sequence[Any], dict[str, Any]]],
    result: int,
    limit: int,
    allow_nonfinite: bool,
) -> None:
    """Call the entry function with each pair of arguments in order.

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
    write_all(result, pending + frame(DONE))


def serve_vectors(
    program: Program,
    calls: Sequence[bytes],
    channel: int,
    seed: int,
    limit: int,
    allow_nonfinite: bool,
) -> NoReturn:
    """Execute the program afresh for each vector of literals that arrives, until the end.

    Each vector is answered by one output frame per call, or fewer and a failure frame, and
    a frame that says it is done.
    """

    def outputs(codes: Sequence[CodeType], slots: Sequence[float], pieces: list[bytes]) -> None:
        reseed(seed)
        function = program.load(codes, slots)
        for call in calls:
            arguments, keywords = decode(call, allow_nonfinite=True)
            result = function(*arguments, **keywords)
            output = encode(result, limit=limit, allow_nonfinite=allow_nonfinite)
            pieces += (FRAME.pack(OUTPUT, len(output)), output)

    codes: Sequence[CodeType] = ()
    broken = b""
    try:
        try:
            codes = program.compile()
        except BaseException as error:
            broken = _failure_frame(error, program)
        while True:
            _, length = FRAME.unpack(read_exactly(channel, FRAME.size))
            for slots in decode(read_exactly(channel, length)):
                pieces = [broken]
                if codes:
                    try:
                        outputs(codes, slots, pieces)
                    except BaseException as error:
                        pieces.append(_failure_frame(error, program))
                write_all(channel, b"".join(pieces) + frame(DONE))
    finally:
        _flush()
        os._exit(0)


def replace_entropy() -> None:
    """Put a stand-in that :func:`reseed` determines in the place of the system's entropy.

    Unseeded generators, NumPy's among them, start from it.
    """
    os.urandom = _ENTROPY
    random._urandom = _ENTROPY  # noqa: SLF001  # pyright: ignore[reportAttributeAccessIssue]


def seed_generators(seed: int) -> None:
    """Make every source of randomness a function of ``seed``, if none was replaced.

    Args:
        seed: at least 0 and below ``2**63``.
    """
    _seed_random(seed)
    _ENTROPY.seed = seed
    numpy_random = sys.modules.get("numpy.random")
    if numpy_random is not None:
        numpy_random.seed(seed % 2**32)


def reseed(seed: int) -> None:
    """Make every source of randomness a function of ``seed``, whatever became of them."""
    replace_entropy()
    random.seed(seed)
    _ENTROPY.generator = None
    seed_generators(seed)


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
# What ``random.seed`` does with an integer, without its questions.
_seed_random = super(random.Random, random._inst).seed  # noqa: SLF001  # pyright: ignore


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
