"""How fast tokens come into a torch DataLoader: straight from the generators, and as they otherwise would.

    python benchmarks/tokens.py [--rows 200_000] [--batch 32] [--seconds 3] [--repeats 2] [CONFIG ...]

Every source yields the same kind of contexts (four columns, 64-bit tensors) to the same DataLoader with 0, 1
and 2 workers:

- stream: `packing.stream`, endless;
- encoding: the texts of the same rows, in memory, encoded on the fly by `tokenizers`
  (`encode_batch_fast`) with the same tokenizer, then packed by the same code: what is read from disk and how
  it is packed costs nothing or no more than here;
- Parquet, streamed: what `synthlm pack` wrote, by `load_dataset(folder, streaming=True)`;
- Parquet, prepared: the same by `load_dataset(folder)`, memory mapped, read in order.

Files are in the page cache. The first batch is not timed; the best of the repeats counts. Prints Markdown.
"""

import argparse
import contextlib
import io
import itertools
import os
import platform
import tempfile
import time
from collections.abc import Callable, Iterator
from typing import Any

import datasets
import numpy as np
import pyarrow as pa
import torch
from tokenizers import Tokenizer
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

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


def _tokens_per_second(source: Any, workers: int, batch: int, seconds: float) -> float:  # noqa: ANN401
    """Tokens that the loader gives in a second, after its first batch."""
    endless = itertools.cycle(range(len(source))) if isinstance(source, datasets.Dataset) else None
    batches = iter(DataLoader(source, batch_size=batch, num_workers=workers, sampler=endless))
    next(batches)
    tokens, begun = 0, time.perf_counter()
    while time.perf_counter() - begun < seconds:
        tokens += next(batches)["input_ids"].numel()
    return tokens / (time.perf_counter() - begun)


def _sources(config: str, rows: int, folder: str) -> dict[str, Callable[[], Any]]:
    """What is measured, by name; each is made anew for every measurement."""
    options = check_options({**vars(default_options()), "num_samples": rows})
    tables = plan(config, options, {})["train"].tables()
    texts = [
        f"{prompt} {target}"
        for table in tables
        for prompt, target in zip(table["input_text"].to_pylist(), table["target"].to_pylist(), strict=True)
    ]
    files = ["--shard-rows", str(rows // 8), "--output-dir", folder]  # several, for the workers to share
    with contextlib.redirect_stdout(io.StringIO()):
        if cli.main(["pack", config, "--num-samples", str(rows), "--loss", "all", *files]):
            raise SystemExit(2)

    def read(*, streaming: bool) -> Any:  # noqa: ANN401  # datasets is untyped
        made = datasets.load_dataset(folder, split="train", streaming=streaming, cache_dir=f"{folder}.cache")
        return made.with_format("torch").repeat(1000) if streaming else made.with_format("torch")

    return {
        "stream": lambda: packing.stream(config, context=CONTEXT, loss="all"),
        "encoding": lambda: Encoding(texts),
        "Parquet, streamed": lambda: read(streaming=True),
        "Parquet, prepared": lambda: read(streaming=False),
    }


def main() -> None:
    """Measure the configs named on the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("configs", nargs="*", default=["dyna-medium"], metavar="CONFIG")
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--batch", type=int, default=32, help=f"contexts of {CONTEXT} tokens")
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--repeats", type=int, default=2)
    chosen = parser.parse_args()
    datasets.disable_progress_bars()
    torch.set_num_threads(1)
    print(f"torch {torch.__version__}, datasets {datasets.__version__}, {os.cpu_count()} cores, ", end="")
    print(f"{platform.machine()}, {time.strftime('%Y-%m-%d')}; million tokens/s\n")
    print("| config | workers | stream | encoding | Parquet, streamed | Parquet, prepared ", end="")
    print("| stream / encoding | stream / Parquet's best |")
    print("|---|" + "---:|" * 7)
    for config in chosen.configs:
        with tempfile.TemporaryDirectory() as folder:
            sources = _sources(config, chosen.rows, f"{folder}/{config}")
            for workers in WORKERS:
                runs = [
                    [
                        _tokens_per_second(make(), workers, chosen.batch, chosen.seconds)
                        for make in sources.values()
                    ]
                    for _ in range(chosen.repeats)
                ]
                best = [max(column) / 1e6 for column in zip(*runs, strict=True)]
                numbers = " | ".join(f"{value:.1f}" for value in best)
                ratios = f"{best[0] / best[1]:.1f} | {best[0] / max(best[2:]):.2f}"
                print(f"| {config} | {workers} | {numbers} | {ratios} |", flush=True)


if __name__ == "__main__":
    main()
