"""Inducto, open family: the hidden rule is an arbitrary rearrangement, so that nothing can be memorised."""

import itertools
from collections.abc import Mapping
from functools import cache, partial
from typing import Any, Final

import numpy as np

from synthlm_tasks.inducto.letter_sets import hash_letters
from synthlm_tasks.inducto.reading import READING
from synthlm_tasks.inducto.rearrangements import (
    NO_LETTER,
    OPEN_LENGTHS,
    draw_letters,
    find_named_outputs,
    rearrangements,
)
from synthlm_tasks.inducto.rules import LENGTHS, MOST_EXAMPLES
from synthlm_tasks.rows.answers import AnswerKind, normalize_sequence
from synthlm_tasks.rows.axes import IntAxis
from synthlm_tasks.rows.lazy_text import FragmentTable, Gathered
from synthlm_tasks.rows.splits import in_split
from synthlm_tasks.rows.streams import Ints, RandomBits
from synthlm_tasks.rows.task import Accept, Params, Problem, Rendered, Task
from synthlm_tasks.rows.text import Bytes

SEQUENCE: Final = AnswerKind(
    "sequence",
    "the letters of the output, separated by single spaces",
    f"[A-Z](?: [A-Z]){{1,{4 * max(LENGTHS) - 1}}}",  # two rules may double in turn
    normalize_sequence,
)

RULE: Final = (
    "Each example `[input] -> [output]` shows what one hidden rule makes of a sequence of letters; the "
    "rule is the same in all examples. It acts on the whole input, whatever its length and letters, and "
    "it is one of these: reversing; rotating to the left or right; dropping letters at one end; writing "
    "every letter twice; taking every n-th letter; interleaving the two halves; swapping neighbouring "
    "pairs, the two ends or the two halves; sorting up or down; moving every letter k places on in the "
    "alphabet, with A after Z; the sequence followed by itself, or by itself reversed; the letters at "
    "even indices (counted from 0), then those at odd ones; reversing consecutive segments of k letters; "
    "or any one of these followed by another. Only where none of these fits all examples, the rule is a "
    "rearrangement without a name: all sequences have the same length, and each place of the output holds"
    " the letter of one fixed place of the input. Find the rule that fits all examples and give its "
    "output for the sequence after `Query:`."
)
"""The rule of every Inducto problem, named or open."""


def most_tokens(examples: int, letters: int) -> int:
    """The tokens of a text in which inputs with their outputs have so many letters each."""
    return examples * (2 * letters + 3) + 2 * letters + 2


def most_compact_tokens(cell: Mapping[str, int], text_tokens: int) -> int:
    """The same in the compact vocabulary, by what it is in text.

    A pair of k letters is 2 k + 3 tokens of text, the last one 2 k + 2; k + 2 are a heading, the letters and
    an arrow.
    """
    return (text_tokens + cell["num_examples"] + cell.get("num_queries", 1) + 1) // 2


class OpenInducto(Task):
    """See examples of a hidden rearrangement of places, and apply it to one more sequence.

    All sequences of a problem have the same length, so that one example says where every place is read from.
    Worked example: `Ex1: [A B C D E F] -> [C A F B E D] | Query: [U V W X Y Z] ->`: the third letter comes
    first, then the first, and so on; the answer is `W U Z V Y X`.

    Problem arrays (c problems, places: the query first, then the examples): `inputs` (8, 1 + most examples,
    c) letter codes with 26 for none; `outputs` the same after the rearrangement; `examples` (c,).
    """

    name = "inducto"
    family = "inducto-open"
    rule = RULE
    axes = (
        IntAxis("sequence_length", min(OPEN_LENGTHS), max(OPEN_LENGTHS)),
        IntAxis("num_examples", 1, MOST_EXAMPLES),
    )
    answers = (SEQUENCE,)
    reading = READING

    @classmethod
    def metadata_fragments(cls) -> list[str]:
        """Nothing is left to say."""
        return ["}"]

    @classmethod
    def max_tokens(cls, cell: Mapping[str, int]) -> int:
        """All sequences have the same length."""
        return most_tokens(cell["num_examples"], 2 * cell["sequence_length"])

    @classmethod
    def max_compact_tokens(cls, cell: Mapping[str, int]) -> int:
        """All sequences have the same length."""
        return most_compact_tokens(cell, cls.max_tokens(cell))

    @classmethod
    def chance(cls, metadata: Mapping[str, Any]) -> float:
        """One of the rearrangements in use, whatever the examples say."""
        starts, length = rearrangements().starts, metadata["sequence_length"]
        return 1 / (starts[length + 1] - starts[length])

    @classmethod
    def propose(cls, params: Params, bits: RandomBits, accept: Accept) -> tuple[Ints, Problem]:
        """Draw rearrangements of the split, then letters; those of a query belong to the split too."""
        known = rearrangements()
        length, examples = params["sequence_length"], params["num_examples"]
        places = 1 + params.most["num_examples"]
        accepted = np.flatnonzero(accept(known.hashes))
        firsts = np.searchsorted(accepted, list(known.starts.values()))
        length_index = length - min(OPEN_LENGTHS)
        chosen = firsts[length_index] + bits.below(np.diff(firsts)[length_index], len(length))
        inputs = _draw_inputs(length, places, accept, bits)
        sources = known.sources.take(accepted[chosen], 1).astype(np.int64)
        outputs = np.take_along_axis(inputs, sources[:, None, :], 0)
        present = np.arange(places)[:, None] <= examples
        valid = ~(find_named_outputs(outputs, length, known.named) & present).any(axis=0)
        for place in range(1, places):
            repeated = (inputs[:, :place] == inputs[:, place : place + 1]).all(axis=0)
            valid &= ~(repeated & present[place]).any(axis=0)
        valid &= accept(hash_letters(inputs[:, 0]))
        kept = np.flatnonzero(valid)
        return kept, {
            "inputs": inputs.take(kept, 2),
            "outputs": outputs.take(kept, 2),
            "examples": examples[kept],
        }

    @classmethod
    def render(cls, problem: Problem) -> Rendered:
        """The examples in turn, then the query; the answer is the query rearranged."""
        inputs, outputs, examples = problem["inputs"], problem["outputs"], problem["examples"]
        parts = []
        for place in range(1, inputs.shape[1]):
            absent = examples < place
            for opening, sequences in ((place - 1, inputs), (_ARROW, outputs)):
                fragments = pair_fragments(sequences[:, place], opening)
                fragments[:, absent] = _NOTHING
                parts.append(fragments)
        parts.append(pair_fragments(inputs[:, 0], _QUERY))
        close = np.full((1, len(examples)), _CLOSE)
        return Rendered(
            input_text=Gathered(fragment_table(), np.concatenate([*parts, close])),
            target=Gathered(fragment_table(), pair_fragments(outputs[:, 0], _ANSWER)),
            notes=np.zeros((1, len(examples)), np.int64),
        )


