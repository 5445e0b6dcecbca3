"""What is shown of a run follows what an observer is told."""

from __future__ import annotations

import asyncio
import io
from pathlib import Path

import pytest
from rich.console import Console

from telic.budget import Budget
from telic.candidate import Record
from telic.cli._lines import LineDisplay
from telic.cli._live import LiveDisplay
from telic.cli._panel import panel
from telic.cli._view import View, left_share, seconds_left
from telic.cli._watch import Display, Watcher, watcher_for
from telic.engine.plan import Plan
from telic.engine.progress import Progress
from telic.objectives import Objective
from telic.problem import ObjectiveSpec
from telic.testing import toy_problem, toy_record

MAXIMIZE = ObjectiveSpec()
MINIMIZE = ObjectiveSpec(direction="minimize")


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def new_view(objective: ObjectiveSpec = MAXIMIZE, budget: Budget | None = None) -> View:
    plan = Plan(budget=budget or Budget(evaluations=100))
    return View(toy_problem(objective), plan, Path("runs/toy-1.journal"), 2)


def watched(
    values: list[float | None], display: Display | None, view: View | None = None
) -> Watcher:
    """A watcher that saw the seed and then candidates with these values, a second apart."""
    view = view or new_view()
    watcher = Watcher(view, display)
    progress = Progress(Objective(view.problem.objective))

    async def told() -> None:
        for index, value in enumerate(values):
            record = toy_record(index, value, problem=view.problem)
            is_best = progress.tell(record)
            progress.spent.seconds = float(index)
            if index == 0:
                watcher.begun(progress)
            else:
                watcher.told(record, progress, is_best=is_best)
        watcher.ended("budget: evaluations", progress)

    asyncio.run(told())
    return watcher


@pytest.mark.parametrize(
    ("objective", "values"),
    [(MAXIMIZE, [-3.0, -5.0, -1.0, None, -2.0, 4.0]), (MINIMIZE, [3.0, 5.0, 1.0, None, 2.0, -4.0])],
)
def test_the_curve_holds_each_new_best_in_the_metrics_own_sign(
    objective: ObjectiveSpec, values: list[float | None]
):
    watcher = watched(values, None, new_view(objective))

    assert watcher.view.curve == [(0.0, values[0]), (2.0, values[2]), (5.0, values[5])]
    assert [news.candidate for news in watcher.view.latest] == [0, 2, 5]


def test_operators_get_credit_for_steps_beyond_the_seed():
    view = watched([0.0, 1.0, 0.5, None, 3.0], None).view

    credit = view.operators["constants"]
    assert (credit.proposals, credit.improvements, credit.gain) == (4, 2, 3.0)
    assert view.operators["seed"].improvements == 0


def test_a_view_of_a_resumed_run_knows_what_was_before(tmp_path: Path):
    from telic.engine.run import make_header
    from telic.journal import Journal

    view = new_view()
    with Journal.create(tmp_path / "run.journal", make_header(view.problem, view.plan, ())) as log:
        for index, value in enumerate([0.0, None, 2.0, 1.0]):
            log.append(toy_record(index, value, problem=view.problem), seconds=float(index))
        view.recall(log)

    assert view.curve == [(0.0, 0.0), (2.0, 2.0)]
    assert view.latest[-1].evaluations == 3
    assert view.operators["constants"].proposals == 3


def test_plain_lines_tell_the_start_and_every_improvement_at_most_once_a_second():
    stream, clock = io.StringIO(), Clock()
    display = LineDisplay(stream, clock)

    watcher = watched([0.0, 1.0, 2.0, 3.0], display)
    watcher.__exit__(None, None, None)

    lines = stream.getvalue().splitlines()
    assert lines[0].startswith("toy: maximize score, seed score 0, strategy islands")
    assert [line.split()[4] for line in lines[1:]] == ["0", "3"]


def test_plain_lines_give_a_sign_of_life_when_nothing_improves():
    stream, clock = io.StringIO(), Clock()
    display = LineDisplay(stream, clock)
    view = watched([0.0, -1.0], display).view
    clock.now += 9
    display.tick(view)
    before = stream.getvalue()

    clock.now += 2
    display.tick(view)

    assert before.count("\n") == 2
    assert "2 evaluations, " in stream.getvalue().splitlines()[-1]
    assert stream.getvalue().rstrip().endswith("best 0")


def test_plain_lines_show_untrusted_notes_harmlessly():
    stream = io.StringIO()
    view = new_view()
    record = toy_record(0, 1.0, problem=view.problem, operator="x")
    evil = record.candidate.__class__(
        id=1, artifact=record.candidate.artifact, operator="x", note="\x1b[2Jgone"
    )
    view.add(record, 0.0, 1, is_best=True)
    view.add(Record(evil, "evaluated", record.evaluation, 2.0), 1.0, 2, is_best=True)

    LineDisplay(stream, Clock()).improved(view)

    assert "\\x1b[2Jgone" in stream.getvalue()


