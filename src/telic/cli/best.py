"""``telic best``: the best program of a run."""

from __future__ import annotations

from pathlib import Path

__all__ = ["best"]


def best(run: str | None = None, *, output: Path | None = None, json: bool = False) -> int:
    """Write the best artifact that a run found.

    Args:
        run: A journal, or the name of a run in runs/; default: the run written last.
        output: File to write; a folder if the artifact has several files. Without it one
            file goes to standard output. An existing file is replaced.
        json: Print one JSON object on standard output: candidate, score and files.

    Examples:
        telic best > best.py
        telic best circle-packing-26-1 -o best.py
        telic best my-tree-1 -o best-tree/
    """
    import sys

    from telic.cli._best import BestDocument, print_text, write_artifact
    from telic.cli._json import emit
    from telic.cli._runs import find_run
    from telic.errors import JournalError, UsageError
    from telic.journal import Journal
    from telic.objectives import Objective

    path = find_run(run)
    with Journal.read(path) as journal:
        record, problem = journal.best(), journal.header.problem
    if record is None or record.fitness is None:
        raise JournalError(f"{path}: nothing feasible was found, so there is no best artifact")
    artifact = record.candidate.artifact
    if output is not None:
        write_artifact(artifact, output)
    if json:
        score = Objective(problem.objective).value(record.fitness)
        written = None if output is None else str(output)
        emit(BestDocument(record.candidate.id, score, dict(artifact.files), written))
    elif output is None:
        if len(artifact.files) > 1:
            names = ", ".join(name for name, _ in artifact.files)
            raise UsageError(f"the best artifact has several files ({names}); give -o FOLDER")
        print_text(artifact.text)
    else:
        sys.stderr.write(f"candidate {record.candidate.id} written to {output}\n")
    return 0
