"""The terminal library, set up once: no markup is read from text, nothing is wrapped in pipes."""

from __future__ import annotations

from typing import TextIO

from rich.console import Console, RenderableType
from rich.table import Table

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
    """Print parts below each other.

    In a pipe long lines stay whole, and no line of a table ends in blanks.
    """
    for part in parts:
        if console.is_terminal:
            console.print(part)
        elif isinstance(part, Table):
            with console.capture() as captured:
                console.print(part)
            console.file.writelines(f"{line.rstrip()}\n" for line in captured.get().splitlines())
        else:
            console.print(part, soft_wrap=True)
