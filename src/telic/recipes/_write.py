"""A report as files: JSON, text and one SVG for each plot."""

from __future__ import annotations

from pathlib import Path

import msgspec

from telic.errors import StorageError
from telic.recipes._plot import draw
from telic.recipes._report import Report
from telic.recipes._text import lines

__all__ = ["write_report"]


def write_report(report: Report, folder: Path) -> list[Path]:
    """Write ``NAME.json``, ``NAME.txt`` and ``NAME-1.svg``, ``NAME-2.svg`` ... into a folder.

    Args:
        report: what is written.
        folder: made if it is not there; files of the same names are replaced.

    Returns:
        The files, in that order.

    Raises:
        StorageError: if the folder cannot be written.
    """
    text = msgspec.json.format(msgspec.json.encode(report), indent=2).decode() + "\n"
    files = {
        folder / f"{report.recipe}.json": text,
        folder / f"{report.recipe}.txt": "\n".join(lines(report)) + "\n",
    }
    for number, plot in enumerate(report.plots, start=1):
        files[folder / f"{report.recipe}-{number}.svg"] = draw(plot)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path, content in files.items():
            path.write_text(content, encoding="utf-8")
    except OSError as error:
        raise StorageError(f"the report cannot be written to {folder}: {error}") from error
    return list(files)
