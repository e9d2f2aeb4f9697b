"""Tallies of written rows by task and level: rows, tokens, and prompts that occur more than once.

Repeats are counted among the rows whose prompts hash into a small region, so that counting takes constant
memory and equal prompts meet wherever they are; while a cell is small, the region is everything.
"""

import base64
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from xxhash import xxh3_64_intdigest

from synthlm_tasks.rows.splits import splitmix64
from synthlm_tasks.rows.streams import Ints
from synthlm_tasks.rows.text import Strings, to_arrow
from synthlm_tasks.tokens.tokenizer import TokenCounter

Cell: TypeAlias = str
"""A task and a level, e.g. "dyna/2"."""

# Prompts of a cell that are remembered, about: 256 KiB of hashes, whatever the number of rows.
_REMEMBERED: Final = 1 << 15

# Levels are numbered below this: code = task * _LEVELS + level.
_LEVELS: Final = 4

# Bytes of a prompt, evenly spread, that say whether it is remembered: every prompt is hashed so, and only the
# remembered ones as a whole.
_PROBES: Final = 16


@dataclass(frozen=True)
class CellCounts:
    """What was written of one cell: `prompts` are the hashes of the remembered ones, in base64."""

    rows: int
    tokens: int | None
    prompts: str


@dataclass(frozen=True)
class Repeats:
    """Rows of a cell whose prompt came before, scaled up from the share of rows that was remembered."""

    rows: int
    exact: bool


def region_bits(rows: int) -> int:
    """How many hash bits must be zero so that of a cell's `rows` about `_REMEMBERED` are kept."""
    return max(0, (rows // _REMEMBERED).bit_length())


class RowCounter:
    """The running tallies of one shard. `bits` are those of `region_bits`, by cell."""

    def __init__(self, bits: dict[Cell, int], count_tokens: bool) -> None:
        """Start at nothing."""
        self._bits = bits
        self._counter = TokenCounter() if count_tokens else None
        self._rows: dict[Cell, int] = {}
        self._tokens: dict[Cell, int] = {}
        self._prompts: dict[Cell, list[bytes]] = {}

    def add(self, rows: pa.Table) -> None:
        """Count the rows of a table."""
        tasks = rows["task"].combine_chunks().dictionary_encode()
        names = tasks.dictionary.to_pylist()
        codes = tasks.indices.to_numpy() * _LEVELS + rows["difficulty"].to_numpy()
        cells = [f"{name}/{level}" for name in names for level in range(_LEVELS)]
        tokens = self._counter.counts(rows) if self._counter else np.zeros(len(rows), np.int64)
        counts = np.bincount(codes, minlength=len(cells)).tolist()
        sums = np.bincount(codes, weights=tokens, minlength=len(cells)).tolist()  # exact below 2**53
        for cell, count, total in zip(cells, counts, sums, strict=True):
            if count:
                self._rows[cell] = self._rows.get(cell, 0) + count
                self._tokens[cell] = self._tokens.get(cell, 0) + int(total)
        if self._bits:
            self._remember(rows["input_text"].combine_chunks(), cells, codes)

    def _remember(self, prompts: Strings, cells: list[Cell], codes: Ints) -> None:
        # The lower bits that must be zero, by cell: none where all are kept, and 63 for a cell that is not to
        # be remembered, which no hash passes in practice.
        masks = np.array([(1 << self._bits.get(cell, 63)) - 1 for cell in cells], np.uint64)
        kept = np.flatnonzero((_hash_probes(prompts) & masks[codes]) == 0)
        texts = prompts.take(to_arrow(kept)).cast(pa.binary()).to_pylist()
        hashes = np.fromiter(map(xxh3_64_intdigest, texts), np.uint64, len(texts))
        for code in np.unique(codes[kept]).tolist():
            self._prompts.setdefault(cells[code], []).append(hashes[codes[kept] == code].tobytes())

    def counts(self) -> dict[Cell, CellCounts]:
        """What was counted, by cell."""
        return {
            cell: CellCounts(
                rows,
                self._tokens[cell] if self._counter else None,
                base64.b64encode(b"".join(self._prompts.get(cell, []))).decode(),
            )
            for cell, rows in sorted(self._rows.items())
        }


def estimate_repeats(tallies: Iterable[CellCounts]) -> Repeats:
    """The repeats among all rows of one cell, from the tallies of all its shards."""
    listed = list(tallies)
    rows = sum(tally.rows for tally in listed)
    prompts = np.frombuffer(b"".join(base64.b64decode(tally.prompts) for tally in listed), np.uint64)
    again = len(prompts) - len(np.unique(prompts))
    if len(prompts) == rows:
        return Repeats(again, exact=True)
    return Repeats(round(again * rows / max(len(prompts), 1)), exact=False)


def _hash_probes(texts: Strings) -> NDArray[np.uint64]:
    """A hash (r,) of some bytes of each text, and of its length: equal texts have equal hashes.

    hash = hash * odd constant + byte  (mod 2**64), byte after byte, each at (2 * probe + 1) / 32 of the text.
    """
    _, offsets, data = texts.buffers()
    ends = np.frombuffer(offsets, np.int32)[texts.offset : texts.offset + len(texts) + 1].astype(np.int64)
    content = np.frombuffer(data, np.uint8)
    start, length = ends[:-1], np.diff(ends)
    hashes = length.astype(np.uint64)
    for probe in range(_PROBES):
        place: Ints = start + (length * (2 * probe + 1)) // (2 * _PROBES)
        hashes = hashes * np.uint64(0x9E3779B97F4A7C15) + content[place]
    return splitmix64(hashes)
