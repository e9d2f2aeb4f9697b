"""Training batches: padded rows straight from the generators, as tensors on the device."""

from collections.abc import Iterator
from typing import Any

import torch

from eval_harness.architectures.spec import RunSpec
from synthlm_tasks import packing
from synthlm_tasks.catalog import components
from synthlm_tasks.options import default_options
from synthlm_tasks.rows.task import NUM_QUERIES


class Batches:
    """The endless batches of a run, {input_ids, labels, attention_mask}, (b, n) each; resumable."""

    def __init__(self, spec: RunSpec, device: torch.device) -> None:
        """Begin with the first batch; raises ParameterError for a config or an axis that is not there."""
        self._stream: Any = packing.stream(
            spec.config,
            layout="padded",
            seed=spec.data_seed,
            batch_size=spec.batch_size,
            loss=spec.loss,
            tokens=spec.vocabulary,
            **spec.axes,
        )
        self._device = device
        self._made: Iterator[dict[str, Any]] | None = None

    def __next__(self) -> dict[str, torch.Tensor]:
        """The next batch."""
        if self._made is None:
            self._made = iter(self._stream)
        made = next(self._made)
        return {
            name: torch.as_tensor(array).to(self._device, non_blocking=True) for name, array in made.items()
        }

    def state_dict(self) -> dict[str, Any]:
        """Where the next batch is."""
        state: dict[str, Any] = self._stream.state_dict()
        return state

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on where a state was taken."""
        self._stream.load_state_dict(state)
        self._made = None


def has_one_query(spec: RunSpec) -> bool:
    """Whether every training problem has one query, so that eos follows its answer."""
    shares = components(spec.config, spec.axes, default_options().curriculum_weights)
    columns = [recipe.space.columns.get(NUM_QUERIES.name) for recipe in shares]
    return all(codes is None or bool((codes == 1).all()) for codes in columns)
