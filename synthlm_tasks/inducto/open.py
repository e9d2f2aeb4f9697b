"""Inducto, open family: the hidden rule is an arbitrary rearrangement, so that nothing can be memorised."""

import itertools
from collections.abc import Mapping
from functools import cache, partial
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from synthlm_tasks.inducto.letter_sets import hash_letters
from synthlm_tasks.inducto.reading import READING
from synthlm_tasks.inducto.rearrangements import (
    MOST,
    NO_LETTER,
    OPEN_LENGTHS,
    draw_letters,
    draw_outputs,
    rearrangements,
)
from synthlm_tasks.inducto.rules import LENGTHS, MOST_EXAMPLES
from synthlm_tasks.rows.answers import AnswerKind, normalize_sequence
from synthlm_tasks.rows.axes import IntAxis
from synthlm_tasks.rows.lazy_text import FragmentTable, Gathered
from synthlm_tasks.rows.splits import in_split
from synthlm_tasks.rows.streams import Ints, RandomBits
from synthlm_tasks.rows.task import NUM_QUERIES, Accept, Params, Problem, Rendered, Task
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
    "output for the sequence after `Query:`. Where queries follow one another, each is about that same "
    "rule, and the answers of all but the last stand behind them."
)
"""The rule of every Inducto problem, named or open."""


def most_tokens(cell: Mapping[str, int], letters: int) -> int:
    """The tokens of a text in which inputs with their outputs have so many letters each.

    An answered query, `Query: [A B] -> [B A] | `, has as many as an example, `Ex1: [A B] -> [B A] | `.
    """
    return (cell["num_examples"] + cell["num_queries"] - 1) * (2 * letters + 3) + 2 * letters + 2


