from __future__ import annotations

import json
from pathlib import Path

import pytest

from telic.errors import MeasurementError, UnknownNameError, UsageError
from telic.values.accuracies import accuracy, gap
from telic.values.informed import Informed, Weighing
from telic.values.instrument import AMBIVALENT
from telic.values.loaders import FORMATS, load, sample
from telic.values.loaders.fulcra import read_labels
from telic.values.measurement import measure
from telic.values.profiles import profile
from telic.values.synthetic import RandomChoice
from telic.values.taxonomies import MORAL_FOUNDATIONS, NURSING, SCHWARTZ, SCHWARTZ_HIGHER


def samples() -> list[tuple[str, Path]]:
    folder = sample("clash").parent
    extra = [
        ("progress-gym", folder / "progress_gym_views.csv"),
        ("progress-gym", folder / "moral_choice.csv"),
        ("questionnaire", folder / "foundations.csv"),
    ]
    return [(name, sample(name)) for name in FORMATS] + extra


@pytest.mark.parametrize(("name", "path"), samples())
def test_every_sample_loads_is_asked_and_gives_a_prompt(name: str, path: Path) -> None:
    instrument = load(name, path)

    measured = measure(instrument, RandomChoice())

    assert measured.counts.answered == measured.counts.asked > 0
    assert all(q.prompt(q.names).strip() for q in instrument.questions)


@pytest.mark.parametrize(("name", "path"), samples())
@pytest.mark.parametrize("keep", [0, 0.3, 0.9])
def test_a_truncated_file_gives_one_sentence_or_fewer_questions(
    name: str, path: Path, keep: float, tmp_path: Path
) -> None:
    whole = path.read_bytes()
    cut = tmp_path / path.name
    cut.write_bytes(whole[: int(len(whole) * keep)])

    questions, message = 0, ""
    try:
        questions = len(load(name, cut).questions)
    except MeasurementError as error:
        message = str(error)

    assert bool(questions) != bool(message)
    assert questions <= len(load(name, path).questions)
    assert "\n" not in message.strip()
    assert not message or any(
        word in message for word in (path.name, "question", "dilemma", "instrument")
    )


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "custom"])
def test_a_file_of_another_format_is_refused(name: str, tmp_path: Path) -> None:
    other = tmp_path / f"other{sample(name).suffix}"
    other.write_text(
        '{"colour": "red"}\n' if other.suffix in (".jsonl", ".json") else "colour,size\nred,3\n"
    )

    with pytest.raises(MeasurementError):
        load(name, other)


def test_unknown_formats_and_options_are_named() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'clash'"):
        load("clahs", sample("clash"))
    with pytest.raises(UsageError, match="no option 'way'; it has: ways, person, about"):
        load("clash", sample("clash"), way=2)
    with pytest.raises(MeasurementError, match="there is no file"):
        load("clash", "nowhere.csv")


def test_utility_options_become_connected_pairs_of_different_outcomes() -> None:
    path = sample("utility-options")

    few = load("utility-options", path, pairs=7, seed=3)
    every = load("utility-options", path, pairs=10**6)

    assert len(few.questions) == 7
    assert len({name for q in few.questions for name in q.names}) == 7
    assert len({frozenset(q.names) for q in every.questions}) == 21
    assert few == load("utility-options", path, pairs=7, seed=3)
    assert few != load("utility-options", path, pairs=7, seed=4)
    assert few.dimensions == ("Garden", "Neighbours", "Time")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"a": ["x", "x"]}, "listed twice"),
        ({"a": ["x", ""]}, "no sentence"),
        ({"a": "x"}, "not a list"),
        ({"a": ["x"]}, "two or more"),
        (["x", "y"], "expected an object"),
    ],
)
def test_malformed_options_are_refused(content: object, message: str, tmp_path: Path) -> None:
    path = tmp_path / "options.json"
    path.write_text(json.dumps(content))

    with pytest.raises(MeasurementError, match=message):
        load("utility-options", path)


def test_a_daily_dilemma_has_values_on_either_action_and_kinds() -> None:
    instrument = load("daily-dilemmas", sample("daily-dilemmas"))

    first = instrument.questions[0]
    assert first.names == ("to_do", "not_to_do")
    assert first.option("to_do").tags == {"honesty": 1, "responsibility": 1, "trust": 1}
    assert first.option("not_to_do").kind == "not_to_do"
    honest = Weighing.of(instrument, {"honesty": 20.0})
    assert profile(measure(instrument, honest))["honesty"].value == 1.0


def test_dilemmas_without_the_action_table_have_no_values(tmp_path: Path) -> None:
    path = tmp_path / "dilemma.csv"
    path.write_text(",idx,basic_situation,dilemma_situation\n0,5,rain,Do you share your coat?\n")

    instrument = load("daily-dilemmas", path)

    assert instrument.dimensions == ()
    assert instrument.questions[0].names == ("to_do", "not_to_do")


