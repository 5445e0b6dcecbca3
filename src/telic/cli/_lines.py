"""Progress as plain lines, for logs and pipes."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import TextIO

from telic.cli._text import count, duration, harmless, number, one_line, rate, signed
from telic.cli._view import View

__all__ = ["LineDisplay"]

_LEAST_SECONDS = 1.0
"""Between two lines about improvements; those in between are told with the next."""
_HEARTBEAT = 10.0
"""Seconds without a line after which one says that the run goes on."""


class LineDisplay:
    """Writes a line for an improvement, at most one a second, and a sign of life."""

    interval = 1.0

    def __init__(self, stream: TextIO, clock: Callable[[], float] = monotonic) -> None:
        self._stream = stream
        self._clock = clock
        self._last = -_LEAST_SECONDS
        self._shown = -1
        self._began = False

    def improved(self, view: View) -> None:
        """Write the newest improvement, unless a line has just been written."""
        if not self._began:
            self._began = True
            self._write(_opening(view))
        if self._clock() - self._last >= _LEAST_SECONDS:
            self._write_improvement(view)

    def tick(self, view: View) -> None:
        """Write what was held back, or that nothing happened for a while."""
        quiet = self._clock() - self._last
        if quiet >= _LEAST_SECONDS and self._has_news(view):
            self._write_improvement(view)
        elif quiet >= _HEARTBEAT and view.progress is not None:
            spent, (evaluations, _) = view.progress.spent, view.speeds()
            best = view.curve[-1][1] if view.curve else None
            self._write(
                f"{duration(view.seconds()):>10}  {count(spent.evaluations)} evaluations, "
                f"{rate(evaluations)}, best {number(best)}"
            )
            self._last = self._clock()

    def notice(self, message: str) -> None:
        """Write it."""
        self._write(f"note: {harmless(message)}")

    def close(self, view: View, /) -> None:
        """Write the last improvement if it was held back."""
        if self._has_news(view):
            self._write_improvement(view)

    def _has_news(self, view: View) -> bool:
        return bool(view.latest) and view.latest[-1].candidate != self._shown

    def _write_improvement(self, view: View) -> None:
        if not view.latest:
            return
        news = view.latest[-1]
        what = one_line(news.made_by, 60)
        step = "" if news.step is None else signed(news.step)
        self._write(
            f"{duration(news.seconds):>10}  {count(news.evaluations):>9} evaluated  "
            f"{number(news.score):<10} {step:<11} {what}"
        )
        self._shown, self._last = news.candidate, self._clock()

    def _write(self, line: str) -> None:
        self._stream.write(line.rstrip() + "\n")
        self._stream.flush()


def _opening(view: View) -> str:
    seed = view.curve[0][1] if view.curve else None
    return (
        f"{harmless(view.problem.name)}: {view.objective.describe()}, seed score {number(seed)}, "
        f"strategy {view.plan.strategy.name}, random seed {view.plan.seed}"
    )
