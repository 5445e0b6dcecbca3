"""The code of a candidate that the driver has compiled already, to find out whether it is new."""

from __future__ import annotations

import marshal

from telic.artifact import Artifact
from telic.evaluation.sandbox import WORK
from telic.identity import program_code

__all__ = ["known_code"]


def known_code(artifact: Artifact) -> bytes:
    """Return the marshalled code of an artifact's main file, as a job takes it.

    Empty when it is no Python or is better compiled by whoever runs it.
    """
    if not artifact.name.endswith(".py"):
        return b""
    codes = program_code(artifact.text, f"{WORK}/{artifact.name}")
    return b"" if codes is None else marshal.dumps(codes)
