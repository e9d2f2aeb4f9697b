"""Rejection sampling: what rows need of a task, and how each gets the first proposal that is accepted."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from synthlm_tasks.rows.lazy_text import LazyText
from synthlm_tasks.rows.splits import Accept, Split, in_split
from synthlm_tasks.rows.streams import Ints, RandomBits
from synthlm_tasks.rows.text import Index

Problem: TypeAlias = dict[str, NDArray[Any]]

# Candidates of a round once few rows are open: as many as cost little more than its overhead, or as rows
# seem to need, up to what stays cheap; and most tries for a row in a round.
_LEAST_ROUND: Final = 2048
_MOST_ROUND: Final = 32768
MOST_TRIES: Final = 64

# Rounds after which rows still open are settled anew, and after which they are given up.
_PATIENCE: Final = 8
MOST_ROUNDS: Final = 400

# Rounds of MOST_TRIES after which a split counts as having no problem with some parameters: where it has one
# in a thousand of those drawn, as many tries miss it once in e**30.
_PROBES: Final = 480


@dataclass(frozen=True)
class Params:
    """Axis codes of the problems to propose: name → codes (c,); the least and most of each in the recipe."""

    codes: Mapping[str, Ints]
    least: Mapping[str, int]
    most: Mapping[str, int]

    def __getitem__(self, name: str) -> Ints:
        """The codes of one axis."""
        return self.codes[name]

    def take(self, places: Ints) -> "Params":
        """The parameters at `places`, in that order."""
        return Params({name: codes.take(places) for name, codes in self.codes.items()}, self.least, self.most)

    def extend(self, more: Mapping[str, Ints]) -> "Params":
        """These parameters and `more`."""
        return Params({**self.codes, **more}, self.least, self.most)

    def replace_at(self, places: Ints, other: "Params") -> "Params":
        """These parameters with those of `other` at `places`."""
        codes = {name: array.copy() for name, array in self.codes.items()}
        for name, array in codes.items():
            array[places] = other.codes[name]
        return Params(codes, self.least, self.most)


@dataclass(frozen=True)
class Rendered:
    """Rendered rows. `notes` (k, r) index the task's `metadata_fragments`: the tail of the metadata."""

    input_text: LazyText
    target: LazyText
    notes: Index


class Proposer(Protocol):
    """What rows need of a task: arrays in, arrays out. See `synthlm_tasks.rows.task.Task`."""

    name: ClassVar[str]
    unkeyed_axes: ClassVar[tuple[str, ...]]

    @classmethod
    def draw_fixed(cls, params: Params, bits: RandomBits) -> Params:
        """Draw once per row what a rejection must keep."""

    @classmethod
    def propose(cls, params: Params, bits: RandomBits, accept: Accept) -> tuple[Ints, Problem]:
        """Draw candidates; return the places of the accepted ones and their problems."""

    @classmethod
    def draw_queries(cls, problem: Problem, params: Params, bits: RandomBits, accept: Accept) -> Problem:
        """Add further queries to accepted problems."""

    @classmethod
    def render(cls, problem: Problem) -> Rendered:
        """Write problems as text."""

    @classmethod
    def scarce(cls, cell: Mapping[str, int]) -> bool:
        """Whether so few problems have these axis codes that a split may have none."""

    @classmethod
    def share_accepted(cls, cell: Mapping[str, int], accept: Accept) -> float | None:
        """The share of a scarce cell's problems that accept takes, where it is known."""

    @classmethod
    def distinct_key(cls, input_text: str, target: str) -> str:
        """What no two rows of a held-out split have in common."""

    @classmethod
    def metadata_fragments(cls) -> list[str]:
        """Text fragments of the metadata tail."""

    @classmethod
    def describe(cls, cell: Mapping[str, object]) -> dict[str, object]:
        """Metadata that a cell of axis values alone decides."""

    @classmethod
    def max_tokens(cls, cell: Mapping[str, int]) -> int:
        """The most tokens of a training text with these axis codes, in the text vocabulary."""

    @classmethod
    def max_compact_tokens(cls, cell: Mapping[str, int]) -> int:
        """The same in the compact vocabulary."""


class NothingAcceptedError(Exception):
    """No problem was accepted for a row of a block."""

    def __init__(self, row: int) -> None:
        """Give up on `row`."""
        super().__init__(row)
        self.row = row


def find_unfillable(
    task: type[Proposer], params: Params, split: Split, bits: Callable[..., RandomBits]
) -> Ints:
    """The rows of `params` for which no problem was accepted in a number of tries that finds any there is."""
    pending = np.arange(len(next(iter(params.codes.values()))))
    for turn in range(_PROBES):
        if not len(pending):
            break
        tries = np.tile(pending, MOST_TRIES)
        drawn = task.draw_fixed(params.take(tries), bits(turn, 0))
        places, _ = task.propose(drawn, bits(turn, 1), lambda h: in_split(h, split))
        pending = np.setdiff1d(pending, tries[places])
    return pending


def draw_accepted(
    task: type[Proposer], params: Params, split: Split, bits: Callable[..., RandomBits], pending: Ints
) -> Problem:
    """The first accepted problem of every row, rows on the last axis, proposed in the order of `pending`.

    `pending` (r,) is a permutation of the rows; `bits` starts the stream of a round. Raises
    NothingAcceptedError after `MOST_ROUNDS`.
    """
    settled = task.draw_fixed(params, bits(0))
    chosen = np.zeros(len(pending), np.int64)
    parts: list[Problem] = []
    tried = accepted = 0
    for turn in range(1, MOST_ROUNDS + 1):
        if turn % _PATIENCE == 0:  # what was settled for these rows may allow no problem at all
            settled = settled.replace_at(pending, task.draw_fixed(params.take(pending), bits(turn)))
        needed = -(-tried // accepted) if accepted else 1  # tries for each accepted problem so far
        worthwhile = max(min(max(needed, _LEAST_ROUND // len(pending)), _MOST_ROUND // len(pending)), 1)
        tries = np.tile(pending, min(worthwhile, MOST_TRIES))
        tried += len(tries)
        places, problem = task.propose(settled.take(tries), bits(turn), lambda h: in_split(h, split))
        parts.append(problem)
        rows = tries[places]
        # for number, row in enumerate(rows): first[row] is the least number; written from the last to the
        # first, since of several writes to one place numpy keeps the last.
        first = np.full(len(chosen), -1)
        first[rows[::-1]] = np.arange(len(rows))[::-1]
        done = first >= 0
        chosen[done] = first[done] + accepted
        accepted += len(rows)
        pending = pending[~done[pending]]
        if not len(pending):
            break
    else:
        raise NothingAcceptedError(int(pending[0]))
    return {
        name: np.concatenate([part[name] for part in parts], axis=-1).take(chosen, -1) for name in parts[0]
    }
