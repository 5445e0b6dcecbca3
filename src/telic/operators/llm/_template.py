"""Prompts as plain text files: what the system says, a line of dashes, what the user says.

Places are written ``{{name}}``. A user's folder may hold a file for any of the operators; the
others keep the built-in one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path

import msgspec

from telic.errors import UsageError
from telic.models.base import Message

__all__ = ["Template", "read_template"]

_PLACE = re.compile(r"\{\{(\w+)\}\}")
_DIVIDER = re.compile(r"^-{3,}\s*$", re.MULTILINE)


class Template(msgspec.Struct, frozen=True):
    """A prompt with places."""

    system: str
    user: str

    def filled(self, places: Mapping[str, str]) -> tuple[Message, Message]:
        """Return the two messages. What is put in is never searched for places itself."""

        def put(match: re.Match[str]) -> str:
            return places.get(match[1], "")

        user = _PLACE.sub(put, self.user).strip() + "\n"
        return Message("system", _PLACE.sub(put, self.system).strip()), Message("user", user)


@cache
def read_template(name: str, folder: str = "") -> Template:
    """Return a template by the name of its operator.

    Args:
        name: for example ``"diff"``.
        folder: of the user's own templates, if any.

    Raises:
        UsageError: if the folder is not there, or a file in it has no line of dashes.
    """
    if folder and not Path(folder).is_dir():
        raise UsageError(f"there is no folder of prompt templates at {folder}")
    own = Path(folder) / f"{name}.txt"
    if folder and own.is_file():
        where, text = str(own), own.read_text(encoding="utf-8")
    else:
        built_in = resources.files("telic.operators.llm") / "templates" / f"{name}.txt"
        where, text = f"the template {name}", built_in.read_text(encoding="utf-8")
    parts = _DIVIDER.split(text, maxsplit=1)
    if len(parts) != 2:
        raise UsageError(f"{where} needs a line of dashes between the system's part and the user's")
    return Template(*parts)
