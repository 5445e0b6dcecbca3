import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telic.artifact import Artifact
from telic.candidate import Candidate, Cost, Evaluation, Failure, Record
from telic.component import Component
from telic.errors import JournalBusyError, JournalError, StorageError, UsageError
from telic.journal import Event, Header, Journal
from telic.problem import Scorer
from telic.testing import toy_problem, toy_record

HEADER = Header(
    run="r1",
    created="2025-01-01T00:00:00+00:00",
    telic="0.1.0",
    seed=7,
    problem=msgspec.structs.replace(
        toy_problem(), scorer=Scorer(source="..."), options={"depth": 3, "names": ["a", "b"]}
    ),
    components=(Component("strategy", "islands", {"islands": 2}),),
    settings={"mode": "ordered", "window": 4, "seconds": None},
)

number = st.floats(width=64)
any_text = st.text(st.characters(codec=None), max_size=30)  # lone surrogates included
failures = st.builds(Failure, st.sampled_from(["crash", "timeout"]), st.text(max_size=20))
evaluations = st.builds(
    Evaluation,
    metrics=st.dictionaries(st.text(max_size=5), number, max_size=3),
    feasible=st.booleans(),
    failure=st.none() | failures,
    violation=number,
    feedback=st.text(max_size=30),
    samples=st.tuples(number) | st.just(()),
)
records = st.builds(
    Record,
    candidate=st.builds(
        Candidate,
        id=st.just(0),
        artifact=st.builds(Artifact, st.tuples(st.tuples(st.just("a.py"), any_text))),
        parents=st.just(()) | st.tuples(st.integers(0, 9)),
        cost=st.builds(Cost, trials=st.integers(0, 9), money=st.floats(0, 1)),
    ),
    outcome=st.sampled_from(["evaluated", "duplicate", "declined", "skipped"]),
    evaluation=st.none() | evaluations,
    fitness=st.none() | st.floats(allow_nan=False, allow_infinity=False),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "runs" / "one.journal"


def fill(path: Path, values: list[float | None]) -> Journal:
    journal = Journal.create(path, HEADER)
    for index, value in enumerate(values):
        journal.append(toy_record(index, value), seconds=float(index))
    return journal


def test_the_header_comes_back_whole(path: Path):
    Journal.create(path, HEADER).close()

    with Journal.read(path) as journal:
        assert journal.header == HEADER


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Journal]:
    with Journal.create(tmp_path_factory.mktemp("journal") / "one.journal", HEADER) as journal:
        yield journal


@settings(max_examples=100, deadline=None)
@given(record=records)
def test_a_record_comes_back_equal(shared: Journal, record: Record):
    candidate = msgspec.structs.replace(record.candidate, id=shared.count())
    record = msgspec.structs.replace(record, candidate=candidate)

    shared.append(record, seconds=0.0)

    assert repr(shared.record(candidate.id)) == repr(record)  # unlike ==, holds for NaN


def test_a_message_with_lone_surrogates_is_recorded_in_printable_form(path: Path):
    evaluation = Evaluation(failure=Failure("exception", "bad \udce9 byte"))
    with Journal.create(path, HEADER) as journal:
        journal.append(
            msgspec.structs.replace(toy_record(0, None), evaluation=evaluation), seconds=0.0
        )
        back = journal.record(0).evaluation

    assert back is not None
    assert back.failure == Failure("exception", "bad \\udce9 byte")


def test_records_come_in_the_order_they_were_told(path: Path):
    order = [0, 3, 1, 2, *range(4, 300)]
    with Journal.create(path, HEADER) as journal:
        for index in order:
            journal.append(toy_record(index, 1.0), seconds=index / 2)

        entries = list(journal.entries())
        later = list(journal.records(after=270))

    assert [entry.record.candidate.id for entry in entries] == order
    assert [entry.seq for entry in entries] == list(range(300))
    assert entries[1].seconds == 1.5
    assert later == [entry.record for entry in entries[271:]]


