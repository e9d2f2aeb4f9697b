"""The layout: what a folder will hold, file by file. A value that travels as JSON to any worker."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Literal, TypeAlias

from pydantic import TypeAdapter

from synthlm_tasks.catalog import components
from synthlm_tasks.curriculum.tally import Cell
from synthlm_tasks.options import default_options
from synthlm_tasks.row_counts import make_mixtures
from synthlm_tasks.rows.blocks import Recipe
from synthlm_tasks.rows.mixing import Mixture
from synthlm_tasks.rows.splits import Split
from synthlm_tasks.rows.vocabulary import TokensName
from synthlm_tasks.tokens.contexts import Loss
from synthlm_tasks.tokens.portions import Packing

Format: TypeAlias = Literal["parquet", "jsonl"]

DEFAULT: Final = "default"
"""The name of a folder's only config; its files lie in the folder itself."""


@dataclass(frozen=True)
class Portion:
    """One config of a folder: `counts[split]` rows of each component of the catalog's config `source`.

    `tokens` are those expected, component by component; `chances` are the chance levels, cell by cell.
    """

    name: str
    source: str
    counts: dict[Split, tuple[int, ...]]
    tokens: dict[Split, tuple[int, ...]]
    chances: dict[Cell, float]

    @property
    def recipes(self) -> tuple[Recipe, ...]:
        """The components."""
        # Weights decide counts, which are settled by now.
        return tuple(components(self.source, {}, default_options().curriculum_weights))


@dataclass(frozen=True)
class Shard:
    """Rows [start, stop) of one split of one config: one file."""

    config: str
    split: Split
    number: int
    path: str
    start: int
    stop: int


@dataclass(frozen=True)
class Packed:
    """Contexts of `context` tokens instead of rows, with the labels that `loss` says."""

    context: int
    loss: Loss


@dataclass(frozen=True)
class Layout:
    """Everything that the bytes of a folder depend on.

    `settings` are what a person chose, by option, and what else must not change when a folder is resumed;
    `counted` says whether every row's tokens are counted when it is written, in the vocabulary `tokens`;
    with `packing`, files hold contexts of whole portions (see `tokens.portions`), in that vocabulary.
    """

    settings: dict[str, Any]
    seed: int
    format: Format
    shard_rows: int
    counted: bool
    portions: tuple[Portion, ...]
    packing: Packed | None = None
    tokens: TokensName = "text"

    @cached_property
    def packings(self) -> dict[tuple[str, Split], Packing]:
        """How the rows of every (config, split) are packed; raises ParameterError where they cannot be."""
        if self.packing is None:
            return {}
        return {
            key: Packing.create(mixture, self.packing.context, self.packing.loss, self.tokens)
            for key, mixture in self.mixtures.items()
        }

    @cached_property
    def mixtures(self) -> dict[tuple[str, Split], Mixture]:
        """The rows of every (config, split)."""
        return {
            (portion.name, split): mixture
            for portion in self.portions
            for split, mixture in make_mixtures(
                portion.source, self.seed, portion.recipes, portion.counts
            ).items()
        }

    @cached_property
    def shards(self) -> tuple[Shard, ...]:
        """Every file, in the order in which neighbours are cheapest."""
        return tuple(self._cut())

    def _cut(self) -> Iterator[Shard]:
        for (config, split), mixture in self.mixtures.items():
            # Rows that must differ are made one after another, so held-out splits are not divided.
            files = -(-mixture.rows // self.shard_rows) if split == "train" else 1
            packing = self.packings.get((config, split))
            if packing:
                files = min(files, packing.portions)
            for number in range(files):
                places = (number, number + 1)
                if packing:
                    ends = [packing.start(packing.portions * place // files) for place in places]
                else:
                    ends = [mixture.rows * place // files for place in places]
                yield Shard(config, split, number, self._path(config, split, number, files), *ends)

    def _path(self, config: str, split: Split, number: int, files: int) -> str:
        folder = "" if config == DEFAULT else f"{config}/"
        if self.format == "jsonl" and files == 1:
            return f"{folder}{split}.jsonl"
        return f"{folder}{split}-{number:05}-of-{files:05}.{self.format}"

    def to_json(self) -> str:
        """The layout as JSON text."""
        return _ADAPTER.dump_json(self, indent=1).decode()

    @classmethod
    def from_json(cls, text: str) -> "Layout":
        """The layout that `to_json` wrote."""
        return _ADAPTER.validate_json(text)


_ADAPTER: Final = TypeAdapter(Layout)
