"""OpenEvolve problems: an initial program, an evaluator and an optional YAML file, unchanged.

What is taken from the YAML file: ``evaluator.timeout``, ``evaluator.cascade_evaluation`` and
``cascade_thresholds``, ``database.feature_dimensions``, ``prompt.system_message`` as the
description, and ``max_iterations`` and ``random_seed`` as defaults that the caller may use.
Every other key is tolerated and listed under the option ``ignored``.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from telic.artifact import Artifact
from telic.errors import ProblemError
from telic.folder import defined_names, read_text
from telic.formats.imports import preloadable
from telic.problem import Limits, ObjectiveSpec, Problem, Scorer

__all__ = ["find_pair", "load_openevolve"]

_RUNNER = "openevolve_runner.py"

_STAGES = ("evaluate_stage1", "evaluate_stage2", "evaluate_stage3")


class _EvaluatorSettings(msgspec.Struct, frozen=True):
    timeout: float = 300.0
    cascade_evaluation: bool = True
    cascade_thresholds: tuple[float, ...] = (0.5, 0.75, 0.9)


class _DatabaseSettings(msgspec.Struct, frozen=True):
    feature_dimensions: tuple[str, ...] = ("complexity", "diversity")


class _PromptSettings(msgspec.Struct, frozen=True):
    system_message: str = ""


class _Settings(msgspec.Struct, frozen=True):
    """The part of an OpenEvolve configuration that Telic uses, with OpenEvolve's defaults."""

    max_iterations: int | None = None
    random_seed: int | None = None
    evaluator: _EvaluatorSettings = _EvaluatorSettings()
    database: _DatabaseSettings = _DatabaseSettings()
    prompt: _PromptSettings = _PromptSettings()


def load_openevolve(
    initial_program: Path, evaluator: Path, *, config: Path | None = None
) -> Problem:
    """Read an OpenEvolve problem.

    Args:
        initial_program: the seed, in any language.
        evaluator: a Python file that defines ``evaluate`` or ``evaluate_stage1``.
        config: a YAML file; ``None`` means OpenEvolve's defaults.

    Raises:
        ProblemError: if a file is missing or malformed, or PyYAML is not installed.
        MarkerError: if the seed's EVOLVE-BLOCK markers are nested or unbalanced.
    """
    initial_program, evaluator = initial_program.resolve(), evaluator.resolve()
    seed = Artifact.of(read_text(initial_program, "the initial program"), initial_program.name)
    source = read_text(evaluator, "the evaluator")
    names = defined_names(source, evaluator)
    settings, ignored = _read_config(config)
    stages = [name for name in _STAGES if name in names]
    cascade = settings.evaluator.cascade_evaluation and _STAGES[0] in stages
    if not cascade and "evaluate" not in names:
        raise ProblemError(f"{evaluator}: must define a function evaluate(program_path)")
    if settings.evaluator.timeout <= 0:
        raise ProblemError(
            f"{config}: evaluator.timeout must be positive; got {settings.evaluator.timeout}"
        )
    return Problem(
        name=evaluator.parent.name or "openevolve",
        seed=seed,
        entry="evaluate",
        scorer=Scorer(path=str(evaluator), source=source),
        description=settings.prompt.system_message,
        objective=ObjectiveSpec(metric="combined_score"),
        limits=Limits(
            seconds=settings.evaluator.timeout * (len(stages) if cascade else 1),
            memory_mb=4096,
            processes=True,
        ),
        preload=preloadable(_RUNNER, seed.text if seed.suffix == ".py" else "", source),
        format="openevolve",
        root=str(evaluator.parent),
        options={
            "cascade": cascade,
            "thresholds": list(settings.evaluator.cascade_thresholds),
            "feature_dimensions": list(settings.database.feature_dimensions),
            "max_iterations": settings.max_iterations,
            "random_seed": settings.random_seed,
            "ignored": ignored,
        },
    )


def find_pair(folder: Path) -> tuple[Path, Path] | None:
    """Return the initial program and the evaluator of a folder, if it has exactly that."""
    programs = sorted(folder.glob("initial_program.*"))
    evaluator = folder / "evaluator.py"
    return (programs[0], evaluator) if len(programs) == 1 and evaluator.exists() else None


def _read_config(path: Path | None) -> tuple[_Settings, list[str]]:
    if path is None:
        return _Settings(), []
    text = read_text(path, "the configuration")
    try:
        import yaml
    except ImportError as error:
        raise ProblemError(
            f"{path}: reading YAML needs PyYAML; install telic with the extra 'formats'"
        ) from error
    try:
        data: Any = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ProblemError(f"{path}: not valid YAML: {' '.join(str(error).split())}") from error
    if data is None:
        return _Settings(), []
    if not isinstance(data, dict):
        raise ProblemError(f"{path}: must hold a mapping; got {type(data).__name__}")
    given = _without_nulls(data)
    try:
        return msgspec.convert(given, _Settings), _ignored(given)
    except msgspec.ValidationError as error:
        reason, _, place = str(error).partition(" - at ")
        key = place.strip("`").removeprefix("$.")
        raise ProblemError(f"{path}: key {key!r}: {reason.replace('`', '')}") from error


def _without_nulls(data: Mapping[Any, Any]) -> dict[str, Any]:
    """Drop keys without a value: the framework's own reading of them is the default."""
    return {
        str(key): _without_nulls(value) if isinstance(value, dict) else value
        for key, value in data.items()
        if value is not None
    }


def _ignored(data: Mapping[str, Any]) -> list[str]:
    """Return the dotted names of given keys that Telic does not use."""
    used: dict[str, Any] = msgspec.to_builtins(_Settings())
    names: list[str] = []
    for key, value in data.items():
        if key not in used:
            names.append(key)
        elif isinstance(used[key], dict):
            names.extend(f"{key}.{inner}" for inner in value if inner not in used[key])
    return names
