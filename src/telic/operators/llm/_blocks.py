"""SEARCH/REPLACE edits: reading them from a reply, and applying them to files.

A search is tolerant of white space, step by step: as it stands; without blanks at the ends of
lines; at another indentation, which the replacement then follows; without any indentation.
The first step that matches counts, and there it must match once: an edit that could go to two
places goes to none. Each failure says why, in words that help whoever wrote the edit.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Sequence

import msgspec

from telic.artifact import Artifact, Region, evolve_regions

__all__ = ["Block", "EditError", "apply_blocks", "read_blocks"]

_SEARCH = re.compile(r"^\s*<{5,9}\s*SEARCH\b")
_DIVIDER = re.compile(r"^\s*={5,9}\s*$")
_REPLACE = re.compile(r"^\s*>{5,9}\s*REPLACE\b")
_FILE = re.compile(r"^\s*(?:#+\s*)?(?:FILE|File):\s*`?([^\s`]+)`?\s*$")


class EditError(Exception):
    """An edit cannot be read or applied; the text says why."""


class Block(msgspec.Struct, frozen=True):
    """One edit."""

    search: tuple[str, ...]
    """Lines without their ends."""
    replace: tuple[str, ...]
    file: str = ""
    """Which file; empty: the only one that the lines are found in."""


class _Place(msgspec.Struct, frozen=True):
    """Where a search was found: lines ``[start, end)`` of a file."""

    file: str
    start: int
    end: int
    shift: tuple[str, str] | None
    """Indentation written in the edit, and the file's own; ``None`` if they are equal."""


def read_blocks(text: str) -> list[Block]:
    """Return the edits of a reply, in order.

    Raises:
        EditError: if there is none, or one is not closed.
    """
    blocks: list[Block] = []
    file, search, replace, part = "", [], [], "outside"
    for line in text.splitlines():
        if part == "outside":
            named = _FILE.match(line)
            if named:
                file = named[1]
            elif _SEARCH.match(line):
                search, replace, part = list[str](), list[str](), "search"
        elif part == "search":
            if _DIVIDER.match(line):
                part = "replace"
            elif _SEARCH.match(line) or _REPLACE.match(line):
                raise EditError(f"block {len(blocks) + 1} has no line ======= in its middle")
            else:
                search.append(line)
        elif _REPLACE.match(line):
            blocks.append(Block(tuple(search), tuple(replace), file))
            part = "outside"
        elif _SEARCH.match(line):
            raise EditError(f"block {len(blocks) + 1} is not closed by >>>>>>> REPLACE")
        else:
            replace.append(line)
    if part != "outside":
        raise EditError(f"block {len(blocks) + 1} is not closed by >>>>>>> REPLACE")
    if not blocks:
        raise EditError("there is no SEARCH/REPLACE block in the reply")
    return blocks


def apply_blocks(artifact: Artifact, blocks: Sequence[Block]) -> Artifact:
    """Return the artifact with every edit made, all against the text as it was.

    Raises:
        EditError: if a search is not found, found more than once or outside what may change,
            two edits overlap, or nothing changes.
    """
    texts = dict(artifact.files)
    places = [_place(artifact, block, number) for number, block in enumerate(blocks, start=1)]
    for number, place in enumerate(places):
        for earlier, other in enumerate(places[:number]):
            if place.file == other.file and place.start < other.end and other.start < place.end:
                raise EditError(f"blocks {earlier + 1} and {number + 1} change the same lines")
    order = sorted(range(len(places)), key=lambda i: places[i].start, reverse=True)
    for i in order:
        place = places[i]
        lines = texts[place.file].splitlines(keepends=True)
        new = [f"{line}\n" for line in _shifted(blocks[i].replace, place.shift)]
        if place.end == len(lines) and lines and not lines[-1].endswith("\n") and new:
            new[-1] = new[-1].removesuffix("\n")
        texts[place.file] = "".join((*lines[: place.start], *new, *lines[place.end :]))
    changed = Artifact(tuple((name, texts[name]) for name, _ in artifact.files))
    if changed == artifact:
        raise EditError("the edits change nothing: SEARCH and REPLACE are the same")
    return changed