def test_the_cheap_form_lacks_texts_and_nothing_else(path: Path):
    with fill(path, [1.0, 2.0]) as journal:
        cheap = list(journal.records(with_artifacts=False))
        whole = list(journal.records())

    assert [record.candidate.artifact for record in cheap] == [Artifact.of("")] * 2
    assert [record.evaluation for record in cheap] == [record.evaluation for record in whole]


def test_best_is_the_earliest_of_the_highest_fitness(path: Path):
    with fill(path, [-5.0, None, -2.0, -2.0, -3.0]) as journal:
        best = journal.best()

    assert best is not None
    assert best.candidate.id == 2


def test_with_nothing_feasible_there_is_no_best(path: Path):
    with fill(path, [None, None]) as journal:
        assert journal.best() is None


def test_equal_texts_are_stored_once(path: Path):
    with Journal.create(path, HEADER) as journal:
        for index in range(5):
            journal.append(toy_record(index, 1.0, text="same"), seconds=0.0)
    connection = sqlite3.connect(path)

    (count,) = connection.execute("SELECT COUNT(*) FROM artifacts").fetchone()
    connection.close()

    assert count == 1


def test_events_keep_their_place_among_records(path: Path):
    with Journal.create(path, HEADER, clock=lambda: 123.0) as journal:
        journal.append_event("started", {"workers": 2})
        journal.append(toy_record(0, 1.0), seconds=0.0)
        journal.append_event("stopped", {"reason": "target"})

        assert journal.events() == [
            Event(1, 123.0, 0, "started", {"workers": 2}),
            Event(2, 123.0, 1, "stopped", {"reason": "target"}),
        ]


def test_an_event_that_is_not_plain_data_is_refused(path: Path):
    with Journal.create(path, HEADER) as journal, pytest.raises(UsageError, match="'note'"):
        journal.append_event("note", {"thing": object()})


def test_a_resumed_journal_goes_on_where_it_stopped(path: Path):
    fill(path, [1.0, 2.0]).close()

    with Journal.resume(path) as journal:
        place = journal.append(toy_record(2, 3.0), seconds=9.0)

        assert place == 2
        assert journal.count() == 3


def test_readers_see_records_while_the_writer_goes_on(path: Path):
    with fill(path, [1.0]) as writer, Journal.read(path) as reader:
        stream = reader.records()
        first = next(stream)
        writer.append(toy_record(1, 2.0), seconds=1.0)

        assert [first, *stream] == list(writer.records())
        assert reader.count() == 2


def test_a_finished_journal_is_one_plain_file_and_its_lock(path: Path):
    fill(path, [1.0]).close()
    with Journal.read(path) as journal:
        journal.count()

    assert {file.name for file in path.parent.iterdir()} == {"one.journal", "one.journal.lock"}


def test_closing_the_writer_leaves_readers_alone(path: Path):
    writer = fill(path, [1.0])
    with Journal.read(path) as reader:
        writer.close()
        writer.close()

        assert reader.count() == 1
    with Journal.resume(path) as journal:
        assert journal.append(toy_record(1, 2.0), seconds=0.0) == 1


def test_a_reader_of_a_finished_journal_sees_it_go_on(path: Path):
    fill(path, [1.0]).close()
    with Journal.read(path) as reader, Journal.resume(path) as writer:
        before = reader.count()
        writer.append(toy_record(1, 2.0), seconds=0.0)

        assert (before, reader.count()) == (1, 2)
        assert [record.candidate.id for record in reader.records()] == [0, 1]


def test_a_reader_cannot_append(path: Path):
    fill(path, []).close()

    with Journal.read(path) as journal, pytest.raises(JournalError, match="opened for reading"):
        journal.append(toy_record(0, 1.0), seconds=0.0)


@pytest.mark.parametrize("table", ["header", "artifacts", "records", "events"])
@pytest.mark.parametrize("change", ["DELETE FROM {}", "UPDATE {} SET data = 'x'"])
def test_no_row_can_be_changed_or_removed(path: Path, table: str, change: str):
    with fill(path, [1.0]) as journal:
        journal.append_event("note", {})
    connection = sqlite3.connect(path)

    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        connection.execute(change.format(table))
    connection.close()


