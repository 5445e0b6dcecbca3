"""Commands that look at what is there: show, best, problems, init, and help."""

from __future__ import annotations

from pathlib import Path

import pytest

from telic import problems
from telic.cli._commands import COMMANDS
from telic.journal import Journal
from tests.cli.conftest import Call

STEP = ("--operators", "step", "--workers", "1", "--evaluations", "60", "--quiet")


@pytest.fixture
def finished(call: Call, number: str) -> Path:
    """The journal of a run that improved its seed."""
    assert call("run", number, *STEP).code == 0
    return Path("runs/number-1.journal")


def test_show_tells_everything_on_one_page(call: Call, finished: Path):
    called = call("show")

    assert called.code == 0
    for part in ("number: 0 → ", "best known: 50", "finished (budget: evaluations)", "⠀"):
        assert part in called.out
    for heading in ("metric of the best", "operator", "failure", "event", "content hash"):
        assert heading in called.out
    assert "exception" in called.out or "scorer" in called.out
    assert "-0" in called.out


def test_show_gives_the_summary_as_json(call: Call, finished: Path):
    document = call("show", str(finished), "--json").document

    assert document["run"].startswith("number-0-")
    assert document["best"]["evaluations"] == 1
    assert document["best"]["metrics"]["length"] >= 1
    assert document["evaluations"]["failed"]["scorer"] > 0
    with Journal.read(finished) as journal:
        assert document["content_hash"] == journal.content_hash()


def test_show_never_changes_a_run(call: Call, finished: Path):
    before = finished.read_bytes()

    call("show")
    call("show", "--json")

    assert finished.read_bytes() == before


def test_show_diff_is_a_unified_diff_and_nothing_else(call: Call, finished: Path):
    best = call("best").out

    called = call("show", "--diff")

    lines = called.out.splitlines()
    assert lines[0] == "--- seed.txt, seed"
    assert lines[1].startswith("+++ seed.txt, candidate ")
    assert f"+{best}" in lines


def test_a_run_whose_writer_died_is_shown_as_interrupted(
    call: Call, finished: Path, tmp_path: Path
):
    with Journal.read(finished) as journal:
        header, records = journal.header, list(journal.records())
    killed = Path("runs/killed.journal")
    with Journal.create(killed, header) as journal:
        journal.append_event("started", {})
        for record in records[:10]:
            journal.append(record, seconds=1.0)
        while_it_runs = call("show", "killed", "--json").document["status"]

    assert while_it_runs == "running"
    assert call("show", "killed", "--json").document["status"] == "interrupted"


def test_best_writes_the_best_text_to_standard_output_or_a_file(call: Call, finished: Path):
    score = call("show", "--json").document["best"]["score"]

    out = call("best").out
    told = call("best", "number-1", "-o", "best.txt")

    assert float(out) == score
    assert Path("best.txt").read_text() == out
    assert told.out == ""
    assert "written to best.txt" in told.err


def test_best_gives_its_files_as_json(call: Call, finished: Path):
    document = call("best", "--json").document

    assert list(document["files"]) == ["seed.txt"]
    assert float(document["files"]["seed.txt"]) == document["score"]
    assert document["written"] is None


def test_best_of_several_files_needs_a_folder(call: Call, finished: Path):
    import msgspec

    from telic.artifact import Artifact

    with Journal.read(finished) as journal:
        header, best = journal.header, journal.best()
    assert best is not None
    tree = Artifact((("main.txt", "1"), ("part/other.txt", "2")))
    candidate = msgspec.structs.replace(best.candidate, artifact=tree)
    with Journal.create("tree.journal", header) as journal:
        journal.append(msgspec.structs.replace(best, candidate=candidate), seconds=1.0)

    refused = call("best", "tree.journal")
    written = call("best", "tree.journal", "-o", "out")
    over_a_file = call("best", "tree.journal", "-o", "tree.journal")

    assert refused.code == 2
    assert "give -o FOLDER" in refused.err
    assert written.code == 0
    assert Path("out/part/other.txt").read_text() == "2"
    assert over_a_file.code == 2


def test_best_of_a_run_without_result_is_an_error(call: Call, finished: Path):
    with Journal.read(finished) as journal:
        header = journal.header
    Journal.create("empty.journal", header).close()

    called = call("best", "empty.journal")

    assert called.code == 4
    assert "nothing feasible was found" in called.err


def test_problems_lists_every_bundled_problem(call: Call, here: Path):
    text = call("problems").out
    document = call("problems", "--json").document

    heading, *lines = [line.split()[0] for line in text.splitlines()]
    assert heading == "problem"
    assert lines == list(problems.names())
    assert [problem["name"] for problem in document["problems"]] == list(problems.names())


def test_problems_explains_one(call: Call, here: Path):
    called = call("problems", "circle-packing-26")
    document = call("problems", "circle-packing-26", "--json").document

    assert "Place 26 circles" in called.out
    assert "telic run circle-packing-26" in called.out
    assert document["direction"] == "maximize"
    assert document["best_known"]["value"] == pytest.approx(2.6359830849)


def test_init_writes_a_problem_once(call: Call, here: Path):
    first = call("init", "mine", "--json")
    second = call("init", "mine")

    assert first.document == {"folder": "mine", "files": ["problem.toml", "score.py", "seed.py"]}
    assert second.code == 5
    assert call("problems", "mine/").code == 0


def test_a_problem_can_be_written_and_shown_in_plain_words(call: Call, here: Path):
    assert "telic run mine/" in call("init", "mine").out


@pytest.mark.parametrize("command", COMMANDS)
def test_help_teaches_by_example(call: Call, here: Path, command: str):
    called = call(command, "--help")

    assert called.code == 0
    assert f"Usage: telic {command}" in called.out
    assert f"\nExamples:\n  telic {command}" in called.out
    assert "--json" in called.out


def test_help_names_every_command_and_the_first_steps(call: Call, here: Path):
    called = call("--help")

    assert all(f"│ {command}" in called.out for command in COMMANDS)
    assert "First steps:" in called.out
    assert call().out == called.out


def test_the_version_is_told_without_loading_anything(call: Call, here: Path):
    from telic import __version__

    assert call("--version").out == f"{__version__}\n"


def test_the_beginning_of_a_name_is_enough_for_a_suggestion(call: Call, here: Path):
    assert "did you mean 'circle-packing-26'?" in call("run", "circle").err
    assert " more" in call("run", "zzz").err


def test_in_a_terminal_a_program_is_printed_harmlessly(capfd: pytest.CaptureFixture[str]):
    from telic.cli import _best

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdout.isatty", lambda: True, raising=False)
        _best.print_text("a = '\x1b[2J'\n")
    _best.print_text("b = '\x1b[2J'\n")

    assert capfd.readouterr().out == "a = '\\x1b[2J'\nb = '\x1b[2J'\n"


def test_in_a_pipe_no_line_of_a_table_ends_in_blanks(call: Call, finished: Path):
    tables = call("show").out.partition("metric of the best")[2].partition("--- seed.txt")[0]

    assert [line for line in tables.splitlines() if line != line.rstrip()] == []
