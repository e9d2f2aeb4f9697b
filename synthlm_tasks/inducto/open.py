"""Inducto, open family: the hidden rule is an arbitrary rearrangement, so that nothing can be memorised."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from synthlm_tasks.inducto.letter_sets import SplitSets, train_sets
from synthlm_tasks.inducto.reading import READING
from synthlm_tasks.inducto.rearrangements import OPEN_LENGTHS, RearrangedSequences, rearrangements
from synthlm_tasks.inducto.space.rules import LENGTHS, MOST_EXAMPLES
from synthlm_tasks.inducto.text import Answers, Prompts
from synthlm_tasks.rows.answers import AnswerKind, normalize_sequence
from synthlm_tasks.rows.axes import IntAxis
from synthlm_tasks.rows.streams import Ints, RandomBits
from synthlm_tasks.rows.task import NUM_QUERIES, Accept, Params, Problem, Rendered, Task

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

    Problem arrays (c problems, places: the query first, then the examples): `rearrangement`, `examples` (c,);
    `sets` and `outputs` (1 + most examples, c): numbers of the letter set and of the output's order, as in
    `RearrangedSequences`. Where some problem has k further queries: `further_sets` and `further_outputs`
    (k, c), and `queries` (c,), how many each problem has.
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
    def max_compact_tokens(cls, cell: Mapping[str, int]) -> int:
        """All sequences have the same length."""
        return most_compact_tokens(cell, cls.max_tokens(cell))

    @classmethod
    def chance(cls, metadata: Mapping[str, Any]) -> float:
        """One of the rearrangements in use, whatever the examples say."""
        first, end = _bounds(metadata["sequence_length"])
        return 1 / (end - first)

    @classmethod
    def scarce(cls, cell: Mapping[str, int]) -> bool:
        """Up to five letters have so few rearrangements without a name that a split may have none."""
        return cell["sequence_length"] < _MANY_LETTERS

    @classmethod
    def share_accepted(cls, cell: Mapping[str, int], accept: Accept) -> float | None:
        """The share of the rearrangements."""
        return float(accept(rearrangements().hashes[slice(*_bounds(cell["sequence_length"]))]).mean())

    @classmethod
    def propose(cls, params: Params, bits: RandomBits, accept: Accept) -> tuple[Ints, Problem]:
        """Draw rearrangements of the split, then sequences, a query's with letters of the split."""
        known, length_index = rearrangements(), params["sequence_length"] - LENGTHS[0]
        accepted = np.flatnonzero(accept(known.hashes))
        firsts = np.searchsorted(accepted, known.starts)
        place = length_index - (OPEN_LENGTHS[0] - LENGTHS[0])
        some = np.flatnonzero(np.diff(firsts).take(place))  # of four letters a split may have none
        place, length_index, examples = place[some], length_index[some], params["num_examples"][some]
        drawn = firsts.take(place) + bits.below(np.diff(firsts).take(place), len(place))
        rearrangement = accepted.take(drawn)
        places = 1 + params.most["num_examples"]
        sets, outputs, codes = (
            np.zeros((places, len(some)), kind) for kind in (np.int64, np.int64, np.uint32)
        )
        valid = np.ones(len(some), bool)
        for number in range(places):
            rows = np.flatnonzero(examples >= number)
            letter_sets = train_sets() if number else SplitSets.of(accept)
            made = RearrangedSequences.draw(rearrangement[rows], length_index[rows], letter_sets, bits)
            sets[number, rows], outputs[number, rows], codes[number, rows] = (
                made.sets,
                made.outputs,
                made.codes,
            )
            valid[rows] &= ~(codes[:number, rows] == codes[number, rows]).any(axis=0)
        kept = np.flatnonzero(valid)
        return some[kept], {
            "rearrangement": rearrangement[kept],
            "examples": examples[kept],
            "sets": sets.take(kept, 1),
            "outputs": outputs.take(kept, 1),
        }

    @classmethod
    def draw_queries(cls, problem: Problem, params: Params, bits: RandomBits, accept: Accept) -> Problem:
        """Other inputs with letters of the split."""
        queries, rearrangement = params["num_queries"], problem["rearrangement"]
        known, count, letter_sets = len(problem["sets"]), params.most["num_queries"] - 1, SplitSets.of(accept)
        blank = np.zeros((count, len(queries)), np.int64)
        sets, outputs = (np.concatenate([problem[name], blank]) for name in ("sets", "outputs"))
        codes = RearrangedSequences(rearrangement, sets, outputs).codes
        for number in range(count):
            pending = np.flatnonzero(queries > number + 1)
            while len(pending):  # there are hundreds of inputs of every length in every split
                length_index = params["sequence_length"][pending] - LENGTHS[0]
                made = RearrangedSequences.draw(rearrangement[pending], length_index, letter_sets, bits)
                fine = ~(codes[: known + number, pending] == made.codes).any(axis=0)
                rows = pending[fine]
                sets[known + number, rows], outputs[known + number, rows] = (
                    made.sets[fine],
                    made.outputs[fine],
                )
                codes[known + number, rows] = made.codes[fine]
                pending = pending[~fine]
        return {
            **problem,
            "further_sets": sets[known:],
            "further_outputs": outputs[known:],
            "queries": queries,
        }

    @classmethod
    def render(cls, problem: Problem) -> Rendered:
        """The examples in turn, then the queries; the answer is the last query rearranged."""
        rearrangement, examples = problem["rearrangement"], problem["examples"]
        sets, outputs = problem["sets"], problem["outputs"]

        def show(rows: Ints, place: int) -> tuple[Ints, RearrangedSequences]:
            return rows, RearrangedSequences(rearrangement[rows], sets[place, rows], outputs[place, rows])

        asked = RearrangedSequences(rearrangement, sets[0], outputs[0])
        shown = [show(np.flatnonzero(examples >= place), place) for place in range(1, len(sets))]
        answered: list[tuple[Ints, RearrangedSequences]] = []
        if "queries" in problem:
            last, every = problem["queries"] - 1, np.arange(len(examples))
            sets = np.concatenate([sets[:1], problem["further_sets"]])
            outputs = np.concatenate([outputs[:1], problem["further_outputs"]])
            asked = RearrangedSequences(rearrangement, sets[last, every], outputs[last, every])
            answered = [show(np.flatnonzero(last > place), place) for place in range(len(sets) - 1)]
        return Rendered(
            input_text=Prompts(asked, shown, answered),
            target=Answers(asked),
            notes=np.zeros((1, len(examples)), np.int64),
        )


def _bounds(length: int) -> tuple[int, int]:
    """The first rearrangement of a length, and the first of the next."""
    first, end = rearrangements().starts[length - OPEN_LENGTHS[0] :][:2].tolist()
    return first, end


_MANY_LETTERS: Final = 6  # of so many, each split has dozens of rearrangements
