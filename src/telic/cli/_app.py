"""The full parser: help, mistakes and everything that the quick parser leaves to it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Annotated, Any, get_type_hints

from cyclopts import App, CycloptsError, Group, Parameter

from telic import __version__
from telic.cli._commands import ALIASES, COMMANDS, function_of
from telic.errors import UsageError

__all__ = ["call", "make_app"]

_BUDGET = Group("Budget: the first bound reached ends the run", sort_key=1)
_SEARCH = Group("Search", sort_key=2)
_OUTPUT = Group("Output", sort_key=3)
_GROUPS = {
    **dict.fromkeys(("evaluations", "seconds", "tokens", "money", "target", "no_target"), _BUDGET),
    **dict.fromkeys(
        ("seed", "strategy", "operators", "portfolio", "workers", "unordered", "window"), _SEARCH
    ),
    **dict.fromkeys(("output", "quiet", "json"), _OUTPUT),
}
"""Parameter → heading in help; the same in every command."""
_TITLE = "Evolve programs toward what you value: a problem and two commands are enough."
_FIRST_STEPS = """First steps:
  telic problems                                 what there is to try
  telic run circle-packing-26                    evolve it for a minute
  telic show                                     how the last run went
  telic init my-problem                          a problem of your own
  telic measure                                  what is valued, and by whom

Each command explains itself with --help and gives one JSON object with --json."""


def call(tokens: Sequence[str]) -> int:
    """Parse a command line and run its command.

    Raises:
        UsageError: if the command line is wrong, in one sentence.
    """
    try:
        result = make_app()(list(tokens), exit_on_error=False, print_error=False)
    except CycloptsError as error:
        raise UsageError(_sentence(error, tokens)) from error
    return result if isinstance(result, int) else 0


def make_app() -> App:
    """Return the application with all commands."""
    app = App(
        name="telic",
        version=__version__,
        help=_TITLE,
        help_epilogue=_FIRST_STEPS,
        help_format="plaintext",
        default_parameter=Parameter(negative=()),
        result_action="return_value",
    )
    for place, command in enumerate(COMMANDS):
        function = function_of(command)
        examples = _examples(function)
        app.command(_dressed(function), name=command, help_epilogue=examples, sort_key=place)
    return app


def _dressed(function: Callable[..., int]) -> Callable[..., int]:
    """Return a function with its short options and headings, which its module does without."""
    short = {name: option for option, name in ALIASES.items()}
    hints: dict[str, Any] = get_type_hints(function)
    for name, hint in hints.items():
        extras = [Parameter(show_default=False)] if hint is bool else []
        extras += [Parameter(alias=short[name])] if name in short else []
        extras += [Parameter(group=_GROUPS[name])] if name in _GROUPS else []
        for extra in extras:
            hints[name] = Annotated[hints[name], extra]

    def command(*args: Any, **kwargs: Any) -> int:
        return function(*args, **kwargs)

    signature = inspect.signature(function)
    parameters = [
        parameter.replace(annotation=hints[name])
        for name, parameter in signature.parameters.items()
    ]
    command.__doc__ = _reflowed(inspect.getdoc(function) or "")
    command.__annotations__ = hints
    command.__signature__ = signature.replace(parameters=parameters)  # pyright: ignore[reportFunctionMemberAccess]
    return command


def _reflowed(docstring: str) -> str:
    """Return a docstring with one line for each paragraph and each argument."""
    lines: list[str] = []
    for line in docstring.splitlines():
        depth = len(line) - len(line.lstrip())
        before = lines[-1] if lines else ""
        is_text = bool(line) and bool(before) and not before.endswith(":")
        if is_text and (depth == 0 or depth >= 8) and not line.endswith(":"):
            lines[-1] = f"{before} {line.strip()}"
        else:
            lines.append(line)
    return "\n".join(lines)


def _examples(function: Callable[..., int]) -> str:
    """Return the section of examples at the end of a docstring."""
    _, found, section = (inspect.getdoc(function) or "").partition("\nExamples:\n")
    assert found, f"the command {function.__name__!r} has no examples in its help"
    lines = [line.removeprefix("    ") for line in section.rstrip().splitlines()]
    return "\n".join(["Examples:", *(f"  {line}".rstrip() for line in lines)])


def _sentence(error: CycloptsError, tokens: Sequence[str]) -> str:
    text = " ".join(str(error).split()).rstrip(".")
    command = tokens[0] if tokens and tokens[0] in COMMANDS else ""
    return f"{text[:1].lower()}{text[1:]}; see `telic {f'{command} ' if command else ''}--help`"
