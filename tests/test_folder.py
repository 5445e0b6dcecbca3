"""Telic's own problem format: what is read, and the one sentence that each mistake gets."""

from __future__ import annotations

from pathlib import Path

import pytest

from telic.errors import MarkerError, ProblemError
from telic.folder import load_folder

SCORER = "def score(output, case):\n    return float(output)\n"
SEED = "def solve():\n    return 1\n\n\ndef other():\n    return 2\n"


@pytest.fixture
def write(tmp_path: Path):
    """Write a problem's files; ``None`` leaves one out."""

    def write(
        declaration: str | None = 'entry = "solve"',
        seed: str | None = SEED,
        scorer: str | None = SCORER,
    ) -> Path:
        for name, text in (
            ("problem.toml", declaration),
            ("seed.py", seed),
            ("score.py", scorer),
        ):
            if text is not None:
                (tmp_path / name).write_text(text)
        return tmp_path

    return write


def test_entry_alone_is_a_complete_declaration(write):
    folder = write()

    problem = load_folder(folder)

    assert problem.name == folder.name
    assert problem.seed.files == (("seed.py", SEED),)
    assert problem.scorer.path == str(folder / "score.py")
    assert problem.scorer.source == SCORER
    assert problem.root == str(folder)
    assert problem.is_verified


def test_every_declared_key_reaches_the_problem(write):
    folder = write(
        """
name = "full"
description = "words"
entry = "solve"
deterministic = false
repeats = 3
preload = ["json"]
vocabulary = ["math.sin"]
target = 5
allow_nonfinite = true
[objective]
metric = "loss"
direction = "minimize"
constraints = [{ metric = "mass", at_most = 3 }]
[limits]
seconds = 1.5
memory_mb = 64
[[stages]]
cases = 2
threshold = 0.5
[[stages]]
[[features]]
name = "size"
low = 0.5
high = 4.0
[best_known]
value = 1.0
source = "here"
proven = true
"""
    )

    problem = load_folder(folder)

    assert (problem.name, problem.description, problem.repeats) == ("full", "words", 3)
    assert not problem.deterministic
    assert problem.allow_nonfinite
    assert (problem.preload, problem.vocabulary, problem.target) == (("json",), ("math.sin",), 5.0)
    assert (problem.objective.metric, problem.objective.direction) == ("loss", "minimize")
    assert problem.objective.constraints[0].at_most == 3.0
    assert (problem.limits.seconds, problem.limits.memory_mb) == (1.5, 64)
    assert [(stage.cases, stage.threshold) for stage in problem.stages] == [(2, 0.5), (None, None)]
    assert problem.features[0].bins == 8
    assert problem.best_known is not None
    assert problem.best_known.proven


def test_a_list_of_seed_files_keeps_its_order_and_relative_names(write):
    folder = write('entry = "solve"\nseed = ["seed.py", "lib/extra.py"]')
    (folder / "lib").mkdir()
    (folder / "lib" / "extra.py").write_text("X = 1\n")

    problem = load_folder(folder)

    assert [name for name, _ in problem.seed.files] == ["seed.py", "lib/extra.py"]


def test_a_seed_folder_puts_its_main_file_first(write):
    folder = write('entry = "solve"\nseed = "src"', seed=None)
    (folder / "src" / "__pycache__").mkdir(parents=True)
    (folder / "src" / "__pycache__" / "junk.pyc").write_bytes(b"\xff\xfe")
    (folder / "src" / "a.py").write_text("A = 1\n")
    (folder / "src" / "main.py").write_text(SEED)

    problem = load_folder(folder)

    assert [name for name, _ in problem.seed.files] == ["main.py", "a.py"]


def test_a_text_seed_needs_no_entry(write):
    folder = write('entry = ""\nseed = "query.sql"', seed=None)
    (folder / "query.sql").write_text("select 1")

    assert load_folder(folder).seed.text == "select 1"


def test_an_entry_may_be_assigned_instead_of_defined(write):
    folder = write(seed="import math\nsolve = math.sqrt\n")

    assert load_folder(folder).entry == "solve"


