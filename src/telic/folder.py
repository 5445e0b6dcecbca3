"""Telic's own problem format: a folder that anyone can read and write.

``problem.toml``, with every key but ``entry`` optional::

    name = "my-problem"            # default: the folder's name
    description = "What the program must do, for people and models."
    entry = "solve"                # function of the seed that is called; "" = the text itself
                                   # is the output, for anything that is not Python
    seed = "seed.py"               # or a list, main file first, or a folder with main.py
    deterministic = true           # checked: the seed is evaluated twice
    repeats = 1                    # executions with different random seeds, averaged
    preload = ["numpy"]            # packages imported once, before candidates start
    vocabulary = ["math.sin"]      # functions that symbolic growth may call
    target = 1.0                   # the run may stop here
    allow_nonfinite = false        # whether outputs may hold NaN or infinities
    values = ""                    # file that the objective is made from: a target profile,
                                   # utilities or a standard, see telic.values.objective

    [objective]
    metric = "score"               # which of the scorer's metrics counts
    direction = "maximize"         # or "minimize"
    constraints = [{ metric = "mass", at_most = 3.0 }]

    # Or several metrics composed into one, then recorded under the name in "metric":
    # combine = "weighted"         # "conjunction", "lexicographic", "worst" or "pareto"
    # over_cases = { kind = "cvar", level = 0.1 }        # the mean of the worst tenth
    # over_repeats = { kind = "worst" }                  # see telic.problem.Risk
    # [[objective.terms]]          # see telic.problem.Term
    # metric = "seconds"
    # direction = "minimize"
    # weight = 0.5

    [limits]                       # of one evaluation; see telic.problem.Limits
    seconds = 10.0
    memory_mb = 1024

    [[stages]]                     # optional cascade: cheap stages first
    cases = 3                      # how many cases are run up to here
    threshold = 0.5                # what the metric must reach to go on

    [[stages]]                     # the last stage runs all cases

    [[features]]                   # behaviour dimensions of the archive, with fixed bins
    name = "size"
    low = 0.5
    high = 4.0
    bins = 8

    [novelty]                      # refuse proposals too like an earlier candidate before they
    similarity = 0.98              # are evaluated; see telic.problem.NoveltyPlan
    scope = "models"               # or "all": those of embedded operators, too

    [best_known]
    value = 0.97
    source = "Someone (2024)"
    proven = false                 # true: beating it would mean a faulty scorer

``seed.py`` is the program to start from. It runs in the sandbox; ``EVOLVE-BLOCK-START`` and
``EVOLVE-BLOCK-END`` comments bound what may change, and without them all of it may.

``score.py`` is trusted and never shares a process with a candidate. It defines
``score(output, case)`` and may define ``cases()`` and ``aggregate(scores)``; see
:mod:`telic.scoring`. It is read here, and imported only where outputs are scored.
"""

from __future__ import annotations

import ast
import math
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args, get_origin

import msgspec

from telic.artifact import Artifact
from telic.errors import ProblemError, suggestion
from telic.problem import (
    BestKnown,
    Feature,
    Limits,
    NoveltyPlan,
    ObjectiveSpec,
    Problem,
    Scorer,
    Stage,
)

__all__ = [
    "PROBLEM_FILE",
    "SCORER_FILE",
    "check_entry",
    "defined_names",
    "load_folder",
    "read_text",
]

PROBLEM_FILE = "problem.toml"
SCORER_FILE = "score.py"


class ProblemFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The keys of ``problem.toml``; the module's docstring explains each."""

    entry: str
    name: str = ""
    description: str = ""
    seed: str | tuple[str, ...] = "seed.py"
    objective: ObjectiveSpec = ObjectiveSpec()
    limits: Limits = Limits()
    stages: tuple[Stage, ...] = (Stage(),)
    repeats: int = 1
    deterministic: bool = True
    allow_nonfinite: bool = False
    preload: tuple[str, ...] = ()
    features: tuple[Feature, ...] = ()
    vocabulary: tuple[str, ...] = ()
    target: float | None = None
    best_known: BestKnown | None = None
    novelty: NoveltyPlan | None = None
    values: str = ""