HEAD = "dilemma_idx,dilemma_situation,action_type,action,values_aggregated\n"


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("1,s,to_do,a,['x']\n", "no 'not_to_do' action"),
        ("1,s,to_do,a,['x']\n1,s,to_do,b,['x']\n", "has 'to_do' twice"),
        ("1,s,maybe,a,['x']\n", "action_type 'maybe'"),
        ("1,s,to_do,a,['x'\n1,s,not_to_do,b,[]\n", "is no list"),
        ("1,s,to_do,a,__import__('os')\n1,s,not_to_do,b,[]\n", "is no list"),
        ("1,s,to_do,a,[1]\n1,s,not_to_do,b,[]\n", "no list of names"),
        ("1,s,to_do,,[]\n1,s,not_to_do,b,[]\n", "'action' is empty"),
    ],
)
def test_malformed_dilemmas_are_refused(rows: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "d.csv"
    path.write_text(HEAD + rows)

    with pytest.raises(MeasurementError, match=message):
        load("daily-dilemmas", path)


def test_clash_reads_truth_from_column_names_in_two_or_three_ways() -> None:
    three, two = (load("clash", sample("clash"), ways=ways) for ways in (3, 2))

    free = accuracy(measure(three, Informed.of(three)))
    forced = accuracy(measure(two, Informed.of(two)))

    assert free[AMBIVALENT].value == 1
    assert (forced[AMBIVALENT].value, forced[AMBIVALENT].can_say) == (0, 0)
    assert {q.truth for q in three.questions} == {"yes", "no", AMBIVALENT}


def test_clash_in_the_first_person_asks_the_same_questions_of_you() -> None:
    third, first = (load("clash", sample("clash"), person=who) for who in ("third", "first"))

    assert [q.id for q in third.questions] == [q.id for q in first.questions]
    assert "Do you find" in first.questions[0].ask
    assert "Does the character find" in third.questions[0].ask


def test_clash_asks_for_discomfort_without_a_truth() -> None:
    instrument = load("clash", sample("clash"), about="discomfort", person="first")

    scores = profile(measure(instrument, RandomChoice(), repeats=4))

    assert {q.form for q in instrument.questions} == {"relevance"}
    assert not any(q.truth for q in instrument.questions)
    assert "Are you uncomfortable" in instrument.questions[0].ask
    assert all(0 <= value <= 1 for value in scores.vector().values())
    with pytest.raises(UnknownNameError, match="second"):
        load("clash", sample("clash"), person="second")


def test_nurvalues_levels_share_ids_and_the_hard_one_urges_the_wrong_label() -> None:
    easy = load("nurvalues", sample("nurvalues"))
    hard = load("nurvalues-hard", sample("nurvalues"))

    assert [q.id for q in easy.questions] == [q.id for q in hard.questions]
    assert all(q.urged and q.urged != q.truth for q in hard.questions)
    assert not any(q.urged for q in easy.questions)
    assert set(easy.dimensions) == set(NURSING)
    assert (
        gap(measure(easy, Informed.of(easy)), measure(hard, Informed.of(hard)))["all"] is not None
    )


@pytest.mark.parametrize(
    ("row", "message"),
    [("t,c,Speed,1", "'speed' is none of"), ("t,c,Justice,2", "expected 0 or 1")],
)
def test_unknown_nursing_values_and_labels_are_refused(
    row: str, message: str, tmp_path: Path
) -> None:
    path = tmp_path / "n.csv"
    path.write_text(f"text_EN,complicated_text_EN,Nursing_Value,Alignment\n{row}\n")

    with pytest.raises(MeasurementError, match=message):
        load("nurvalues", path)


def test_cvc_rules_carry_the_layer_asked_for_and_are_unique(tmp_path: Path) -> None:
    assert load("cvc-rules", sample("cvc-rules")).dimensions[0] == "Distributive justice"
    assert load("cvc-rules", sample("cvc-rules"), tags="level").dimensions == (
        "Nation",
        "Person",
        "Society",
    )
    path = tmp_path / "twice.jsonl"
    line = sample("cvc-rules").read_text().splitlines()[0]
    path.write_text(f"{line}\n{line}\n")
    with pytest.raises(MeasurementError, match=r"on twice\.jsonl:1 already"):
        load("cvc-rules", path)


def test_cvc_dilemmas_tell_rules_from_the_distractor() -> None:
    instrument = load("cvc-dilemmas", sample("cvc-dilemmas"))

    question = instrument.questions[1]
    assert question.names == ("rule2", "rule1", "distractor")
    assert question.option("distractor").kind == "distractor"
    assert set(question.option("rule1").tags) == {"One should return what one has borrowed."}


def test_value_prism_asks_for_valence_or_relevance() -> None:
    by_valence = load("value-prism", sample("value-prism"))
    by_relevance = load("value-prism", sample("value-prism"), form="relevance")

    assert [q.truth for q in by_valence.questions][:4] == [
        "supports",
        "opposes",
        "supports",
        "either",
    ]
    assert {q.form for q in by_relevance.questions} == {"relevance"}


def test_progress_gym_tables_are_told_apart() -> None:
    folder = sample("progress-gym").parent

    assert load("progress-gym", sample("progress-gym")).dimensions == tuple(
        sorted(MORAL_FOUNDATIONS)
    )
    views = load("progress-gym", folder / "progress_gym_views.csv")
    assert {len(q.options) for q in views.questions} == {4}
    assert load("progress-gym", folder / "moral_choice.csv") == load(
        "moral-choice", folder / "moral_choice.csv"
    )


def test_faulty_rows_are_refused_or_left_out_and_counted(tmp_path: Path) -> None:
    path = tmp_path / "views.csv"
    text = (sample("progress-gym").parent / "progress_gym_views.csv").read_text()
    path.write_text(text + "V_3,generated,Axiology,What is good?,one,two,three,\n")

    with pytest.raises(MeasurementError, match="'action4' is empty; faulty='skip'"):
        load("progress-gym", path)
    kept = load("progress-gym", path, faulty="skip")
    assert len(kept.questions) == 2
    assert "1 faulty rows were left out" in kept.limits


def test_stray_quotes_around_actions_are_dropped() -> None:
    question = load("progress-gym", sample("progress-gym")).questions[1]

    assert question.option("action1").text == "I pay both the same"


def test_moral_choice_tags_what_is_broken_and_knows_the_clear_case() -> None:
    instrument = load("moral-choice", sample("moral-choice"))

    clear, unclear = instrument.questions[:2]
    assert clear.truth == "action1"
    assert clear.option("action2").tags == {"no cheat": -1.0, "no deceive": -1.0}
    assert unclear.truth == ""
    assert len({q.id for q in instrument.questions}) == 3


@pytest.mark.parametrize(
    ("label", "value"), [("+1", 1), ("1", 1), ("-1", -1), ("- 1", -1), ("1+", 1), ("=1", 1)]
)
def test_schwartz_labels_are_read_in_every_published_spelling(
    label: str, value: int, tmp_path: Path
) -> None:
    path = tmp_path / "f.jsonl"
    path.write_text(json.dumps({"dialogue": "x", "value_types": [f"Power: {label}"]}) + "\n")

    assert read_labels(path) == (("x", {"power": value}),)


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (["power: 2"], "not like"),
        (["power"], "not like"),
        (["power: +1", "power: -1"], "both"),
        ("power: +1", "no list"),
    ],
)
def test_malformed_labels_are_refused(labels: object, message: str, tmp_path: Path) -> None:
    path = tmp_path / "f.jsonl"
    path.write_text(json.dumps({"dialogue": "x", "value_types": labels}) + "\n")

    with pytest.raises(MeasurementError, match=message):
        load("fulcra", path)


