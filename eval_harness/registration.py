"""Teaches Hugging Face evaluate the name `synthlm_accuracy`, without importing it.

evaluate takes seconds to import, and most users of this package never need it: the name is taught when
evaluate is imported, before or after.
"""

import functools
import sys
from collections.abc import Callable, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import ModuleType
from typing import Final, TypeAlias

NAME: Final = "synthlm_accuracy"
_MODULE: Final = f"eval_harness.{NAME}.{NAME}"
_LOADING: Final = "evaluate.loading"

_Find: TypeAlias = Callable[..., object]


def _finding_metric(find: _Find, loading: ModuleType) -> _Find:
    """The library's module factory, taught one more name."""

    @functools.wraps(find)
    def evaluation_module_factory(path: str, *args: object, **kwargs: object) -> object:
        if path == NAME:
            return loading.ImportableModule(_MODULE, NAME)
        return find(path, *args, **kwargs)

    vars(evaluation_module_factory)["finds"] = NAME
    return evaluation_module_factory


def _teach(loading: ModuleType) -> None:
    factory = loading.evaluation_module_factory
    if vars(factory).get("finds") != NAME:
        loading.evaluation_module_factory = _finding_metric(factory, loading)  # type: ignore[attr-defined]


class _Loader(SourceFileLoader):
    def exec_module(self, module: ModuleType) -> None:
        super().exec_module(module)
        _teach(module)


class _Finder(MetaPathFinder):
    """Steps in once, when `evaluate.loading` is looked for."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != _LOADING:
            return None
        sys.meta_path.remove(self)
        spec = PathFinder.find_spec(fullname, path, target)
        if spec and spec.origin:
            spec.loader = _Loader(fullname, spec.origin)
        return spec


def register() -> None:
    """Make `evaluate.load("synthlm_accuracy")` work, now or as soon as evaluate is imported."""
    if _LOADING in sys.modules:
        _teach(sys.modules[_LOADING])
    elif not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())
