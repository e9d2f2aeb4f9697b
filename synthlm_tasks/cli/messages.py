"""Messages of wrong usage in the words of who typed it: options by name, and the near one that is meant."""

import itertools
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from typing import Final

from cyclopts import App, CycloptsError
from cyclopts.exceptions import UnknownOptionError

_ELSEWHERE: Final = {
    "--api-base": "--base-url",
    "--concurrency": "--max-concurrent",
    "--difficulty": "--difficulties",
    "--fewshot": "--shots",
    "--gpus": "--num-proc",
    "--jobs": "--num-proc",
    "--level": "--difficulties",
    "--limit": "--samples-per-combo --num-samples --samples",
    "--log-dir": "--output-dir",
    "--max-connections": "--max-concurrent",
    "--max-gen-toks": "--max-tokens",
    "--max-new-tokens": "--max-tokens",
    "--max-samples": "--samples-per-combo --num-samples --samples",
    "--model-name": "--model",
    "--n": "--samples-per-combo --num-samples --samples",
    "--num-concurrent": "--max-concurrent",
    "--num-fewshot": "--shots",
    "--num-processes": "--num-proc",
    "--num-tokens": "--total-tokens",
    "--num-workers": "--num-proc",
    "--out": "--output-dir",
    "--output": "--output-dir",
    "--output-path": "--output-dir",
    "--processes": "--num-proc",
    "--repeat": "--epochs",
    "--repo": "--hub-repo",
    "--repo-id": "--hub-repo",
    "--retries": "--max-retries",
    "--rpm": "--requests-per-minute",
    "--rows": "--num-samples",
    "--seq-len": "--context",
    "--sequence-length": "--context",
    "--temp": "--temperature",
    "--token": "--hf-token",
    "--tpm": "--tokens-per-minute",
    "--url": "--base-url",
    "--workers": "--num-proc",
    "-j": "--num-proc",
    "-m": "--model",
    "-n": "--samples-per-combo --num-samples --samples",
    "-o": "--output-dir",
    "-t": "--tasks",
}
"""What other programs call an option → ours, the first of them that the command has."""

# Parameters of the Python interface that a command has under another name.
_ALIASES: Final = {"hub_repo": "REPO", "header": "--header", "headers": "--header"}


def explain_usage(error: CycloptsError) -> str:
    """One line for what the command line's parser refuses, with the option that may be meant."""
    if isinstance(error, UnknownOptionError):
        typed = (error.token.keyword or error.token.value).partition("=")[0]
        known = [name for argument in error.argument_collection for name in argument.names]
        near = _find_near(typed, [name for name in known if name.startswith("-")])
        return f"Unknown option: {typed}." + (f" Did you mean {near}?" if near else "")
    return " ".join(str(error).split())


def _find_near(typed: str, known: Sequence[str]) -> str | None:
    """The known option that is meant: by another name of it, or by a slip."""
    spelt = typed.lower().replace("_", "-")
    for name in (spelt, *_ELSEWHERE.get(spelt, "").split()):
        if name in known:
            return name
    # `--empty-…` and `--no-…` only switch off what another option gives.
    off = ("--empty-", "--no-")
    likely = [name for name in known if spelt.startswith(off) or not name.startswith(off)]
    return next(iter(get_close_matches(spelt, likely, n=1)), None)


def name_options(message: str, app: App, typed: Iterable[str]) -> str:
    """A message of the Python interface in the words of the command line.

    e.g. "total_tokens='x': expected …" → "--total-tokens 'x': expected …", where the command typed has that
    option; "'x': is a file" → "--log 'x': is a file", where it was typed for that. What begins with neither
    stays as it is.
    """
    typed = list(typed)
    for name, value in _typed_options(typed):
        if message.startswith(f"{value!r}: "):
            return f"{name} {message}"
    found = re.match(r"(\w+)(=|: | \(hidden\): )", message)
    if not found:
        return message
    names = _option_names(app, typed)
    shown = names.get(found[1])
    if shown is None and _ALIASES.get(found[1]) in names.values():
        shown = _ALIASES[found[1]]
    if shown is None:
        return message
    return shown + (" " if found[2] == "=" else found[2]) + message[found.end() :]


def _typed_options(typed: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The options typed, each with its value as a path is shown."""
    for token, following in itertools.zip_longest(typed, typed[1:], fillvalue=""):
        name, equals, value = token.partition("=")
        if name.startswith("--"):
            yield name, os.path.expanduser(value if equals else following)  # noqa: PTH111  # it may be no path


def _option_names(app: App, typed: Sequence[str]) -> dict[str, str]:
    """Parameter → option or argument, e.g. "total_tokens" → "--total-tokens", of the command typed."""
    _, apps, _ = app.parse_commands(typed)
    names = {}
    for argument in apps[-1].assemble_argument_collection():
        name = argument.names[0]
        if name != "*":  # a group of options
            names[argument.field_info.name] = name
            names[name.lower().lstrip("-").replace("-", "_")] = name
    return names
