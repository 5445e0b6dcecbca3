"""The page about strategies and portfolios names them all, with their settings as they are."""

import inspect
import re
from pathlib import Path

import pytest

from telic.component import Kind
from telic.registry import factory, known

PAGE = (Path(__file__).parents[2] / "docs" / "strategies.md").read_text()
ROW = re.compile(r"^\| `([a-z-]+)` \|.*\| (.*)\|$", re.MULTILINE)
KINDS: tuple[Kind, ...] = ("strategy", "portfolio")


def settings(kind: Kind, name: str) -> dict[str, object]:
    parameters = inspect.signature(factory(kind, name)).parameters
    return {key: value.default for key, value in parameters.items() if key != "problem"}


@pytest.mark.parametrize("kind", KINDS)
def test_every_component_is_on_the_page_with_its_defaults(kind: Kind):
    rows = dict(ROW.findall(PAGE))

    for name in known(kind):
        shown = re.findall(r'(\w+)=("[^"]*"|[^ `]+)', rows[name])
        written = {key: value.strip('"') for key, value in shown}
        assert written == {
            key: f"{value:g}" if isinstance(value, float | int) else str(value)
            for key, value in settings(kind, name).items()
        }


def test_nothing_else_is_on_the_page():
    assert set(dict(ROW.findall(PAGE))) == {name for kind in KINDS for name in known(kind)}
