"""Foreign evaluators: run by their runners, read back with suspicion."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from telic.formats import load
from telic.formats.job import foreign_evaluation, foreign_job
from telic.problem import Problem

PROGRAM = "def f():\n    return 3\n"

LOADER = """
import importlib.util
def load(path):
    spec = importlib.util.spec_from_file_location("program", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
"""


@pytest.fixture(autouse=True)
def restored_modules(tmp_path: Path, monkeypatch) -> Iterator[None]:
    """Runners change the import state of their own process; here it is put back."""
    before, path, arguments = set(sys.modules), list(sys.path), list(sys.argv)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    yield
    for name in set(sys.modules) - before:
        del sys.modules[name]
    sys.path[:], sys.argv[:] = path, arguments


def run(problem: Problem) -> Any:
    """Do in this process what a sandbox does with a job."""
    job = foreign_job(problem, problem.seed)
    sys.path[:0] = job.import_paths
    namespace: dict[str, Any] = {"__name__": "job"}
    exec(compile(job.files[0][1], job.files[0][0], "exec"), namespace)
    return namespace[job.entry](*json.loads(json.dumps(job.args)))


def openevolve(folder: Path, evaluator: str, *, config: str | None = None) -> Problem:
    (folder / "initial_program.py").write_text(PROGRAM)
    (folder / "evaluator.py").write_text(LOADER + evaluator)
    if config is not None:
        (folder / "config.yaml").write_text(config)
    return load(folder)


def shinka(folder: Path, evaluator: str) -> Problem:
    (folder / "initial.py").write_text(PROGRAM)
    (folder / "evaluate.py").write_text(evaluator)
    return load(folder)


class TestOpenEvolve:
    def test_the_candidate_is_scored_by_the_evaluators_own_import(self, tmp_path: Path):
        (tmp_path / "helper.py").write_text("FACTOR = 2\n")
        problem = openevolve(
            tmp_path,
            "import helper\n"
            "def evaluate(path):\n"
            "    assert __name__ == 'evaluation_module'\n"
            "    return {'combined_score': load(path).f() * helper.FACTOR, 'other': 1}\n",
        )

        outcome = foreign_evaluation(problem, run(problem))

        assert outcome.score.metrics == {"combined_score": 6.0, "other": 1.0}
        assert outcome.score.feasible

    def test_without_a_combined_score_the_mean_of_the_other_numbers_counts(self, tmp_path: Path):
        problem = openevolve(
            tmp_path,
            "def evaluate(path):\n"
            "    return {'a': 1.0, 'b': 3.0, 'speed': 100.0, 'passed': True, 'label': 'x'}\n",
            config="database: {feature_dimensions: [speed]}\n",
        )

        outcome = foreign_evaluation(problem, run(problem))

        assert outcome.score.metrics["combined_score"] == 2.0
        assert outcome.score.features == {"speed": 100.0}
        assert "label: x" in outcome.score.feedback
        assert "passed: True" in outcome.score.feedback

    def test_results_with_artifacts_give_feedback(self, tmp_path: Path):
        problem = openevolve(
            tmp_path,
            "from openevolve.evaluation_result import EvaluationResult\n"
            "def evaluate(path):\n"
            "    return EvaluationResult(metrics={'combined_score': 1},\n"
            "        artifacts={'stderr': 'slow loop', 'raw': b'\\xff', 'big': 'x' * 50000})\n",
        )

        outcome = foreign_evaluation(problem, run(problem))

        assert outcome.score.feedback.startswith("stderr: slow loop\nraw: \ufffd\nbig: xxx")
        assert len(outcome.score.feedback) <= 20_000

    def test_nested_metrics_are_flattened_and_numpy_scalars_are_numbers(self, tmp_path: Path):
        problem = openevolve(
            tmp_path,
            "import numpy as np\n"
            "def evaluate(path):\n"
            "    return {'combined_score': np.float32(0.5),\n"
            "            'parts': {'n': np.int64(2), 'note': 'ok'}}\n",
        )

        outcome = foreign_evaluation(problem, run(problem))

        assert outcome.score.metrics == {"combined_score": 0.5, "parts.n": 2.0}
        assert outcome.score.feedback == "parts.note: ok"

    def test_an_async_evaluator_is_awaited(self, tmp_path: Path):
        problem = openevolve(
            tmp_path,
            "import asyncio\n"
            "async def evaluate(path):\n"
            "    await asyncio.sleep(0)\n"
            "    return {'combined_score': 4.0}\n",
        )

        assert foreign_evaluation(problem, run(problem)).score.metrics == {"combined_score": 4.0}

    @pytest.mark.parametrize("value", ["float('nan')", "float('inf')", "-float('inf')"])
    def test_a_score_that_is_not_finite_makes_the_candidate_infeasible(
        self, tmp_path: Path, value: str
    ):
        problem = openevolve(
            tmp_path, f"def evaluate(path):\n    return {{'combined_score': {value}, 'a': 9.0}}\n"
        )

        outcome = foreign_evaluation(problem, run(problem))

        assert not outcome.score.feasible
        assert "combined_score" not in outcome.score.metrics

    def test_a_report_without_any_number_makes_the_candidate_infeasible(self, tmp_path: Path):
        problem = openevolve(tmp_path, "def evaluate(path):\n    return {'error': 'broken'}\n")

        outcome = foreign_evaluation(problem, run(problem))

        assert not outcome.score.feasible
        assert "error: broken" in outcome.score.feedback

    def test_an_evaluator_that_raises_is_a_failure_and_no_zero(self, tmp_path: Path):
        problem = openevolve(tmp_path, "def evaluate(path):\n    return 1 / 0\n")

        with pytest.raises(ZeroDivisionError):
            run(problem)

    def test_a_result_of_another_kind_is_a_failure(self, tmp_path: Path):
        problem = openevolve(tmp_path, "def evaluate(path):\n    return 0.5\n")

        with pytest.raises(TypeError, match="must return a dict"):
            run(problem)


class TestCascade:
    STAGES = (
        "def evaluate_stage1(path):\n    return {'combined_score': 0.6, 'one': 1.0}\n"
        "def evaluate_stage2(path):\n    return {'combined_score': SECOND, 'two': 2.0}\n"
        "def evaluate_stage3(path):\n    return {'combined_score': 0.9, 'three': 3.0}\n"
    )

    def outcome(self, folder: Path, *, second: float, thresholds: str) -> Any:
        problem = openevolve(
            folder,
            self.STAGES.replace("SECOND", str(second)),
            config=f"evaluator: {{cascade_thresholds: {thresholds}}}\n",
        )
        return foreign_evaluation(problem, run(problem))

    def test_all_stages_run_when_thresholds_are_reached_and_metrics_merge(self, tmp_path: Path):
        outcome = self.outcome(tmp_path, second=0.8, thresholds="[0.5, 0.75]")

        assert (outcome.stage, outcome.stopped_early) == (2, False)
        assert outcome.score.metrics == {"combined_score": 0.9, "one": 1, "two": 2, "three": 3}

    def test_a_missed_threshold_ends_the_cascade(self, tmp_path: Path):
        outcome = self.outcome(tmp_path, second=0.7, thresholds="[0.5, 0.75]")

        assert (outcome.stage, outcome.stopped_early) == (1, True)
        assert outcome.score.metrics == {"combined_score": 0.7, "one": 1, "two": 2}

    def test_without_a_second_threshold_the_third_stage_is_not_run(self, tmp_path: Path):
        outcome = self.outcome(tmp_path, second=0.8, thresholds="[0.5]")

        assert (outcome.stage, outcome.stopped_early) == (1, True)

    def test_flags_count_towards_a_threshold_when_there_is_no_combined_score(self, tmp_path: Path):
        problem = openevolve(
            tmp_path,
            "def evaluate_stage1(path):\n    return {'runs': True, 'error': 0.0}\n"
            "def evaluate_stage2(path):\n    return {'quality': 0.25}\n",
        )

        outcome = foreign_evaluation(problem, run(problem))

        assert outcome.stage == 1
        assert outcome.score.metrics["quality"] == 0.25

    def test_an_exception_in_a_later_stage_is_a_failure(self, tmp_path: Path):
        problem = openevolve(
            tmp_path,
            "def evaluate_stage1(path):\n    return {'combined_score': 1.0}\n"
            "def evaluate_stage2(path):\n    return 1 / 0\n",
        )

        with pytest.raises(ZeroDivisionError):
            run(problem)


SHINKA = """
import argparse
from shinka.core import run_shinka_eval

def validate(result):
    return (result == 3, "wrong result")

def aggregate(results):
    return {"combined_score": SCORE, "public": {"size": len(results), "note": "seen"},
            "private": {"secret": 7, "hint": "unseen"}, "text_feedback": "try harder",
            "extra_data": object()}

if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--program_path")
    parser.add_argument("--results_dir")
    args = parser.parse_args()
    run_shinka_eval(args.program_path, args.results_dir, experiment_fn_name="NAME", num_runs=2,
                    get_experiment_kwargs=lambda index: {}, validate_fn=validate,
                    aggregate_metrics_fn=aggregate, run_workers=4)
"""


def shinka_task(score: str = "1.5", name: str = "f") -> str:
    return SHINKA.replace("SCORE", score).replace("NAME", name)


class TestShinka:
    def test_the_contract_of_two_files_is_kept(self, tmp_path: Path):
        problem = shinka(tmp_path, shinka_task())

        outcome = foreign_evaluation(problem, run(problem))

        assert outcome.score.feasible
        assert outcome.score.metrics["combined_score"] == 1.5
        assert outcome.score.metrics["public.size"] == 2.0
        assert outcome.score.metrics["private.secret"] == 7.0
        assert outcome.score.metrics["num_valid_runs"] == 2.0
        assert outcome.score.feedback.startswith("feedback: try harder")
        assert "public.note: seen" in outcome.score.feedback
        assert "unseen" not in outcome.score.feedback

    def test_an_invalid_result_makes_the_candidate_infeasible(self, tmp_path: Path):
        problem = shinka(tmp_path, shinka_task().replace("result == 3", "result == 4"))

        outcome = foreign_evaluation(problem, run(problem))

        assert not outcome.score.feasible
        assert "error: Validation failed: wrong result" in outcome.score.feedback

    @pytest.mark.parametrize("score", ["float('nan')", "float('inf')"])
    def test_a_score_that_is_not_finite_makes_the_candidate_infeasible(
        self, tmp_path: Path, score: str
    ):
        problem = shinka(tmp_path, shinka_task(score))

        outcome = foreign_evaluation(problem, run(problem))

        assert not outcome.score.feasible
        assert "combined_score is" in outcome.score.feedback

    def test_a_missing_function_is_reported_as_incorrect(self, tmp_path: Path):
        problem = shinka(tmp_path, shinka_task(name="absent"))

        outcome = foreign_evaluation(problem, run(problem))

        assert not outcome.score.feasible
        assert "the program has no function 'absent'" in outcome.score.feedback

    def test_without_arguments_a_seed_is_passed(self, tmp_path: Path):
        problem = shinka(
            tmp_path,
            "import sys\n"
            "from shinka.core import run_shinka_eval\n"
            "run_shinka_eval(sys.argv[2], sys.argv[4], 'g', 3,\n"
            "    aggregate_metrics_fn=lambda seeds: {'combined_score': sum(seeds)})\n",
        )
        (tmp_path / "initial.py").write_text("def g(seed):\n    return seed\n")
        problem = load(tmp_path)

        assert foreign_evaluation(problem, run(problem)).score.metrics["combined_score"] == 6.0

    def test_a_script_that_writes_nothing_is_a_failure_that_names_the_file(self, tmp_path: Path):
        problem = shinka(tmp_path, "raise SystemExit(3)\n")

        with pytest.raises(RuntimeError, match=r"left no metrics\.json and ended with exit code 3"):
            run(problem)

    def test_a_claim_without_a_score_is_infeasible(self, tmp_path: Path):
        problem = shinka(
            tmp_path,
            "import json, sys, pathlib\n"
            "folder = pathlib.Path(sys.argv[4])\n"
            "(folder / 'metrics.json').write_text('{}')\n"
            "(folder / 'correct.json').write_text(json.dumps({'correct': True}))\n",
        )

        outcome = foreign_evaluation(problem, run(problem))

        assert not outcome.score.feasible
        assert "combined_score is missing" in outcome.score.feedback


def test_a_job_runs_in_a_bare_interpreter_with_its_import_path_alone(tmp_path: Path):
    problem = shinka(tmp_path, shinka_task())
    job = foreign_job(problem, problem.seed)
    script = (
        "import json, sys\n"
        "job = json.load(sys.stdin)\n"
        "sys.path[:0] = job['paths']\n"
        "space = {'__name__': 'job'}\n"
        "exec(job['text'], space)\n"
        "report = space['evaluate'](*job['args'])\n"
        "assert 'telic' not in sys.modules and 'numpy' not in sys.modules\n"
        "print(json.dumps(report))\n"
    )
    message = {"paths": job.import_paths, "text": job.files[0][1], "args": job.args}

    done = subprocess.run(
        [sys.executable, "-I", "-c", script],
        input=json.dumps(message),
        capture_output=True,
        text=True,
        env={"TMPDIR": str(tmp_path)},
        timeout=60,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["metrics"]["combined_score"] == 1.5


def test_a_job_may_read_the_evaluators_folder_and_the_stand_ins(tmp_path: Path):
    problem = shinka(tmp_path, shinka_task())

    job = foreign_job(problem, problem.seed)

    assert str(tmp_path) in job.readable
    assert all((Path(path) / "shinka").is_dir() for path in job.import_paths)
    assert set(job.import_paths) <= set(job.readable)


GOOD = {
    "metrics": {"combined_score": 1.0},
    "feedback": "",
    "correct": True,
    "stage": 0,
    "stopped_early": False,
}


@pytest.mark.parametrize(
    "output",
    [
        None,
        [],
        {},
        {**GOOD, "extra": 1},
        {**GOOD, "metrics": None},
        {**GOOD, "metrics": {}},
        {**GOOD, "metrics": {"combined_score": float("nan")}},
        {**GOOD, "metrics": {"combined_score": float("inf")}},
        {**GOOD, "metrics": {"combined_score": True}},
        {**GOOD, "metrics": {"combined_score": "1"}},
        {**GOOD, "metrics": {"combined_score": 1.0, 3: 1.0}},
        {**GOOD, "metrics": {"combined_score": 1.0, "n" * 500: 1.0}},
        {**GOOD, "metrics": {str(index): 1.0 for index in range(2000)}},
        {**GOOD, "feedback": b""},
        {**GOOD, "correct": 1},
        {**GOOD, "stage": 3},
        {**GOOD, "stage": True},
        {**GOOD, "stopped_early": "no"},
    ],
)
def test_a_report_of_the_wrong_form_is_refused(tmp_path: Path, output: object):
    problem = shinka(tmp_path, "")

    assert foreign_evaluation(problem, GOOD).score.metrics == {"combined_score": 1.0}
    with pytest.raises(ValueError, match=r"."):
        foreign_evaluation(problem, output)