def drawn(view: View, width: int = 100, height: int = 30) -> list[str]:
    stream = io.StringIO()
    console = Console(file=stream, width=width, height=height)
    console.print(panel(view, width, height))
    return stream.getvalue().splitlines()


def test_the_panel_shows_scores_budget_failures_and_credit():
    view = watched([0.25, 1.0, None, 2.5], None).view

    text = "\n".join(drawn(view))

    assert "best 2.5   seed 0.25" in text
    assert "4 of 100 evaluations" in text
    assert "failed: crash 1" in text
    assert "constants" in text
    assert "+1.5" in text


@pytest.mark.parametrize("width", [20, 60, 200])
@pytest.mark.parametrize("height", [10, 24, 60])
def test_the_panel_fits_its_terminal(width: int, height: int):
    view = watched([float(n) for n in range(30)], None).view
    for name in range(12):
        view.add(toy_record(40, 0.0, operator=f"operator-{name}"), 9.0, 9, is_best=False)

    lines = drawn(view, width, height)

    assert max(map(len, lines)) <= width
    assert len(lines) <= max(height, 14)


def test_before_anything_happened_there_is_a_panel_too():
    assert drawn(new_view())


def test_the_live_display_takes_itself_away():
    screen = Screen()
    view = watched([0.0, 1.0], None).view
    display = LiveDisplay(screen)

    display.tick(view)
    display.close(view)

    assert "\x1b[?25l" in screen.getvalue()
    assert screen.getvalue().rstrip("\r\n").endswith("\x1b[2K") or "\x1b[?25h" in screen.getvalue()


@pytest.mark.parametrize(
    ("budget", "name", "share"),
    [
        (Budget(evaluations=40, seconds=10.0), "seconds", 0.5),
        (Budget(evaluations=8, seconds=100.0), "evaluations", 0.5),
        (Budget(tokens=0), "tokens", 1.0),
        (Budget(money=3.0), "money", 0.0),
    ],
)
def test_the_bar_shows_the_bound_that_is_nearest(budget: Budget, name: str, share: float):
    progress = Progress(Objective(ObjectiveSpec()))
    progress.spent.evaluations = 4

    assert left_share(budget, progress, 5.0) == (name, share)


def test_the_time_left_is_that_of_the_first_bound_to_be_reached():
    progress = Progress(Objective(ObjectiveSpec()))
    progress.spent.evaluations = 40
    progress.spent.tokens = 100

    def left(budget: Budget) -> float | None:
        return seconds_left(budget, progress, 10.0, 4.0)

    assert left(Budget(seconds=60.0)) == 50.0
    assert left(Budget(seconds=60.0, evaluations=100)) == 15.0
    assert left(Budget(tokens=200, seconds=60.0)) == 10.0
    assert left(Budget(money=1.0)) is None
    assert left(Budget(evaluations=10)) == 0.0


def test_a_quiet_run_is_watched_without_being_shown(capsys: pytest.CaptureFixture[str]):
    watcher = watcher_for(new_view(), quiet=True, as_json=False, environment={})

    watcher.notice("a layer is missing")

    assert capsys.readouterr() == ("", "")
    assert watcher.view.notices == ["a layer is missing"]


def test_with_json_the_log_goes_to_standard_error(capsys: pytest.CaptureFixture[str]):
    watcher_for(new_view(), quiet=False, as_json=True, environment={}).notice("a layer is missing")

    assert capsys.readouterr() == ("", "note: a layer is missing\n")


def test_slow_work_in_flight_is_named():
    view = watched([0.0, 1.0], None).view
    view.in_flight = lambda: [("polish", 7.2), ("constants", 0.1)]

    assert "2 in flight: polish 7.2 s" in drawn(view)


def test_speeds_are_those_of_the_last_seconds_and_fall_when_nothing_comes():
    clock = Clock()
    view = new_view()
    view.clock = clock
    view.progress = Progress(Objective(ObjectiveSpec()))
    view.speeds()
    view.progress.spent.evaluations, view.progress.told = 40, 10
    clock.now += 2
    burst = view.speeds()
    clock.now += 6
    later = view.speeds()

    assert burst == (20.0, 5.0)
    assert later == (5.0, 1.25)


@pytest.mark.parametrize(
    ("terminal", "is_drawn"), [("xterm", True), ("dumb", False), (None, False)]
)
def test_only_a_terminal_that_can_be_drawn_on_gets_the_live_view(
    monkeypatch: pytest.MonkeyPatch, terminal: str | None, is_drawn: bool
):
    screen = Screen()
    monkeypatch.setattr("sys.stdout", screen)
    environment = {} if terminal is None else {"TERM": terminal}

    watcher = watcher_for(new_view(), quiet=False, as_json=False, environment=environment)
    watcher.notice("a layer is missing")

    assert (screen.getvalue() == "") is is_drawn