def _place(artifact: Artifact, block: Block, number: int) -> _Place:
    if not any(line.strip() for line in block.search):
        raise EditError(f"the SEARCH part of block {number} is empty")
    if block.file and block.file not in dict(artifact.files):
        known = ", ".join(name for name, _ in artifact.files)
        raise EditError(f"block {number} names the file {block.file}; there are: {known}")
    files = [(n, text) for n, text in artifact.files if block.file in ("", n)]
    outside = False
    for level in _LEVELS:
        found = [
            (name, text, start, shift)
            for name, text in files
            for start, shift in _matches(text.splitlines(), block.search, level)
        ]
        places = [
            _Place(name, start, start + len(block.search), shift)
            for name, text, start, shift in found
            if _may_change(text, name, start, start + len(block.search))
        ]
        outside = outside or len(places) < len(found)
        if len(places) > 1:
            where = ", ".join(_line_of(place, with_file=len(files) > 1) for place in places[:5])
            raise EditError(
                f"the SEARCH part of block {number} is found {len(places)} times ({where}): "
                "add neighbouring lines until it is found once"
            )
        if places:
            return places[0]
    if outside:
        raise EditError(
            f"the SEARCH part of block {number} is found only outside the lines that may change"
        )
    raise EditError(f"the SEARCH part of block {number} is not found{_nearest(files, block)}")


_Level = Callable[[Sequence[str]], tuple[Sequence[str], str | None]]
"""Gives the lines as they are compared, and the indentation that was taken away."""


def _as_it_stands(lines: Sequence[str]) -> tuple[Sequence[str], str | None]:
    return lines, None


def _without_ends(lines: Sequence[str]) -> tuple[Sequence[str], str | None]:
    return [line.rstrip() for line in lines], None


def _without_margin(lines: Sequence[str]) -> tuple[Sequence[str], str | None]:
    margin = _margin(lines)
    return [line.rstrip().removeprefix(margin) for line in lines], margin


def _without_indentation(lines: Sequence[str]) -> tuple[Sequence[str], str | None]:
    return [" ".join(line.split()) for line in lines], _margin(lines)


_LEVELS: tuple[_Level, ...] = (_as_it_stands, _without_ends, _without_margin, _without_indentation)


def _matches(
    lines: Sequence[str], search: Sequence[str], level: _Level
) -> list[tuple[int, tuple[str, str] | None]]:
    """Return where the search is found at a level, with the two indentations."""
    wanted, written = level(search)
    length, found = len(search), list[tuple[int, tuple[str, str] | None]]()
    first = " ".join(search[0].split())
    for start in range(len(lines) - length + 1):
        if " ".join(lines[start].split()) != first:  # cheap, and necessary at every level
            continue
        here, own = level(lines[start : start + length])
        if list(here) == list(wanted):
            found.append((start, None if written == own else (written or "", own or "")))
    return found


def _margin(lines: Sequence[str]) -> str:
    """Return the indentation that all lines with text share."""
    indents = [line[: len(line) - len(line.lstrip())] for line in lines if line.strip()]
    if not indents:
        return ""
    shortest, longest = min(indents), max(indents)
    same = next((i for i, c in enumerate(shortest) if c != longest[i]), len(shortest))
    return shortest[:same]


def _shifted(lines: Sequence[str], shift: tuple[str, str] | None) -> list[str]:
    if shift is None:
        return list(lines)
    written, own = shift
    return [own + line.removeprefix(written) if line.strip() else line for line in lines]


def _may_change(text: str, file: str, start: int, end: int) -> bool:
    lines = text.splitlines(keepends=True)
    first = sum(map(len, lines[:start]))
    last = first + sum(map(len, lines[start:end]))
    regions: tuple[Region, ...] = evolve_regions(text, file=file)
    return any(region.start <= first and last <= region.end for region in regions)


def _line_of(place: _Place, *, with_file: bool) -> str:
    return f"{place.file} line {place.start + 1}" if with_file else f"line {place.start + 1}"


def _nearest(files: Sequence[tuple[str, str]], block: Block) -> str:
    """Say which lines are closest to the first line of a search."""
    wanted = next(line.strip() for line in block.search if line.strip())
    lines = [line.strip() for _, text in files for line in text.splitlines() if line.strip()]
    near = difflib.get_close_matches(wanted, lines[:2000], 1, 0.5)
    return f"; the nearest line is: {near[0][:160]}" if near else ""
