"""Isolation: runs hostile code. Standard library only."""
