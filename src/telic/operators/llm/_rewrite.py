"""Whole files in a reply, and what of them may stand.

What lies outside the evolvable regions is always the parent's, whatever the reply says.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from telic.artifact import Artifact, Region, evolve_regions
from telic.errors import MarkerError
from telic.operators.llm._blocks import EditError

__all__ = ["read_files", "rewritten"]

_FENCE = re.compile(
    r"(?:^[ \t]*(?:#+[ \t]*)?(?:FILE|File):[ \t]*`?(?P<name>[^\s`]+)`?[ \t]*\n\s*)?"
    r"^(?P<fence>`{3,}|~{3,})[^\n]*\n(?P<body>.*?)^(?P=fence)[ \t]*$",
    re.MULTILINE | re.DOTALL,
)


def read_files(text: str) -> list[tuple[str, str]]:
    """Return the fenced blocks of a reply as pairs of name and text; a name may be empty.

    Raises:
        EditError: if there is none.
    """
    found = [(match["name"] or "", match["body"]) for match in _FENCE.finditer(text)]
    if not found:
        raise EditError("there is no fenced block with the new file in the reply")
    return found


def rewritten(parent: Artifact, blocks: Sequence[tuple[str, str]]) -> Artifact:
    """Return the parent with new texts in its evolvable regions.

    Args:
        parent: whose frozen parts stay.
        blocks: names and texts; without a name, the longest one is the main file.

    Raises:
        EditError: if a file is unknown, its regions cannot be told, or nothing changes.
    """
    texts = dict(parent.files)
    named = {name: text for name, text in blocks if name}
    if not named:
        named = {parent.name: max((text for _, text in blocks), key=len)}
    for name, text in named.items():
        if name not in texts:
            known = ", ".join(texts)
            raise EditError(f"the reply holds a file {name}; there are: {known}")
        texts[name] = _merged(texts[name], text, name)
    changed = Artifact(tuple((name, texts[name]) for name, _ in parent.files))
    if changed == parent:
        raise EditError("the reply is the same program")
    return changed


def _merged(parent: str, reply: str, name: str) -> str:
    """Return the parent's file with the regions of the reply's."""
    if "EVOLVE-BLOCK-" not in parent:
        if "EVOLVE-BLOCK-" in reply:
            raise EditError(f"{name} has no EVOLVE-BLOCK markers; the reply must not add any")
        return reply
    own = evolve_regions(parent, file=name)
    new = _regions(parent, reply, name, own)
    pieces: list[str] = []
    end = 0
    for region, text in zip(own, new, strict=True):
        pieces += [parent[end : region.start], text]
        end = region.end
    return "".join((*pieces, parent[end:]))


def _regions(parent: str, reply: str, name: str, own: Sequence[Region]) -> list[str]:
    """Return the texts of the regions in a reply, which may leave out the markers."""
    if "EVOLVE-BLOCK-" in reply:
        try:
            found = evolve_regions(reply, file=name)
        except MarkerError as error:
            raise EditError(f"the markers of the reply are wrong: {error}") from None
        if len(found) != len(own):
            raise EditError(
                f"{name} has {len(own)} EVOLVE-BLOCK regions and the reply has {len(found)}"
            )
        return [reply[region.start : region.end] for region in found]
    before, after = parent[: own[0].start], parent[own[-1].end :]
    if len(own) > 1 or _has_code(before, reply) or _has_code(after, reply):
        raise EditError(f"the reply must hold {name} as a whole, with its EVOLVE-BLOCK markers")
    return [reply if reply.endswith("\n") else reply + "\n"]


def _has_code(frozen: str, reply: str) -> bool:
    """Tell whether a line that may not change is in a reply without markers."""
    lines = {line.strip() for line in frozen.splitlines() if "EVOLVE-BLOCK-" not in line} - {""}
    return any(line.strip() in lines for line in reply.splitlines())
