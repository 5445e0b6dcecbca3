"""How measures become one comparable worth."""

from telic.objectives._objective import Assessment, Objective

__all__ = ["Assessment", "Objective"]
