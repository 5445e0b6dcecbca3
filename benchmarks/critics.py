"""What a critic costs: CPU time of screening a candidate, and of learning one in long runs.

    python benchmarks/critics.py --quick
    OPENBLAS_NUM_THREADS=1 python benchmarks/critics.py --critic credit --critic behaviour

Screening is timed on fresh candidates after the critic has learned 1,000 evaluations; learning is
the whole cost of an evaluation to the critic (features, calibration, refits), as a mean over each
part of a run, so that a cost that grows with the run would show.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Iterator
from random import Random
from time import process_time

from telic.artifact import Artifact
from telic.critics import (
    MODELS,
    BehaviourCritic,
    CreditCritic,
    Critic,
    Example,
    ModelName,
    Query,
    RegressionCritic,
    behaviour_of,
)

CRITICS: dict[str, type[Critic]] = {"credit": CreditCritic, "behaviour": BehaviourCritic}
SCREENED = 1000


def made(name: str) -> Critic:
    """Return a critic by its name."""
    model: ModelName | None = next((each for each in MODELS if each == name), None)
    return CRITICS[name]() if model is None else RegressionCritic(model)


def program(values: list[float]) -> Artifact:
    """Return a program of about forty lines that holds the values."""
    lines = [f"    total += {value!r} * math.cos({n} * x)" for n, value in enumerate(values)]
    body = "\n".join(lines)
    return Artifact.of(f"import math\n\ndef solve(x):\n    total = 0.0\n{body}\n    return total\n")


def examples(seed: int) -> Iterator[Example]:
    """Yield evaluated edits of one literal without end; each child has an earlier one as parent."""
    rng = Random(seed)
    parents = [([rng.uniform(-1, 1) for _ in range(40)], 0.0)]
    number = 0
    while True:
        number += 1
        values, before = rng.choice(parents)
        at = rng.randrange(len(values))
        changed = [*values]
        changed[at] += rng.gauss(0, 0.1)
        after = -sum(value * value for value in changed)
        query = Query(
            artifact=program(changed),
            parent=program(values),
            parent_id=number - 1,
            parent_fitness=before,
            operator="constants",
            note=f"line {at + 5}: {values[at]} -> {changed[at]}",
            generation=1 + int(math.log2(number)),
            behaviour=behaviour_of(changed),
        )
        parents.append((changed, after))
        del parents[:-32]
        yield Example(query, after if rng.random() < 0.8 else None)


def measure(name: str, marks: list[int]) -> None:
    """Print a critic's cost, part by part."""
    critic, source = made(name), examples(1)
    done, spent = 0, 0.0
    for mark in marks:
        before, spent = done, 0.0
        while done < mark:
            example = next(source)
            began = process_time()
            critic.update(example, critic.reader().predict(example.query))
            spent += process_time() - began
            done += 1
        each = 1e3 * spent / (mark - before)
        print(f"{name:17s} learning {before + 1:6d} to {mark:6d}: {each:7.3f} ms each", flush=True)
        if mark == marks[0]:
            fresh = [next(source).query for _ in range(SCREENED)]
            reader = critic.reader()
            began = process_time()
            for query in fresh:
                reader.predict(query)
            each = (process_time() - began) / SCREENED
            print(
                f"{name:17s} screening {SCREENED} candidates: {1e3 * each:.3f} ms each", flush=True
            )


def main() -> None:
    """Measure the critics that were asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--critic", action="append", choices=[*CRITICS, *MODELS])
    parser.add_argument("--quick", action="store_true", help="two short parts instead of 50,000")
    options = parser.parse_args()
    marks = [300, 600] if options.quick else [1000, 5000, 20_000, 50_000]
    for name in options.critic or list(CRITICS):
        measure(name, marks)


if __name__ == "__main__":
    main()
