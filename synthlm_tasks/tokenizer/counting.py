"""Counting the tokens of rows: of the training text `input_text + " " + target`, without bos and eos."""

import hashlib
import json
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from synthlm_tasks.errors import ParameterError
from synthlm_tasks.streams import Ints
from synthlm_tasks.text import Strings

BUNDLED: Final = "bundled"

# Bytes looked at together: temporary arrays stay in the processor's cache.
_CHUNK: Final = 1 << 18


class Counter(Protocol):
    """Counts tokens of rows. `swift`: fast enough to count every row that is written."""

    name: str
    digest: str
    swift: bool

    def counts(self, rows: pa.Table) -> Ints:
        """The tokens of each row's training text (r,)."""


class TokenCounter:
    """Counts the bundled tokenizer's tokens from the bytes alone, without encoding."""

    name = BUNDLED
    swift = True

    def __init__(self, frame: int = 0) -> None:
        """Count `frame` more tokens in every row, such as bos and eos."""
        self._more = 1 + frame
        self.digest = _digest(bundled_files()["tokenizer.json"].decode())

    def counts(self, rows: pa.Table) -> Ints:
        """The tokens of each row; the joint between prompt (which ends in `->`) and answer is one."""
        return _text_counts(rows["input_text"]) + _text_counts(rows["target"]) + self._more


class _LibraryCounter:
    """Counts with the `tokenizers` library."""

    swift = False

    def __init__(self, name: str, tokenizer: Any) -> None:  # noqa: ANN401  # the library has no types
        self.name = name
        self.digest = _digest(tokenizer.to_str())
        self._tokenizer = tokenizer
        tokenizer.no_truncation()
        tokenizer.no_padding()

    def counts(self, rows: pa.Table) -> Ints:
        pairs = zip(rows["input_text"].to_pylist(), rows["target"].to_pylist(), strict=True)
        texts = [f"{prompt} {target}" for prompt, target in pairs]
        encoded = self._tokenizer.encode_batch_fast(texts, add_special_tokens=False)
        return np.array([len(encoding) for encoding in encoded], np.int64)


@cache
def bundled_files() -> dict[str, bytes]:
    """The bundled tokenizer's files: name → content."""
    folder = resources.files("synthlm_tasks") / "tokenizer"
    return {name: (folder / name).read_bytes() for name in ("tokenizer.json", "tokenizer_config.json")}


def counter(name: str = BUNDLED) -> Counter:
    """The counter of the bundled tokenizer, of a `tokenizer.json` file (or its folder), or of a Hub model.

    Raises ParameterError when there is no such tokenizer.
    """
    if name == BUNDLED:
        return TokenCounter()
    from tokenizers import Tokenizer  # heavy, and only needed here

    path = Path(name) / "tokenizer.json" if Path(name).is_dir() else Path(name)
    try:
        if path.exists():
            # The file's content names it in what is written: a path would tell about the machine.
            return _LibraryCounter("file", Tokenizer.from_file(str(path)))
        return _LibraryCounter(name, Tokenizer.from_pretrained(name))
    except Exception as error:  # the library raises bare Exception
        reason = " ".join(str(error).split())
        raise ParameterError(
            f"tokenizer={name!r}: expected {BUNDLED!r}, the path of a tokenizer.json file, or a model on the "
            f"Hub that has one ({reason})"
        ) from None


def _digest(text: str) -> str:
    """SHA-256 of a tokenizer's JSON, however it is laid out."""
    return hashlib.sha256(json.dumps(json.loads(text), sort_keys=True).encode()).hexdigest()


def _text_counts(column: pa.ChunkedArray) -> Ints:
    parts = [_chunk_counts(chunk) for chunk in column.chunks]
    return np.concatenate(parts) if parts else np.zeros(0, np.int64)


def _chunk_counts(texts: Strings) -> Ints:
    """How many tokens each text has: (r,)."""
    if not len(texts):
        return np.zeros(0, np.int64)
    _, offsets, data = texts.buffers()
    ends = np.frombuffer(offsets, np.int32)[texts.offset : texts.offset + len(texts) + 1].astype(np.int64)
    ends -= (first := int(ends[0]))
    content = np.frombuffer(data, np.uint8, int(ends[-1]), first) if data else np.zeros(0, np.uint8)
    filled = ends[1:] > ends[:-1]
    lasts = ends[1:][filled] - 1
    cut = lasts[content[lasts] == ord("-")]
    if len(cut):  # that it makes no arrow with what the next text begins with
        content = content.copy()
        content[cut] = ord(" ")
    starts = _starts(content)
    starts[ends[:-1][filled]] = True
    counts = np.zeros(len(texts), np.int64)
    if filled.any():
        counts[filled] = np.add.reduceat(starts.view(np.uint8), ends[:-1][filled], dtype=np.uint32)
    return counts


def _starts(content: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Where tokens (bytes,) start, were it one text: at both ends of words, and after `->`."""
    starts = np.zeros(len(content), np.bool_)
    for at in range(0, len(content), _CHUNK):
        before = min(at, 2)
        part = content[at - before : at + _CHUNK]
        lowered = part | np.uint8(0x20)
        lowered -= np.uint8(ord("a"))
        word = lowered < 26
        np.subtract(part, np.uint8(ord("0")), out=lowered)
        word |= lowered < 10
        word |= part == ord("_")
        here = starts[at - before : at + _CHUNK]
        here[1:] |= word[1:] != word[:-1]
        here[2:] |= (part[1:-1] == ord(">")) & (part[:-2] == ord("-"))
    return starts


__all__ = ["BUNDLED", "Counter", "TokenCounter", "bundled_files", "counter"]
