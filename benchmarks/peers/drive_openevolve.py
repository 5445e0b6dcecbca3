"""Run OpenEvolve: ``python drive_openevolve.py SETTINGS.json`` in its own environment.

Engine defaults, but for full rewrites (what the mock model answers), two workers, a time limit
of 20 s, no cascade (the evaluator has one stage) and a quiet log.
"""

# pyright: basic, reportMissingImports=false

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

_EVALUATOR = """
import sys
sys.path.insert(0, {here!r})
from evaluator import Evaluator
_evaluate = Evaluator({task!r}, {log!r})


def evaluate(program_path):
    with open(program_path) as program:
        found = _evaluate(program.read())
    return {{"combined_score": found.score or 0.0}}
"""


def main() -> None:
    from openevolve import OpenEvolve
    from openevolve.config import Config

    given = json.loads(Path(sys.argv[1]).read_text())
    out = Path(given["out"])
    out.mkdir(parents=True, exist_ok=True)
    seed, scorer = out / "initial.py", out / "scorer.py"
    seed.write_text((Path(given["task"]) / "seed.txt").read_text())
    here = str(Path(__file__).parent)
    scorer.write_text(_EVALUATOR.format(here=here, task=given["task"], log=given["log"]))
    config = Config.from_dict(
        {
            "max_iterations": given["calls"],
            "random_seed": given["seed"],
            "log_level": "ERROR",
            "diff_based_evolution": False,
            "language": "python",
            "llm": {
                "api_base": given["url"],
                "api_key": "none",
                "models": [{"name": given["model"], "weight": 1.0}],
            },
            "evaluator": {"timeout": 20, "cascade_evaluation": False, "parallel_evaluations": 2},
        }
    )
    engine = OpenEvolve(str(seed), str(scorer), config, output_dir=str(out / "output"))
    asyncio.run(engine.run(iterations=given["calls"]))


if __name__ == "__main__":
    main()
