"""Run ShinkaEvolve: ``python drive_shinka.py SETTINGS.json`` in its own environment.

Engine defaults, but for full rewrites (what the mock model answers), no embeddings (with its
defaults they are bought and reject nothing) and two jobs. Its evaluator is a script; it writes
the two result files by itself and so avoids the seconds that importing the engine costs.
"""

# pyright: basic, reportMissingImports=false

from __future__ import annotations

import json
import sys
from pathlib import Path

_EVALUATOR = """
import argparse, json, sys
sys.path.insert(0, {here!r})
from evaluator import Evaluator
given = argparse.ArgumentParser()
given.add_argument("--program_path")
given.add_argument("--results_dir")
given, _ = given.parse_known_args()
with open(given.program_path) as program:
    found = Evaluator({task!r}, {log!r})(program.read())
score = found.score or 0.0
with open(given.results_dir + "/metrics.json", "w") as file:
    json.dump({{"combined_score": score, "public": {{}}, "private": {{}}}}, file)
with open(given.results_dir + "/correct.json", "w") as file:
    json.dump({{"correct": found.score is not None, "error": found.error or None}}, file)
"""


def main() -> None:
    from shinka.core import EvolutionConfig, ShinkaEvolveRunner
    from shinka.database import DatabaseConfig
    from shinka.launch import LocalJobConfig

    given = json.loads(Path(sys.argv[1]).read_text())
    out = Path(given["out"])
    out.mkdir(parents=True, exist_ok=True)
    seed, scorer = out / "initial.py", out / "evaluate.py"
    seed.write_text((Path(given["task"]) / "seed.txt").read_text())
    here = str(Path(__file__).parent)
    scorer.write_text(_EVALUATOR.format(here=here, task=given["task"], log=given["log"]))
    evolution = EvolutionConfig(
        patch_types=["full"],
        patch_type_probs=[1.0],
        num_generations=given["calls"],
        llm_models=[f"local/{given['model']}@{given['url']}"],
        embedding_model=None,
        init_program_path=str(seed),
        results_dir=str(out / "results"),
    )
    runner = ShinkaEvolveRunner(
        evo_config=evolution,
        job_config=LocalJobConfig(eval_program_path=str(scorer), time="00:00:20"),
        db_config=DatabaseConfig(db_path=str(out / "results" / "programs.sqlite")),
        max_evaluation_jobs=2,
        max_proposal_jobs=2,
        verbose=False,
    )
    runner.run()


if __name__ == "__main__":
    main()
