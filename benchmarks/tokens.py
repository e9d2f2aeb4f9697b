"""How fast tokens come into a torch DataLoader: straight from the generators, and as they otherwise would.

    python benchmarks/tokens.py [--rows 200_000] [--batch 32] [--seconds 3] [--repeats 2] [CONFIG ...]
        [--tokens text compact] [--sizes]

Every source gives the same contexts (four columns, 64-bit tensors) to a DataLoader with 0, 1 and 2 workers:

- stream: `packing.stream`, endless, with `collate_fn=packing.collate`;
- torch's collate: the same, but that batches travel as torch sends them;
- two columns: the stream of `input_ids` and `labels` alone;
- encoding: the texts of the same rows, in memory, encoded on the fly by `tokenizers`
  (`encode_batch_fast`) with the same tokenizer, then packed by the same code: what is read from disk and how
  it is packed costs nothing or no more than here;
- Parquet, streamed: what `synthlm pack` wrote, by `load_dataset(folder, streaming=True)`;
- Parquet, prepared: the same by `load_dataset(folder)`, memory mapped, read in order.

Beside them padded batches of about as many tokens (three columns), whose padding is not counted. A second
table has tokens per problem and how full both layouts are, in every vocabulary of `--tokens`.

Files are in the page cache. The first batch is not timed; the best of the repeats counts. Prints Markdown.
"""

import argparse
import contextlib
import io
import itertools
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import datasets
import numpy as np
import pyarrow as pa
import torch
from tokenizers import Tokenizer
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

from eval_harness.architectures.processor import processor_name
from synthlm_tasks import cli, packing
from synthlm_tasks.catalog import plan
from synthlm_tasks.options import check_options, default_options
from synthlm_tasks.rows.lazy_text import token_array
from synthlm_tasks.tokens.contexts import COLUMNS, pack_contexts
from synthlm_tasks.tokens.framing import BOS, EOS, TOKEN_SCHEMA
from synthlm_tasks.tokens.tokenizer import bundled_files

CONTEXT = 2048
WORKERS = (0, 1, 2)
_ENCODED = 8192  # texts encoded and packed together


@dataclass(frozen=True)
class Source:
    """What is measured: data, and how many examples a loader puts in a batch (None: they are batches)."""

    make: Callable[[], Any]
    batch: int | None
    collate: Callable[..., Any] | None = None


class Encoding(IterableDataset):  # type: ignore[misc]  # types of extras are not read
    """Texts encoded on the fly, again and again; workers take every n-th portion."""

    def __init__(self, texts: list[str]) -> None:
        """Encode these texts, in order."""
        self._texts = texts

    def __iter__(self) -> Iterator[dict[str, torch.Tensor]]:
        tokenizer = Tokenizer.from_buffer(bundled_files()["tokenizer.json"])
        info = get_worker_info()
        step, first = (info.num_workers, info.id) if info else (1, 0)
        starts = range(0, len(self._texts), _ENCODED)
        for start in itertools.islice(itertools.cycle(starts), first, None, step):
            encoded = tokenizer.encode_batch_fast(self._texts[start : start + _ENCODED])
            contexts = pack_contexts(_framed([encoding.ids for encoding in encoded]), CONTEXT, "all")
            arrays = {name: torch.from_numpy(getattr(contexts, name)).long() for name in COLUMNS}
            for place in range(len(contexts)):
                yield {name: array[place] for name, array in arrays.items()}


def _framed(rows: list[list[int]]) -> pa.Table:
    """Encoded rows between bos and eos."""
    flat = np.fromiter(itertools.chain.from_iterable([BOS, *ids, EOS] for ids in rows), np.int64)
    ends = np.cumsum([0, *(len(ids) + 2 for ids in rows)])
    nothing = np.ones(len(rows), np.int64)
    return pa.table(
        [token_array(flat, ends), nothing.astype(np.int32), nothing.astype(np.int16)], TOKEN_SCHEMA
    )


def _tokens_per_second(source: Source, workers: int, seconds: float) -> float:
    """Tokens that the loader gives in a second, after its first batch."""
    data = source.make()
    endless = itertools.cycle(range(len(data))) if isinstance(data, datasets.Dataset) else None
    loader = DataLoader(
        data, batch_size=source.batch, num_workers=workers, sampler=endless, collate_fn=source.collate
    )
    batches = iter(loader)
    next(batches)
    tokens, begun = 0, time.perf_counter()
    while time.perf_counter() - begun < seconds:
        batch = next(batches)
        tokens += int(batch["attention_mask"].sum()) if source.batch is None else batch["input_ids"].numel()
    return tokens / (time.perf_counter() - begun)


def _vocabulary(tokens: str) -> dict[str, Any]:
    """The argument that asks for a vocabulary."""
    return {} if tokens == "text" else {"tokens": tokens}


