"""Write a new problem, commented, that runs at once."""

from __future__ import annotations

import shutil
import tempfile
from importlib.resources import files
from pathlib import Path

from telic.errors import StorageError, UsageError

__all__ = ["scaffold"]

_FILES = ("problem.toml", "seed.py", "score.py")
_PLACEHOLDER = "my-problem"


def scaffold(name: str, folder: str | Path = ".") -> Path:
    """Write a new problem's folder with ``problem.toml``, ``seed.py`` and ``score.py``.

    Args:
        name: of the problem and of its folder.
        folder: where the problem's folder is made.

    Returns:
        The new folder.

    Raises:
        UsageError: if the name is not the plain name of a folder.
        StorageError: if something of that name is there already, or nothing can be written.
            Nothing half-written is left behind.
    """
    if not name or name.startswith(".") or any(sign in name for sign in '/\\"\n\r\t'):
        raise UsageError(f"a problem's name must be the plain name of a folder; got {name!r}")
    target = Path(folder) / name
    if target.exists() or target.is_symlink():
        raise StorageError(f"{target} exists already; nothing was changed")
    draft: Path | None = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        # A rename within one folder is atomic: either the whole problem is there or nothing.
        draft = Path(tempfile.mkdtemp(prefix=".telic-", dir=target.parent))
        for file in _FILES:
            text = (files("telic.formats") / "template" / f"{file}.txt").read_text(encoding="utf-8")
            (draft / file).write_text(text.replace(_PLACEHOLDER, name), encoding="utf-8")
        draft.chmod(0o755)
        draft.rename(target)
    except OSError as error:
        if draft is not None:
            shutil.rmtree(draft, ignore_errors=True)
        reason = error.strerror or str(error)
        raise StorageError(f"{target} cannot be written: {reason}") from error
    return target
