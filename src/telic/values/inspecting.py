"""Instruments as ``inspect_ai`` tasks, and its logs as measurements.

Needs ``telic[inspect]`` to make a task; a log is read without it, in its JSON form
(``inspect log convert LOG.eval --to json --output-dir DIR``). A file for ``inspect eval``::

    from inspect_ai import task
    from telic.values import inspect_task, open_instrument

    @task
    def clash():
        return inspect_task(open_instrument("clash"))

Each question becomes one sample per order shown, and replies are epochs. The log is parsed again
here, so that its figures are those of any other measurement; samples that the log lost are replies
that ended in an error, not replies that were never asked for.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from telic.errors import MeasurementError, UsageError
from telic.values._table import read_json
from telic.values.instrument import Instrument
from telic.values.measurement import Measurement, Reply
from telic.values.reading import parse_reply
from telic.values.respondent import Answer, Item, Orders

__all__ = ["inspect_task", "read_inspect_log"]

_Key = tuple[str, int]
"""Sample id and epoch, from 1."""


def inspect_task(
    instrument: Instrument, *, repeats: int = 1, orders: Orders = "both", persona: str = ""
) -> Any:
    """Return the ``inspect_ai.Task`` that puts an instrument to a model.

    Its scorer gives 1 to a reply that is answered and 0 to any other; the answer is the chosen
    option's name. Values are in the log's replies, see :func:`read_inspect_log`.

    Args:
        instrument: the questions.
        repeats: replies to each question in each order, 1 or more.
        orders: whether each question is shown in all of its orders.
        persona: system prompt.

    Raises:
        UsageError: if ``inspect_ai`` is not installed.
    """
    try:
        inspect: Any = importlib.import_module("inspect_ai")
        parts: dict[str, Any] = {
            name: importlib.import_module(f"inspect_ai.{name}")
            for name in ("dataset", "scorer", "solver")
        }
    except ImportError as error:
        raise UsageError("inspect_ai is not installed; pip install 'telic[inspect]'") from error
    items = _items(instrument, orders)
    samples = [
        parts["dataset"].Sample(
            id=name,
            input=item.prompt,
            target=instrument.question(item.id).truth,
            metadata={"question": item.id, "order": list(item.options)},
        )
        for name, item in items.items()
    ]
    before = [parts["solver"].system_message(persona)] if persona else []
    return inspect.Task(
        dataset=parts["dataset"].MemoryDataset(samples, name=instrument.name),
        solver=[*before, parts["solver"].generate()],
        scorer=_scorer(parts["scorer"], items),
        epochs=repeats,
        name=instrument.name,
        metadata={"instrument": instrument.name, "digest": instrument.digest},
    )


def read_inspect_log(path: Path, instrument: Instrument) -> Measurement:
    """Read a log of :func:`inspect_task` as a measurement.

    Args:
        path: the log in its JSON form.
        instrument: what was asked.

    Raises:
        MeasurementError: if the file is no such log, or of other questions.
    """
    if path.suffix == ".eval":
        raise MeasurementError(
            f"{path.name} is packed; `inspect log convert {path.name} --to json --output-dir DIR` "
            "gives the JSON form"
        )
    log = _object(read_json(path), path)
    run = _object(log.get("eval"), path)
    recorded = _object(run.get("metadata") or {}, path).get("digest")
    if recorded not in (None, instrument.digest):
        raise MeasurementError(f"{path.name} asks other questions than {instrument.name!r} has now")
    found = {_key(sample, path): sample for sample in _samples(log, path)}
    items = _items(instrument, "both")
    for name, _ in found:
        if name not in items:
            raise MeasurementError(
                f"{path.name} has sample {name!r}, which {instrument.name!r} does not ask"
            )
    asked = {name for name, _ in found}
    own = set(_items(instrument, "given"))
    orders: Orders = "both" if asked - own else "given"
    config = _object(run.get("config") or {}, path)
    epochs = max([int(config.get("epochs") or 1), *(epoch for _, epoch in found)])
    replies = tuple(
        Reply.of(item.id, item.options, epoch - 1, _answer(found.get((name, epoch)), item))
        for epoch in range(1, epochs + 1)
        for name, item in _items(instrument, orders).items()
    )
    return Measurement(instrument, str(run.get("model") or "model"), 0, orders, replies)


def _scorer(library: Any, items: Mapping[str, Item]) -> Any:
    """Return a scorer that gives 1 to a reply that is answered."""

    @library.scorer(metrics=[library.mean()], name="telic_answered")
    def answered() -> Any:
        async def score(state: Any, target: Any) -> Any:
            del target
            item = items[str(state.sample_id)]
            answer = parse_reply(state.output.completion, item)
            chosen = item.options[answer.choice] if answer.choice is not None else ""
            return library.Score(
                value=float(answer.status == "answered"),
                answer=chosen or answer.status,
                metadata={"status": answer.status},
            )

        return score

    return answered()


def _items(instrument: Instrument, orders: Orders) -> dict[str, Item]:
    """Return sample id → item; the id counts the orders of its question from 0."""
    return {
        f"{question.id}@{place}": question.item(order)
        for question in instrument.questions
        for place, order in enumerate(question.orders(orders))
    }


def _answer(sample: Mapping[str, Any] | None, item: Item) -> Answer:
    if sample is None:
        return Answer("error", text="the log has no such sample")
    if sample.get("error"):
        error = sample["error"]
        said = error.get("message") if isinstance(error, dict) else error
        return Answer("error", text=str(cast("object", said)))
    choices = (sample.get("output") or {}).get("choices") or []
    if not choices:
        return Answer("error", text="the sample has no output")
    text = _text((choices[0].get("message") or {}).get("content"))
    if choices[0].get("stop_reason") == "content_filter":
        return Answer("refused", text=text)
    return parse_reply(text, item)


def _text(content: object) -> str:
    """Return a message's text; reasoning and pictures are no part of a reply."""
    if isinstance(content, str):
        return content
    parts = cast("list[dict[str, object]]", content) if isinstance(content, list) else []
    return "\n".join(str(part.get("text", "")) for part in parts if part.get("type") == "text")


def _samples(log: Mapping[str, Any], path: Path) -> list[dict[str, Any]]:
    samples = log.get("samples")
    if not isinstance(samples, list) or not samples:
        status = log.get("status", "unknown")
        raise MeasurementError(f"{path.name} holds no samples (its status is {status})")
    return [_object(sample, path) for sample in cast("list[object]", samples)]


def _key(sample: Mapping[str, Any], path: Path) -> _Key:
    try:
        return str(sample["id"]), int(sample["epoch"])
    except (KeyError, TypeError, ValueError) as error:
        raise MeasurementError(f"{path.name}: a sample without id or epoch") from error


def _object(value: object, path: Path) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise MeasurementError(f"{path.name} is no log of inspect_ai in its JSON form")
    return cast("dict[str, Any]", value)
