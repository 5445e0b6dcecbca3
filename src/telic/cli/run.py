"""``telic run``: evolve a problem."""

from __future__ import annotations

from pathlib import Path

__all__ = ["run"]


def run(
    problem: str,
    evaluator: str | None = None,
    *,
    config: str | None = None,
    evaluations: int | None = None,
    seconds: float | None = None,
    tokens: int | None = None,
    money: float | None = None,
    target: float | None = None,
    no_target: bool = False,
    seed: int = 0,
    strategy: str | None = None,
    operators: str | None = None,
    model: str | None = None,
    preset: str | None = None,
    portfolio: str | None = None,
    critic: str = "none",
    novelty: str | None = None,
    workers: int | None = None,
    ordered: bool = False,
    unordered: bool = False,
    window: int | None = None,
    output: Path | None = None,
    quiet: bool = False,
    json: bool = False,
) -> int:
    """Evolve a problem's seed program into a better one.

    Every candidate runs in a sandbox and is recorded at once, so nothing is lost when the run
    is interrupted. Ctrl-C once finishes what is in flight and reports; twice stops now.
    At the end the best program is evaluated again in a new sandbox.

    Args:
        problem: Name of a bundled problem (see `telic problems`), a problem's folder, or an
            OpenEvolve initial program, followed by its evaluator.
        evaluator: OpenEvolve evaluator of the initial program.
        config: OpenEvolve configuration file.
        evaluations: Scored program executions at most; 0 means none.
        seconds: Wall-clock seconds at most; 60 when no budget is given.
        tokens: Model tokens at most.
        money: Model cost at most, in US dollars.
        target: Stop when the score is at least this good; default: the problem's own target.
        no_target: Go on although the problem's target is reached.
        seed: Root of all random numbers: the same seed gives the same run.
        strategy: What chooses parents, with settings if any: islands:islands=4 (default: islands)
        operators: What makes candidates, separated by commas; default: all that apply.
        model: Language models that make candidates, too, separated by commas: a name (the key is
            taken from OPENAI_API_KEY), NAME@http://HOST/v1, or local.
        preset: Settings of a published system for the models of the run, such as shinka or gepa
            (see `telic presets`); default with models: hybrid. What you name yourself stays.
        portfolio: What chooses among operators (default: ucb).
        critic: What chooses among several proposals for each evaluation: none (the default),
            credit, memory, gaussian-process, with telic[critics] ridge, forest or boosting,
            with telic[learn] neural; with settings: credit:proposals=12,explore=0.1, or
            credit:policy=skip (or postpone) to refuse what promises little, or
            credit:policy=race to end the repeats of what has no fair chance left
        novelty: Whether proposals of models that are too like earlier candidates are refused: none,
            on, or settings such as similarity=0.95,judge=MODEL; default: what the problem
            declares, else the preset's, else none.
        workers: Processes that evaluate; default: one for each processor.
        ordered: Take results in the order of their requests, so that the seed alone decides the
            run; default without models.
        unordered: Take results as they come; faster when evaluations or replies differ much in
            length, and telic replay can still repeat it. Default with models.
        window: Requests open at once; part of what makes a run repeatable.
        output: Journal to write; default: runs/PROBLEM-NUMBER.journal
        quiet: Show nothing but the result.
        json: Print one JSON object on standard output, and progress on standard error.

    Examples:
        telic run circle-packing-26
        telic run my-problem/ --seconds 300 --seed 1
        telic run initial_program.py evaluator.py --evaluations 2000
        telic run my-problem/ --model gpt-4o-mini --money 1.50
        telic run my-problem/ --model gpt-4o-mini --preset shinka --evaluations 200
        telic run circle-packing-26 --strategy islands:islands=4 --operators constants,numeric
    """
    from telic.engine.load import load_problem
    from telic.evaluation.starting import early_worker

    loaded = load_problem(problem, evaluator, config=config)
    with early_worker(loaded) as first:  # it gets ready while the rest is imported
        import os

        from telic.cli._drive import Signals, watched_runtime, with_signals
        from telic.cli._plan import budget_of, is_unordered, models_of, parts_of, target_of
        from telic.cli._runs import place_for_run
        from telic.cli._view import View
        from telic.cli._watch import watcher_for
        from telic.engine.novelty import declared_novelty
        from telic.engine.plan import Plan, default_workers
        from telic.engine.run import start_run
        from telic.registry import parse

        models = models_of(model)
        takes_as_they_come = is_unordered(models, ordered=ordered, unordered=unordered)
        declared = declared_novelty(loaded, has_models=bool(models))
        parts = parts_of(preset, models, strategy, portfolio, operators, window, novelty, declared)
        plan = Plan(
            seed=seed,
            budget=budget_of(evaluations, seconds, tokens, money),
            mode="unordered" if takes_as_they_come else "ordered",
            critic=None if critic == "none" else parse("critic", critic),
            target=target_of(target, no_target=no_target, declared=loaded.target),
            models=models,
            **parts,
        )
        workers = default_workers() if workers is None else workers
        with place_for_run(output, loaded.name) as path:
            view = View(loaded, plan, path, workers)
            watcher = watcher_for(view, quiet=quiet, as_json=json, environment=os.environ)
            with watcher:
                signals = Signals(on_first=watcher.interrupted)
                runtime = watched_runtime(watcher, signals, workers, first)
                with_signals(lambda: start_run(loaded, plan, path, runtime), signals)
            from telic.cli._ending import finish  # the first evaluation did not wait for it

            return finish(path, signals, quiet=quiet, as_json=json)
