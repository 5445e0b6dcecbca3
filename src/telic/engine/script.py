"""What a recorded run tells about the order of its requests, so that it can be made again."""

from __future__ import annotations

from typing import Protocol

__all__ = ["Script"]


class Script(Protocol):
    """When each request of a recorded run was opened and told."""

    def may_open(self, index: int, told: int) -> bool:
        """Tell whether request ``index`` was open when so many records had been told."""
        ...

    def told(self, place: int) -> int | None:
        """Return the id of the record that was told as the one at ``place``, if there is one."""
        ...

    def operator(self, index: int) -> str:
        """Return the operator that request ``index`` went to; empty if that is not known."""
        ...

    def has(self, index: int) -> bool:
        """Tell whether request ``index`` ended with a record at all."""
        ...
