"""Who watches a run: a live view in a terminal, plain lines elsewhere, or nobody."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self, TextIO

from telic.candidate import Record
from telic.cli._view import View
from telic.engine.progress import Progress

if TYPE_CHECKING:
    from telic.engine.loop import Engine

__all__ = ["Display", "Watcher", "watcher_for"]


class Display(Protocol):
    """Draws a view."""

    interval: float
    """Seconds between two ticks."""

    def improved(self, view: View) -> None:
        """There is a new best."""
        ...

    def tick(self, view: View) -> None:
        """Some time has passed."""
        ...

    def notice(self, message: str) -> None:
        """Tell something at once."""
        ...

    def close(self, view: View, /) -> None:
        """Leave the terminal as it was."""
        ...


class Watcher:
    """An observer that keeps a view up to date and lets a display draw it.

    A context manager: leaving it leaves the terminal in order, whatever happened.
    """

    def __init__(self, view: View, display: Display | None) -> None:
        self.view = view
        self._display = display
        self._ticking: asyncio.Task[None] | None = None

    def attach(self, engine: Engine) -> None:
        """Look at the work in flight of this engine."""
        self.view.in_flight = engine.in_flight

    def begun(self, progress: Progress) -> None:
        """Show where the run starts from, and from now on its state at every tick."""
        self.view.progress = progress
        self.view.state = "running"
        if progress.seed is not None and not self.view.curve:
            spent = progress.spent
            self.view.add(progress.seed, spent.seconds, spent.evaluations, is_best=True)
        if self._display is None:
            return
        self._display.improved(self.view)
        self._ticking = asyncio.get_running_loop().create_task(self._tick(self._display))

    def told(self, record: Record, progress: Progress, *, is_best: bool) -> None:
        """Take in one record; the display draws at its own pace."""
        view = self.view
        view.progress = progress
        if record.candidate.id == 0:
            return  # the seed: shown when the run has begun
        spent = progress.spent
        view.add(record, spent.seconds, spent.evaluations, is_best=is_best)
        if is_best and self._display is not None:
            self._display.improved(view)

    def notice(self, message: str) -> None:
        """Show what a person should know."""
        self.view.notices.append(message)
        if self._display is not None:
            self._display.notice(message)

    def ended(self, reason: str, progress: Progress) -> None:
        """Stop drawing."""
        self.view.progress = progress
        self.view.state = reason
        self._stop_ticking()

    def interrupted(self) -> None:
        """Say what the first Ctrl-C does."""
        self.view.state = "finishing what is in flight; Ctrl-C again stops now"
        if self._display is not None:
            self._display.notice(self.view.state)

    async def _tick(self, display: Display) -> None:
        while True:
            await asyncio.sleep(display.interval)
            display.tick(self.view)

    def _stop_ticking(self) -> None:
        if self._ticking is not None:
            self._ticking.cancel()
            self._ticking = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._display is not None:
            self._display.close(self.view)


def watcher_for(
    view: View, *, quiet: bool, as_json: bool, environment: Mapping[str, str]
) -> Watcher:
    """Return the watcher that suits where the output goes.

    Args:
        view: what it keeps up to date.
        quiet: whether nothing is shown.
        as_json: whether standard output belongs to an object, so that the run is drawn on
            standard error.
        environment: its ``TERM`` says whether a terminal can be drawn on.
    """
    stream: TextIO = sys.stderr if as_json else sys.stdout
    if quiet:
        return Watcher(view, None)
    if stream.isatty() and environment.get("TERM", "dumb") not in ("dumb", "unknown"):
        from telic.cli._live import LiveDisplay

        return Watcher(view, LiveDisplay(stream))
    from telic.cli._lines import LineDisplay

    return Watcher(view, LineDisplay(stream))
