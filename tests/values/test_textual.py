from __future__ import annotations

import pytest

from telic.errors import MeasurementError
from telic.values.questions import pair
from telic.values.textual import Person, Textual

ITEM = pair("p", "tea", "coffee", text="Breakfast.").item(("tea", "coffee"))


def person(*lines: str) -> tuple[Person, list[object]]:
    feed, shown = iter(lines), list[object]()

    def read(_: str) -> str:
        try:
            return next(feed)
        except StopIteration:
            raise EOFError from None

    return Person(read=read, write=shown.append), shown


def test_a_function_from_text_to_text_is_a_respondent() -> None:
    seen: list[tuple[str, int]] = []

    def complete(prompt: str, seed: int) -> str:
        seen.append((prompt, seed))
        return "B"

    answer = Textual("echo", complete, preamble="You like coffee.").ask(ITEM, 7)

    assert answer.choice == 1
    assert seen[0][1] == 7
    assert seen[0][0].startswith("You like coffee.\n\nBreakfast.")


def test_a_lost_connection_is_an_error_and_not_a_choice() -> None:
    def complete(prompt: str, seed: int) -> str:
        raise TimeoutError("no reply in 30 s")

    answer = Textual("away", complete).ask(ITEM, 0)

    assert (answer.status, answer.text) == ("error", "no reply in 30 s")


def test_a_fault_of_the_function_passes_through() -> None:
    def complete(prompt: str, seed: int) -> str:
        raise KeyError("model")

    with pytest.raises(KeyError):
        Textual("broken", complete).ask(ITEM, 0)


def test_a_person_is_asked_again_until_the_answer_can_be_read() -> None:
    who, shown = person("hm", "tea")

    answer = who.ask(ITEM, 0)

    assert answer.choice == 0
    assert "B) coffee" in str(shown[0])
    assert len(shown) == 2


@pytest.mark.parametrize(("line", "status"), [("skip", "abstained"), ("refuse", "refused")])
def test_a_person_may_skip_or_refuse(line: str, status: str) -> None:
    assert person(line)[0].ask(ITEM, 0).status == status


def test_a_person_who_stays_unreadable_is_unparsed() -> None:
    assert person("?", "??", "???")[0].ask(ITEM, 0).status == "unparsed"


def test_the_end_of_the_input_stops_the_measurement_with_advice() -> None:
    with pytest.raises(MeasurementError, match="measure again with the same record"):
        person()[0].ask(ITEM, 0)
