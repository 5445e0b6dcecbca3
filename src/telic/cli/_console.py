"""The terminal library, set up once: no markup is read from text, nothing is wrapped in pipes."""

from __future__ import annotations

from typing import TextIO

from rich.console import Console, RenderableType

__all__ = ["console_for", "show"]

_PIPE_WIDTH = 160
"""Columns for tables where there is no terminal to fit into."""


class _Console(Console):
    """Lets the command decide what happens when the reader of the output goes away."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


def console_for(stream: TextIO) -> Console:
    """Return a console for a stream; colours only where it is a terminal that has them."""
    width = None if stream.isatty() else _PIPE_WIDTH
    return _Console(file=stream, width=width, markup=False, highlight=False, emoji=False)


def show(console: Console, *parts: RenderableType) -> None:
    """Print parts below each other; in a pipe long lines stay whole."""
    for part in parts:
        console.print(part, soft_wrap=not console.is_terminal)
