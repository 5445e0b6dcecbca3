"""Stand-in for ``openevolve.evaluation_result``: metrics with a side channel of artifacts."""

from dataclasses import dataclass, field
from typing import Any


@dataclass
class EvaluationResult:
    """What an evaluator returns instead of a bare dict of metrics."""

    metrics: dict[str, Any]
    artifacts: dict[str, str | bytes] = field(default_factory=dict[str, str | bytes])

    @classmethod
    def from_dict(cls, metrics: dict[str, Any]) -> "EvaluationResult":
        """Wrap a bare dict of metrics."""
        return cls(metrics=metrics)

    def to_dict(self) -> dict[str, Any]:
        """Return the metrics alone."""
        return self.metrics

    def has_artifacts(self) -> bool:
        """Tell whether there is any artifact."""
        return bool(self.artifacts)

    def get_artifact_keys(self) -> list[str]:
        """Return the names of the artifacts."""
        return list(self.artifacts)

    def get_artifact_size(self, key: str) -> int:
        """Return an artifact's size in bytes."""
        value = self.artifacts[key]
        return len(value if isinstance(value, bytes) else str(value).encode("utf-8"))

    def get_total_artifact_size(self) -> int:
        """Return the size of all artifacts in bytes."""
        return sum(map(self.get_artifact_size, self.artifacts))
