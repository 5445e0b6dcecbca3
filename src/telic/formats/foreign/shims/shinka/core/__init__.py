"""Stand-in for ``shinka.core``: the evaluation helper without the framework behind it."""

from .wrap_eval import load_program, run_shinka_eval, save_json_results

__all__ = ["load_program", "run_shinka_eval", "save_json_results"]
