"""Portions: parts of a split that are packed by themselves, so that any one is made without the others."""

from abc import ABC, abstractmethod
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Final, Protocol

import pyarrow as pa

from synthlm_tasks.errors import ParameterError
from synthlm_tasks.rows.mixing import Mixture
from synthlm_tasks.rows.task import check_whole_number
from synthlm_tasks.rows.vocabulary import VOCABULARIES, TokensName, check_tokens
from synthlm_tasks.tokens.contexts import Contexts, Example, Loss, check_loss, pack_contexts
from synthlm_tasks.tokens.framing import FRAME, iter_framed_rows

# Problems packed together at least, where a split has as many: enough that the one context that stays
# partly empty does not count.
_LEAST_ROWS: Final = 16384

LEAST_CONTEXT: Final = 32
MOST_CONTEXT: Final = 1 << 15  # positions are 16-bit numbers


class Examples(Protocol):
    """What a portion is trained on, in order."""

    def __len__(self) -> int:
        """How many examples there are."""

    def examples(self, start: int, columns: Sequence[str]) -> Iterator[Example]:
        """Those from `start` on, each with these columns as 64-bit arrays."""


@dataclass(frozen=True)
class Portioned(ABC):
    """One split of a config, cut into portions, each made into examples by itself."""

    mixture: Mixture

    @property
    @abstractmethod
    def portions(self) -> int:
        """How many portions there are."""

    @property
    @abstractmethod
    def identity(self) -> list[object]:
        """What examples depend on beside the rows of the split."""

    @abstractmethod
    def start(self, portion: int) -> int:
        """The rows before a portion."""

    @abstractmethod
    def iter_examples(self, first: int, last: int) -> Iterator[Examples]:
        """The examples of the portions [first, last), portion by portion."""

    @cached_property
    def several(self) -> bool:
        """Whether some problem has more than one query."""
        columns = [recipe.space.columns.get("num_queries") for recipe in self.mixture.recipes]
        return any(codes is not None and bool((codes > 1).any()) for codes in columns)

    def first_portion_from(self, row: int) -> int:
        """The first portion that begins with this row or a later one."""
        return bisect_right(range(self.portions), row - 1, key=self.start)


@dataclass(frozen=True)
class Portion:
    """One portion: its framed rows (see `framing`) in the split's order, and the contexts made of them."""

    rows: pa.Table
    contexts: Contexts


@dataclass(frozen=True)
class Packing(Portioned):
    """One split of a config in contexts of `context` tokens of a vocabulary: all its portions depend on."""

    context: int
    loss: Loss
    tokens: TokensName = "text"

    @classmethod
    def create(cls, mixture: Mixture, context: object, loss: str, tokens: object = "text") -> "Packing":
        """A packing that can be; raises ParameterError naming what is out of range.

        A config is refused whose longest problem (as far as its axes tell) exceeds the context.
        """
        known = check_tokens(tokens)
        room = check_whole_number("context", context, LEAST_CONTEXT)
        if room > MOST_CONTEXT:
            raise ParameterError(f"context={context!r}: expected {LEAST_CONTEXT} to {MOST_CONTEXT} tokens")
        counted = check_loss(loss)
        longest = max(recipe.max_tokens(VOCABULARIES[known]) for recipe in mixture.recipes) + FRAME
        if longest > room:
            raise ParameterError(
                f"context={context!r}: problems of config {mixture.name!r} may have {longest} tokens with "
                f"bos and eos; expected {longest} or more, or parameters that make problems shorter"
            )
        return cls(mixture, room, counted, known)

    @cached_property
    def portions(self) -> int:
        """How many portions there are."""
        return min(self.mixture.chunks, max(self.mixture.rows // _LEAST_ROWS, 1))

    @property
    def identity(self) -> list[object]:
        """What contexts depend on beside the rows of the split."""
        return ["packed", self.context, self.loss, self.tokens]

    def start(self, portion: int) -> int:
        """The rows before a portion."""
        return self.mixture.chunk_start(self._chunk(portion))

    def iter_portions(self, first: int, last: int) -> Iterator[Portion]:
        """The portions [first, last); neighbours cost no block twice.

        Raises SpaceError when a held-out split has fewer distinct prompts than asked for.
        """
        read = partial(iter_framed_rows, tokens=self.tokens)
        chunks = self.mixture.read_chunks(read, self._chunk(first), self._chunk(last))
        for portion in range(first, last):
            count = self._chunk(portion + 1) - self._chunk(portion)
            rows = pa.concat_tables([next(chunks) for _ in range(count)])
            yield Portion(rows, pack_contexts(rows, self.context, self.loss, self.several, self.tokens))

    def iter_examples(self, first: int, last: int) -> Iterator[Contexts]:
        """The contexts of the portions [first, last)."""
        return (portion.contexts for portion in self.iter_portions(first, last))

    def _chunk(self, portion: int) -> int:
        """The mixture's chunk that a portion begins with."""
        return self.mixture.chunks * portion // self.portions
