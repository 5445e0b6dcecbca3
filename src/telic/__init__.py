"""Telic: value-guided evolution."""

__version__ = "0.1.0"
