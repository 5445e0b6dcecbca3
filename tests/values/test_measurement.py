from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from telic.errors import JournalBusyError, MeasurementError, StorageError, UsageError
from telic.values._record import Header, Record
from telic.values.instrument import Instrument, Option, Question
from telic.values.measurement import Progress, measure, read_measurement
from telic.values.questions import all_pairs, choice, pair, rating
from telic.values.respondent import Answer, Item, ask_pairs
from telic.values.synthetic import AlwaysFirst, RandomChoice, Unreliable, Valuing

WORTH = {"a": 0.0, "b": 1.0, "c": 2.0, "d": 3.0}
PAIRS = Instrument(name="letters", questions=all_pairs(list(WORTH)))
KNOWN = Valuing(name="known", utilities=WORTH)


class Counting:
    """Counts how often it is asked, and may stop."""

    name = "known"

    def __init__(self, stop_after: int = 10**9) -> None:
        self.asked = 0
        self.stop_after = stop_after

    def ask(self, item: Item, seed: int) -> Answer:
        if self.asked == self.stop_after:
            raise KeyboardInterrupt
        self.asked += 1
        return KNOWN.ask(item, seed)


def test_each_question_is_asked_in_both_orders_and_every_repeat() -> None:
    measured = measure(PAIRS, KNOWN, repeats=3)

    assert measured.counts.asked == 6 * 2 * 3
    assert len({reply.key for reply in measured.replies}) == 36


def test_the_table_is_the_one_that_asking_pairs_gives() -> None:
    pairs = [(question.names[0], question.names[1]) for question in PAIRS.questions]

    table = measure(PAIRS, Valuing(name="known", utilities=WORTH), repeats=4, seed=3).comparisons()

    assert len(table) == 12
    assert table.replies.asked == ask_pairs(KNOWN, pairs, repeats=4, seed=3).replies.asked
    assert {(row.left, row.right) for row in table.rows()} == set(pairs)


def test_replies_keep_their_five_ends_apart() -> None:
    lossy = Unreliable(inner=KNOWN, abstained=0.2, refused=0.2, unparsed=0.2, error=0.2)

    measured = measure(PAIRS, lossy, repeats=40)
    counts = measured.counts

    assert counts.asked == 480
    assert (
        min(counts.answered, counts.abstained, counts.refused, counts.unparsed, counts.error) > 60
    )
    assert measured.comparisons().replies == counts


def test_counterbalancing_puts_always_first_at_one_in_k() -> None:
    instrument = Instrument(name="k", questions=(choice("q", "abcd"), pair("p", "x", "y")))

    measured = measure(instrument, AlwaysFirst())

    chosen = [reply.choice for reply in measured.replies if reply.question == "q"]
    assert sorted(chosen) == ["a", "b", "c", "d"]
    assert measured.first_share() == (6, 6)


def test_a_record_gives_the_same_measurement_and_asks_nothing_again(tmp_path: Path) -> None:
    record = tmp_path / "deep" / "m.jsonl"
    first = measure(PAIRS, Counting(), repeats=2, record=record)
    again = Counting()

    second = measure(PAIRS, again, repeats=2, record=record)

    assert second == first
    assert again.asked == 0
    assert read_measurement(record, PAIRS).replies == first.replies


def test_an_interrupted_measurement_goes_on_where_it_stopped(tmp_path: Path) -> None:
    record = tmp_path / "m.jsonl"
    with pytest.raises(KeyboardInterrupt):
        measure(PAIRS, Counting(stop_after=5), repeats=2, record=record)
    rest = Counting()

    resumed = measure(PAIRS, rest, repeats=2, record=record)

    assert rest.asked == 24 - 5
    assert resumed == measure(PAIRS, KNOWN, repeats=2)


def test_more_repeats_may_follow_later(tmp_path: Path) -> None:
    record = tmp_path / "m.jsonl"
    measure(PAIRS, KNOWN, repeats=1, orders="given", record=record)
    more = Counting()

    grown = measure(PAIRS, more, repeats=2, record=record)

    assert more.asked == 24 - 6
    assert grown == measure(PAIRS, KNOWN, repeats=2)


def test_progress_counts_up_from_what_was_recorded(tmp_path: Path) -> None:
    record = tmp_path / "m.jsonl"
    measure(PAIRS, KNOWN, orders="given", record=record)
    steps: list[Progress] = []

    measure(PAIRS, KNOWN, record=record, progress=steps.append)

    assert [step.done for step in steps] == list(range(6, 13))
    assert {(step.total, step.recorded) for step in steps} == {(12, 6)}


