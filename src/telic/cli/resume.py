"""``telic resume``: go on with a run."""

from __future__ import annotations

__all__ = ["resume"]


def resume(
    run: str | None = None,
    *,
    evaluations: int | None = None,
    seconds: float | None = None,
    tokens: int | None = None,
    money: float | None = None,
    target: float | None = None,
    no_target: bool = False,
    workers: int | None = None,
    quiet: bool = False,
    json: bool = False,
) -> int:
    """Go on with a run that was interrupted, killed, or ended too early.

    Every recorded evaluation is used; only what was in flight is repeated. Budgets are totals
    over the whole run, not additions. Without any the recorded budget holds; evaluations or
    seconds given here replace both of the recorded ones.

    Args:
        run: A journal, or the name of a run in runs/; default: the run written last.
        evaluations: Scored program executions at most, in total.
        seconds: Wall-clock seconds at most, in total.
        tokens: Model tokens at most, in total.
        money: Model cost at most, in total, in US dollars.
        target: Stop when the score is at least this good; default: the recorded target.
        no_target: Go on although the recorded target is reached.
        workers: Processes that evaluate; default: one for each processor.
        quiet: Show nothing but the result.
        json: Print one JSON object on standard output, and progress on standard error.

    Examples:
        telic resume
        telic resume circle-packing-26-1 --seconds 300
        telic resume runs/my-problem-2.journal --evaluations 10000 --json
    """
    import os

    import msgspec

    from telic.cli._drive import Signals, watched_runtime, with_signals
    from telic.cli._plan import replaced_budget, target_of
    from telic.cli._runs import find_run
    from telic.cli._view import View
    from telic.cli._watch import watcher_for
    from telic.engine.plan import default_workers
    from telic.engine.run import continue_run, recorded_plan
    from telic.journal import Journal

    path = find_run(run)
    workers = default_workers() if workers is None else workers
    with Journal.resume(path) as journal:
        recorded = recorded_plan(journal)
        plan = msgspec.structs.replace(
            recorded,
            budget=replaced_budget(recorded.budget, evaluations, seconds, tokens, money),
            target=target_of(target, no_target=no_target, declared=recorded.target),
        )
        view = View(journal.header.problem, plan, path, workers)
        watcher = watcher_for(view, quiet=quiet, as_json=json, environment=os.environ)
        with watcher:
            view.recall(journal)
            signals = Signals(on_first=watcher.interrupted)
            runtime = watched_runtime(watcher, signals, workers)
            with_signals(lambda: continue_run(journal, plan, runtime), signals)
    from telic.cli._ending import finish  # the first evaluation did not have to wait for it

    return finish(path, signals, quiet=quiet, as_json=json)
