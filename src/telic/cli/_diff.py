"""What changed between two artifacts, as lines with a role each."""

from __future__ import annotations

import difflib
from typing import Literal

from telic.artifact import Artifact
from telic.cli._text import harmless

__all__ = ["DiffLine", "Role", "diff_lines"]

Role = Literal["file", "place", "added", "removed", "same"]
DiffLine = tuple[Role, str]

_ROLES: dict[str, Role] = {"@": "place", "+": "added", "-": "removed"}


def diff_lines(
    before: Artifact, after: Artifact, *, label: str, context: int = 3
) -> list[DiffLine]:
    """Return a unified diff, harmless in a terminal; empty when nothing changed.

    Args:
        before: the seed, say.
        after: what became of it; a file that is missing on one side counts as empty there.
        label: names ``after`` in the headers.
        context: unchanged lines shown around a change.
    """
    old, new = dict(before.files), dict(after.files)
    lines: list[DiffLine] = []
    for name in dict.fromkeys([*old, *new]):
        changes = difflib.unified_diff(
            old.get(name, "").splitlines(), new.get(name, "").splitlines(), n=context, lineterm=""
        )
        body = [harmless(line) for line in changes][2:]
        if body:
            lines.append(("file", f"--- {harmless(name)}, seed"))
            lines.append(("file", f"+++ {harmless(name)}, {label}"))
            lines.extend((_ROLES.get(line[:1], "same"), line) for line in body)
    return lines
