"""Running a run: the event loop, signals, and who watches.

The first Ctrl-C asks the engine to finish what is in flight, the second to stop now, the
third is the system's own. SIGTERM counts as the second. Before the engine exists one
Ctrl-C ends everything, and nothing has been written.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from telic.engine.run import Runtime

if TYPE_CHECKING:
    from telic.cli._watch import Watcher
    from telic.engine.loop import Engine
    from telic.evaluation.starting import Forked

__all__ = ["Signals", "watched_runtime", "with_signals"]

Result = TypeVar("Result")


@dataclass
class Signals:
    """Passes signals on to whatever can be stopped now."""

    on_first: Callable[[], None]
    """Called at the first Ctrl-C that an engine receives, to say what happens now."""
    engine: Engine | None = None
    is_stopped: bool = False
    """Whether a signal came; a command of several runs begins no further one."""
    is_urgent: bool = False
    """Whether everything is to end now."""
    _task: asyncio.Task[object] | None = None

    def interrupt(self) -> None:
        """Stop gently; the second time, at once."""
        if self.is_stopped:
            self.terminate()
            return
        self.is_stopped = True
        if self.engine is None:
            self._cancel()
        else:
            self.engine.stop()
            self.on_first()

    def terminate(self) -> None:
        """Stop at once; a further Ctrl-C is not caught any more."""
        asyncio.get_running_loop().remove_signal_handler(signal.SIGINT)
        first, self.is_stopped, self.is_urgent = not self.is_stopped, True, True
        if self.engine is None:
            self._cancel()
            return
        for _ in range(2 if first else 1):
            self.engine.stop()

    def watch(self, engine: Engine) -> None:
        """From now on signals stop this engine."""
        self.engine = engine

    def attach(self, task: asyncio.Task[object] | None) -> None:
        """Name the task to cancel while there is no engine."""
        self._task = task

    def _cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()


def watched_runtime(
    watcher: Watcher, signals: Signals, workers: int, first: Forked | None = None
) -> Runtime:
    """Return a runtime whose engine is known to both watcher and signals."""

    def on_engine(engine: Engine) -> None:
        signals.watch(engine)
        watcher.attach(engine)

    return Runtime(workers=workers, observer=watcher, on_engine=on_engine, first=first)


def with_signals(work: Callable[[], Awaitable[Result]], signals: Signals) -> Result:
    """Run asynchronous work to its end under signal handlers.

    Raises:
        KeyboardInterrupt: if a signal came before there was an engine to stop.
    """

    async def main() -> Result:
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGINT, signals.interrupt)
        loop.add_signal_handler(signal.SIGTERM, signals.terminate)
        signals.attach(asyncio.current_task())
        try:
            return await work()
        finally:
            signals.engine = None
            signals.attach(None)
            for number in (signal.SIGINT, signal.SIGTERM):
                loop.remove_signal_handler(number)

    try:
        return asyncio.run(main())
    except asyncio.CancelledError:
        if not signals.is_stopped:
            raise
        raise KeyboardInterrupt from None
