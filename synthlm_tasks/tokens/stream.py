"""Contexts for training, streamed straight from the generators: no text, no files, and no end.

`stream` gives a Hugging Face `IterableDataset`. What it yields is a pure function of its arguments and of the
dataset version; it divides itself over nodes and DataLoader workers, and goes on from a state with the very
next token, at the cost of one portion of a few thousand problems.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, TypeAlias

import datasets
import numpy as np
from datasets.iterable_dataset import _BaseExamplesIterable

from synthlm_tasks.catalog import DEFAULT_CONFIG, components, plan
from synthlm_tasks.errors import ParameterError
from synthlm_tasks.options import check_options, default_options
from synthlm_tasks.row_counts import apportion
from synthlm_tasks.rows.mixing import Mixture
from synthlm_tasks.rows.splits import Split, check_split
from synthlm_tasks.rows.streams import digest
from synthlm_tasks.rows.vocabulary import TokensName
from synthlm_tasks.tokens.contexts import COLUMNS, Contexts, Loss
from synthlm_tasks.tokens.portions import Packing
from synthlm_tasks.version import DATASET_VERSION

Example: TypeAlias = dict[str, np.ndarray[Any, Any]]

# As good as endless: more rows than all machines of a large cluster make in a year.
_ENDLESS_ROWS: Final = 1 << 50

# Shards of an endless stream: a number that nearly any number of nodes and workers divides.
_SHARDS: Final = 5040

# Contexts turned into 64-bit numbers together: the arrays stay in a processor's cache.
_GROUP: Final = 32


def stream(
    config: str = DEFAULT_CONFIG,
    *,
    seed: int | None = None,
    split: str = "train",
    context: int = 2048,
    loss: Loss = "answers",
    tokens: TokensName = "text",
    endless: bool | None = None,
    num_samples: int | None = None,
    **axes: object,
) -> datasets.IterableDataset:
    """Contexts of a config's problems, each example four arrays of `context` 64-bit integers.

    `input_ids` hold whole problems, bos, prompt, answer, eos each, then padding; `labels` equal them on what
    follows the prompts (or with `loss="all"` on all but bos and padding) and are -100 elsewhere; a model
    shifts them itself, as those of transformers do. `position_ids` begin with 0 in every problem;
    `document_ids` number a context's problems from 1 on, 0 is padding: attention should not cross them.
    `tokens` names the vocabulary that ids are of: text, or compact.

    Train is endless unless `num_samples` (of all splits together) or `endless=False` is given; then, and in
    validation and test, it holds the very rows of `load_dataset("synthlm", config, …)`. `axes` replace axes
    of the config, such as `num_ops=(5, 7)`. Raises ParameterError for bad arguments, and for a context that
    the longest problem may exceed.
    """
    known, stock = check_split(split), default_options()
    if endless is None:
        endless = known == "train" and num_samples is None
    given = {"seed": stock.seed if seed is None else seed, "num_samples": num_samples or stock.num_samples}
    options = check_options({**vars(stock), **given})
    if endless:
        if known != "train" or num_samples is not None:
            raise ParameterError("endless=True: only train without num_samples is; leave endless out")
        shares = components(config, axes, options.curriculum_weights)
        counts = apportion(_ENDLESS_ROWS, list(shares.values()))
        mixture = Mixture(config, options.seed, known, tuple(shares), tuple(counts))
    else:
        mixture = _planned_split(config, options.num_samples, plan(config, options, axes), known)
    packing = Packing.create(mixture, context, loss, tokens)
    features = datasets.Features({name: datasets.Sequence(datasets.Value("int64")) for name in COLUMNS})
    shards = tuple(range(min(packing.portions, _SHARDS if endless else mixture.shards)))
    return datasets.IterableDataset(
        _PackedExamples(packing, len(shards), shards, features),
        info=datasets.DatasetInfo(description=f"SynthLM {config}, packed", features=features),
        split=datasets.NamedSplit(known),
    )


def _planned_split(config: str, num_samples: int, splits: dict[Split, Mixture], split: Split) -> Mixture:
    if split not in splits:
        raise ParameterError(
            f"num_samples={num_samples}: too few for any row of config {config!r} in {split}; ask for more"
        )
    return splits[split]


@dataclass(frozen=True)
class _Position:
    """Where a stream goes on: in which of its shards, at which of its portions, behind how many contexts."""

    shard: int
    portion: int
    context: int


_START: Final = _Position(0, 0, 0)


class _PackedExamples(_BaseExamplesIterable):  # type: ignore[misc]  # datasets is untyped
    """The library's interface to a source of examples, with a state that leads straight to the next one.

    Of `count` runs of neighbouring portions it yields those in `shards`.
    """

    is_typed = True
    iter_arrow = None  # examples are arrays already
    _sleep_on_threads_shutdown = False

    def __init__(
        self, packing: Packing, count: int, shards: tuple[int, ...], features: datasets.Features
    ) -> None:
        super().__init__()
        self.packing, self.count, self.shards, self._features = packing, count, shards, features

    @property
    def features(self) -> datasets.Features:
        return self._features

    @property
    def num_shards(self) -> int:
        return len(self.shards)

    def shard_data_sources(self, num_shards: int, index: int, contiguous: bool = True) -> "_PackedExamples":
        chosen = self.split_shard_indices_by_worker(num_shards, index, contiguous=contiguous)
        shards = tuple(self.shards[place] for place in chosen)
        return _PackedExamples(self.packing, self.count, shards, self._features)

    def shuffle_data_sources(self, generator: object) -> "_PackedExamples":  # noqa: ARG002
        return self  # the order is part of what the seed names, and random already

    def reshard_data_sources(self) -> "_PackedExamples":
        return self

    @cached_property
    def _name(self) -> str:
        """A digest of what the examples depend on, and of which of them these are."""
        mixture = self.packing.mixture
        keyed = [[recipe.family, recipe.space.identity] for recipe in mixture.recipes]
        rows = [mixture.name, mixture.seed, mixture.split, keyed, mixture.counts]
        form = [self.packing.context, self.packing.loss, self.packing.tokens]
        return json.dumps(digest(DATASET_VERSION, rows, form, [self.count, self.shards]))

    def _init_state_dict(self) -> dict[str, Any]:
        self._state_dict = {**vars(_START), "stream": self._name, "type": type(self).__name__}
        return self._state_dict

    def load_state_dict(self, state_dict: dict[str, Any]) -> dict[str, Any]:
        if state_dict.get("stream") != self._name:
            raise ParameterError(
                "state_dict: of a stream with other arguments, another dataset version, or another share of "
                "nodes and workers; make the stream as it was made then"
            )
        loaded: dict[str, Any] = super().load_state_dict(state_dict)
        return loaded

    def __iter__(self) -> Iterator[tuple[str, Example]]:
        begin = self._position
        for shard in range(begin.shard, len(self.shards)):
            number, done = begin.portion, begin.context
            first, last = (self.packing.portions * (self.shards[shard] + end) // self.count for end in (0, 1))
            for portion in self.packing.iter_portions(first + number, last):
                for example in _examples(portion.contexts.between(done)):
                    done += 1
                    ended = done == len(portion.contexts)
                    self._pass(_Position(shard, number + ended, 0 if ended else done))
                    yield f"{first + number}_{done}", example
                number, done = number + 1, 0
            begin = _Position(shard + 1, 0, 0)

    @property
    def _position(self) -> _Position:
        """Where to begin."""
        state = self._state_dict or vars(_START)
        return _Position(state["shard"], state["portion"], state["context"])

    def _pass(self, position: _Position) -> None:
        """Remember where to go on after the example that is about to be given."""
        if self._state_dict is not None:
            self._state_dict.update(vars(position))


def _examples(contexts: Contexts) -> Iterator[Example]:
    """Each context as 64-bit arrays, which models take as they are."""
    for group in contexts.batches(_GROUP):
        arrays = {name: getattr(group, name).astype(np.int64) for name in COLUMNS}
        for place in range(len(group)):
            yield {name: array[place] for name, array in arrays.items()}
