"""A mutation policy that needs no model: change one number of the program in the prompt.

It reads a prompt as a model would: whatever stands in the last fenced ``PROGRAM`` of the last
message is the program. What it changes depends on the prompt's seed alone.
"""

from __future__ import annotations

import re
from random import Random

from telic import seeding
from telic.models.base import Prompt

__all__ = ["edited_number", "perturbed_reply"]

_PROGRAM = re.compile(r"^<PROGRAM[^\n]*>\n(.*?)^</PROGRAM[^\n]*>", re.MULTILINE | re.DOTALL)
_BLOCK = re.compile(r"^[^\n]*EVOLVE-BLOCK-START[^\n]*\n(.*?)^[^\n]*EVOLVE-BLOCK-END", re.M | re.S)
_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d*)?(?:[eE][-+]?\d+)?(?![\w.])")


def perturbed_reply(prompt: Prompt) -> str:
    """Return a SEARCH/REPLACE edit of one line with a number, or say that there is none."""
    text = prompt.messages[-1].text if prompt.messages else prompt.text
    found = _PROGRAM.findall(text)
    program = found[-1] if found else text
    block = _BLOCK.search(program)
    edit = edited_number(block[1] if block else program, seeding.stream(prompt.seed, "perturb"))
    if edit is None:
        return "There is no number to change."
    before, after = edit
    return f"<<<<<<< SEARCH\n{before}\n=======\n{after}\n>>>>>>> REPLACE\n"


def edited_number(program: str, rng: Random) -> tuple[str, str] | None:
    """Return a line that occurs once and holds a number, before and after its change."""
    lines = program.splitlines()
    usable = [
        line for line in lines if lines.count(line) == 1 and _NUMBER.search(line.partition("#")[0])
    ]
    if not usable:
        return None
    line = rng.choice(usable)
    match = rng.choice(list(_NUMBER.finditer(line.partition("#")[0])))
    return line, line[: match.start()] + _moved(match[0], rng) + line[match.end() :]


def _moved(number: str, rng: Random) -> str:
    if number.isdigit():
        return str(max(0, int(number) + rng.choice((-2, -1, 1, 2))))
    return repr(float(f"{float(number) * rng.gauss(1.0, 0.15):.6g}"))
