"""Counting the tokens of rows: of the training text `input_text + " " + target`, without bos and eos."""

import hashlib
import json
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np
import pyarrow as pa

from synthlm_tasks.errors import ParameterError
from synthlm_tasks.rows.streams import Ints
from synthlm_tasks.rows.vocabulary import VOCABULARIES, TokensName, Vocabulary

BUNDLED: Final = "bundled"


NAMES: Final[dict[TokensName, str]] = {"text": BUNDLED, "compact": "bundled-compact"}
"""What the bundled tokenizers are called in the papers of a folder."""


class Counter(Protocol):
    """Counts tokens of rows."""

    name: str
    digest: str

    @property
    def precounted(self) -> Vocabulary | None:
        """The vocabulary in which rows come with their numbers, so that all can be counted, if any."""

    def counts(self, rows: pa.Table) -> Ints:
        """The tokens of each row's training text (r,)."""


class TokenCounter:
    """Counts a bundled tokenizer's tokens, which rows of `tables.COUNTED_SCHEMA` come with."""

    def __init__(self, tokens: TokensName = "text", frame: int = 0) -> None:
        """Count in the vocabulary `tokens`, and `frame` more tokens in every row, such as bos and eos."""
        self.name, self.precounted = NAMES[tokens], VOCABULARIES[tokens]
        self._frame = frame
        self.digest = _digest(bundled_files(tokens)["tokenizer.json"].decode())

    def counts(self, rows: pa.Table) -> Ints:
        """The tokens of each row."""
        counts: Ints = rows["tokens"].to_numpy() + self._frame
        return counts


class _LibraryCounter:
    """Counts with the `tokenizers` library."""

    precounted = None

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
def bundled_files(tokens: TokensName = "text") -> dict[str, bytes]:
    """The files of a vocabulary's bundled tokenizer: name → content."""
    folder = resources.files("synthlm_tasks.tokens.tokenizer") / tokens
    return {name: (folder / name).read_bytes() for name in ("tokenizer.json", "tokenizer_config.json")}


def load_counter(name: str = BUNDLED, tokens: TokensName = "text") -> Counter:
    """The counter of a bundled tokenizer, of a `tokenizer.json` file (or its folder), or of a Hub model.

    Raises ParameterError when there is no such tokenizer, or `tokens` is given for one that is not bundled.
    """
    if name == BUNDLED:
        return TokenCounter(tokens)
    if tokens != "text":
        raise ParameterError(
            f"tokens={tokens!r}: a vocabulary of the bundled tokenizers, but tokenizer={name!r}; "
            "leave one of the two out"
        )
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
