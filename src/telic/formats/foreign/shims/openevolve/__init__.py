"""Stand-in for the package that OpenEvolve evaluators import; see evaluation_result."""

from .evaluation_result import EvaluationResult

__all__ = ["EvaluationResult"]
