"""The space of hybrid classifiers and what they see."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from telic.recipes._hybrids import MACRO, MICRO, START, Classifiers, Genome, vary
from telic.seeding import stream


def with_settings(**settings: int) -> Genome:
    changed = {name.replace("_", " "): value for name, value in settings.items()}
    return tuple(sorted((dict(START) | changed).items()))


@given(st.lists(st.sampled_from([*MACRO, *MICRO]), max_size=60), st.integers(0, 1000))
def test_a_mutation_changes_one_setting_within_its_range(settings: list[str], seed: int):
    genome, rng = START, Random(seed)
    for setting in settings:
        before, genome = dict(genome), vary(genome, setting, rng)
        after = dict(genome)
        changed = {name for name in after if after[name] != before[name]}

        assert changed <= {setting}
        low, high = (0, 1) if setting in MACRO else MICRO[setting]
        assert low <= after[setting] <= high


def test_every_view_helps_on_these_questions():
    classifiers = Classifiers(stream(5, "questions"))
    words = with_settings(word_buckets=10, ridge=-2)
    chars = {"chars": 1, "char_length": 4, "char_buckets": 10, "char_weight": 1}
    pairs = {"pairs": 1, "pair_buckets": 10, "pair_weight": 1}

    start, plain, with_chars, with_pairs = (
        sum(classifiers.scores(genome)) / 2
        for genome in (
            START,
            words,
            with_settings(word_buckets=10, ridge=-2, **chars),
            with_settings(word_buckets=10, ridge=-2, **pairs),
        )
    )

    assert 1.5 / 12 < start < plain
    assert with_chars > plain + 0.05
    assert with_pairs > plain + 0.02


def test_questions_depend_on_their_address_alone():
    scores = [Classifiers(stream(seed, "questions")).scores(START) for seed in (3, 3, 4)]

    assert scores[0] == scores[1] != scores[2]
