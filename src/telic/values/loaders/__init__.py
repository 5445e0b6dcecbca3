"""Instruments from public data: one loader per format.

``load(format, source)`` reads a local file, or ``hub:`` for the file's public home on the
Hugging Face hub where there is one (it needs ``huggingface_hub``). ``sample(format)`` is a small
file of the same shape, written for Telic and shipped with it::

    from telic.values.loaders import load, sample

    instrument = load("daily-dilemmas", sample("daily-dilemmas"))
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from telic.errors import MeasurementError, UnknownNameError, UsageError
from telic.values.instrument import Instrument

__all__ = ["FORMATS", "Format", "load", "sample"]

_SAMPLES = Path(__file__).parent.parent / "samples"


class Format(msgspec.Struct, frozen=True):
    """A public format."""

    module: str
    function: str
    sample: str
    """Name of the shipped sample."""
    about: str
    hub: tuple[str, str] = ("", "")
    """Data set and file on the hub; empty where it is not there."""
    options: Mapping[str, Any] = {}
    """Keyword arguments that make this format of a shared loader."""


FORMATS: Mapping[str, Format] = {
    "custom": Format(
        "custom", "read_instrument", "breakfast.toml", "instruments of one's own in TOML or CSV"
    ),
    "utility-options": Format(
        "loaders.utility_options",
        "load_utility_options",
        "utility_options.json",
        "outcomes by category (Utility Engineering), as pairs",
    ),
    "daily-dilemmas": Format(
        "loaders.daily_dilemmas",
        "load_daily_dilemmas",
        "daily_dilemmas.csv",
        "everyday dilemmas with the values behind either action",
        ("kellycyy/daily_dilemmas", "dilemma_to_action_to_values_aggregated.csv"),
    ),
    "clash": Format(
        "loaders.clash",
        "load_clash",
        "clash.csv",
        "high-stakes dilemmas from a character's perspective, ambivalence included",
        ("launch/CLASH", "dataset.csv"),
    ),
    "nurvalues": Format(
        "loaders.nurvalues",
        "load_nurvalues",
        "nurvalues.csv",
        "nurses' behaviour against five nursing values, easy level",
    ),
    "nurvalues-hard": Format(
        "loaders.nurvalues",
        "load_nurvalues",
        "nurvalues.csv",
        "the same cases with an asker who argues for the wrong label",
        options={"level": "hard"},
    ),
    "cvc-rules": Format(
        "loaders.cvc", "load_cvc_rules", "cvc_rules.jsonl", "Chinese Value Corpus, rules"
    ),
    "cvc-dilemmas": Format(
        "loaders.cvc", "load_cvc_dilemmas", "cvc_dilemmas.csv", "Chinese Value Corpus, dilemmas"
    ),
    "value-prism": Format(
        "loaders.value_prism",
        "load_value_prism",
        "value_prism.csv",
        "values, rights and duties at stake in situations",
    ),
    "progress-gym": Format(
        "loaders.progress_gym",
        "load_progress_gym",
        "progress_gym_foundation.csv",
        "ProgressGym's foundations, views and moral choices",
    ),
    "fulcra": Format(
        "loaders.fulcra", "load_fulcra", "fulcra.jsonl", "dialogues labelled with Schwartz values"
    ),
    "moral-choice": Format(
        "loaders.moral_choice",
        "load_moral_choice",
        "moral_choice.csv",
        "scenarios with two actions and the rules each breaks",
    ),
    "questionnaire": Format(
        "loaders.questionnaire",
        "load_questionnaire",
        "portrait.csv",
        "self-descriptions in the manner of the PVQ-21 and the MFQ",
    ),
    "affect-probe": Format(
        "loaders.affect",
        "load_affect_probe",
        "affect_probe.csv",
        "good and bad news as one-word continuations, for small language models",
    ),
}
"""Name → format."""


def sample(name: str) -> Path:
    """Return the shipped sample file of a format.

    Raises:
        UnknownNameError: if there is no such format.
    """
    return _SAMPLES / _format(name).sample


def load(name: str, source: Path | str, **options: Any) -> Instrument:
    """Load an instrument.

    Args:
        name: of the format, a key of :data:`FORMATS`.
        source: a file; ``"hub:"`` for the format's public home, or ``"hub:OWNER/NAME/FILE"``.
        **options: of the loader, for example ``ways=2`` for ``clash``.

    Raises:
        UnknownNameError: if there is no such format.
        UsageError: if the loader has no such option.
        MeasurementError: if the file is malformed or cannot be had.
    """
    chosen = _format(name)
    loader: Any = getattr(importlib.import_module(f"telic.values.{chosen.module}"), chosen.function)
    arguments = {**chosen.options, **options}
    accepted = loader.__kwdefaults__ or {}
    for option in arguments:
        if option not in accepted:
            known = ", ".join(accepted) or "none"
            raise UsageError(f"format {name!r} has no option {option!r}; it has: {known}")
    instrument: Instrument = loader(_place(name, chosen, source), **arguments)
    return instrument


def _format(name: str) -> Format:
    if name not in FORMATS:
        raise UnknownNameError("format", name, FORMATS)
    return FORMATS[name]


def _place(name: str, chosen: Format, source: Path | str) -> Path:
    if isinstance(source, Path) or not source.startswith("hub:"):
        return Path(source)
    from telic.values.loaders.hub import download

    parts = source.removeprefix("hub:").split("/", 2)
    if len(parts) == 3:
        return download(f"{parts[0]}/{parts[1]}", parts[2])
    repository, file = chosen.hub
    if source != "hub:" or not repository:
        raise MeasurementError(
            f"where {name!r} is on the hub is not known; give hub:OWNER/NAME/FILE, or a file"
        )
    return download(repository, file)
