"""``telic compare``: several strategies, several seeds, equal budgets."""

from __future__ import annotations

from pathlib import Path

__all__ = ["compare"]


def compare(
    problem: str,
    evaluator: str | None = None,
    *,
    config: str | None = None,
    strategies: str = "islands",
    no_baselines: bool = False,
    seeds: int = 5,
    evaluations: int | None = None,
    seconds: float | None = None,
    operators: str | None = None,
    portfolio: str = "ucb",
    workers: int | None = None,
    output: Path | None = None,
    quiet: bool = False,
    json: bool = False,
) -> int:
    """Compare strategies on one problem, each with the same seeds and the same budget.

    The table gives the mean of the best scores with its 95 % interval over seeds, and on how
    many seeds each strategy beats the first one. Greedy hill climbing, best-of-N and random
    search are always beside it unless you say otherwise. An interrupted comparison goes on
    when its folder is given again with -o.

    Args:
        problem: As for `telic run`.
        evaluator: OpenEvolve evaluator of the initial program.
        config: OpenEvolve configuration file.
        strategies: Separated by commas, with settings if any; the first is the yardstick.
        no_baselines: Compare the given strategies alone.
        seeds: How many seeds: 0, 1, 2 and so on.
        evaluations: Budget of each run in scored executions; 2000 when no budget is given.
        seconds: Budget of each run in wall-clock seconds.
        operators: What makes candidates, separated by commas; default: all that apply.
        portfolio: What chooses among operators.
        workers: Processes that evaluate; default: one for each processor.
        output: Folder for the journals; default: runs/compare-PROBLEM-NUMBER
        quiet: Show nothing but the table.
        json: Print one JSON object on standard output, and progress on standard error.

    Examples:
        telic compare trivial --evaluations 500
        telic compare circle-packing-26 --strategies islands,islands:islands=1 --seeds 10
        telic compare my-problem/ --strategies hill-climb --no-baselines --seconds 30
    """
    from telic.budget import Budget
    from telic.cli._compare import run_comparison
    from telic.cli._plan import components, operators_of
    from telic.cli._runs import free_folder
    from telic.component import Component
    from telic.engine.compare import BASELINES
    from telic.engine.load import load_problem
    from telic.engine.plan import Plan
    from telic.errors import UsageError
    from telic.registry import parse

    if seeds < 1:
        raise UsageError(f"--seeds must be 1 or more; got {seeds}")
    if evaluations is None and seconds is None:
        evaluations = 2000
    chosen = list(components("strategy", strategies))
    if not no_baselines:
        given = {component.name for component in chosen}
        chosen += [Component("strategy", name) for name in BASELINES if name not in given]
    loaded = load_problem(problem, evaluator, config=config)
    plan = Plan(
        budget=Budget(evaluations=evaluations, seconds=seconds),
        portfolio=parse("portfolio", portfolio),
        operators=operators_of(operators),
    )
    folder = free_folder(output, f"compare-{loaded.name}")
    return run_comparison(
        loaded, chosen, range(seeds), plan, folder, workers=workers, quiet=quiet, as_json=json
    )
