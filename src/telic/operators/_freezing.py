"""The routine of the ``freeze`` operator, and the freezing that ``polish`` begins with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from telic.artifact import Artifact
from telic.errors import TelicError
from telic.operators._freeze_text import FreezeError, frozen_text, is_frozen
from telic.operators._task import Result, Task
from telic.operators._workbench import Workbench

__all__ = ["freeze", "frozen"]


def freeze(arguments: Mapping[str, Any], bench: Workbench) -> dict[str, Any]:
    """Freeze a program's output; takes a :class:`Task`, gives a :class:`Result`."""
    return msgspec.to_builtins(_freeze(msgspec.convert(arguments, Task), bench))


def frozen(artifact: Artifact, bench: Workbench, seed: int) -> Artifact:
    """Return the program that returns, as a literal, what ``artifact`` computes.

    Costs two executions, which are not scored.

    Raises:
        FreezeError: if there is nothing to freeze, or the frozen program differs.
    """
    entry = bench.problem.entry
    if not bench.single_case():
        raise FreezeError("the entry function is called with more than one input")
    if is_frozen(artifact.text, entry):
        raise FreezeError("the entry function returns a literal already")
    try:
        output = bench.output(artifact, seed)
        text = frozen_text(artifact.text, entry, output, file=artifact.name)
        result = artifact.with_text(text)
        again = bench.output(result, seed)
    except TelicError as error:
        raise FreezeError(f"the program gives no output: {error}") from error
    if frozen_text(artifact.text, entry, again, file=artifact.name) != text:
        raise FreezeError("the frozen program gives another output")
    return result


def _freeze(task: Task, bench: Workbench) -> Result:
    try:
        result = frozen(task.artifact, bench, task.seeds[0])
    except FreezeError as error:
        return Result(None, str(error))
    return Result(result.text, "froze the output into a literal")
