"""The text that is improved, and the regions of it that may change.

An :class:`Artifact` is one text file or a small tree of them. Lines between a line that
holds ``EVOLVE-BLOCK-START`` and one that holds ``EVOLVE-BLOCK-END``, in any comment style,
form an evolvable :class:`Region`; a file without markers is one region as a whole.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import PurePosixPath

import msgspec

from telic.errors import MarkerError, ProblemError

__all__ = ["Artifact", "Region", "digest", "evolve_regions", "frozen_parts", "respects_regions"]

_MARK = "EVOLVE-BLOCK-"
# Before a marker stand only comment signs, or one short comment word (REM, C, dnl).
_MARKER = re.compile(r"^\W*(?:\w{1,3}\W+)?EVOLVE-BLOCK-(START|END)\b")


class Region(msgspec.Struct, frozen=True):
    """A half-open range ``[start, end)`` of character offsets that may change."""

    start: int
    end: int


@lru_cache(maxsize=4096)
def _is_inside(name: str) -> bool:
    """Tell whether a path is relative and stays in its tree."""
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and bool(path.parts)


class Artifact(msgspec.Struct, frozen=True):
    """One or several text files; the first one is the main file.

    Raises:
        ProblemError: if there is no file, a path is absolute or leaves the tree, or two
            paths are equal.
    """

    files: tuple[tuple[str, str], ...]
    """Pairs of relative POSIX path and text; the main file first."""

    def __post_init__(self) -> None:
        if not self.files:
            raise ProblemError("an artifact needs at least one file; got none")
        seen: set[str] = set()
        for name, _ in self.files:
            if not _is_inside(name):
                raise ProblemError(
                    f"artifact file {name!r} must be a relative path inside the tree"
                )
            if name in seen:
                raise ProblemError(f"artifact file {name!r} is listed twice")
            seen.add(name)

    @classmethod
    def of(cls, text: str, name: str = "main.py") -> Artifact:
        """Return an artifact of one file."""
        return cls(((name, text),))

    @property
    def name(self) -> str:
        """Path of the main file."""
        return self.files[0][0]

    @property
    def text(self) -> str:
        """Text of the main file."""
        return self.files[0][1]

    @property
    def suffix(self) -> str:
        """Suffix of the main file with its dot, for example ``".py"``."""
        return PurePosixPath(self.name).suffix

    def with_text(self, text: str) -> Artifact:
        """Return the artifact with the main file's text replaced."""
        return Artifact(((self.name, text), *self.files[1:]))


def digest(artifact: Artifact) -> str:
    """Return 32 hexadecimal characters that identify the exact content."""
    state = hashlib.blake2b(digest_size=16)
    for name, text in artifact.files:
        for part in (name, text):
            data = part.encode("utf-8", "surrogatepass")
            state.update(len(data).to_bytes(8, "little"))
            state.update(data)
    return state.hexdigest()


def evolve_regions(text: str, *, file: str = "main.py") -> tuple[Region, ...]:
    """Return the regions of ``text`` that may change, in order.

    Args:
        text: a whole file.
        file: its name, for messages.

    Raises:
        MarkerError: if markers are nested or unbalanced.
    """
    regions: list[Region] = []
    opened: tuple[int, int] | None = None
    for start, end, word in _markers(text):
        if word == "START":
            if opened is not None:
                raise MarkerError(
                    f"EVOLVE-BLOCK-START inside the block opened on line "
                    f"{_line(text, opened[0])}; blocks cannot be nested",
                    file=file,
                    line=_line(text, start),
                )
            opened = (start, end)
        elif opened is None:
            raise MarkerError(
                "EVOLVE-BLOCK-END without a START before it", file=file, line=_line(text, start)
            )
        else:
            regions.append(Region(opened[1], start))
            opened = None
    if opened is not None:
        raise MarkerError(
            "EVOLVE-BLOCK-START without an END after it", file=file, line=_line(text, opened[0])
        )
    return tuple(regions) or (Region(0, len(text)),)


def _markers(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield where each line with a marker starts and ends, and the marker's last word.

    Only the lines with a marker are looked at: every new program is asked for its regions.
    """
    at = text.find(_MARK)
    while at >= 0:
        start, end = text.rfind("\n", 0, at) + 1, text.find("\n", at) + 1 or len(text)
        for line in text[start:end].splitlines(keepends=True):  # at other breaks, too
            match = _MARKER.match(line)
            if match:
                yield start, start + len(line), match[1]
            start += len(line)
        at = text.find(_MARK, end)


def _line(text: str, offset: int) -> int:
    """Return the number, from 1, of the line that starts at an offset."""
    return len(text[:offset].splitlines()) + 1


@lru_cache(maxsize=256)
def frozen_parts(text: str, *, file: str = "main.py") -> tuple[str, ...]:
    """Return the stretches of ``text`` outside its regions: they may not change."""
    regions = evolve_regions(text, file=file)
    bounds = [0, *(edge for region in regions for edge in (region.start, region.end)), len(text)]
    return tuple(text[bounds[i] : bounds[i + 1]] for i in range(0, len(bounds), 2))


def respects_regions(parent: Artifact, child: Artifact) -> bool:
    """Tell whether ``child`` differs from ``parent`` inside evolvable regions only.

    Every file of the parent must still be there, and no other; a child whose markers are
    broken does not respect them.
    """
    if len(parent.files) != len(child.files):
        return False
    try:
        for (name, before), (other, after) in zip(parent.files, child.files, strict=True):
            if name != other:
                return False
            if before != after and frozen_parts(before, file=name) != frozen_parts(
                after, file=name
            ):
                return False
    except MarkerError:
        return False
    return True
