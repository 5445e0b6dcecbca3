"""``telic replay``: make a recorded run again."""

from __future__ import annotations

from pathlib import Path

__all__ = ["replay"]


def replay(
    run: str | None = None,
    *,
    output: Path | None = None,
    workers: int | None = None,
    json: bool = False,
) -> int:
    """Make a recorded run again and compare it, without asking any language model.

    Every request is opened and every result told in the recorded order; models' answers come
    from the journal, and programs are evaluated anew. The exit code is 8 if the content differs.
    A prompt that was not asked then (another template, another version) ends the replay with a
    message that says which.

    Args:
        run: A journal, or the name of a run in runs/; default: the run written last.
        output: Journal to write; default: a temporary one.
        workers: Processes that evaluate; default: one for each processor.
        json: Print one JSON object on standard output.

    Examples:
        telic replay
        telic replay circle-packing-26-1
        telic replay runs/my-problem-2.journal --output again.journal --json
    """
    import asyncio
    import sys
    import tempfile

    from telic.cli._exit import CHECK_FAILED, FINISHED
    from telic.cli._json import emit
    from telic.cli._runs import find_run
    from telic.engine.replay import replay_run
    from telic.engine.run import Runtime

    path = find_run(run)
    with tempfile.TemporaryDirectory(prefix="telic-") as folder:
        place = output or Path(folder) / "again.journal"
        done = asyncio.run(replay_run(path, place, Runtime(workers=workers)))
    if json:
        emit(done)
    else:
        verdict = "equal bit for bit" if done.agrees else "DIFFERENT"
        told = f"{done.records} records made again: {verdict} ({done.again})"
        sys.stdout.write(told + "\n")
    return FINISHED if done.agrees else CHECK_FAILED
