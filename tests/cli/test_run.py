"""``telic run`` and ``telic resume``: from a command line to a checked result."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from telic.journal import Journal
from tests.cli.conftest import Call

FORGETFUL = """
from pathlib import Path
mark = Path(__file__).with_name("mark")
first = not mark.exists()
mark.touch()

def score(output, case):
    return float(output) if first else 0.0
"""
STEP = ("--operators", "step", "--workers", "1")


def test_a_run_reports_its_result_checks_it_and_says_how_to_go_on(call: Call, number: str):
    called = call("run", number, *STEP, "--evaluations", "40")

    assert called.code == 0
    assert "number: 0 → " in called.out
    assert "verified again: " in called.out
    assert ", exact" in called.out
    assert "best known: 50, " in called.out
    assert "+++ seed.txt, candidate " in called.out
    assert "telic resume runs/number-1.journal --evaluations 80" in called.out
    assert "\x1b" not in called.out


def test_json_is_one_object_with_a_verification_and_the_log_is_elsewhere(call: Call, number: str):
    called = call("run", number, *STEP, "--evaluations", "40", "--json")

    document = called.document
    assert called.code == 0
    assert document["status"] == "finished"
    assert document["stop_reason"] == "budget: evaluations"
    assert document["evaluations"]["total"] == 40
    assert document["seed_score"] == 0.0
    assert document["best"]["score"] > 0
    assert document["verification"]["score"] == document["best"]["score"]
    assert document["verification"]["exact"] is True
    assert "seed score 0" in called.err


def test_quiet_gives_the_result_alone(call: Call, number: str):
    called = call("run", number, *STEP, "--evaluations", "20", "--quiet")

    assert [line.split(":")[0] for line in called.out.splitlines()] == ["number", "verified again"]
    assert called.err == ""


def test_zero_evaluations_means_none(call: Call, number: str):
    called = call("run", number, *STEP, "--evaluations", "0", "--json")

    assert called.code == 0
    assert called.document["evaluations"]["total"] == 0
    assert called.document["best"] is None
    assert called.document["verification"] is None


def test_a_target_ends_the_run(call: Call, number: str):
    called = call("run", number, *STEP, "--evaluations", "4000", "--target", "5", "--json")

    assert called.document["stop_reason"] == "target"
    assert called.document["best"]["score"] >= 5


def test_runs_get_numbers_and_nothing_is_overwritten(call: Call, number: str):
    for _ in range(2):
        call("run", number, *STEP, "--evaluations", "5", "--quiet")
    again = call("run", number, *STEP, "--evaluations", "5", "-o", "runs/number-1.journal")

    assert sorted(path.name for path in Path("runs").glob("*.journal")) == [
        "number-1.journal",
        "number-2.journal",
    ]
    assert again.code == 5
    assert "already exists; `telic resume runs/number-1.journal` goes on with it" in again.err


def test_resume_goes_on_to_a_larger_total(call: Call, number: str):
    call("run", number, *STEP, "--evaluations", "20", "--quiet")

    called = call("resume", "number-1", "--evaluations", "50", "--workers", "1", "--json")

    assert called.code == 0
    assert called.document["evaluations"]["total"] == 50
    assert called.document["stop_reason"] == "budget: evaluations"


def test_resume_without_a_name_takes_the_last_run_and_its_recorded_budget(call: Call, number: str):
    call("run", number, *STEP, "--evaluations", "20", "--quiet")

    called = call("resume", "--workers", "1", "--json")

    assert called.document["journal"] == "runs/number-1.journal"
    assert called.document["evaluations"]["total"] == 20


def test_two_processes_do_not_write_one_run(call: Call, number: str):
    call("run", number, *STEP, "--evaluations", "5", "--quiet")

    with Journal.resume("runs/number-1.journal"):
        called = call("resume", "number-1", "--workers", "1")

    assert called.code == 4
    assert "is writing runs/number-1.journal" in called.err


def test_the_verification_is_kept_in_the_journal(call: Call, number: str):
    call("run", number, *STEP, "--evaluations", "20", "--quiet")

    with Journal.read("runs/number-1.journal") as journal:
        kinds = [event.kind for event in journal.events()]
        checked = journal.events()[-1].data

    assert kinds == ["started", "stopped", "verified"]
    assert checked["exact"] is True


def test_a_score_that_a_new_process_does_not_give_again_fails_the_check(call: Call, number: str):
    Path("number/score.py").write_text(FORGETFUL)

    called = call("run", number, *STEP, "--evaluations", "20", "--json")

    assert called.code == 8
    assert called.document["verification"]["agrees"] is False
    assert "now 0.0" in called.document["verification"]["reason"]


@pytest.mark.parametrize(
    ("tokens", "code", "sentence"),
    [
        (("run", "no-such-problem"), 3, "there is no problem or folder 'no-such-problem'"),
        (("run", "number/", *STEP, "--strategy", "ilands"), 2, "did you mean 'islands'?"),
        (("run", "number/", "--strategy", "islands:x"), 2, "'x' needs the form name=value"),
        (("run", "number/", "--operators", ","), 2, "at least one operator"),
        (("run", "number/", "--evaluations", "-1"), 2, "budget evaluations must be 0 or more"),
        (
            ("run", "number/", "--operators", "step", "--workers", "0"),
            2,
            "workers must be 1 or more",
        ),
        (("run", "number/", "--window", "0"), 2, "window must be 1 or more"),
        (("run", "number/", "--target", "1", "--no-target"), 2, "contradict each other"),
        (("run", "number/", "--tagret", "1"), 2, "Did you mean --target?"),
        (("run",), 2, "requires an argument"),
        (("rum", "number/"), 2, 'Did you mean "run"?'),
        (("resume", "nothing"), 4, "there is no run or journal 'nothing'"),
        (("show",), 4, "there is no run in runs/ yet"),
        (("best", "number/seed.txt"), 4, "is not a journal"),
        (("run", "number/", "-o", "number"), 5, "is a folder"),
    ],
)
def test_bad_input_gets_one_sentence_and_its_code(
    call: Call, number: str, tokens: tuple[str, ...], code: int, sentence: str
):
    called = call(*tokens)

    assert called.code == code
    assert called.err.count("\n") == 1
    assert called.err.startswith("error: ")
    assert sentence in called.err
    assert called.out == ""
    assert not Path("runs").exists()


def test_bad_input_is_also_an_object_for_programs(call: Call, here: Path):
    called = call("run", "no-such-problem", "--json")

    assert json.loads(called.out) == {
        "error": {
            "kind": "ProblemError",
            "message": called.err.removeprefix("error: ").rstrip("\n"),
            "exit_code": 3,
        }
    }


def test_a_seed_that_fails_leaves_nothing_behind(call: Call, number: str):
    Path("number/seed.txt").write_text("not a number\n")

    called = call("run", number, *STEP)

    assert called.code == 3
    assert "fails its own evaluation" in called.err
    assert not Path("runs").exists()


def test_a_folder_that_cannot_be_made_is_named(call: Call, number: str):
    Path("runs").write_text("in the way")

    called = call("run", number, *STEP)

    assert called.code == 5
    assert "cannot keep runs in" in called.err
