"""Every mixer by name, each imported only when it is made, and the user's own by "module:factory"."""

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final, TypeAlias

from eval_harness.errors import SettingsError
from synthlm_tasks.errors import suggest


@dataclass(frozen=True)
class Place:
    """Where a mixer stands, which is all that one is made from."""

    width: int
    """Numbers of a token, d: what comes in and goes out."""
    inner: int
    """Numbers of a token inside the mixer; `width` unless parameters are matched by it."""
    layer: int
    """From 0 on."""
    layers: int

    @property
    def heads(self) -> int:
        """Heads, of some 32 numbers each where nothing is matched: the most that divide the width."""
        return max(heads for heads in range(1, max(self.width // HEAD, 1) + 1) if self.width % heads == 0)


HEAD: Final = 32

Factory: TypeAlias = Callable[[Place], Any]
"""Makes a torch module whose `forward` takes (b, n, d) to (b, n, d). It may have `state_size(length)`, the
numbers it carries from one token to the next, and `packages`, what its fast kernels come from."""

_ROOM: Final = "eval_harness.architectures.mixers"

MIXERS: Final = {
    "attention": f"{_ROOM}.attention:Attention",
    "attention-nope": f"{_ROOM}.attention:AttentionWithoutPositions",
    "mamba2": f"{_ROOM}.mamba:Mamba2",
    "gated-deltanet": f"{_ROOM}.delta:GatedDeltaNet",
    "gated-deltanet-neg": f"{_ROOM}.delta:GatedDeltaNetNegative",
    "kda": f"{_ROOM}.delta:KimiDelta",
    "linear": f"{_ROOM}.linear:LightningAttention",
    "mlstm": f"{_ROOM}.mlstm:MLSTM",
    "rg-lru": f"{_ROOM}.recurrent:RGLRU",
    "gru": f"{_ROOM}.recurrent:GRU",
}
"""Name → module:factory."""

# How far mixers widen when parameters are matched by it: those of others stay as wide as the model.
WIDENED: Final = {"mamba2": 2}
"""Name → inner width as a multiple of the model's; 1 for the others. Mamba-2 is made to be twice as wide."""


def find_mixer(name: str) -> Factory:
    """The factory of a mixer by name or by "module:factory"; raises SettingsError.

    A user's factory takes the width alone, and is looked for in the working folder too.
    """
    if name in MIXERS:
        return _load(name, MIXERS[name])
    if ":" not in name:
        known = f"expected one of {', '.join(MIXERS)}, stock:TYPE, or a mixer of yours as module:factory"
        raise SettingsError(f"architecture={name!r}: {known}{suggest(name, MIXERS)}")
    own: Any = _load(name, name)
    return lambda place: own(place.width)


def _load(name: str, path: str) -> Factory:
    module, _, attribute = path.partition(":")
    here = os.getcwd()  # noqa: PTH109  # as `python -m` does
    if here not in sys.path:
        sys.path.append(here)
    try:
        found: Factory = getattr(import_module(module), attribute)
    except ModuleNotFoundError as error:
        if error.name in ("torch", "transformers"):
            raise SettingsError(
                f"architecture={name!r}: needs {error.name}: pip install 'synthlm[train]'"
            ) from None
        raise SettingsError(f"architecture={name!r}: {error}") from None
    except AttributeError:
        raise SettingsError(f"architecture={name!r}: module {module!r} has no {attribute!r}") from None
    return found
