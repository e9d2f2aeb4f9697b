"""Tokens for training, streamed straight from the generators: no text, no files, and no end.

`stream` gives a Hugging Face `IterableDataset`. What it yields is a pure function of its arguments and of the
dataset version; it divides itself over nodes and DataLoader workers, and goes on from a state with the very
next token, at the cost of one portion of a few thousand problems.
"""

from typing import Final, Literal, TypeAlias

import datasets

from synthlm_tasks.catalog import DEFAULT_CONFIG, components, plan
from synthlm_tasks.errors import ParameterError
from synthlm_tasks.options import check_options, default_options
from synthlm_tasks.row_counts import apportion
from synthlm_tasks.rows.mixing import Mixture
from synthlm_tasks.rows.splits import Split, check_split
from synthlm_tasks.rows.vocabulary import TokensName
from synthlm_tasks.tokens import contexts, padding
from synthlm_tasks.tokens.contexts import Loss
from synthlm_tasks.tokens.padding import Padding
from synthlm_tasks.tokens.portions import Packing, Portioned
from synthlm_tasks.tokens.shards import ShardedExamples

Layout: TypeAlias = Literal["packed", "padded"]

CONTEXT: Final = 2048
"""Tokens of a packed context, where nothing is said."""

BATCH_SIZE: Final = 64
"""Problems of a padded batch, where nothing is said."""

# As good as endless: more rows than all machines of a large cluster make in a year.
_ENDLESS_ROWS: Final = 1 << 50

# Shards of an endless stream: a number that nearly any number of nodes and workers divides.
_SHARDS: Final = 5040


def stream(
    config: str = DEFAULT_CONFIG,
    *,
    layout: Layout = "packed",
    seed: int | None = None,
    split: str = "train",
    context: int | None = None,
    batch_size: int | None = None,
    loss: Loss = "answers",
    tokens: TokensName = "text",
    endless: bool | None = None,
    num_samples: int | None = None,
    **axes: object,
) -> datasets.IterableDataset:
    """A config's problems as 64-bit token ids: each example a packed context, or a padded batch.

    Packed, an example has arrays of `context` (2048) tokens: `input_ids` hold whole problems, bos, prompt,
    answer, eos each, then padding; `position_ids` begin with 0 in every problem; `document_ids` number a
    context's problems from 1 on, 0 is padding: nothing should cross them. Padded, an example is a batch of
    `batch_size` (64) whole problems of about one length, (b, n): a problem a row, padding behind it,
    `attention_mask` 1 on the problem. That suits every model, a packed context only one that
    `check_isolation` passes.

    `labels` equal `input_ids` on the answers (or with `loss="all"` on all but bos and padding) and are -100
    elsewhere; a model shifts them itself, as those of transformers do. `tokens` names the vocabulary that ids
    are of: text, or compact.

    Train is endless unless `num_samples` (of all splits together) or `endless=False` is given; then, and in
    validation and test, it holds the very rows of `load_dataset("synthlm", config, …)`. `axes` replace axes
    of the config, such as `num_ops=(5, 7)`. Raises ParameterError for bad arguments, and for a context that
    the longest problem may exceed.
    """
    mixture, most = _mixture(config, seed, check_split(split), endless, num_samples, axes)
    source: Portioned
    if layout == "packed":
        if batch_size is not None:
            raise ParameterError(
                f"batch_size={batch_size!r}: layout='packed' has none, a DataLoader makes its batches; "
                "leave batch_size out"
            )
        source = Packing.create(mixture, CONTEXT if context is None else context, loss, tokens)
        features = {name: datasets.Sequence(datasets.Value("int64")) for name in contexts.COLUMNS}
    elif layout == "padded":
        if context is not None:
            raise ParameterError(
                f"context={context!r}: layout='padded' has none, a batch is as long as its longest problem; "
                "leave context out"
            )
        source = Padding.create(mixture, BATCH_SIZE if batch_size is None else batch_size, loss, tokens)
        row = datasets.Sequence(datasets.Value("int64"))
        features = {name: datasets.Sequence(row) for name in padding.COLUMNS}
    else:
        raise ParameterError(f"layout={layout!r}: expected 'packed' or 'padded'")
    shards = tuple(range(min(source.portions, most)))
    columns = datasets.Features(features)
    return datasets.IterableDataset(
        ShardedExamples(source, len(shards), shards, columns),
        info=datasets.DatasetInfo(description=f"SynthLM {config}, {layout}", features=columns),
        split=datasets.NamedSplit(mixture.split),
    )


def _mixture(
    config: str,
    seed: int | None,
    split: Split,
    endless: bool | None,
    num_samples: int | None,
    axes: dict[str, object],
) -> tuple[Mixture, int]:
    """The rows to stream, and the most shards they come in."""
    stock = default_options()
    given = {
        "seed": stock.seed if seed is None else seed,
        "num_samples": stock.num_samples if num_samples is None else num_samples,
    }
    options = check_options({**vars(stock), **given})
    if endless is None:
        endless = split == "train" and num_samples is None
    if not endless:
        mixture = _planned_split(config, options.num_samples, plan(config, options, axes), split)
        return mixture, mixture.shards
    if split != "train" or num_samples is not None:
        raise ParameterError("endless=True: only train without num_samples is; leave endless out")
    shares = components(config, axes, options.curriculum_weights)
    counts = apportion(_ENDLESS_ROWS, list(shares.values()))
    return Mixture(config, options.seed, split, tuple(shares), tuple(counts)), _SHARDS


def _planned_split(config: str, num_samples: int, splits: dict[Split, Mixture], split: Split) -> Mixture:
    if split not in splits:
        raise ParameterError(
            f"num_samples={num_samples}: too few for any row of config {config!r} in {split}; ask for more"
        )
    return splits[split]
