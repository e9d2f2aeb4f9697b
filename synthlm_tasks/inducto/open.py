"""Inducto, open family: the hidden rule is an arbitrary rearrangement, so that nothing can be memorised."""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from synthlm_tasks.inducto.choices import MOST_EXAMPLES
from synthlm_tasks.inducto.reading import READING
from synthlm_tasks.inducto.rules import LENGTHS as NAMED_LENGTHS
from synthlm_tasks.inducto.rules import rules
from synthlm_tasks.rows.answers import AnswerKind, normalize_sequence
from synthlm_tasks.rows.axes import IntAxis
from synthlm_tasks.rows.lazy_text import FragmentTable, Gathered
from synthlm_tasks.rows.splits import Hashes, key_words
from synthlm_tasks.rows.streams import Ints, RandomBits
from synthlm_tasks.rows.task import Accept, Params, Problem, Rendered, Task
from synthlm_tasks.rows.text import Bytes

SEQUENCE: Final = AnswerKind(
    "sequence",
    "the letters of the output, separated by single spaces",
    f"[A-Z](?: [A-Z]){{1,{4 * max(NAMED_LENGTHS) - 1}}}",  # two rules may double in turn
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

LENGTHS: Final = range(6, 9)  # nearly every rearrangement of fewer letters is a named rule
_MOST: Final = max(LENGTHS)
_BLANK: Final = 26  # a place beyond the sequence


@dataclass(frozen=True)
class Rearrangements:
    """All rearrangements in use, those of one length after those of another.

    `sources` (8, m): the input place that each output place is read from, its own beyond the length;
    `hashes` (m,); `starts`: length → its first; `named`: length → codes of the ranks that some sorting rule
    gives.
    """

    sources: Bytes
    hashes: Hashes
    starts: dict[int, int]
    named: dict[int, NDArray[np.int64]]


@cache
def rearrangements() -> Rearrangements:
    """Every rearrangement of each length that no function of the published space makes, nor the identity."""
    listed: list[list[int]] = []
    starts, named = {}, {}
    for length in LENGTHS:
        plain, rest = tuple(range(length)), list(range(length, _MOST))
        whole = [rule for rule in rules() if not rule.shift and sorted(rule(plain)) == list(plain)]
        known = {plain} | {rule(plain) for rule in whole if not rule.sorts}
        ranks = {rule(plain) for rule in whole if rule.sorts}
        starts[length] = len(listed)
        listed += [[*order, *rest] for order in itertools.permutations(plain) if order not in known]
        blank = [length] * (_MOST - length)
        named[length] = _rank_codes(np.array([[*order, *blank] for order in sorted(ranks)], np.uint8).T)
    starts[_MOST + 1] = len(listed)
    sources = np.array(listed, np.uint8).T.copy()
    words = key_words("inducto open", _MOST, _MOST)
    hashes = words[np.arange(_MOST)[:, None], sources].sum(axis=0, dtype=np.uint64)
    return Rearrangements(sources, hashes, starts, named)


def most_tokens(examples: int, letters: int) -> int:
    """The tokens of a text in which inputs with their outputs have so many letters each."""
    return examples * (2 * letters + 3) + 2 * letters + 2


class OpenInducto(Task):
    """See examples of a hidden rearrangement of places, and apply it to one more sequence.

    All sequences of a problem have the same length, so that one example says where every place is read from.
    Worked example: `Ex1: [A B C D E F] -> [C A F B E D] | Query: [U V W X Y Z] ->`: the third letter comes
    first, then the first, and so on; the answer is `W U Z V Y X`.

    Problem arrays (c problems, places: the query first, then the examples): `letters` (8, 1 + most examples,
    c) letter codes with 26 for none; `moved` the same after the rearrangement; `examples` (c,).
    """

    name = "inducto"
    family = "inducto-open"
    rule = RULE
    axes = (
        IntAxis("sequence_length", min(LENGTHS), max(LENGTHS)),
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
    def chance(cls, metadata: Mapping[str, Any]) -> float:
        """One of the rearrangements in use, whatever the examples say."""
        starts, length = rearrangements().starts, metadata["sequence_length"]
        return 1 / (starts[length + 1] - starts[length])

    @classmethod
    def propose(cls, params: Params, bits: RandomBits, accept: Accept) -> tuple[Ints, Problem]:
        """Draw rearrangements of the split, then letters; the key is the rearrangement alone."""
        look = rearrangements()
        length, examples = params["sequence_length"], params["num_examples"]
        rows, places = len(length), 1 + params.most["num_examples"]
        inside = np.flatnonzero(accept(look.hashes))
        firsts = np.searchsorted(inside, list(look.starts.values()))
        first, counts = firsts[length - min(LENGTHS)], np.diff(firsts)[length - min(LENGTHS)]
        chosen = inside[first + bits.below(counts, rows)]
        letters = _draw_letters(length, places, bits)
        sources = look.sources.take(chosen, 1).astype(np.int64)
        moved = np.take_along_axis(letters, sources[:, None, :], 0)
        shown = np.arange(places)[:, None] <= examples
        fine = ~(_named_outputs(moved, length, look) & shown).any(axis=0)
        for place in range(1, places):
            alike = (letters[:, :place] == letters[:, place : place + 1]).all(axis=0)
            fine &= ~(alike & shown[place]).any(axis=0)
        kept = np.flatnonzero(fine)
        return kept, {
            "letters": letters.take(kept, 2),
            "moved": moved.take(kept, 2),
            "examples": examples[kept],
        }

    @classmethod
    def render(cls, problem: Problem) -> Rendered:
        """The examples in turn, then the query; the answer is the query rearranged."""
        letters, moved, examples = problem["letters"], problem["moved"], problem["examples"]
        parts = []
        for place in range(1, letters.shape[1]):
            absent = examples < place
            for kind, sequences in ((place - 1, letters), (_ARROW, moved)):
                written = _pair_fragments(sequences[:, place], kind)
                written[:, absent] = _NOTHING
                parts.append(written)
        parts.append(_pair_fragments(letters[:, 0], _QUERY))
        close = np.full((1, len(examples)), _CLOSE)
        return Rendered(
            input_text=Gathered(_FRAGMENTS, np.concatenate([*parts, close])),
            target=Gathered(_FRAGMENTS, _pair_fragments(moved[:, 0], _ANSWER)),
            notes=np.zeros((1, len(examples)), np.int64),
        )


def _draw_letters(length: Ints, places: int, bits: RandomBits) -> Bytes:
    """Distinct random letters: (8, places, c), `_BLANK` beyond each row's length.

    The k-th draw picks among the letters still unused (a Lehmer code), e.g. draws 0, 0, 1 → A, B, D.
    """
    bounds = np.arange(26, 26 - _MOST, -1)
    letters = bits.below(bounds[:, None], _MOST, places * len(length)).astype(np.uint8)
    for k in range(_MOST - 2, -1, -1):
        letters[k + 1 :] += letters[k + 1 :] >= letters[k]
    letters = letters.reshape(_MOST, places, len(length))
    letters[(np.arange(_MOST)[:, None] >= length)[:, None, :].repeat(places, axis=1)] = _BLANK
    return letters


def _rank_codes(letters: Bytes) -> NDArray[np.int64]:
    """One number for the order of the letters along the first axis, e.g. C A B and Z X Y have the same."""
    codes = np.zeros(letters.shape[1:], np.int64)
    for letter in letters:
        codes = codes * (_MOST + 1) + (letters < letter).sum(axis=0)
    return codes


def _named_outputs(moved: Bytes, length: Ints, look: Rearrangements) -> NDArray[np.bool_]:
    """Outputs (places, c) that a sorting rule of the published space may have given as well."""
    codes = _rank_codes(moved)
    found = np.zeros(codes.shape, bool)
    for size, named in look.named.items():
        found |= np.isin(codes, named) & (length == size)
    return found


def _pair_fragments(letters: Bytes, kind: int) -> Ints:
    """Fragments of a sequence (8, c) behind the opening of this kind: (4, c)."""
    wide = letters.astype(np.int64)
    pairs = wide[::2] * (_BLANK + 1) + wide[1::2] + _SIZE
    pairs[0] += kind * _SIZE
    pairs[1:] += _NEXT * _SIZE
    return pairs


_OPENINGS: Final = (
    "Ex1: [",
    *(f"] | Ex{number}: [" for number in range(2, MOST_EXAMPLES + 1)),
    "] -> [",
    "] | Query: [",
    "",
    " ",
)
_ARROW, _QUERY, _ANSWER, _NEXT = range(MOST_EXAMPLES, len(_OPENINGS))


def _texts() -> FragmentTable:
    """For every opening all pairs of letters behind it, after one row of nothing and the prompt's end."""
    names = [*"ABCDEFGHIJKLMNOPQRSTUVWXYZ", ""]
    pairs = [" ".join(filter(None, pair)) for pair in itertools.product(names, repeat=2)]
    first = ["", "] ->", *[""] * (len(pairs) - 2)]
    return FragmentTable.of([*first, *(pair and opening + pair for opening in _OPENINGS for pair in pairs)])


_NOTHING, _CLOSE = 0, 1
_SIZE: Final = (_BLANK + 1) ** 2
_FRAGMENTS: Final = _texts()
