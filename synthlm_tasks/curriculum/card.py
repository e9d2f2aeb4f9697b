"""The dataset card: the folder's README.md, whose head tells `load_dataset` which files are what."""

import shlex
from collections.abc import Sequence
from typing import Any, Final

import pyarrow as pa
from huggingface_hub import DatasetCard, DatasetCardData

from synthlm_tasks.audit.published import load_summary, shortcuts_table
from synthlm_tasks.audit.sample import covering_configs
from synthlm_tasks.catalog import configs
from synthlm_tasks.curriculum.benchmark import BENCHMARK, evaluated_configs
from synthlm_tasks.curriculum.layout import DEFAULT, Layout, Packed, Padded
from synthlm_tasks.curriculum.sources import schema
from synthlm_tasks.curriculum.summary import SplitSummary
from synthlm_tasks.rows.blocks import Recipe
from synthlm_tasks.rows.splits import SPLITS
from synthlm_tasks.rows.tables import make_table
from synthlm_tasks.rows.task import Task
from synthlm_tasks.rows.vocabulary import TokensName
from synthlm_tasks.tokens.framing import PAD
from synthlm_tasks.version import DATASET_VERSION

_SIZES: Final = (
    "n<1K",
    "1K<n<10K",
    "10K<n<100K",
    "100K<n<1M",
    "1M<n<10M",
    "10M<n<100M",
    "100M<n<1B",
    "1B<n<10B",
)

_CITATION: Final = """\
```bibtex
@article{allenzhu2025physics,
  title   = {Physics of Language Models: Part 4.1, Architecture Design and the Magic of Canon Layers},
  author  = {Allen-Zhu, Zeyuan},
  year    = {2025},
  journal = {arXiv preprint arXiv:2512.17351},
  note    = {SSRN 5240330}
}
```"""


def dataset_card(layout: Layout, splits: Sequence[SplitSummary]) -> str:
    """The card of a folder that holds `splits`."""
    features = [_feature(field) for field in schema(layout)]
    by_config = {p.name: [split for split in splits if split.config == p.name] for p in layout.portions}
    rows = sum(split.rows for split in splits)
    data = DatasetCardData(
        pretty_name="SynthLM",
        language="en",
        license="cc-by-4.0",
        task_categories=["text-generation"],
        size_categories=_SIZES[min(max(len(str(rows)) - 3, 0), len(_SIZES) - 1)],
        tags=["synthetic", "reasoning", "procedurally generated"],
        configs=[_files(name, made) for name, made in by_config.items()],
        dataset_info=[_info(name, features, made) for name, made in by_config.items()],
    )
    sections = [
        _opening(layout, splits),
        _tasks(layout),
        _loading(layout),
        *_evaluating(layout, splits),
        _contents(splits),
        _validity(layout),
        _reproduction(layout),
        _end(),
    ]
    made = DatasetCard(f"---\n{data.to_yaml(line_break=chr(10))}\n---\n\n" + "\n\n".join(sections) + "\n")
    return str(made.content)


def _feature(field: pa.Field) -> dict[str, str]:
    """A column as the card's head names it; lists by the name that every version of datasets reads."""
    if pa.types.is_list(field.type):
        return {"name": field.name, "sequence": str(field.type.value_type)}
    return {"name": field.name, "dtype": str(field.type)}


def _files(name: str, splits: Sequence[SplitSummary]) -> dict[str, Any]:
    files = [{"split": s.split, "path": [file.path for file in s.files]} for s in splits]
    return {"config_name": name, "data_files": files}


def _info(name: str, features: list[dict[str, str]], splits: Sequence[SplitSummary]) -> dict[str, Any]:
    return {
        "config_name": name,
        "features": features,
        "splits": [
            {"name": split.split, "num_bytes": split.arrow_bytes, "num_examples": split.rows}
            for split in splits
        ],
        "download_size": sum(split.size for split in splits),
        "dataset_size": sum(split.arrow_bytes for split in splits),
    }


def _opening(layout: Layout, splits: Sequence[SplitSummary]) -> str:
    rows, tokens = sum(split.rows for split in splits), sum(split.tokens for split in splits)
    size = f"{rows:,} rows, {tokens:,} tokens"
    if isinstance(layout.packing, Padded):
        batches = f"batches of {layout.packing.batch_size}"
        size = f"{rows:,} problems of {tokens:,} tokens (with bos and eos), in the order of {batches}"
    if isinstance(layout.packing, Packed):
        problems = sum(split.problems for split in splits)
        size = (
            f"{problems:,} problems of {tokens:,} tokens (with bos and eos), packed in {rows:,} contexts of "
            f"{layout.packing.context} tokens that are {tokens / rows / layout.packing.context:.1%} full"
        )
    return (
        "# SynthLM\n\nProcedurally generated reasoning problems that each isolate one skill of a "
        "language-model architecture, for training small models from scratch and comparing them by "
        f"difficulty. {size}, dataset version {DATASET_VERSION}. Every answer is "
        "unique and follows from its prompt alone; no problem is in two splits, whatever seeds and sizes are "
        'used. The method is that of "Physics of Language Models: Part 4.1".'
    )


def _tasks(layout: Layout) -> str:
    lines = ["## The tasks"]
    shown: set[str] = set()
    for portion in layout.portions:
        for part, recipe in zip(configs()[portion.source].parts, portion.recipes, strict=False):
            if part.family not in shown:
                shown.add(part.family)
                lines.append(_task(part.task, part.family, recipe, layout.seed))
    return "\n\n".join(lines)


def _task(task: type[Task], family: str, recipe: Recipe, seed: int) -> str:
    (row,) = make_table(recipe, seed, "train", 0, 1).to_pylist()
    return f"**{family}**: {task.rule}\n\n```text\n{row['input_text']} {row['target']}\n```"


