from __future__ import annotations

import sys
from types import SimpleNamespace

import pytest

from telic.errors import MeasurementError
from telic.values.loaders import load, sample


def test_the_hub_needs_its_library_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)

    with pytest.raises(MeasurementError, match="install huggingface_hub"):
        load("clash", "hub:")
    with pytest.raises(MeasurementError, match="is not known"):
        load("fulcra", "hub:")


def test_a_file_from_the_hub_is_read_from_its_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[dict[str, object]] = []

    def fetch(**arguments: object) -> str:
        asked.append(arguments)
        return str(sample("clash"))

    monkeypatch.setitem(sys.modules, "huggingface_hub", SimpleNamespace(hf_hub_download=fetch))

    instrument = load("clash", "hub:launch/CLASH/dataset.csv")

    assert len(instrument.questions) == 10
    assert asked[0]["repo_id"] == "launch/CLASH"
    assert asked[0]["filename"] == "dataset.csv"


def test_a_failed_download_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def fetch(**_: object) -> str:
        raise OSError("no route to host")

    monkeypatch.setitem(sys.modules, "huggingface_hub", SimpleNamespace(hf_hub_download=fetch))

    with pytest.raises(MeasurementError, match=r"cannot download dataset\.csv"):
        load("clash", "hub:")
