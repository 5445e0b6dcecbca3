"""The command line: each command parses, calls the library and renders.

Nothing heavy is imported before a command needs it: `telic run` reaches its first
evaluation before the terminal library is loaded.
"""

from telic.cli._main import main

__all__ = ["main"]
