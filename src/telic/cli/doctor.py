"""``telic doctor``."""

from __future__ import annotations


def doctor(*, quick: bool = False, json: bool = False) -> int:
    """Check this machine.

    Examples:
        telic doctor
    """
    return 0