BAD_DECLARATIONS = {
    'entry = "solve"\nlimts = 3': "unknown key 'limts' in [top]; did you mean 'limits'?",
    'entry = "solve"\n[limits]\nsecond = 3': (
        "unknown key 'second' in [limits]; did you mean 'seconds'?"
    ),
    'entry = "solve"\n[[stages]]\ntreshold = 3': (
        "unknown key 'treshold' in [stages]; did you mean 'threshold'?"
    ),
    'entry = "solve"\n[objective]\nconstraints = [{ metrik = "a" }]': (
        "unknown key 'metrik' in [objective.constraints]; did you mean 'metric'?"
    ),
    'entry = "solve"\n[limits]\nseconds = "3"': "key 'limits.seconds': expected float, got str",
    'entry = "solve"\nrepeats = 1.5': "key 'repeats': expected int, got float",
    'entry = "solve"\n[objective]\ndirection = "up"': "use 'maximize' or 'minimize'",
    'entry = "solve"\n[limits]\nseconds = 0': "limits.seconds must be positive; got 0",
    'entry = "solve"\ntarget = nan': "key 'target' must be a finite number; got nan",
    'entry = "solve"\nrepeats = 0': "repeats must be 1 or more; got 0",
    'entry = "solve"\n[[features]]\nname = "size"\nlow = 2\nhigh = 1': "needs low < high",
    'entry = "solve"\n[objective]\nconstraints = [{ metric = "a" }]': "needs at_least or at_most",
    'entry = "solve"\n[[stages]]\ncases = 5\n[[stages]]\ncases = 2': "not fewer than the stage",
    'entry = "solve"\npreload = ["os; x"]': "preload 'os; x' is not the name of a module",
    'name = "x"': "key 'entry' is missing",
    'entry = "solve"\n\nrepeats = =': "line 3",
    'entry = "solve"\nseed = "../seed.py"': "must lie inside the problem's folder",
    'entry = "solve"\nseed = []': "key 'seed' lists no file",
    'entry = "solve"\nseed = "absent.py"': "absent.py: the seed is missing",
    'entry = "absent"': "'absent' is not defined; functions found: other, solve",
}


@pytest.mark.parametrize(("declaration", "sentence"), BAD_DECLARATIONS.items())
def test_a_bad_declaration_gets_one_clear_sentence(write, declaration: str, sentence: str):
    folder = write(declaration)

    with pytest.raises(ProblemError) as caught:
        load_folder(folder)

    message = str(caught.value)
    assert sentence in message
    assert "\n" not in message
    assert str(folder) in message


def test_a_missing_declaration_names_its_path(write):
    with pytest.raises(ProblemError, match=r"problem\.toml: .* is missing"):
        load_folder(write(None))


def test_a_missing_scorer_names_its_path(write):
    with pytest.raises(ProblemError, match=r"score\.py: the trusted scorer is missing"):
        load_folder(write(scorer=None))


def test_a_scorer_without_score_is_refused(write):
    with pytest.raises(ProblemError, match=r"score\.py: must define a function score"):
        load_folder(write(scorer="def scores(output, case): ...\n"))


def test_a_scorer_that_is_not_python_names_the_line(write):
    with pytest.raises(ProblemError, match=r"score\.py:2: not valid Python"):
        load_folder(write(scorer="x = 1\ndef score(:\n"))


def test_the_scorer_is_not_run_when_a_problem_is_read(write):
    folder = write(scorer="raise SystemExit\n\n\ndef score(output, case): ...\n")

    assert load_folder(folder).entry == "solve"


def test_a_seed_that_is_not_python_names_the_line(write):
    with pytest.raises(ProblemError, match=r"seed\.py:1: not valid Python"):
        load_folder(write(seed="def solve(:\n"))


def test_a_seed_without_functions_says_so(write):
    with pytest.raises(ProblemError, match="it has no functions"):
        load_folder(write(seed="x = 1\n"))


def test_an_entry_in_a_seed_that_is_not_python_is_refused(write):
    folder = write('entry = "solve"\nseed = "seed.txt"', seed=None)
    (folder / "seed.txt").write_text("hello")

    with pytest.raises(ProblemError, match="needs a Python seed"):
        load_folder(folder)


def test_a_binary_seed_is_refused(write):
    folder = write(seed=None)
    (folder / "seed.py").write_bytes(b"\xff\xfe\x00")

    with pytest.raises(ProblemError, match=r"seed\.py: the seed must be UTF-8 text"):
        load_folder(folder)


def test_a_seed_folder_without_a_main_file_lists_what_it_found(write):
    folder = write('entry = "solve"\nseed = "src"', seed=None)
    (folder / "src").mkdir()
    (folder / "src" / "a.py").write_text(SEED)
    (folder / "src" / "b.py").write_text(SEED)

    with pytest.raises(ProblemError, match=r"needs a main\.py or exactly one file; found a\.py, b"):
        load_folder(folder)


@pytest.mark.parametrize(
    ("markers", "line"),
    [
        (("START", "START", "END"), 2),
        (("END", "START"), 1),
        (("START", "END", "START"), 3),
    ],
)
def test_wrong_markers_name_file_and_line(write, markers: tuple[str, ...], line: int):
    text = "".join(f"# EVOLVE-BLOCK-{marker}\n" for marker in markers)

    with pytest.raises(MarkerError) as caught:
        load_folder(write(seed=text + SEED))

    assert str(caught.value).startswith(f"seed.py:{line}: ")
