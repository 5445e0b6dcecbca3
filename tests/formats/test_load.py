"""Which format is chosen, and what the foreign ones become."""

from __future__ import annotations

import builtins
from pathlib import Path

import pytest

from telic.errors import MarkerError, ProblemError
from telic.formats import load
from telic.formats.imports import preloadable

PROGRAM = "import numpy as np\n# EVOLVE-BLOCK-START\ndef f():\n    return 1\n# EVOLVE-BLOCK-END\n"
EVALUATOR = "def evaluate(program_path):\n    return {'combined_score': 1.0}\n"
CASCADE = EVALUATOR + "def evaluate_stage1(p): ...\ndef evaluate_stage2(p): ...\n"


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    program, evaluator = tmp_path / "initial_program.py", tmp_path / "evaluator.py"
    program.write_text(PROGRAM)
    evaluator.write_text(EVALUATOR)
    return program, evaluator


def test_a_pair_of_files_is_an_unverified_openevolve_problem(pair, tmp_path: Path):
    problem = load(*pair)

    assert problem.format == "openevolve"
    assert not problem.is_verified
    assert problem.seed.files == (("initial_program.py", PROGRAM),)
    assert problem.scorer.path == str(pair[1])
    assert problem.root == str(tmp_path)
    assert problem.objective.metric == "combined_score"
    assert problem.limits.processes
    assert problem.limits.seconds == 300.0
    assert "numpy" in problem.preload
    assert problem.options["ignored"] == []


def test_a_configuration_file_sets_what_matters_and_lists_the_rest(pair, tmp_path: Path):
    pair[1].write_text(CASCADE)
    config = tmp_path / "settings.yaml"
    config.write_text(
        """
max_iterations: 40
random_seed: 7
allow_full_rewrites: true
llm: {temperature: 0.7}
prompt: {system_message: Be brief., num_top_programs: 3}
database: {feature_dimensions: [speed], num_islands: 2}
evaluator: {timeout: 12, cascade_thresholds: [0.1, 0.2], parallel_evaluations: 3}
log_level:
"""
    )

    problem = load(*pair, config=config)

    assert problem.description == "Be brief."
    assert problem.limits.seconds == 24.0  # a deadline for each of the two stages
    assert problem.options == {
        "cascade": True,
        "thresholds": [0.1, 0.2],
        "feature_dimensions": ["speed"],
        "max_iterations": 40,
        "random_seed": 7,
        "ignored": [
            "allow_full_rewrites",
            "llm",
            "prompt.num_top_programs",
            "database.num_islands",
            "evaluator.parallel_evaluations",
        ],
    }


def test_a_folder_with_a_pair_uses_the_configuration_beside_it(pair, tmp_path: Path):
    (tmp_path / "config.yaml").write_text("evaluator: {timeout: 5}\n")

    assert load(tmp_path).limits.seconds == 5.0


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("evaluator: [", "not valid YAML"),
        ("- 1", "must hold a mapping; got list"),
        ("evaluator: {timeout: soon}", "key 'evaluator.timeout': Expected float, got str"),
        ("evaluator: {timeout: -1}", "evaluator.timeout must be positive"),
    ],
)
def test_a_malformed_configuration_gets_one_sentence(pair, tmp_path: Path, text, sentence):
    config = tmp_path / "settings.yaml"
    config.write_text(text)

    with pytest.raises(ProblemError) as caught:
        load(*pair, config=config)

    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)
    assert str(config) in str(caught.value)


def test_an_empty_configuration_means_the_defaults(pair, tmp_path: Path):
    config = tmp_path / "settings.yaml"
    config.write_text("")

    assert load(*pair, config=config).options["thresholds"] == [0.5, 0.75, 0.9]


def test_a_missing_yaml_reader_is_said_with_the_cure(pair, tmp_path: Path, monkeypatch):
    config = tmp_path / "settings.yaml"
    config.write_text("max_iterations: 1\n")
    find = builtins.__import__

    def without_yaml(name, *args, **kwargs):
        if name == "yaml":
            raise ImportError(name)
        return find(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without_yaml)

    with pytest.raises(ProblemError, match="install telic with the extra 'formats'"):
        load(*pair, config=config)


def test_an_evaluator_without_evaluate_is_refused(pair):
    pair[1].write_text("def evaluation(path): ...\n")

    with pytest.raises(ProblemError, match="must define a function evaluate"):
        load(*pair)


def test_a_task_folder_is_an_unverified_shinka_problem(tmp_path: Path):
    (tmp_path / "initial.go").write_text("// EVOLVE-BLOCK-START\n// EVOLVE-BLOCK-END\n")
    (tmp_path / "evaluate.py").write_text("print('hello')\n")

    problem = load(tmp_path)

    assert (problem.format, problem.is_verified) == ("shinka", False)
    assert problem.seed.suffix == ".go"
    assert problem.scorer.path == str(tmp_path / "evaluate.py")
    assert problem.objective.metric == "combined_score"


def test_two_initial_programs_are_refused(tmp_path: Path):
    for name in ("initial.go", "initial.py"):
        (tmp_path / name).write_text("")
    (tmp_path / "evaluate.py").write_text("")

    with pytest.raises(ProblemError, match=r"exactly one .* found initial\.go, initial\.py"):
        load(tmp_path)


def test_an_evaluator_that_is_not_python_names_the_line(tmp_path: Path):
    (tmp_path / "initial.py").write_text("")
    (tmp_path / "evaluate.py").write_text("x = 1\nx = = 2\n")

    with pytest.raises(ProblemError, match=r"evaluate\.py:2: not valid Python"):
        load(tmp_path)


def test_wrong_markers_in_a_foreign_seed_are_refused(pair):
    pair[0].write_text("# EVOLVE-BLOCK-START\n")

    with pytest.raises(MarkerError):
        load(*pair)


def test_a_path_to_the_declaration_means_its_folder(tmp_path: Path):
    (tmp_path / "problem.toml").write_text('entry = "f"')
    (tmp_path / "seed.py").write_text("def f(): ...\n")
    (tmp_path / "score.py").write_text("def score(output, case): ...\n")

    assert load(tmp_path / "problem.toml") == load(tmp_path)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("absent", "no such problem file or folder"),
        ("initial_program.py", "a file alone is not a problem"),
        ("empty", "no problem found; expected problem.toml"),
    ],
)
def test_what_is_no_problem_gets_one_clear_sentence(pair, tmp_path: Path, name, sentence):
    (tmp_path / "empty").mkdir()

    with pytest.raises(ProblemError) as caught:
        load(tmp_path / name)

    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_configuration_file_for_another_format_is_refused(tmp_path: Path):
    (tmp_path / "initial.py").write_text("")
    (tmp_path / "evaluate.py").write_text("")

    with pytest.raises(ProblemError, match="belongs to OpenEvolve"):
        load(tmp_path, config="config.yaml")


def test_only_known_safe_modules_are_preloaded():
    source = (
        "import numpy as np, os, nowhere\nfrom scipy.optimize import minimize\nfrom . import x\n"
    )

    modules = preloadable("openevolve_runner.py", source, "not python (", "import turtle, winreg")

    assert {"numpy", "scipy.optimize", "os", "asyncio"} <= set(modules)
    assert not {"nowhere", "turtle", "winreg", "x"} & set(modules)
