"""Turn what a foreign evaluator reports into plain finite numbers and a bounded text.

Runs inside the sandbox, next to untrusted code; the trusted side checks everything again.
"""

import math
import numbers
from collections.abc import Mapping
from typing import Any

TEXT_LIMIT = 20_000


def split_metrics(
    reported: Mapping[str, Any], prefix: str = ""
) -> tuple[dict[str, float], dict[str, Any]]:
    """Split a possibly nested dict into finite numbers and everything else.

    Nested names are joined by dots. Booleans are flags, not scores, so they are texts; so are
    NaN and the infinities.

    Returns:
        A dict of name to float, and a dict of name to whatever was not a finite number.
    """
    metrics: dict[str, float] = {}
    texts: dict[str, Any] = {}
    for key, value in reported.items():
        name = f"{prefix}{key}"
        if isinstance(value, dict):
            inner_metrics, inner_texts = split_metrics(value, f"{name}.")
            metrics.update(inner_metrics)
            texts.update(inner_texts)
            continue
        number = as_number(value)
        if number is not None and math.isfinite(number):
            metrics[name] = number
        elif value is not None:
            texts[name] = value
    return metrics, texts


def as_number(value: Any) -> float | None:
    """Return a real number as a float; ``None`` for anything else, booleans included."""
    if hasattr(value, "item") and getattr(value, "ndim", None) == 0:
        value = value.item()  # a NumPy scalar
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        return None
    try:
        return float(value)
    except OverflowError:
        return None


def feedback(texts: Mapping[str, Any]) -> str:
    """Render named texts, bytes or values as lines, cut to ``TEXT_LIMIT`` characters."""
    parts: list[str] = []
    for name, value in texts.items():
        if isinstance(value, bytes):
            value = value.decode("utf-8", "replace")
        text = value if isinstance(value, str) else repr(value)
        if text.strip():
            parts.append(f"{name}: {text.strip()}")
    text = "\n".join(parts)
    if len(text) > TEXT_LIMIT:
        text = text[: TEXT_LIMIT - 20] + "\n... (cut short)"
    return text.encode("utf-8", "replace").decode("utf-8")
