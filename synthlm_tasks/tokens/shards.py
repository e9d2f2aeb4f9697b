"""The Hugging Face library's interface to a source of examples, with a state that leads to the very next."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import datasets
from datasets.iterable_dataset import _BaseExamplesIterable

from synthlm_tasks.errors import ParameterError
from synthlm_tasks.rows.streams import digest
from synthlm_tasks.tokens.contexts import Example
from synthlm_tasks.tokens.portions import Portioned
from synthlm_tasks.version import DATASET_VERSION


@dataclass(frozen=True)
class _Position:
    """Where a stream goes on: in which of its shards, at which of its portions, behind how many examples."""

    shard: int
    portion: int
    example: int


_START: Final = _Position(0, 0, 0)


class ShardedExamples(_BaseExamplesIterable):  # type: ignore[misc]  # datasets is untyped
    """Of `count` runs of neighbouring portions the examples of those in `shards`."""

    is_typed = True
    iter_arrow = None  # examples are arrays already
    _sleep_on_threads_shutdown = False

    def __init__(
        self, source: Portioned, count: int, shards: tuple[int, ...], features: datasets.Features
    ) -> None:
        """Cut `source` into `count` shards; the columns are those of `features`."""
        super().__init__()
        self.source, self.count, self.shards, self._features = source, count, shards, features

    @property
    def features(self) -> datasets.Features:
        """The columns."""
        return self._features

    @property
    def num_shards(self) -> int:
        """How many shards nodes and workers can share."""
        return len(self.shards)

    def shard_data_sources(self, num_shards: int, index: int, contiguous: bool = True) -> "ShardedExamples":
        """Part `index` of `num_shards`."""
        chosen = self.split_shard_indices_by_worker(num_shards, index, contiguous=contiguous)
        shards = tuple(self.shards[place] for place in chosen)
        return ShardedExamples(self.source, self.count, shards, self._features)

    def shuffle_data_sources(self, generator: object) -> "ShardedExamples":  # noqa: ARG002
        """The same: the order is part of what the seed names, and random already."""
        return self

    def reshard_data_sources(self) -> "ShardedExamples":
        """The same: there are shards enough."""
        return self

    @cached_property
    def _stream(self) -> str:
        """A digest of what the examples depend on."""
        mixture = self.source.mixture
        keyed = [[recipe.family, recipe.space.identity] for recipe in mixture.recipes]
        rows = [mixture.name, mixture.seed, mixture.split, keyed, mixture.counts]
        return json.dumps(digest(DATASET_VERSION, rows, self.source.identity, self.count))

    @cached_property
    def _share(self) -> str:
        """A digest of which of them these are."""
        return json.dumps(digest(self.shards))

    def _init_state_dict(self) -> dict[str, Any]:
        self._state_dict = {
            **vars(_START),
            "stream": self._stream,
            "share": self._share,
            "type": type(self).__name__,
        }
        return self._state_dict

    def load_state_dict(self, state_dict: dict[str, Any]) -> dict[str, Any]:
        """Go on from there. Whether the state is one of these examples is checked when they are asked for.

        The library loads a worker's state into the undivided stream first, and only then into the worker's
        share of it, the one that is read.
        """
        self._init_state_dict()
        self._state_dict.update(state_dict)
        return self._state_dict

    def __iter__(self) -> Iterator[tuple[str, Example]]:
        begin = self._position()
        portions, columns = self.source.portions, list(self._features)
        for shard in range(begin.shard, len(self.shards)):
            number, done = begin.portion, begin.example
            first, last = (portions * (self.shards[shard] + end) // self.count for end in (0, 1))
            for made in self.source.iter_examples(first + number, last):
                for example in made.examples(done, columns):
                    done += 1
                    ended = done == len(made)
                    self._pass(_Position(shard, number + ended, 0 if ended else done))
                    yield f"{first + number}_{done}", example
                number, done = number + 1, 0
            begin = _Position(shard + 1, 0, 0)

    def _position(self) -> _Position:
        """Where to begin; raises ParameterError where the state is of other examples."""
        state = self._state_dict
        if state is None:
            return _START
        position = _Position(state["shard"], state["portion"], state["example"])
        if state["stream"] != self._stream:
            raise ParameterError(
                "state_dict: of a stream with other arguments, or of another dataset version; make the "
                "stream as it was made then"
            )
        if position != _START and state["share"] != self._share:
            raise ParameterError(
                "state_dict: of another share of the stream; go on with as many nodes and workers "
                "(num_workers) as there were then"
            )
        # A share that has not begun may have the state of the undivided stream, from before it was divided.
        state["share"] = self._share
        return position

    def _pass(self, position: _Position) -> None:
        """Remember where to go on after the example that is about to be given."""
        if self._state_dict is not None:
            self._state_dict.update(vars(position))