ROOT = Path(__file__).parents[2]
CHILD_OPTIONS: dict[str, Any] = {
    "cwd": ROOT,
    "env": {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"},
}

CHILD = """
import os, signal, sys
from pathlib import Path
from telic.values.measurement import measure
from tests.values.test_measurement import KNOWN, PAIRS

class Deadly:
    name = "known"
    left = 7
    def ask(self, item, seed):
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        self.left -= 1
        return KNOWN.ask(item, seed)

measure(PAIRS, Deadly(), repeats=2, record=Path(sys.argv[1]))
"""


def test_a_killed_process_loses_no_reply(tmp_path: Path) -> None:
    record = tmp_path / "m.jsonl"

    killed = subprocess.run(
        [sys.executable, "-c", CHILD, str(record)], check=False, **CHILD_OPTIONS
    )
    rest = Counting()
    resumed = measure(PAIRS, rest, repeats=2, record=record)

    assert killed.returncode == -signal.SIGKILL
    assert rest.asked == 24 - 7
    assert resumed == measure(PAIRS, KNOWN, repeats=2)


@pytest.mark.parametrize("cut", [1, 5, 30])
def test_a_torn_last_line_costs_only_its_reply(tmp_path: Path, cut: int) -> None:
    record = tmp_path / "m.jsonl"
    whole = measure(PAIRS, KNOWN, record=record)
    record.write_bytes(record.read_bytes()[:-cut])
    rest = Counting()

    assert len(read_measurement(record, PAIRS).replies) == 11
    assert measure(PAIRS, rest, record=record) == whole
    assert rest.asked == 1


def test_a_file_cut_within_its_header_starts_afresh(tmp_path: Path) -> None:
    record = tmp_path / "m.jsonl"
    whole = measure(PAIRS, KNOWN, record=record)
    record.write_bytes(record.read_bytes()[:20])

    assert measure(PAIRS, KNOWN, record=record) == whole


def test_a_record_of_something_else_is_refused(tmp_path: Path) -> None:
    record = tmp_path / "m.jsonl"
    measure(PAIRS, KNOWN, record=record)
    before = record.read_bytes()

    with pytest.raises(MeasurementError, match="with seed 0, not 1"):
        measure(PAIRS, KNOWN, seed=1, record=record)
    with pytest.raises(MeasurementError, match="with respondent 'known', not 'random'"):
        measure(PAIRS, RandomChoice(), record=record)
    with pytest.raises(MeasurementError, match="with digest"):
        measure(PAIRS.only(["p0001"]), KNOWN, record=record)
    with pytest.raises(MeasurementError, match="other questions"):
        read_measurement(record, PAIRS.only(["p0001"]))
    assert record.read_bytes() == before


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"hello\n", "is not a record"),
        (b"\xff\xfe\n", "is not a record"),
        (b'{"format": "telic measurement"}\n', "is not a record"),
    ],
)
def test_a_file_that_is_no_record_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    record = tmp_path / "m.jsonl"
    record.write_bytes(content)

    with pytest.raises(MeasurementError, match=message):
        measure(PAIRS, KNOWN, record=record)
    assert record.read_bytes() == content


def test_a_damaged_or_repeated_line_is_named(tmp_path: Path) -> None:
    record = tmp_path / "m.jsonl"
    measure(PAIRS, KNOWN, record=record)
    lines = record.read_bytes().splitlines(keepends=True)

    record.write_bytes(b"".join([*lines[:3], b"{}\n", *lines[3:]]))
    with pytest.raises(MeasurementError, match=r"m\.jsonl:4: not a reply"):
        read_measurement(record, PAIRS)
    record.write_bytes(b"".join([*lines, lines[-1]]))
    with pytest.raises(MeasurementError, match="recorded twice"):
        read_measurement(record, PAIRS)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (b'"question":"p0001"', "does not ask"),
        (b'"choice":"a"', "none of its answers"),
        (b'"status":"answered"', "none of its answers"),
    ],
)
def test_replies_edited_by_hand_are_noticed(tmp_path: Path, change: bytes, message: str) -> None:
    record = tmp_path / "m.jsonl"
    measure(PAIRS.only(["p0001"]), Valuing(name="known", utilities={"a": 9, "b": 0}), record=record)
    key = change.split(b":")[0]
    edited = {b'"status"': b'"status":"refused"'}.get(key, key + b':"zzz"')
    record.write_bytes(record.read_bytes().replace(change, edited))

    with pytest.raises(MeasurementError, match=message):
        read_measurement(record, PAIRS.only(["p0001"]))
    with pytest.raises(MeasurementError, match=message):
        measure(PAIRS.only(["p0001"]), KNOWN, record=record)
    with pytest.raises(MeasurementError, match=message):  # and the file was let go of
        measure(PAIRS.only(["p0001"]), KNOWN, record=record)


