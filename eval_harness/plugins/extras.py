"""Importing what an extra brings, with a message that says how to get it."""

from importlib import import_module
from types import ModuleType

from eval_harness.plugins.questions import PluginError


def import_extra(module: str, extra: str, purpose: str) -> ModuleType:
    """Import a module; raises PluginError where its package is not installed."""
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        raise PluginError(f"{purpose} needs {error.name}: pip install 'synthlm[{extra}]'") from error
