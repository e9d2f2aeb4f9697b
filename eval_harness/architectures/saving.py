"""A trained model as a folder: for stock models one that transformers loads and serves."""

import dataclasses
import json
from pathlib import Path
from typing import Final

from torch import nn

from eval_harness.architectures.backbone import Backbone, Shape
from eval_harness.architectures.mixers.registry import find_mixer
from eval_harness.architectures.spec import RunSpec
from eval_harness.architectures.stock import StockModel
from eval_harness.architectures.words import Words
from eval_harness.errors import SettingsError

_CONFIG: Final = "config.json"
_WEIGHTS: Final = "model.safetensors"
_TYPE: Final = "synthlm_backbone"


def save_model(model: nn.Module, spec: RunSpec, words: Words, folder: Path) -> None:
    """Save a model with its tokenizer; a stock model as a Hugging Face folder.

    A backbone is `config.json`, which has its architecture and shape, and `model.safetensors`.
    """
    words.save(folder)
    if isinstance(model, StockModel):
        model.model.save_pretrained(folder)
        return
    from safetensors.torch import save_file

    save_file({name: weight.contiguous() for name, weight in model.state_dict().items()}, folder / _WEIGHTS)
    about = {"model_type": _TYPE, "architecture": spec.architecture, **dataclasses.asdict(model.shape)}
    (folder / _CONFIG).write_text(json.dumps(about, indent=1) + "\n", "utf-8")


def load_backbone(folder: Path) -> Backbone:
    """The backbone that `save_model` saved; raises SettingsError for anything else."""
    from safetensors.torch import load_file

    try:
        about = json.loads((folder / _CONFIG).read_text("utf-8"))
        if about.pop("model_type") != _TYPE:
            raise KeyError(_TYPE)
        mixer = find_mixer(about.pop("architecture"))
        model = Backbone(Shape(**about), mixer, seed=0)
    except (OSError, ValueError, KeyError, TypeError):
        raise SettingsError(f"{str(folder)!r}: holds no backbone that `synthlm train` saved") from None
    model.load_state_dict(load_file(folder / _WEIGHTS))
    model.eval()
    return model
