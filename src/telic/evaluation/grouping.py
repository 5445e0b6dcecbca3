"""Several executions of a template in one call of its child.

A message to a child, its answer and what surrounds an execution take longer than a small
program. A *group* executes the template for several vectors of literals in one go, each with a
fresh module and arguments of its own, by a wrapper that is the child's program then. What a
member raises is caught and told; when the child itself does not answer for a group, nobody
knows who is to blame, and its members are to be executed one by one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from telic.artifact import Artifact

__all__ = ["ENTRY", "answers_of", "can_group", "wrapped"]

ENTRY = "__telic_group__"
"""Function of the wrapper that is called in the place of the problem's entry."""

Answer = tuple[tuple[Any, ...], tuple[str, str] | None]

_STATEFUL = re.compile(
    r"\b(random|urandom|secrets|uuid\d?|tempfile|inspect|pickle|sys|globals|atexit|signal|"
    r"threading|multiprocessing|dataclass|__name__|__file__|modules)\b"
)
"""What may make an execution depend on those before it, or on what module it is in."""

_WRAPPER = """
import marshal

__telic_code__ = compile({text!r}, {name!r}, "exec", dont_inherit=True)


def __telic_load__(slots):
    namespace = {{"__name__": __name__, "__file__": __file__, "__telic_slots__": slots}}
    exec(__telic_code__, namespace)
    return namespace[{entry!r}]


def __telic_is_sound__(value):
    kind = type(value)
    if kind is float:
        return value - value == 0.0
    if kind is list or kind is tuple:
        if set(map(type, value)) == {{float}}:
            total = sum(value)
            return total - total == 0.0 or all(map(__telic_is_sound__, value))
        return all(map(__telic_is_sound__, value))
    if kind.__module__ == "numpy" and hasattr(value, "dtype") and value.dtype.kind == "f":
        return bool(abs(value).max() < float("inf")) if value.size else True
    return kind is not complex


def __telic_run__(function, arguments, keywords):
    try:
        output = function(*arguments, **keywords)
        if __telic_is_sound__(output):
            return [output]
    except Exception as error:
        return "exception", f"{{type(error).__name__}}: {{error}}"[:500]
    return "output", "output: holds a number that is not finite"


__telic_members__ = []
for __telic_vector__ in __telic_slots__:
    try:
        __telic_members__.append(__telic_load__(__telic_vector__))
    except Exception as __telic_error__:
        __telic_members__.append(__telic_error__)


def __telic_raise__(error):
    raise error


def __telic_group__(*arguments, **keywords):
    kept = marshal.dumps((arguments, keywords))
    outputs, failures = [], {{}}
    for index, member in enumerate(__telic_members__):
        if isinstance(member, Exception):
            result = __telic_run__(__telic_raise__, (member,), {{}})
        else:
            result = __telic_run__(member, *marshal.loads(kept))
        if type(result) is list:
            outputs += result
        else:
            failures[index] = result
    return outputs, failures
"""


def can_group(artifact: Artifact, arguments: Sequence[Any]) -> bool:
    """Tell whether executions of a template in one module after another are as good as apart.

    Args:
        artifact: the template.
        arguments: that its entry is called with; an array among them is not copied cheaply.
    """
    is_plain = all(map(_is_plain, arguments))
    return is_plain and not any(_STATEFUL.search(text) for _, text in artifact.files)


def wrapped(artifact: Artifact, entry: str) -> Artifact:
    """Return a template whose ``__telic_slots__`` is a list of vectors of the given one's."""
    name, text = artifact.files[0]
    return artifact.with_text(_WRAPPER.format(text=text, name=name, entry=entry))


def answers_of(outputs: Sequence[Any], count: int) -> list[Answer] | None:
    """Return what each member of a group gave for all calls; ``None`` if it cannot be told.

    Args:
        outputs: of the wrapper, one for each call.
        count: how many members there are.
    """
    given: list[list[Any]] = [[] for _ in range(count)]
    failures: dict[int, tuple[str, str]] = {}
    for output in outputs:
        match output:
            case ([*_] as results, {**failed}) if len(results) + len(failed) == count:
                if not all(_is_failure(item, count) for item in failed.items()):
                    return None
                rest = iter(results)
                for index, own in enumerate(given):
                    if index in failed:
                        failures.setdefault(index, failed[index])
                    else:
                        own.append(next(rest))
            case _:
                return None
    return [
        ((), failures[index]) if index in failures else (tuple(own), None)
        for index, own in enumerate(given)
    ]


def _is_failure(item: tuple[Any, Any], count: int) -> bool:
    """Tell whether a pair is a member's number and what went wrong, as the wrapper says it."""
    match item:
        case (int() as index, ("exception" | "output", str())):
            return 0 <= index < count
        case _:
            return False


def _is_plain(value: Any) -> bool:
    """Tell whether ``marshal`` gives an equal value back."""
    if isinstance(value, list | tuple):
        return all(map(_is_plain, value))
    if isinstance(value, dict):
        return all(map(_is_plain, value.values()))
    return value is None or isinstance(value, bool | int | float | str | bytes)
