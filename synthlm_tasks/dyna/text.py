"""Dyna's text: lists of letters, and prompts and answers as rows of fragments."""

import itertools
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from synthlm_tasks.dyna.moves import MOST_STATE, spellings
from synthlm_tasks.dyna.programs import Operations
from synthlm_tasks.dyna.questions import decode_picks
from synthlm_tasks.rows.lazy_text import FragmentTable, Gathered
from synthlm_tasks.rows.rejection import Problem
from synthlm_tasks.rows.streams import Ints, RandomBits

LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_NO_LETTER: Final = len(LETTERS)
_WORDS: Final = len(LETTERS) + MOST_STATE  # what a query may name, and what may answer it


def spell(problem: Problem, programs: Operations) -> tuple[Gathered, Gathered]:
    """Prompts and answers of problems with these programs (c, t); see `DynaTask` for the arrays."""
    starts, fragments = _prompt_fragments()
    letters = problem["letters"].astype(np.uint16)
    asked, answers = _spell_queries(problem, letters)
    if len(letters) % 2:
        letters = np.concatenate([letters, np.full_like(letters[:1], _NO_LETTER)])
    rows, pairs, end = len(programs), len(letters) // 2, len(letters) // 2 + programs.shape[1]
    # A row of fragments a prompt, laid out in memory as `gather` reads it: pairs of letters, operations,
    # the queries. All are the later ones' fragments first; then the first of each becomes its own.
    index = np.empty((rows, end + len(asked)), np.uint16)
    np.add(letters[::2].T * 27, letters[1::2].T + starts["next pair"], out=index[:, :pairs])
    index[:, 0] -= starts["next pair"]
    np.add(programs, np.uint16(starts["next operation"]), out=index[:, pairs:end])
    index[:, pairs] -= np.uint16(starts["next operation"] - starts["first operation"])
    np.add(asked[0], np.uint16(starts["query"]), out=index[:, end])
    target = answers[0]
    for place in range(1, len(asked)):
        there = problem["queries"] > place
        follows = answers[place - 1] * np.uint16(_WORDS) + asked[place] + np.uint16(starts["next query"])
        index[:, end + place] = np.where(there, follows, np.uint16(starts["no query"]))
        target = np.where(there, answers[place], target)
    return Gathered(fragments, index.T), Gathered(_answers(), target[None])


def _spell_queries(
    problem: Problem, letters: NDArray[np.uint16]
) -> tuple[NDArray[np.uint16], NDArray[np.uint16]]:
    """What each query names and what answers it: (q, c) letters by code, indices after them."""
    asked, initial, final = (problem[name][None] for name in ("asked", "initial", "final"))
    if "queries" in problem:
        asked = np.concatenate([asked, problem["further_asked"]])
        initial = np.concatenate([initial, problem["further_initial"]])
        final = np.concatenate([final, problem["further_final"]])
        initial = np.minimum(initial, len(letters) - 1)  # of queries that a short list does not have
    # letters[initial, arange], but faster: a matrix (n, c) in one piece has (i, row) at i * c + row.
    places = initial.astype(np.int32) * np.int32(letters.shape[1])
    places += np.arange(letters.shape[1], dtype=np.int32)
    letter = letters.ravel().take(places)
    index = final.astype(np.uint16) + np.uint16(len(LETTERS))
    return np.where(asked, letter, index), np.where(asked, index, letter)


def draw_lists(size: Ints, ordered: Ints, most: int, bits: RandomBits) -> NDArray[np.uint8]:
    """A list of letters for each row: (most, c) codes, 26 for none; in alphabetical order where `ordered`."""
    alphabet = np.arange(most, dtype=np.uint8)[:, None]
    if ordered.all():
        letters = np.repeat(alphabet, len(size), axis=1)
    else:
        letters = _draw_letters(len(size), most, bits)
        np.copyto(letters, alphabet, where=ordered.astype(bool))
    letters[alphabet >= size.astype(np.uint8)] = _NO_LETTER
    return letters


def _draw_letters(rows: int, most: int, bits: RandomBits) -> NDArray[np.uint8]:
    """A random subset of the letters in random order for each row: (most, rows)."""
    # The upper 27 bits of a word, times at most 26, fit 32 bits: pick k is (word >> 5) * (26 - k) >> 27.
    picks = bits.words(most, rows)
    picks >>= np.uint32(5)
    picks *= np.arange(26, 26 - most, -1, dtype=np.uint32)[:, None]
    picks >>= np.uint32(27)
    return decode_picks(picks.astype(np.uint8))


@cache
def _answers() -> FragmentTable:
    """The answers: letters, then indices."""
    return FragmentTable.of([*LETTERS, *map(str, range(MOST_STATE))])


@cache
def _prompt_fragments() -> tuple[dict[str, int], FragmentTable]:
    """Where each kind of fragment of a prompt begins, and the fragments."""
    names = [*LETTERS, ""]
    pairs = [f"{a}, {b}" if a and b else a for a in names for b in names]
    spelled = [text.removesuffix(")") for text in itertools.chain(*spellings())]  # ") | " is one token
    queries = [f"QUERY element {letter} ->" for letter in LETTERS]
    queries += [f"QUERY position {place} ->" for place in range(MOST_STATE)]
    kinds = {
        "first pair": [f"STATE [{pair}" for pair in pairs],
        "next pair": [f", {pair}" if pair else "" for pair in pairs],
        "first operation": [text and f"] || OPS {text}" for text in spelled],
        "next operation": [text and f") | {text}" for text in spelled],
        "query": [f") || {query}" for query in queries],
        "next query": [f" {answer} || {query}" for answer in _answers().texts for query in queries],
        "no query": [""],
    }
    starts = itertools.accumulate(map(len, kinds.values()), initial=0)
    return dict(zip(kinds, starts, strict=False)), FragmentTable.of(itertools.chain(*kinds.values()))