def load_folder(folder: Path) -> Problem:
    """Read a problem in Telic's own format.

    Args:
        folder: holds ``problem.toml``, ``score.py`` and the seed.

    Raises:
        ProblemError: if a file is missing or malformed, a key is unknown or has the wrong
            type, the seed lacks the entry function, or the scorer defines no ``score``.
        MarkerError: if the seed's EVOLVE-BLOCK markers are nested or unbalanced.
    """
    folder = folder.resolve()
    path = folder / PROBLEM_FILE
    declared = _decode(path)
    seed = _read_seed(folder, declared.seed)
    if declared.entry:
        check_entry(seed, declared.entry, folder=folder)
    scorer = folder / SCORER_FILE
    source = read_text(scorer, "the trusted scorer")
    if "score" not in defined_names(source, scorer):
        raise ProblemError(f"{scorer}: must define a function score(output, case)")
    settings = msgspec.structs.asdict(declared)
    del settings["seed"], settings["name"]
    try:
        return Problem(
            name=declared.name or folder.name,
            seed=seed,
            scorer=Scorer(path=str(scorer), source=source),
            root=str(folder),
            **settings,
        )
    except ProblemError as error:
        if type(error) is not ProblemError:
            raise
        raise ProblemError(f"{path}: {error}") from error


def read_text(path: Path, what: str) -> str:
    """Return a file's text.

    Args:
        path: the file.
        what: what it is, for the message, for example ``"the seed"``.

    Raises:
        ProblemError: if it is missing, unreadable or not UTF-8 text.
    """
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ProblemError(f"{path}: {what} must be UTF-8 text; {error.reason}") from error
    except FileNotFoundError as error:
        raise ProblemError(f"{path}: {what} is missing") from error
    except OSError as error:
        raise ProblemError(f"{path}: {what} cannot be read: {error.strerror}") from error


def defined_names(text: str, path: Path) -> dict[str, bool]:
    """Return the names that a Python module binds at its top level, without running it.

    Returns:
        Each name, and whether it is a function of the module itself.

    Raises:
        ProblemError: if the text is not Python.
    """
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None) or 1
        reason = getattr(error, "msg", None) or str(error)
        raise ProblemError(f"{path}:{line}: not valid Python: {reason}") from error
    return dict(_bindings(tree.body))


def _bindings(body: list[ast.stmt]) -> Iterator[tuple[str, bool]]:
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, True
        elif isinstance(node, ast.ClassDef):
            yield node.name, False
        elif isinstance(node, ast.Import | ast.ImportFrom):
            yield from ((item.asname or item.name.split(".")[0], False) for item in node.names)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                names = (part.id for part in ast.walk(target) if isinstance(part, ast.Name))
                yield from ((name, False) for name in names)
        elif isinstance(node, ast.If | ast.Try | ast.With):
            for field in ("body", "orelse", "finalbody"):
                yield from _bindings(getattr(node, field, []))


def check_entry(seed: Artifact, entry: str, *, folder: Path) -> None:
    """Check that the seed's main file defines the entry function.

    Raises:
        ProblemError: if it does not; the message lists the functions found.
    """
    path = folder / seed.name
    if seed.suffix != ".py":
        raise ProblemError(
            f"{path}: entry {entry!r} needs a Python seed; "
            'with entry = "" the text itself is the output'
        )
    names = defined_names(seed.text, path)
    if entry not in names:
        functions = sorted(name for name, is_function in names.items() if is_function)
        found = f"functions found: {', '.join(functions)}" if functions else "it has no functions"
        raise ProblemError(f"{path}: entry function {entry!r} is not defined; {found}")


def _decode(path: Path) -> ProblemFile:
    text = read_text(path, "the problem's declaration")
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ProblemError(f"{path}: not valid TOML: {error}") from error
    if "entry" not in data:
        raise ProblemError(
            f"{path}: key 'entry' is missing: the seed's function to call, "
            'or "" when the text itself is the output'
        )
    for problem in (*_unknown_keys(data, ProblemFile, ""), *_not_finite(data, "")):
        raise ProblemError(f"{path}: {problem}")
    try:
        declared = msgspec.convert(data, ProblemFile)
    except msgspec.ValidationError as error:
        raise ProblemError(f"{path}: {_explain(str(error))}") from error
    except ProblemError as error:
        raise ProblemError(f"{path}: {error}") from error
    _check_consistency(declared, path)
    return declared


