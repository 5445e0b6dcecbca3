"""The live view: the panel, drawn a few times a second where the terminal stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from telic.cli._view import View

if TYPE_CHECKING:
    from rich.live import Live

__all__ = ["LiveDisplay"]


class LiveDisplay:
    """Draws the panel in place and takes it away at the end.

    The terminal library is loaded at the first drawing, when the first evaluation is done.
    """

    interval = 0.25

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._live: Live | None = None

    def improved(self, view: View) -> None:
        """Draw at once the first time; later ticks are enough."""
        if self._live is None:
            self.tick(view)

    def tick(self, view: View) -> None:
        """Draw the panel."""
        from telic.cli._panel import panel

        live = self._live or self._open()
        size = live.console.size
        live.update(panel(view, size.width, size.height), refresh=True)

    def notice(self, message: str) -> None:
        """Nothing: the panel shows notices and the state."""

    def close(self, _view: View, /) -> None:
        """Take the panel away and give the cursor back."""
        if self._live is not None:
            self._live.stop()
            self._live = None

    def _open(self) -> Live:
        from rich.live import Live

        from telic.cli._console import console_for

        self._live = Live(
            console=console_for(self._stream),
            auto_refresh=False,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        self._live.start()
        return self._live
