"""The loop: ask → propose → evaluate → record → tell, under a budget.

Everything that decides lives in parts that are passed in; the engine alone puts them
together, and only the journal's records move them.
"""

from __future__ import annotations
