"""The trusted side of a problem: where its cases and its scoring functions come from."""

from __future__ import annotations

import importlib.util
import math
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Any

from telic.errors import ProblemError
from telic.scoring import Case, Score

__all__ = ["ScoringFunctions", "load_held_out", "load_scorer", "mean_score", "tidy_score"]

ScoreFunction = Callable[[Any, Case], "Score | Mapping[str, float] | float"]


@dataclass(frozen=True, slots=True)
class ScoringFunctions:
    """What a scorer offers: cases, the score of one output, and how scores are joined."""

    cases: tuple[Case, ...]
    score: ScoreFunction
    aggregate: Callable[[Sequence[Score]], Any] | None = None

    def joined(self, scores: Sequence[Score], metric: str) -> Score:
        """Join the scores of all cases into one, by ``aggregate`` or by means."""
        if self.aggregate is None:
            return mean_score(scores)
        return tidy_score(self.aggregate(scores), metric)


def load_scorer(path: str) -> ScoringFunctions:
    """Import a ``score.py`` and read its functions.

    Raises:
        ProblemError: if the file does not import, or ``cases``/``score`` are not as
            :mod:`telic.scoring` describes.
    """
    module = _imported(path)
    make_cases = getattr(module, "cases", None)
    return _functions(path, module, [Case()] if make_cases is None else _made(path, make_cases))


def load_held_out(path: str) -> ScoringFunctions | None:
    """Read a ``score.py`` with the cases of its ``held_out_cases()`` in the place of the others.

    Returns:
        The functions, or ``None`` if it holds nothing out.

    Raises:
        The same errors as :func:`load_scorer`.
    """
    module = _imported(path)
    make_cases = getattr(module, "held_out_cases", None)
    cases = [] if make_cases is None else _made(path, make_cases)
    return _functions(path, module, cases) if cases else None


def _imported(path: str) -> ModuleType:
    name = f"telic_scorer_{Path(path).parent.name}".replace("-", "_")
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ProblemError(f"{path}: not a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise ProblemError(f"{path}: {type(error).__name__}: {error}") from error
    return module


def _made(path: str, make_cases: Callable[[], Iterable[Any]]) -> list[Any]:
    try:
        return list(make_cases())
    except Exception as error:
        raise ProblemError(f"{path}: {type(error).__name__}: {error}") from error


def _functions(path: str, module: ModuleType, cases: Sequence[Any]) -> ScoringFunctions:
    score: ScoreFunction | None = getattr(module, "score", None)
    if score is None or not callable(score):
        raise ProblemError(f"{path}: needs a function score(output, case)")
    return ScoringFunctions(tidy_cases(cases, path), score, getattr(module, "aggregate", None))


def tidy_cases(cases: Sequence[Any], where: str) -> tuple[Case, ...]:
    """Check that there are cases and that each is a :class:`Case` or a tuple of arguments.

    Raises:
        ProblemError: otherwise.
    """
    tidy: list[Case] = []
    for number, case in enumerate(cases):
        if isinstance(case, tuple):
            case = Case(args=case)
        if not isinstance(case, Case):
            raise ProblemError(
                f"{where}: cases() must give Case objects or tuples of arguments; "
                f"case {number} is a {type(case).__name__}"
            )
        tidy.append(case if case.name else replace(case, name=f"case {number}"))
    if not tidy:
        raise ProblemError(f"{where}: cases() gave no case")
    return tuple(tidy)


def tidy_score(score: Any, metric: str) -> Score:
    """Turn what a scorer returned into a :class:`Score` of plain finite numbers.

    Raises:
        ValueError: if it is not a score, or a metric is not a finite number.
    """
    if isinstance(score, (int, float)) and not isinstance(score, bool):
        score = Score(metrics={metric: score})
    elif isinstance(score, Mapping):
        score = Score(metrics=score)
    if not isinstance(score, Score):
        raise ValueError(
            f"score() must give a number, a dict of metrics or a Score; got {type(score).__name__}"
        )
    metrics, features = _tidy_numbers(score.metrics), _tidy_numbers(score.features)
    feasible = bool(score.feasible)
    if type(score) is Score:  # much quicker than replace(), and most that trials cost
        return Score(metrics, feasible, score.feedback, features, score.margins, score.terms)
    return replace(score, metrics=metrics, features=features, feasible=feasible)


def _tidy_numbers(numbers: Mapping[Any, Any]) -> dict[str, float]:
    """Return a copy with names as texts and values as finite numbers.

    Raises:
        ValueError: if a value is not a finite number.
    """
    tidy: dict[str, float] = {}
    for name, value in numbers.items():
        is_plain = type(name) is str and type(value) is float and math.isfinite(value)
        tidy[name if is_plain else str(name)] = value if is_plain else _finite(name, value)
    return tidy


def mean_score(scores: Sequence[Score]) -> Score:
    """Average metrics and features over cases; feasible only if every case is."""
    if len(scores) == 1:
        return scores[0]
    return Score(
        metrics=_means([score.metrics for score in scores]),
        feasible=all(score.feasible for score in scores),
        feedback="\n".join(dict.fromkeys(s.feedback for s in scores if s.feedback)),
        features=_means([score.features for score in scores]),
        margins=[margin for score in scores for margin in score.margins],
    )


def _means(rows: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Return the mean of every key that all rows have."""
    shared = [key for key in rows[0] if all(key in row for row in rows)]
    return {key: math.fsum(row[key] for row in rows) / len(rows) for key in shared}


def _finite(name: Any, value: Any) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError) as error:
        raise ValueError(f"metric {name!r} is not a number: {value!r:.60}") from error
    if not math.isfinite(number):
        raise ValueError(f"metric {name!r} is {number}, which is not a finite number")
    return number