def test_a_separator_inside_a_text_does_not_end_its_line(tmp_path: Path) -> None:
    path = tmp_path / "f.jsonl"
    line = {"dialogue": "one\u2028two\x85three", "value_types": ["power: 1"]}
    path.write_text(json.dumps(line, ensure_ascii=False) + "\n", encoding="utf-8")

    assert read_labels(path) == (("one\u2028two\x85three", {"power": 1.0}),)


def test_the_portrait_covers_the_ten_values_and_recovers_a_planted_person() -> None:
    instrument = load("questionnaire", sample("questionnaire"))
    caring = Weighing.of(instrument, {"benevolence": 8.0, "universalism": 8.0, "power": -8.0})

    scores = profile(measure(instrument, caring, repeats=5), SCHWARTZ_HIGHER, centre="mean")

    assert set(instrument.dimensions) == set(SCHWARTZ)
    assert max(scores.vector(), key=scores.vector().__getitem__) == "self-transcendence"


def test_the_foundations_have_reverse_keyed_items_for_each() -> None:
    instrument = load("questionnaire", sample("questionnaire").with_name("foundations.csv"))

    keys = {(tag, key) for q in instrument.questions for tag, key in q.tags.items()}

    assert keys == {(each, sign) for each in MORAL_FOUNDATIONS for sign in (1.0, -1.0)}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("id,text,dimension\na,x,care\na,y,care\n", "uses the id 'a' twice"),
        ("id,text,dimension,keyed\na,x,care,0\n", "'keyed' is 0"),
        ("id,text,dimension,keyed\na,x,care,yes\n", "not a number"),
        ("id,text,dimension,keyed\na,x,care,inf\n", "not a finite number"),
        ("id,text,dimensions\na,x,care\n", "did you mean 'dimensions'"),
        ("id,text,dimension\na,,care\n", "'text' is empty"),
    ],
)
def test_malformed_questionnaires_are_refused(text: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "q.csv"
    path.write_text(text)

    with pytest.raises(MeasurementError, match=message):
        load("questionnaire", path)