def _draw_inputs(length: Ints, places: int, accept: Accept, bits: RandomBits) -> Bytes:
    """Letters as in `draw_letters`, whose sets are in train for examples, in the row's split for queries.

    After so many rounds that one in a billion rows is left, what is left stays as it is.
    """
    inputs = draw_letters(length, places, bits)
    for place in range(places):
        wanted = accept if place == 0 else partial(in_split, split="train")
        pending = np.arange(len(length))
        for _ in range(_LETTER_ROUNDS):
            pending = pending[~wanted(hash_letters(inputs[:, place, pending]))]
            if not len(pending):
                break
            # Several for each, of which the first that is wanted stays: a held-out split wants one in twenty.
            tries = np.repeat(pending, _LETTER_TRIES)
            drawn = draw_letters(length[tries], 1, bits)[:, 0]
            fine = wanted(hash_letters(drawn)).reshape(len(pending), _LETTER_TRIES)
            first = np.arange(len(pending)) * _LETTER_TRIES + fine.argmax(axis=1)
            inputs[:, place, pending] = drawn[:, first]
    return inputs


_LETTER_TRIES: Final = 16
_LETTER_ROUNDS: Final = 32

OPENINGS: Final = (
    "Ex1: [",
    *(f"] | Ex{number}: [" for number in range(2, MOST_EXAMPLES + 1)),
    "] -> [",
    "] | Query: [",
    "",
    " ",
)
_ARROW, _QUERY, _ANSWER, _NEXT = range(MOST_EXAMPLES, len(OPENINGS))

# A sequence is four fragments of two letters each, which needs half as many as one letter each. The table is
# blocks of 27 * 27 = 729 pairs: first one that has nothing but the two fragments below, then one per opening.
_NOTHING, _CLOSE = 0, 1
_PAIRS: Final = (NO_LETTER + 1) ** 2


def pair_fragments(letters: Bytes, opening: int) -> Ints:
    """Fragments of a sequence (8, c) behind the opening of this number: (4, c).

    The fragment of a pair a b is 729 * (1 + opening) + 27 * a + b, and behind the first pair the opening is
    `_NEXT`, a blank; e.g. A C behind "] -> [" (10): 729 * 11 + 2.
    """
    wide = letters.astype(np.int64)
    fragments = wide[::2] * (NO_LETTER + 1) + wide[1::2] + _PAIRS
    fragments[0] += opening * _PAIRS
    fragments[1:] += _NEXT * _PAIRS
    return fragments


@cache
def fragment_table() -> FragmentTable:
    """The table that `pair_fragments` refers to; a pair of two letters that are none is nothing at all."""
    names = [*"ABCDEFGHIJKLMNOPQRSTUVWXYZ", ""]
    pairs = [" ".join(filter(None, pair)) for pair in itertools.product(names, repeat=2)]
    first = ["", "] ->", *[""] * (_PAIRS - 2)]
    return FragmentTable.of([*first, *(pair and opening + pair for opening in OPENINGS for pair in pairs)])