def test_a_record_that_grew_the_other_orders_knows_it(tmp_path: Path) -> None:
    record = tmp_path / "m.jsonl"

    measure(PAIRS, KNOWN, orders="given", record=record)
    assert read_measurement(record, PAIRS).orders == "given"
    measure(PAIRS, KNOWN, record=record)
    assert read_measurement(record, PAIRS).orders == "both"


FULL = """
import resource, signal, sys
from pathlib import Path
from telic.errors import StorageError
from telic.values.measurement import measure
from tests.values.test_measurement import KNOWN, PAIRS

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (2200, 2200))
try:
    measure(PAIRS, KNOWN, repeats=2, record=Path(sys.argv[1]))
except StorageError as error:
    sys.exit(0 if "is intact" in str(error) else 3)
"""


def test_a_full_disk_loses_only_the_reply_that_did_not_fit(tmp_path: Path) -> None:
    record = tmp_path / "m.jsonl"

    full = subprocess.run([sys.executable, "-c", FULL, str(record)], check=False, **CHILD_OPTIONS)
    kept = len(read_measurement(record, PAIRS).replies)
    rest = Counting()
    resumed = measure(PAIRS, rest, repeats=2, record=record)

    assert full.returncode == 0
    assert 0 < kept < 24
    assert rest.asked == 24 - kept
    assert resumed == measure(PAIRS, KNOWN, repeats=2)


def test_a_record_alone_says_what_was_asked_and_answered(tmp_path: Path) -> None:
    record = tmp_path / "m.jsonl"

    measured = measure(PAIRS, KNOWN, repeats=2, record=record)

    assert read_measurement(record) == measured


def test_a_record_without_questions_needs_its_instrument(tmp_path: Path) -> None:
    record = tmp_path / "m.jsonl"
    Record(record, Header("letters", PAIRS.digest, "known", 0, 1, "both")).close()

    with pytest.raises(MeasurementError, match="does not hold its questions"):
        read_measurement(record)
    assert read_measurement(record, PAIRS).replies == ()


def test_two_writers_of_one_record_are_kept_apart(tmp_path: Path) -> None:
    record = tmp_path / "m.jsonl"
    open_record = Record(record, Header("letters", PAIRS.digest, "known", 0, 1, "both"))

    with pytest.raises(JournalBusyError):
        measure(PAIRS, KNOWN, record=record)

    open_record.close()
    assert measure(PAIRS, KNOWN, record=record).counts.asked == 12


def test_an_unwritable_place_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")

    with pytest.raises(StorageError, match="cannot write"):
        measure(PAIRS, KNOWN, record=tmp_path / "file" / "m.jsonl")


def test_no_answer_at_all_is_said_with_its_counts() -> None:
    silent = Unreliable(inner=KNOWN, refused=1.0)

    with pytest.raises(MeasurementError, match=r"answered no question.*12 asked, 0 answered"):
        measure(PAIRS, silent).require_answers()


def test_a_tie_is_an_answer_without_a_choice() -> None:
    question = Question(
        id="q", form="pair", options=(Option("a"), Option("b")), offers_ambivalent=True
    )
    even = Valuing(utilities={"a": 0.0, "b": 0.1}, indifference=0.5)

    measured = measure(Instrument(name="i", questions=(question,)), even)

    row = next(measured.comparisons().rows())
    assert (row.ties, row.n, row.wins) == (1, 1, 0)


def test_an_instrument_without_pairs_has_no_comparisons() -> None:
    instrument = Instrument(name="i", questions=(rating("r", "text", tags={"care": 1}),))

    with pytest.raises(MeasurementError, match="no pair of instrument"):
        measure(instrument, RandomChoice()).comparisons()
    with pytest.raises(UsageError, match="1 or more"):
        measure(instrument, RandomChoice(), repeats=0)