def test_a_candidate_is_recorded_once(path: Path):
    with fill(path, [1.0]) as journal:
        with pytest.raises(JournalError, match="already recorded"):
            journal.append(toy_record(0, 2.0), seconds=0.0)
        journal.append(toy_record(1, 2.0), seconds=0.0)

        assert [record.fitness for record in journal.records()] == [1.0, 2.0]


def test_several_records_are_stored_together_or_not_at_all(path: Path):
    with fill(path, [1.0]) as journal:
        with pytest.raises(JournalError, match="already recorded"):
            journal.extend([toy_record(1, 2.0), toy_record(0, 2.0)], seconds=0.0)
        journal.extend([toy_record(2, 3.0), toy_record(1, 2.0)], seconds=0.0)

        assert [record.candidate.id for record in journal.records()] == [0, 2, 1]


def test_the_second_writer_is_told_who_the_first_one_is(path: Path):
    with fill(path, []), pytest.raises(JournalBusyError, match=f"process {os.getpid()} is writing"):
        Journal.resume(path)

    Journal.resume(path).close()


def test_an_existing_journal_is_not_overwritten(path: Path):
    fill(path, [1.0]).close()

    with pytest.raises(StorageError, match="already exists"):
        Journal.create(path, HEADER)
    with Journal.read(path) as journal:
        assert journal.count() == 1


def test_a_path_without_journal_is_named(path: Path):
    for attempt in (Journal.read, Journal.resume):
        with pytest.raises(JournalError, match=r"no journal at .*one\.journal"):
            attempt(path)


def test_a_journal_without_its_header_is_closed_again(path: Path):
    Journal.create(path, HEADER).close()
    connection = sqlite3.connect(path)
    connection.execute("DROP TABLE header")
    connection.close()

    for attempt in (Journal.read, Journal.resume):
        with pytest.raises(JournalError) as caught:
            attempt(path)
        opened = [entry for entry in Path("/proc/self/fd").iterdir() if entry.is_symlink()]
        assert path not in [entry.readlink() for entry in opened], caught.value


def test_a_header_that_cannot_be_recorded_leaves_no_file(path: Path):
    header = msgspec.structs.replace(HEADER, settings={"callback": print})

    with pytest.raises(UsageError, match="cannot be recorded"):
        Journal.create(path, header)
    assert not path.exists()


def test_the_content_hash_is_blind_to_times_and_layers_alone(path: Path, tmp_path: Path):
    with fill(path, [1.0, 2.0]) as journal:
        original = journal.content_hash()

    def changed(name: str, index: int, record: Record) -> str:
        with Journal.create(tmp_path / name, HEADER) as journal:
            for position in range(2):
                journal.append(
                    record if position == index else toy_record(position, position + 1.0),
                    seconds=77.0,
                )
            return journal.content_hash()

    record = toy_record(1, 2.0)
    assert record.evaluation is not None
    slow = msgspec.structs.replace(record.evaluation, seconds=9.0, layer="none", cpu_seconds=3.0)
    noisy = msgspec.structs.replace(record.evaluation, samples=(2.0, 2.0))

    assert changed("a", 1, msgspec.structs.replace(record, evaluation=slow)) == original
    assert changed("b", 1, msgspec.structs.replace(record, evaluation=noisy)) != original
    assert changed("c", 1, toy_record(1, 2.5)) != original
    assert changed("d", 1, toy_record(1, 2.0, text="other")) != original
    assert changed("e", 1, toy_record(1, 2.0, operator="swap")) != original
    assert changed("f", 1, toy_record(1, None)) != original


def test_a_journal_is_being_written_until_its_writer_closes_it(path: Path):
    before = Journal.is_being_written(path)
    with Journal.create(path, HEADER):
        during = Journal.is_being_written(path)
    after = Journal.is_being_written(path)

    assert (before, during, after) == (False, True, False)
