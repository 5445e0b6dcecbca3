"""Avalanche of a 32-bit mixing function, measured by applying its steps here."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from telic.scoring import Case, Score, infeasible
from telic.seeding import numpy_stream

SAMPLES = 4096
MOST = 5
NUMBERS = numpy_stream(0, "hash-mixer").integers(0, 2**32, SAMPLES, dtype=np.uint32)
FLIPPED = NUMBERS[None, :] ^ (np.uint32(1) << np.arange(32, dtype=np.uint32))[:, None]


def score(output: Any, case: Case) -> Score:
    if not isinstance(output, list | tuple) or not 1 <= len(output) <= MOST:
        return infeasible(f"expected a list of 1 to {MOST} steps")
    for step in output:
        reason = wrong_step(step)
        if reason:
            return infeasible(reason)
    changes = mix(NUMBERS, output)[None, :] ^ mix(FLIPPED, output)
    bits = np.unpackbits(changes.view(np.uint8).reshape(32, SAMPLES, 4), axis=2)
    shares = bits.mean(axis=1)
    return Score(metrics={"score": float(np.sqrt(((shares - 0.5) ** 2).mean()))})


def wrong_step(step: Any) -> str:
    """Return what is wrong with a step, or an empty text."""
    if not isinstance(step, list | tuple) or len(step) != 2 or type(step[1]) is not int:
        return f"a step is a word and an integer; got {step!r:.60}"
    word, number = step
    if word == "shift" and 1 <= number <= 31:
        return ""
    if word == "multiply" and 0 < number < 2**32 and number % 2 == 1:
        return ""
    return f"a step shifts by 1 to 31 or multiplies by an odd 32-bit number; got {step!r:.60}"


def mix(numbers: NDArray[np.uint32], steps: Any) -> NDArray[np.uint32]:
    """Apply the steps to an array of numbers, modulo 2**32."""
    for word, number in steps:
        if word == "shift":
            numbers = numbers ^ (numbers >> np.uint32(number))
        else:
            numbers = numbers * np.uint32(number)
    return numbers
