"""Folders in the installed package that other harnesses are pointed at."""

from pathlib import Path
from typing import Final

from eval_harness.plugins.questions import PluginError
from synthlm_tasks.errors import suggest

_HOME: Final = Path(__file__).parent / "paths"

PLUGIN_PATHS: Final = ("lm-eval", "verifiers")
"""Those that look for files."""


def plugin_path(name: str) -> Path:
    """The folder (or file) for a harness; raises PluginError for any other."""
    if name not in PLUGIN_PATHS:
        expected = f"expected one of {', '.join(PLUGIN_PATHS)}"
        raise PluginError(f"{name!r}: {expected}{suggest(name, list(PLUGIN_PATHS))}")
    return _HOME / name