def _loading(layout: Layout) -> str:
    names = [portion.name for portion in layout.portions]
    chosen = "" if names == [DEFAULT] else f', "{names[0]}"'
    many = "" if names == [DEFAULT] else f"\n\nConfigs: {', '.join(f'`{name}`' for name in names)}."
    return (
        "## Load it\n\n```python\nfrom datasets import load_dataset\n\n"
        "# The folder, or its name on the Hub; streaming=True works too.\n"
        f'data = load_dataset("path/of/this/folder"{chosen})\n'
        f"```{many}\n\n{_packed_columns(layout.packing) if layout.packing else _COLUMNS} `tokenizer/`, where "
        f"it is there, is a closed-vocabulary tokenizer for these texts, {_DECODED[layout.tokens]} "
        "(`AutoTokenizer.from_pretrained` takes the folder)."
    )


def _evaluating(layout: Layout, splits: Sequence[SplitSummary]) -> list[str]:
    """How to evaluate on it, where there is text to be evaluated on."""
    tested = evaluated_configs(layout, splits)
    if not tested:
        return []
    return [
        f"## Evaluate on it\n\n`{BENCHMARK}` makes every config's test split a task of inspect_ai; its "
        "scorer is plain: `synthlm eval --dataset user/name` asks the same problems and reads more spellings "
        f"of an answer.\n\n```bash\ninspect eval hf/user/name/{tested[0]} --model …\n```"
    ]


_DECODED: Final[dict[TokensName, str]] = {
    "text": "lossless",
    "compact": "without separators: answers decode as they are, prompts to one spelling",
}

_COLUMNS: Final = (
    'The text to train on is `input_text + " " + target`; `metadata` is JSON with the drawn parameters, to '
    "group results by."
)


def _packed_columns(packing: Packed | Padded) -> str:
    counted = "all but bos and padding" if packing.loss == "all" else "what follows the prompts, eos included"
    if isinstance(packing, Padded):
        return (
            f"Each row is a problem: `bos`, prompt, answer, `eos`, `length` tokens in all. `labels` equal "
            f"`input_ids` on {counted}, and are -100 elsewhere (a model shifts them itself, as those of "
            f"transformers do). Every {packing.batch_size} rows in order are a batch of about one length, to "
            f"be padded behind ({PAD} in `input_ids`, -100 in `labels`) and masked."
        )
    return (
        f"Each row is a context of {packing.context} tokens: whole problems, each `bos`, prompt, answer, "
        f"`eos`, then padding. `labels` equal `input_ids` on {counted}, and are -100 elsewhere (a model "
        "shifts them itself, as those of transformers do). `position_ids` begin with 0 in every problem, "
        "`document_ids` number a context's problems from 1 on, and 0 is padding: attention should not cross "
        "them."
    )


def _contents(splits: Sequence[SplitSummary]) -> str:
    lines = [
        "## What is in it",
        "",
        f"| config | task | level | {' | '.join(SPLITS)} | tokens | chance |",
        "|---|---|---:|---:|---:|---:|---:|---:|",
    ]
    cells = dict.fromkeys((split.config, cell) for split in splits for cell in split.cells)
    for config, cell in cells:
        found = {s.split: s.cells[cell] for s in splits if s.config == config and cell in s.cells}
        counts = [f"{found[split]['rows']:,}" if split in found else "0" for split in SPLITS]
        tokens = sum(counts["tokens"] for counts in found.values())
        chance = next(iter(found.values()))["chance"]
        words = [config, *cell.split("/"), *counts, f"{tokens:,}", f"{chance:.1%}"]
        lines.append(f"| {' | '.join(words)} |")
    note = "Counts are problems. Chance is the accuracy of guessing among a problem's possible answers."
    return "\n".join([*lines, "", note])


def _validity(layout: Layout) -> str:
    """What the audit measured on the configs that the folder is made of."""
    found = load_summary()
    names = dict.fromkeys(name for portion in layout.portions for name in covering_configs()[portion.source])
    held = "Every invariant held" if not found.violations else f"{found.violations:,} rows broke an invariant"
    return (
        f"## Validity\n\nMeasured by `synthlm audit` on dataset version {found.dataset_version} (seed "
        f"{found.seed}, {found.samples:,} rows of each config). {held} in {found.checked:,} rows, checked by "
        "slow independent code; no problem is in two splits. Accuracies in percent on test rows, with 95% "
        "intervals, of cheap tricks: guesses that leave the work undone, guesses that do a named part of it, "
        "and small learners (scikit-learn), which have to say where the answer stands. What beats chance is "
        "inherent to the config's parameters; `docs/validity.md` of the package says why.\n\n"
        f"{shortcuts_table(found, names)}"
    )


def command(settings: dict[str, Any]) -> str:
    """The command that makes a folder with these settings."""
    words = ["synthlm", settings["command"], *settings.get("names", [])]
    for name, value in settings["options"].items():
        values = value if isinstance(value, (list, tuple)) else [value]
        words += [f"--{name.replace('_', '-')}", *map(str, values)]
    return shlex.join([*words, "--output-dir", "DIR"])


def _reproduction(layout: Layout) -> str:
    return (
        f"## Make it again\n\nEvery byte follows from one command, with SynthLM at dataset version "
        f"{DATASET_VERSION} and pyarrow at the version that `metadata.json` gives (another one writes the "
        f"same rows in other bytes):\n\n```bash\n{command(layout.settings)}\n```\n\n`metadata.json` has all "
        f"settings, counts{'' if layout.packing else ', repeats within train'} and the SHA-256 of every file."
    )


def _end() -> str:
    return f"## Licence and citation\n\nCC-BY-4.0. Please cite the paper behind the method:\n\n{_CITATION}"
