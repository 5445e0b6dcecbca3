"""How others watch a run without touching it."""

from __future__ import annotations

from typing import Protocol

from telic.candidate import Record
from telic.engine.progress import Progress

__all__ = ["Observer", "Silent"]


class Observer(Protocol):
    """Sees a run as it goes; must be quick and may not change anything."""

    def begun(self, progress: Progress) -> None:
        """The seed has been evaluated, or a recorded run has been replayed."""
        ...

    def told(self, record: Record, progress: Progress, *, is_best: bool) -> None:
        """A record was made durable and told."""
        ...

    def notice(self, message: str) -> None:
        """Something a person should know happened, for example a missing sandbox layer."""
        ...

    def ended(self, reason: str, progress: Progress) -> None:
        """The run is over."""
        ...


class Silent:
    """Watches nothing."""

    def begun(self, progress: Progress) -> None:
        """Ignore."""

    def told(self, record: Record, progress: Progress, *, is_best: bool) -> None:
        """Ignore."""

    def notice(self, message: str) -> None:
        """Ignore."""

    def ended(self, reason: str, progress: Progress) -> None:
        """Ignore."""
