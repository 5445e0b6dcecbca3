"""What critics cost: CPU time of screening a candidate, and of learning one, in long runs.

    OPENBLAS_NUM_THREADS=1 python benchmarks/critics.py
    OPENBLAS_NUM_THREADS=1 python benchmarks/critics.py --quick --critic credit

Both are timed after ever more evaluations, so that a cost that grows with the run would show.
Screening is timed on 1,000 fresh candidates of 46 lines; learning is the whole cost of an
evaluation to the critic (its prediction, features, calibration, refits), as a mean over the last
1,024 before each mark, in which refits come at the same rate in all long runs. What lies between is
filled with programs of 10 lines, to save time. All critics take some four minutes of CPU time, with
two at a time some two minutes.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import islice
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
STRETCH = 1024
LONG, SHORT = 40, 4


def made(name: str) -> Critic:
    """Return a critic by its name."""
    model: ModelName | None = next((each for each in MODELS if each == name), None)
    return CRITICS[name]() if model is None else RegressionCritic(model)


def program(values: list[float]) -> Artifact:
    """Return a program that holds the values, one a line."""
    lines = [f"    total += {value!r} * math.cos({n} * x)" for n, value in enumerate(values)]
    body = "\n".join(lines)
    return Artifact.of(f"import math\n\ndef solve(x):\n    total = 0.0\n{body}\n    return total\n")


def examples(seed: int, length: int) -> Iterator[Example]:
    """Yield evaluated edits of one literal without end; each child has an earlier one as parent."""
    rng = Random(seed)
    parents = [([rng.uniform(-1, 1) for _ in range(length)], 0.0)]
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


def learning(critic: Critic, source: Iterator[Example], count: int) -> float:
    """Let a critic learn some evaluations, and return the milliseconds that each took."""
    spent = 0.0
    for example in islice(source, count):
        began = process_time()
        critic.update(example, critic.reader().predict(example.query))
        spent += process_time() - began
    return 1e3 * spent / count


def fill(critic: Critic, source: Iterator[Example], count: int) -> None:
    """Let a critic learn some evaluations that it was not asked about."""
    for example in islice(source, count):
        critic.update(example, None)


def screening(critic: Critic, source: Iterator[Example]) -> float:
    """Return the milliseconds that a prediction takes, over fresh candidates."""
    fresh = [example.query for example in islice(source, SCREENED)]
    reader = critic.reader()
    began = process_time()
    for query in fresh:
        reader.predict(query)
    return 1e3 * (process_time() - began) / SCREENED


def measure(name: str, marks: list[int], stretch: int) -> str:
    """Return a critic's cost at each mark, a line each."""
    critic, source, filling = made(name), examples(1, LONG), examples(2, SHORT)
    told, lines = 0, list[str]()
    for mark in marks:
        fill(critic, filling, mark - stretch - told)
        learn, told = learning(critic, source, stretch), mark
        screen = screening(critic, source)
        lines.append(
            f"{name:17s} after {mark:6d} evaluations: screening {screen:6.3f} ms, learning "
            f"{learn:6.3f} ms"
        )
    return "\n".join(lines)


def main() -> None:
    """Measure the critics that were asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--critic", action="append", choices=[*CRITICS, *MODELS])
    parser.add_argument("--quick", action="store_true", help="after 300 and 600 evaluations alone")
    parser.add_argument("--jobs", type=int, default=2, help="critics measured at the same time")
    options = parser.parse_args()
    marks, stretch = ([300, 600], 200) if options.quick else ([2000, 10_000, 50_000], STRETCH)
    names = options.critic or [*CRITICS, *MODELS]
    with ProcessPoolExecutor(options.jobs) as pool:
        for lines in pool.map(partial(measure, marks=marks, stretch=stretch), names):
            print(lines, flush=True)


if __name__ == "__main__":
    main()
