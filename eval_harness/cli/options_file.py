"""Options of `synthlm eval` from a TOML file: names as on the command line, models as `[[models]]`."""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, Final

from cyclopts import App, CycloptsError

from eval_harness.cli.options import Options
from eval_harness.errors import SettingsError
from synthlm_tasks.cli.messages import explain_usage

_MODELS: Final = "models"
_UNFIT: Final = {
    "api_key": 'a key does not belong in a file: name the variable that holds it, api_key_env = "…"',
    "config": "a file of options names no other",
    "resume": "give it on the command line",
}
_NAMES: Final = frozenset(field.name for field in fields(Options))
_NOT_A_NAME: Final = re.compile(r"[^A-Za-z0-9._-]+")


def read_options(path: Path, typed: Options) -> dict[str | None, Options]:
    """The options of each model that a file lists, by name; of a file without such a list, under None.

    A model's own come before the file's, and what was typed before both. Raises SettingsError, and
    CycloptsError for a value that the option does not take.
    """
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise SettingsError(f"--config {str(path)!r}: cannot be read ({error})") from None
    models = data.pop(_MODELS, None)
    common = _read_table(path, data, "")
    if models is None:
        return {None: _merge(common, typed)}
    if not isinstance(models, list) or not models or not all(isinstance(table, dict) for table in models):
        raise SettingsError(f"--config {str(path)!r}: models: expected one [[models]] or more")
    found: dict[str | None, Options] = {}
    for number, table in enumerate(models, 1):
        own = dict(table)
        name = own.pop("name", None)
        # Joined as tables: options cannot tell a false that is meant from one that is not there.
        options = _merge(_read_table(path, _named(data) | _named(own), f"model {number}: "), typed)
        name = _NOT_A_NAME.sub("-", str(name or options.model or "")).strip("-.")
        if not name or name in found:
            wrong = f"two of the name {name!r}" if name else "neither name nor model"
            raise SettingsError(
                f"--config {str(path)!r}: model {number}: {wrong}; give each a name of its own"
            )
        found[name] = options
    return found


def _read_table(path: Path, table: Mapping[str, Any], place: str) -> Options:
    """A table as if it had been typed: the same names, values and refusals."""
    named = _named(table)
    for name in named:
        if name in _UNFIT or name not in _NAMES:
            reason = _UNFIT.get(
                name, f"no such option; expected some of {', '.join(sorted(_NAMES - _UNFIT.keys()))}"
            )
            raise SettingsError(f"--config {str(path)!r}: {place}{name}: {reason}")
    try:
        found: Options | None = _PARSER(list(_arguments(named)), exit_on_error=False, print_error=False)
    except CycloptsError as error:
        raise SettingsError(f"--config {str(path)!r}: {place}{explain_usage(error)}") from None
    return found or Options()


def _named(table: Mapping[str, Any]) -> dict[str, Any]:
    """A table by the names that options have in Python."""
    return {name.replace("-", "_"): value for name, value in table.items()}


def _arguments(named: Mapping[str, Any]) -> Iterator[str]:
    for name, value in named.items():
        option = "--" + name.replace("_", "-")
        if isinstance(value, bool):
            if value:
                yield option
        elif isinstance(value, list) and name != "header":
            yield from (option, *map(str, value))
        elif isinstance(value, dict):
            yield f"{option}={json.dumps(value)}"
        else:
            yield from (f"{option}={item}" for item in (value if isinstance(value, list) else [value]))


def _merge(below: Options, above: Options) -> Options:
    """The options of `above`, and where it has the default those of `below`."""
    stock = Options()
    own = {name: value for name in _NAMES if (value := getattr(above, name)) != getattr(stock, name)}
    return replace(below, **own)


def _give(options: Options | None = None) -> Options | None:
    return options


_PARSER: Final = App(result_action="return_value", help_flags=(), version_flags=())
_PARSER.default(_give)
