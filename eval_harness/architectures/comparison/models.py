"""Models: what is compared, that is a run without its training, learning rate and seed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from eval_harness.architectures.spec import RunSpec


@dataclass(frozen=True)
class Model:
    """An architecture with everything that is the same in all runs of it."""

    architecture: str
    layers: int
    width: int
    optimizer: str
    convolution: bool
    ffn: bool

    @property
    def plain(self) -> "Model":
        """The same with all that the backbone has by default."""
        return replace(self, convolution=True, ffn=True)

    @property
    def is_plain(self) -> bool:
        """Whether it has all that the backbone has by default, however it is trained."""
        return self == self.plain

    @property
    def size(self) -> str:
        """e.g. "2x64"."""
        return f"{self.layers}x{self.width}"


def model_of(spec: RunSpec) -> Model:
    """The model that a run trains."""
    return Model(spec.architecture, spec.layers, spec.width, spec.optimizer, spec.convolution, spec.ffn)


def name_models(models: Iterable[Model]) -> dict[Model, str]:
    """A short name for each: what distinguishes it beside its architecture, e.g. "attention, no FFN"."""
    every = list(dict.fromkeys(models))
    several_sizes = len({model.size for model in every}) > 1
    several_optimizers = len({model.optimizer for model in every}) > 1
    return {model: ", ".join(_words(model, several_sizes, several_optimizers)) for model in every}


def _words(model: Model, several_sizes: bool, several_optimizers: bool) -> Sequence[str]:
    words = [model.architecture]
    words += [model.size] if several_sizes else []
    words += [model.optimizer] if several_optimizers and model.optimizer != "adamw" else []
    words += [] if model.convolution else ["no convolution"]
    words += [] if model.ffn else ["no FFN"]
    return words
