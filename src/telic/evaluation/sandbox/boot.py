"""The zygote's main program.

Runs as the main program of a bare interpreter, under a package name of its own, so that
nothing of Telic is imported beside it.
"""

from __future__ import annotations

import _socket
import os

from . import frames
from .frames import FRAME, frame, read_exactly, write_all
from .wire import decode, encode
from .zygote import Zygote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

__all__ = ["main"]

_CONTROL = 3


def main() -> NoReturn:
    """Serve jobs from the socket on descriptor 0 until it closes."""
    os.dup2(0, _CONTROL, inheritable=False)
    try:
        socket = _socket.socket(fileno=_CONTROL)
        # The pipe of nudges travels with the first byte.
        first, [(_, _, packed)], _, _ = socket.recvmsg(1, 64)
        socket.detach()
        _, length = FRAME.unpack(first + read_exactly(_CONTROL, FRAME.size - 1))
        config = decode(read_exactly(_CONTROL, length))
        zygote = Zygote(config, _CONTROL, *memoryview(packed).cast("i"))
        write_all(_CONTROL, frame(frames.READY, encode(zygote.report())))
        zygote.serve()
    except EOFError:
        os._exit(0)
    except BaseException as error:
        kind, text = frames.BROKEN, f"{type(error).__name__}: {error}"
        if isinstance(error, ImportError):
            kind, text = frames.NO_PACKAGE, str(error)
        write_all(_CONTROL, frame(kind, text.encode()))
        os._exit(1)