class OpenInducto(Task):
    """See examples of a hidden rearrangement of places, and apply it to one more sequence.

    All sequences of a problem have the same length, so that one example says where every place is read from.
    Worked example: `Ex1: [A B C D E F] -> [C A F B E D] | Query: [U V W X Y Z] ->`: the third letter comes
    first, then the first, and so on; the answer is `W U Z V Y X`.

    Problem arrays (c problems, places: the query first, then the examples): `inputs` (8, 1 + most examples,
    c) letter codes with 26 for none; `outputs` the same after the rearrangement; `examples` (c,); `sources`
    (8, c) the place that each place of the output is read from. Where some problem has k further queries:
    `further_inputs` and `further_outputs` (8, k, c), and `queries` (c,), how many each problem has.
    """

    name = "inducto"
    family = "inducto-open"
    rule = RULE
    axes = (
        IntAxis("sequence_length", min(OPEN_LENGTHS), max(OPEN_LENGTHS)),
        IntAxis("num_examples", 1, MOST_EXAMPLES),
        NUM_QUERIES,
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
        return most_tokens(cell, 2 * cell["sequence_length"])

    @classmethod
    def chance(cls, metadata: Mapping[str, Any]) -> float:
        """One of the rearrangements in use, whatever the examples say."""
        starts, length = rearrangements().starts, metadata["sequence_length"]
        return 1 / (starts[length + 1] - starts[length])

    @classmethod
    def scarce(cls, cell: Mapping[str, int]) -> bool:
        """Up to five letters have so few rearrangements without a name that a split may have none."""
        return cell["sequence_length"] < _MANY_LETTERS

    @classmethod
    def share_accepted(cls, cell: Mapping[str, int], accept: Accept) -> float | None:
        """The share of the rearrangements."""
        known, length = rearrangements(), cell["sequence_length"]
        return float(accept(known.hashes[known.starts[length] : known.starts[length + 1]]).mean())

    @classmethod
    def propose(cls, params: Params, bits: RandomBits, accept: Accept) -> tuple[Ints, Problem]:
        """Draw rearrangements of the split, then letters; those of a query belong to the split too."""
        known = rearrangements()
        length, examples = params["sequence_length"], params["num_examples"]
        places = 1 + params.most["num_examples"]
        accepted = np.flatnonzero(accept(known.hashes))
        firsts = np.searchsorted(accepted, list(known.starts.values()))
        length_index = length - min(OPEN_LENGTHS)
        some = np.flatnonzero(np.diff(firsts)[length_index])  # of four letters a split may have none
        length, examples, length_index = length[some], examples[some], length_index[some]
        chosen = firsts[length_index] + bits.below(np.diff(firsts)[length_index], len(length))
        sources = known.sources.take(accepted[chosen], 1).astype(np.int64)
        letters = _draw_letters(length, places, accept, bits)
        inputs, outputs = _draw_pairs(letters, sources, length, bits)
        present = np.arange(places)[:, None] <= examples
        valid = accept(hash_letters(letters[:, 0]))
        for place in range(1, places):
            valid &= ~(_find_equal(inputs[:, :place], inputs[:, place]).any(axis=0) & present[place])
        kept = np.flatnonzero(valid)
        return some[kept], {
            "inputs": inputs.take(kept, 2),
            "outputs": outputs.take(kept, 2),
            "examples": examples[kept],
            "sources": sources.take(kept, 1),
        }

    @classmethod
    def draw_queries(cls, problem: Problem, params: Params, bits: RandomBits, accept: Accept) -> Problem:
        """Other inputs with letters of the split."""
        queries, length, examples = params["num_queries"], params["sequence_length"], problem["examples"]
        known, count = problem["inputs"].shape[1], params.most["num_queries"] - 1
        more = np.full((2, MOST, count, len(queries)), NO_LETTER, np.uint8)
        inputs, outputs = (
            np.concatenate([problem[name], blank], axis=1)
            for name, blank in zip(("inputs", "outputs"), more, strict=True)
        )
        absent = np.arange(known)[:, None] > examples
        inputs[:, :known][:, absent] = NO_LETTER
        for number in range(2, count + 2):
            place = known + number - 2
            pending = np.flatnonzero(queries >= number)
            while len(pending):  # there are hundreds of inputs of every length in every split
                letters = _draw_letters(length[pending], 1, accept, bits)
                tried = _draw_pairs(letters, problem["sources"].take(pending, 1), length[pending], bits)
                fine = accept(hash_letters(letters[:, 0]))
                fine &= ~_find_equal(inputs[:, :place, pending], tried[0][:, 0]).any(axis=0)
                rows = pending[fine]
                inputs[:, place, rows], outputs[:, place, rows] = (part[:, 0, fine] for part in tried)
                pending = pending[~fine]
        further = {"further_inputs": inputs[:, known:], "further_outputs": outputs[:, known:]}
        return {**problem, **further, "queries": queries}

    @classmethod
    def render(cls, problem: Problem) -> Rendered:
        """The examples in turn, then the queries; the answer is the last query rearranged."""
        inputs, outputs, examples = problem["inputs"], problem["outputs"], problem["examples"]
        parts = [
            part
            for place in range(1, inputs.shape[1])
            for part in _pair_parts(inputs[:, place], outputs[:, place], place - 1, examples >= place)
        ]
        asked, answer = inputs[:, 0], outputs[:, 0]
        if "queries" in problem:
            queries, every = problem["queries"], np.arange(len(examples))
            inputs = np.concatenate([inputs[:, :1], problem["further_inputs"]], axis=1)
            outputs = np.concatenate([outputs[:, :1], problem["further_outputs"]], axis=1)
            asked, answer = inputs[:, queries - 1, every], outputs[:, queries - 1, every]
            for place in range(inputs.shape[1] - 1):
                parts += _pair_parts(inputs[:, place], outputs[:, place], _QUERY, queries > place + 1)
        parts.append(pair_fragments(asked, _QUERY))
        close = np.full((1, len(examples)), _CLOSE)
        return Rendered(
            input_text=Gathered(fragment_table(), np.concatenate([*parts, close])),
            target=Gathered(fragment_table(), pair_fragments(answer, _ANSWER)),
            notes=np.zeros((1, len(examples)), np.int64),
        )


def _pair_parts(inputs: Bytes, outputs: Bytes, opening: int, present: NDArray[np.bool_]) -> list[Ints]:
    """The fragments of inputs (8, c) behind an opening, and of their outputs; nothing where not `present`."""
    parts = [pair_fragments(inputs, opening), pair_fragments(outputs, _ARROW)]
    for fragments in parts:
        fragments[:, ~present] = _NOTHING
    return parts


def _find_equal(known: Bytes, inputs: Bytes) -> NDArray[np.bool_]:
    """Which of the inputs (8, places, c) are the same as another of their problem (8, c): (places, c)."""
    equal: NDArray[np.bool_] = (known == inputs[:, None]).all(axis=0)
    return equal


def _draw_pairs(letters: Bytes, sources: Ints, length: Ints, bits: RandomBits) -> tuple[Bytes, Bytes]:
    """Inputs and outputs (8, places, c) with these letters, of rearrangements that read `sources` (8, c)."""
    outputs = draw_outputs(letters, length, bits)
    inputs = np.empty_like(outputs)
    np.put_along_axis(inputs, np.broadcast_to(sources[:, None], outputs.shape), outputs, 0)
    return inputs, outputs


def _draw_letters(length: Ints, places: int, accept: Accept, bits: RandomBits) -> Bytes:
    """Letters as in `draw_letters`, whose sets are in train for examples, in the row's split for queries.

    The first place is a query's. After so many rounds that one in a billion rows is left, what is left stays
    as it is.
    """
    letters = draw_letters(length, places, bits)
    for place in range(places):
        fits = accept if place == 0 else partial(in_split, split="train")
        pending = np.arange(len(length))
        for _ in range(_LETTER_ROUNDS):
            pending = pending[~fits(hash_letters(letters[:, place, pending]))]
            if not len(pending):
                break
            # Several for each, of which the first that fits stays: a held-out split wants one in twenty.
            tries = np.repeat(pending, _LETTER_TRIES)
            drawn = draw_letters(length[tries], 1, bits)[:, 0]
            fine = fits(hash_letters(drawn)).reshape(len(pending), _LETTER_TRIES)
            first = np.arange(len(pending)) * _LETTER_TRIES + fine.argmax(axis=1)
            letters[:, place, pending] = drawn[:, first]
    return letters


_MANY_LETTERS: Final = 6  # of so many, each split has dozens of rearrangements
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