def _sources(config: str, rows: int, folder: str, batch: int, tokens: str) -> dict[str, Source]:
    """What is measured, by name; each is made anew for every measurement."""
    given = {"loss": "all", **_vocabulary(tokens)}
    files = ["--shard-rows", str(rows // 8), "--output-dir", folder]  # several, for the workers to share
    command = ["pack", config, "--num-samples", str(rows), "--loss", "all", *files]
    command += [word for name, value in _vocabulary(tokens).items() for word in (f"--{name}", value)]
    with contextlib.redirect_stdout(io.StringIO()):
        if cli.main(command):
            raise SystemExit(2)

    def read(*, streaming: bool) -> Any:  # noqa: ANN401  # datasets is untyped
        made = datasets.load_dataset(folder, split="train", streaming=streaming, cache_dir=f"{folder}.cache")
        return made.with_format("torch").repeat(1000) if streaming else made.with_format("torch")

    def stream(**more: Any) -> Callable[[], Any]:  # noqa: ANN401
        return lambda: packing.stream(config, **given, **more)

    # As many problems as contexts of the same number of tokens hold, about.
    problems = min(int(batch * CONTEXT / _lengths(config, tokens).mean()), 2048)
    sources = {
        "stream": Source(stream(), batch, packing.collate),
        "torch's collate": Source(stream(), batch),
        "two columns": Source(stream(columns=["input_ids", "labels"]), batch, packing.collate),
        "padded": Source(stream(layout="padded", batch_size=problems), None, packing.collate),
    }
    if tokens == "text":  # the other vocabulary has a tokenizer of its own
        sources["encoding"] = Source(lambda: Encoding(_texts(config, rows)), batch)
    sources["Parquet, streamed"] = Source(lambda: read(streaming=True), batch)
    sources["Parquet, prepared"] = Source(lambda: read(streaming=False), batch)
    return sources


@lru_cache(1)
def _texts(config: str, rows: int) -> list[str]:
    """The texts of the rows of train."""
    options = check_options({**vars(default_options()), "num_samples": rows})
    return [
        f"{prompt} {target}"
        for table in plan(config, options, {})["train"].tables()
        for prompt, target in zip(table["input_text"].to_pylist(), table["target"].to_pylist(), strict=True)
    ]


def _lengths(config: str, tokens: str) -> np.ndarray[Any, Any]:
    """Tokens of some thousand problems."""
    stream = packing.stream(config, layout="padded", **_vocabulary(tokens))
    masks = [batch["attention_mask"] for batch in itertools.islice(stream, 256)]
    return np.concatenate([mask.sum(axis=1) for mask in masks])


def _print_sizes(configs: list[str], vocabularies: list[str]) -> None:
    """The table of tokens per problem."""
    print("\n| config | tokens | tokens per problem | longest | packed, full | padded, full |")
    print("|---|---|" + "---:|" * 4)
    for config, tokens in itertools.product(configs, vocabularies):
        lengths = _lengths(config, tokens)
        packed = packing.stream(config, context=CONTEXT, columns=["document_ids"], **_vocabulary(tokens))
        padded = packing.stream(config, layout="padded", **_vocabulary(tokens))
        filled = [
            np.concatenate([(example[name] > 0).reshape(-1) for example in itertools.islice(stream, 256)])
            for stream, name in ((packed, "document_ids"), (padded, "attention_mask"))
        ]
        shares = " | ".join(f"{values.mean():.1%}" for values in filled)
        print(f"| {config} | {tokens} | {lengths.mean():.1f} | {lengths.max()} | {shares} |", flush=True)


def main() -> None:
    """Measure the configs named on the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("configs", nargs="*", default=["dyna-medium"], metavar="CONFIG")
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--batch", type=int, default=32, help=f"contexts of {CONTEXT} tokens")
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--repeats", type=int, default=2)
    parser.add_argument("--tokens", nargs="+", default=["text"], metavar="VOCABULARY")
    parser.add_argument("--sizes", action="store_true", help="the second table alone")
    chosen = parser.parse_args()
    datasets.disable_progress_bars()
    torch.set_num_threads(1)
    print(f"torch {torch.__version__}, datasets {datasets.__version__}, {os.cpu_count()} cores, ", end="")
    print(f"{processor_name()}, {time.strftime('%Y-%m-%d')}; million tokens/s")
    for tokens in [] if chosen.sizes else chosen.tokens:
        print(f"\nVocabulary: {tokens}\n")
        for place, config in enumerate(chosen.configs):
            with tempfile.TemporaryDirectory() as folder:
                sources = _sources(config, chosen.rows, f"{folder}/{config}", chosen.batch, tokens)
                if not place:
                    print(f"| config | workers | {' | '.join(sources)} | stream / Parquet, prepared |")
                    print("|---|" + "---:|" * (len(sources) + 2))
                for workers in WORKERS:
                    _print_speeds(config, workers, sources, chosen.repeats, chosen.seconds)
    _print_sizes(chosen.configs, chosen.tokens)


def _print_speeds(
    config: str, workers: int, sources: dict[str, Source], repeats: int, seconds: float
) -> None:
    """A line of the table of speeds."""
    best = dict.fromkeys(sources, 0.0)
    for _ in range(repeats):
        for name, source in sources.items():
            best[name] = max(best[name], _tokens_per_second(source, workers, seconds) / 1e6)
    numbers = " | ".join(f"{value:.1f}" for value in best.values())
    ratio = best["stream"] / best["Parquet, prepared"]
    print(f"| {config} | {workers} | {numbers} | {ratio:.2f} |", flush=True)


if __name__ == "__main__":
    main()
