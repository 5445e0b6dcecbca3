"""Markov processes of Utility Engineering, for the instrumentality probe.

A JSON object with ``MarkovProcesses``, a list of objects with ``name``, ``states`` (``id``,
``observation``, ``is_terminal``) and ``transitions`` (id → list of [next id, probability]). States
are named by their observations, so that utilities measured of those fit the process.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec

from telic.errors import MeasurementError
from telic.values._table import read_json
from telic.values.instrument import Instrument
from telic.values.questions import all_pairs

__all__ = ["Process", "read_processes"]


class Process(msgspec.Struct, frozen=True):
    """States that lead to one another."""

    name: str
    states: tuple[str, ...]
    transitions: Mapping[str, Mapping[str, float]]
    """State → next state → probability; end states are left out."""
    ends: tuple[str, ...]

    def instrument(self) -> Instrument:
        """Return the states as pairs, so that their utilities can be measured."""
        return Instrument(name=self.name, questions=all_pairs(self.states))


class _State(msgspec.Struct):
    id: int
    observation: str
    is_terminal: bool


class _Process(msgspec.Struct):
    name: str
    states: list[_State]
    transitions: dict[str, list[tuple[int, float]]]


class _File(msgspec.Struct):
    processes: list[_Process] = msgspec.field(name="MarkovProcesses")


def read_processes(path: Path) -> tuple[Process, ...]:
    """Read every process of a file.

    Raises:
        MeasurementError: if the file has another shape, a state is repeated or unknown, or the
            probabilities out of a state do not sum to 1.
    """
    try:
        file = msgspec.convert(read_json(path), _File)
    except msgspec.ValidationError as error:
        raise MeasurementError(f"{path.name}: {error}") from error
    return tuple(_process(each, f"{path.name}, {each.name!r}") for each in file.processes)


def _process(draft: _Process, where: str) -> Process:
    names = {str(state.id): state.observation for state in draft.states}
    if len(set(names.values())) < len(draft.states) or len(names) < 2:
        raise MeasurementError(f"{where}: a process needs two or more different states")
    transitions: dict[str, dict[str, float]] = {}
    for source, targets in draft.transitions.items():
        out: dict[str, float] = {}
        for target, probability in targets:
            if source not in names or str(target) not in names:
                raise MeasurementError(f"{where}: {source} -> {target} is no pair of its states")
            if not 0 <= probability <= 1 or names[str(target)] in out:
                raise MeasurementError(
                    f"{where}: {source} -> {target}, {probability}, is repeated or no probability"
                )
            out[names[str(target)]] = probability
        if abs(sum(out.values()) - 1) > 1e-6:
            raise MeasurementError(f"{where}: probabilities out of state {source} do not sum to 1")
        transitions[names[source]] = out
    ends = tuple(state.observation for state in draft.states if state.is_terminal)
    return Process(draft.name, tuple(names.values()), transitions, ends)
