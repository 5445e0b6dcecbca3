"""Draw a recorded run as the live view shows it: the picture in the README.

python scripts/draw_run.py runs/circle-packing-26-1.journal docs/images/run.svg
"""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path

from rich.console import Console

from telic.cli._panel import panel
from telic.cli._view import View
from telic.engine.progress import Progress
from telic.engine.run import recorded_plan
from telic.journal import Journal
from telic.objectives import Objective

WIDTH, HEIGHT = 110, 34
FONTS = re.compile(r"@font-face\s*{.*?}", re.DOTALL)


def draw(journal: Journal) -> str:
    """Return an SVG of the last moment of a run."""
    problem = journal.header.problem
    progress = Progress(Objective(problem.objective))
    seconds = 0.0
    for entry in journal.entries(with_artifacts=False):
        progress.tell(entry.record)
        seconds = progress.spent.seconds = entry.seconds
    name = Path(journal.path.name)
    view = View(problem, recorded_plan(journal), name, workers=2, clock=lambda: seconds)
    view.recall(journal)
    view.progress, view.state = progress, "running"
    console = Console(file=io.StringIO(), record=True, width=WIDTH, force_terminal=True)
    console.print(panel(view, WIDTH, HEIGHT))
    return FONTS.sub("", console.export_svg(title=f"telic run {problem.name}"))


def main() -> None:
    """Draw the journal named first into the file named second."""
    source, target = (Path(argument) for argument in sys.argv[1:])
    with Journal.read(source) as journal:
        target.write_text(draw(journal))


if __name__ == "__main__":
    main()
