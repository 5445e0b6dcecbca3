"""``telic compare``: several strategies, several seeds, equal budgets."""

from __future__ import annotations

from pathlib import Path

__all__ = ["compare"]


def compare(
    problem: str,
    evaluator: str | None = None,
    *,
    config: str | None = None,
    strategies: str | None = None,
    no_baselines: bool = False,
    seeds: int = 5,
    evaluations: int | None = None,
    seconds: float | None = None,
    tokens: int | None = None,
    money: float | None = None,
    operators: str | None = None,
    model: str | None = None,
    preset: str | None = None,
    portfolio: str | None = None,
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
        strategies: Separated by commas, with settings if any; the first is the yardstick
            (default: islands, or the preset's).
        no_baselines: Compare the given strategies alone.
        seeds: How many seeds: 0, 1, 2 and so on.
        evaluations: Budget of each run in scored executions; 2000 when no budget is given.
        seconds: Budget of each run in wall-clock seconds.
        tokens: Budget of each run in model tokens.
        money: Budget of each run in US dollars for models.
        operators: What makes candidates, separated by commas; default: all that apply.
        model: Language models that make candidates, too, in every run; as for `telic run`.
        preset: Settings of a published system for the models; its strategy is the first one.
        portfolio: What chooses among operators (default: ucb).
        workers: Processes that evaluate; default: one for each processor.
        output: Folder for the journals; default: runs/compare-PROBLEM-NUMBER
        quiet: Show nothing but the table.
        json: Print one JSON object on standard output, and progress on standard error.

    Examples:
        telic compare trivial --evaluations 500
        telic compare circle-packing-26 --strategies islands,islands:islands=1 --seeds 10
        telic compare my-problem/ --strategies hill-climb --no-baselines --seconds 30
        telic compare my-problem/ --model gpt-4o-mini --preset climb --evaluations 200 --money 5
    """
    from telic.budget import Budget
    from telic.cli._compare import run_comparison
    from telic.cli._plan import components, is_unordered, models_of, parts_of
    from telic.cli._runs import free_folder
    from telic.component import Component
    from telic.engine.compare import BASELINES
    from telic.engine.load import load_problem
    from telic.engine.novelty import declared_novelty
    from telic.engine.plan import Plan
    from telic.errors import UsageError

    if seeds < 1:
        raise UsageError(f"--seeds must be 1 or more; got {seeds}")
    if evaluations is None and seconds is None and tokens is None and money is None:
        evaluations = 2000
    models = models_of(model)
    loaded = load_problem(problem, evaluator, config=config)
    declared = declared_novelty(loaded, has_models=bool(models))
    parts = parts_of(
        preset, models, None, portfolio, operators, None, novelty=None, declared=declared
    )
    chosen = list(components("strategy", strategies)) if strategies else [parts["strategy"]]
    if not no_baselines:
        given = {component.name for component in chosen}
        chosen += [Component("strategy", name) for name in BASELINES if name not in given]
    plan = Plan(
        budget=Budget(evaluations=evaluations, seconds=seconds, tokens=tokens, money=money),
        mode="unordered" if is_unordered(models, ordered=False, unordered=False) else "ordered",
        models=models,
        **parts,
    )
    folder = free_folder(output, f"compare-{loaded.name}")
    return run_comparison(
        loaded, chosen, range(seeds), plan, folder, workers=workers, quiet=quiet, as_json=json
    )