def _unknown_keys(data: Mapping[str, Any], declared: Any, where: str) -> Iterator[str]:
    """Yield a sentence for each key that the declaration, or a table in it, does not know."""
    fields = {field.name: field.type for field in msgspec.structs.fields(declared)}
    for key, value in data.items():
        if key not in fields:
            yield f"unknown key {key!r} in [{where or 'top'}]{suggestion(key, fields)}"
            continue
        inner = next((kind for kind in _struct_types(fields[key])), None)
        tables: list[Any] = value if isinstance(value, list) else [value]
        for table in tables:
            if inner is not None and isinstance(table, dict):
                yield from _unknown_keys(table, inner, f"{where}.{key}" if where else key)


def _struct_types(annotation: Any) -> Iterator[type[msgspec.Struct]]:
    if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
        yield annotation
    elif get_origin(annotation) is not None or hasattr(annotation, "__args__"):
        for part in get_args(annotation):
            yield from _struct_types(part)


def _not_finite(value: Any, where: str) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _not_finite(inner, f"{where}.{key}" if where else key)
    elif isinstance(value, list):
        for inner in value:
            yield from _not_finite(inner, where)
    elif isinstance(value, float) and not math.isfinite(value):
        yield f"key {where!r} must be a finite number; got {value}"


def _explain(message: str) -> str:
    """Turn a decoder's message and its ``$.path`` into a sentence that names the key."""
    reason, _, place = message.partition(" - at ")
    key = re.sub(r"^\$\.?|`", "", place.strip("`").replace("[...]", ""))
    reason = reason.replace("`", "")
    reason = f"{reason[:1].lower()}{reason[1:]}"
    if "enum value" in reason and key.endswith("direction"):
        reason += "; use 'maximize' or 'minimize'"
    return f"key {key!r}: {reason}" if key else reason


def _check_consistency(declared: ProblemFile, path: Path) -> None:
    for constraint in declared.objective.constraints:
        if constraint.at_least is None and constraint.at_most is None:
            raise ProblemError(
                f"{path}: constraint on {constraint.metric!r} needs at_least or at_most"
            )
    counts = [math.inf if stage.cases is None else stage.cases for stage in declared.stages]
    if any(count < 1 for count in counts) or counts != sorted(counts):
        raise ProblemError(
            f"{path}: each stage's cases must be 1 or more and not fewer than the stage before"
        )
    for package in declared.preload:
        if not all(part.isidentifier() for part in package.split(".")):
            raise ProblemError(f"{path}: preload {package!r} is not the name of a module")
    names = [feature.name for feature in declared.features]
    if len(set(names)) != len(names):
        raise ProblemError(f"{path}: two features have the same name; got {', '.join(names)}")


def _read_seed(folder: Path, declared: str | tuple[str, ...]) -> Artifact:
    names = (declared,) if isinstance(declared, str) else declared
    if not names:
        raise ProblemError(f"{folder / PROBLEM_FILE}: key 'seed' lists no file")
    for name in names:
        if not (folder / name).resolve().is_relative_to(folder):
            raise ProblemError(
                f"{folder / PROBLEM_FILE}: seed {name!r} must lie inside the problem's folder"
            )
    if len(names) == 1 and (folder / names[0]).is_dir():
        return _read_tree(folder / names[0])
    return Artifact(tuple((name, read_text(folder / name, "the seed")) for name in names))


def _read_tree(folder: Path) -> Artifact:
    """Read every text file of a folder, the main one first; names are relative to it."""
    files = {
        path.relative_to(folder).as_posix(): path
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and not any(
            part.startswith(".") or part == "__pycache__" for part in path.relative_to(folder).parts
        )
    }
    main = "main.py" if "main.py" in files else next(iter(files), None)
    if main is None or (main != "main.py" and len(files) > 1):
        raise ProblemError(
            f"{folder}: a seed folder needs a main.py or exactly one file; "
            f"found {', '.join(files) or 'none'} (or list the files in seed, the main one first)"
        )
    order = [main, *(name for name in files if name != main)]
    return Artifact(tuple((name, read_text(files[name], "the seed")) for name in order))
