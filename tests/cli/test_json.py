"""What ``--json`` prints is what the documentation says."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telic.cli._ending import RunDocument
from telic.cli._json import emit
from tests.cli.conftest import Call

DOCS = Path(__file__).parents[2] / "docs"


def test_the_page_of_keys_is_up_to_date():
    spec = importlib.util.spec_from_file_location("json_page", DOCS / "json_page.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)

    assert (DOCS / "json.md").read_text() == module.page(), "run `python docs/json_page.py`"


def test_a_run_gives_exactly_the_documented_keys(call: Call, number: str):
    options = ("--operators", "step", "--workers", "1", "--evaluations", "5", "--json")

    document = call("run", number, *options).document

    assert list(document) == list(RunDocument.__struct_fields__)


values = st.recursive(
    st.none() | st.floats() | st.integers() | st.text(st.characters(exclude_categories=())),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(values)
def test_any_document_is_one_plain_ascii_object(value: object):
    with pytest.MonkeyPatch.context() as patch:
        written: list[str] = []
        patch.setattr("sys.stdout", _Collector(written))
        emit({"value": value})
    text = "".join(written)

    assert text.isascii()
    assert set(json.loads(text, parse_constant=_refuse)) == {"value"}


class _Collector:
    def __init__(self, written: list[str]) -> None:
        self.write = written.append

    def flush(self) -> None:
        """Nothing is held back."""


def _refuse(constant: str) -> None:
    raise AssertionError(f"{constant} is not JSON")
