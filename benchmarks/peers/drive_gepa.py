"""Run GEPA: ``python drive_gepa.py SETTINGS.json`` in its own environment.

Engine defaults, but for the evaluation cache (on: it would evaluate each parent again) and
one evaluation at a time (there is one instance).
"""

# pyright: basic, reportMissingImports=false

from __future__ import annotations

import json
import sys
from pathlib import Path

from drive_hillclimb import Chat
from evaluator import Evaluator
from gepa.optimize_anything import (
    EngineConfig,
    GEPAConfig,
    ReflectionConfig,
    TrackingConfig,
    optimize_anything,
)


class Quiet:
    """A logger that says nothing."""

    def log(self, *texts, **named):
        del texts, named


def main() -> None:
    given = json.loads(Path(sys.argv[1]).read_text())
    evaluate = Evaluator(given["task"], given["log"])

    def score(candidate):
        found = evaluate(candidate)
        return (found.score or 0.0), {"error": found.error} if found.error else {}

    ask = Chat(given["url"], given["model"])
    engine = EngineConfig(
        run_dir=given["out"],
        seed=given["seed"],
        max_candidate_proposals=given["calls"],
        cache_evaluation=True,
        parallel=False,
        raise_on_exception=False,
    )
    optimize_anything(
        seed_candidate=evaluate.task.seed,
        evaluator=score,
        objective=evaluate.task.describe,
        config=GEPAConfig(
            engine=engine,
            reflection=ReflectionConfig(reflection_lm=ask),
            tracking=TrackingConfig(logger=Quiet()),
        ),
    )


if __name__ == "__main__":
    main()
