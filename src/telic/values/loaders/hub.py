"""Fetching a data set's file from the Hugging Face hub, where that library is installed."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

from telic.errors import MeasurementError

__all__ = ["download"]


def download(repository: str, file: str, *, revision: str | None = None) -> Path:
    """Download one file of a data set and return its place in the hub's cache.

    Args:
        repository: the data set's ``owner/name``.
        file: path inside it.
        revision: branch, tag or commit; the newest by default.

    Raises:
        MeasurementError: if ``huggingface_hub`` is not installed, or the file cannot be had.
    """
    try:
        hub: Any = importlib.import_module("huggingface_hub")
    except ImportError as error:
        raise MeasurementError(
            f"{file} of {repository} is on the Hugging Face hub: install huggingface_hub, or "
            "download the file yourself and give its path"
        ) from error
    try:
        place = hub.hf_hub_download(
            repo_id=repository, filename=file, repo_type="dataset", revision=revision
        )
    except (OSError, ValueError) as error:  # the library's errors are kinds of these two
        raise MeasurementError(f"cannot download {file} of {repository}: {error}") from error
    return Path(place)
