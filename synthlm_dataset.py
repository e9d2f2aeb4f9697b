"""SynthLM for Hugging Face datasets: `import synthlm_dataset`, then `load_dataset("synthlm", "dyna-hard")`.

Keyword overrides reach the config: `seed=7`, `num_samples=1_000_000`, or any axis of the config's tasks
(`state_size=(10, 12)`). With datasets 3.6 this file is also a loading script.
"""

import functools
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, make_dataclass
from typing import Any, TypeAlias

import datasets
import datasets.inspect
import datasets.load
import pyarrow as pa

from synthlm_tasks import catalog, source_digest
from synthlm_tasks.options import check_options, default_options
from synthlm_tasks.rows.mixing import Mixture
from synthlm_tasks.rows.splits import Split
from synthlm_tasks.rows.tables import SCHEMA
from synthlm_tasks.version import DATASET_VERSION

_NAME = "synthlm"
_VERSION = datasets.Version(DATASET_VERSION)

_DESCRIPTION = """\
SynthLM: procedurally generated tasks that each isolate one skill of a language-model architecture, with
controllable difficulty. Every row is a pure function of version, config, seed, split and index; every
answer is unique and follows from the prompt alone."""

_CITATION = """\
@article{allenzhu2025physics,
  title   = {Physics of Language Models: Part 4.1, Architecture Design and the Magic of Canon Layers},
  author  = {Allen-Zhu, Zeyuan},
  year    = {2025},
  journal = {arXiv preprint arXiv:2512.17351},
  note    = {SSRN 5240330}
}"""

# Threads that make rows beside the one that writes them; numpy and Arrow let them run side by side.
_THREADS = min(os.cpu_count() or 1, 4)

_STOCK = default_options()

# One optional field for every axis of every task: None leaves the preset's values.
_Axes: Any = make_dataclass("_Axes", [(name, Any, None) for name in catalog.axis_names()])


@dataclass
class SynthLMConfig(_Axes, datasets.BuilderConfig):  # type: ignore[misc]  # datasets is untyped
    """A named config, its sizes and seed, and a field for every axis of every task."""

    version: datasets.Version = _VERSION
    seed: int = _STOCK.seed
    num_samples: int = _STOCK.num_samples
    split_ratios: tuple[float, ...] = _STOCK.split_ratios
    curriculum_weights: tuple[float, ...] = _STOCK.curriculum_weights
    max_held_out: int = _STOCK.max_held_out

    @property
    def axes(self) -> dict[str, object]:
        """The axes that were given, by name."""
        given = {field.name: getattr(self, field.name) for field in fields(_Axes)}
        return {name: value for name, value in given.items() if value is not None}

    def plan(self) -> dict[Split, Mixture]:
        """The rows of each split; raises ParameterError naming what is wrong."""
        return catalog.plan(self.name, check_options(vars(self)), self.axes)

    def create_config_id(
        self,
        config_kwargs: Mapping[str, object],  # noqa: ARG002  # they are on the config by now
        custom_features: object = None,
    ) -> str:
        """Check the options, write them in canonical form, and name the cache by those that change a row.

        The library calls this when the keywords given are set on the config.
        """
        options = check_options(vars(self))
        changed = catalog.changed_options(self.name, options, self.axes)
        unchanged = dict.fromkeys(self.axes if "axes" not in changed else ())
        for name, value in {**vars(options), **unchanged}.items():
            setattr(self, name, value)
        config_id: str = super().create_config_id(changed, custom_features)
        return config_id


class SynthLM(datasets.ArrowBasedBuilder, datasets.GeneratorBasedBuilder):  # type: ignore[misc]
    """Builds any config of the catalog; whole tables flow into the cache and into streams."""

    VERSION = _VERSION
    BUILDER_CONFIG_CLASS = SynthLMConfig
    BUILDER_CONFIGS = [  # noqa: RUF012  # the library's own idiom
        SynthLMConfig(name=name, description=config.description) for name, config in catalog.configs().items()
    ]
    DEFAULT_CONFIG_NAME = catalog.DEFAULT_CONFIG
    # Each record batch is some twenty writes through Python, which wait for its lock: as few as there can be.
    DEFAULT_WRITER_BATCH_SIZE = 1 << 14

    def __init__(self, *args: object, **kwargs: object) -> None:
        """Take the library's arguments; however it is loaded, the cache knows the generator's source."""
        kwargs["hash"] = source_digest.source_hash()
        kwargs["dataset_name"] = _NAME
        super().__init__(*args, **kwargs)

    @classmethod
    def get_all_exported_dataset_infos(cls) -> dict[str, datasets.DatasetInfo]:
        """No infos but `_info`: datasets 3.6 would look for some in a README.md beside this file."""
        return {}

    def _info(self) -> datasets.DatasetInfo:
        splits = datasets.SplitDict(dataset_name=_NAME)
        for split, mixture in self.config.plan().items():
            splits.add(datasets.SplitInfo(name=split, num_examples=mixture.rows))
        return datasets.DatasetInfo(
            description=f"{_DESCRIPTION}\nThis config: {self.config.description}.",
            features=datasets.Features({field.name: datasets.Value(str(field.type)) for field in SCHEMA}),
            license="CC-BY-4.0",
            citation=_CITATION,
            splits=splits,
        )

    def _split_generators(self, dl_manager: object) -> list[datasets.SplitGenerator]:  # noqa: ARG002
        # The list is what the library deals out to processes, nodes and workers.
        return [
            datasets.SplitGenerator(split, {"split": split, "shards": list(range(mixture.shards))})
            for split, mixture in self.config.plan().items()
        ]

    def _generate_tables(self, split: Split, shards: list[int]) -> Iterator[tuple[str, pa.Table]]:
        for number, table in enumerate(self.config.plan()[split].tables(shards, _THREADS)):
            yield f"{split}_{shards[0]}_{number}", table

    def _generate_examples(self, split: Split, shards: list[int]) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield the same rows one by one, each under its sample_id."""
        for _, table in self._generate_tables(split, shards):
            for row in table.to_pylist():
                yield row["sample_id"], row

    def _download_and_prepare(self, dl_manager: object, verification_mode: object, **options: object) -> None:
        # Not GeneratorBasedBuilder's own, which on datasets 3.6 passes an option that Arrow builders refuse.
        datasets.DatasetBuilder._download_and_prepare(self, dl_manager, verification_mode, **options)


_Find: TypeAlias = Callable[..., object]


def _finding_synthlm(find: _Find) -> _Find:
    """The library's module factory, taught the name "synthlm"; data files asked for are still its own."""

    @functools.wraps(find)
    def dataset_module_factory(path: str, *args: object, **kwargs: object) -> object:
        if path == _NAME and not kwargs.get("data_files") and not kwargs.get("data_dir"):
            return datasets.load.DatasetModule(__name__, source_digest.source_hash(), {"dataset_name": _NAME})
        return find(path, *args, **kwargs)

    vars(dataset_module_factory)["finds"] = _NAME
    return dataset_module_factory


def _register() -> None:
    # An entry among the library's packaged modules would scan the working folder for data files instead.
    for module in (datasets.load, datasets.inspect):
        if vars(module.dataset_module_factory).get("finds") != _NAME:
            module.dataset_module_factory = _finding_synthlm(module.dataset_module_factory)


_register()
