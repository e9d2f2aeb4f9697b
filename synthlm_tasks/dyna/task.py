"""Dyna: track a list while operations that do not commute rearrange it."""

import itertools
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from synthlm_tasks.dyna.moves import KINDS, LEAST_STATE, MOST_STATE, followers, spellings
from synthlm_tasks.dyna.programs import choose_elements, draw_programs, mirror_unaccepted
from synthlm_tasks.dyna.reading import READING
from synthlm_tasks.rows.answers import AnswerKind, normalize_number
from synthlm_tasks.rows.axes import IntAxis, SubsetAxis
from synthlm_tasks.rows.lazy_text import FragmentTable, Gathered
from synthlm_tasks.rows.streams import Ints, RandomBits
from synthlm_tasks.rows.task import Accept, Params, Problem, Rendered, Task

LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class DynaTask(Task):
    """Apply operations to a list, then answer what stands at a position, or where an element went.

    Worked example: `STATE [B, D, A, C, E] || OPS SWAP(0,2) | ROTATE_LEFT(1) ||
    QUERY position 0 ->`: swapping gives A D B C E, rotating gives D B C E A, the answer is D.

    Problem arrays (c problems, n letters): `operations` (c,) items of t operations, 16 bits each, as in
    `dyna.moves` and 0 beyond the last; `letters` (n, c) letter codes with 26 for none; `asked` (c,) 0 for a
    position, 1 for an element; `initial`, `final` (c,) the asked element's index in the initial and in the
    final list.
    """

    name = family = "dyna"
    rule = (
        "STATE is a list of letters; positions count from 0. Apply the operations after OPS to it, from left "
        "to right, each to the result of the one before. SWAP(i,j) exchanges the letters at positions i and "
        "j. ROTATE_LEFT(k) moves the first k letters to the end, in their order, so that the letter at "
        "position k comes to position 0. ROTATE_RIGHT(k) moves the last k letters to the front, in their "
        "order. REVERSE(i,j) reverses the segment from position i to position j, both included. The query is "
        "about the final list: `QUERY position p` asks which letter stands at position p, `QUERY element X` "
        "asks at which position the letter X stands."
    )
    axes = (
        IntAxis("state_size", LEAST_STATE, MOST_STATE),
        IntAxis("num_ops", 5, 100),
        SubsetAxis("operations", KINDS),
    )
    answers = (
        AnswerKind("letter", "a single letter", "[A-Z]", str.upper),
        AnswerKind(
            "index",
            "an index, counted from 0",
            f"(?:{'|'.join(map(str, range(MOST_STATE)))})",
            normalize_number,
        ),
    )
    reading = READING

    @classmethod
    def metadata_fragments(cls) -> list[str]:
        """The kind of query."""
        return [',"query":"position"}', ',"query":"element"}']

    @classmethod
    def chance(cls, metadata: Mapping[str, Any]) -> float:
        """One of the state's letters, or of its positions."""
        return float(1 / metadata["state_size"])

    @classmethod
    def max_tokens(cls, cell: Mapping[str, int]) -> int:
        """`A, ` per letter; ` | SWAP(0,1)` or ` | ROTATE_LEFT(1)` per operation; and what frames them."""
        longer = any(cell["operations"] >> KINDS.index(kind) & 1 for kind in ("SWAP", "REVERSE"))
        return 2 * cell["state_size"] + (6 if longer else 4) * cell["num_ops"] + 12

    @classmethod
    def describe(cls, cell: Mapping[str, object]) -> dict[str, object]:
        """State and program size; the operations where they are not all four."""
        return {name: value for name, value in cell.items() if value != list(KINDS)}

    @classmethod
    def propose(cls, params: Params, bits: RandomBits, accept: Accept) -> tuple[Ints, Problem]:
        """Draw programs, then for each an element to ask about: one that the split wants and order moves."""
        mask = int(params["operations"][0])
        order = np.argsort(-params["num_ops"].astype(np.int8), kind="stable")  # long programs first
        size, ops = params["state_size"][order], params["num_ops"][order]
        live = np.searchsorted(-ops, -np.arange(params.most["num_ops"] + 1)).tolist()
        operations = draw_programs(followers(mask), size, live, bits)
        programs, asked = mirror_unaccepted(operations, size, accept, bits)
        # "Verified non-commutative": ceil((ops - 1) / 3), where all four operations are there to reach it.
        needed = (ops + 1) // 3 if mask == (1 << len(KINDS)) - 1 else np.zeros_like(ops)
        initial, final, valid = choose_elements(operations, size, needed, live, asked, accept, bits)
        kept = np.flatnonzero(valid)
        problem: Problem = {
            "operations": programs.view(f"V{2 * programs.shape[1]}")[:, 0].take(kept),
            "letters": _draw_letters(size[kept], params.most["state_size"], bits),
            "asked": bits.below(2, len(kept)),
            "initial": initial[kept],
            "final": final[kept],
        }
        return order[kept], problem

    @classmethod
    def render(cls, problem: Problem) -> Rendered:
        """State, program and query; the answer is a letter or an index."""
        starts, fragments = _prompt_fragments()
        letters = problem["letters"].astype(np.uint16)
        asked, final = problem["asked"], problem["final"]
        letter = letters[problem["initial"], np.arange(len(asked))]
        if len(letters) % 2:
            letters = np.concatenate([letters, np.full_like(letters[:1], 26)])
        programs = problem["operations"].view(np.uint16).reshape(len(asked), -1)
        pairs, steps = len(letters) // 2, programs.shape[1]
        # A row of fragments a prompt, laid out in memory as `gather` reads it: pairs of letters, operations,
        # the query. All are the later ones' fragments first; then the first of each becomes its own.
        index = np.empty((len(asked), pairs + steps + 1), np.uint16)
        np.add(letters[::2].T * 27, letters[1::2].T + starts["next pair"], out=index[:, :pairs])
        index[:, 0] -= starts["next pair"]
        np.add(programs, np.uint16(starts["next operation"]), out=index[:, pairs:-1])
        index[:, pairs] -= np.uint16(starts["next operation"] - starts["first operation"])
        index[:, -1] = np.where(asked, letter, final + 26) + starts["query"]
        return Rendered(
            input_text=Gathered(fragments, index.T),
            target=Gathered(_answers(), np.where(asked, final + 26, letter)[None]),
            notes=asked[None],
        )


def _draw_letters(size: Ints, most: int, bits: RandomBits) -> NDArray[np.uint8]:
    """A random subset of the letters in random order for each row: (most, c), 26 for none.

    The k-th draw picks among the letters still unused (a Lehmer code), e.g. draws 0, 0, 1 → A, B, D.
    """
    # The upper 27 bits of a word, times at most 26, fit 32 bits: pick k is (word >> 5) * (26 - k) >> 27.
    picks = bits.words(most, len(size))
    picks >>= np.uint32(5)
    picks *= np.arange(26, 26 - most, -1, dtype=np.uint32)[:, None]
    picks >>= np.uint32(27)
    # letters[k] = unused.pop(picks[k]), backwards: the letters after k are numbered among those that k leaves
    # unused, until those from k's on move up by one to make room for it: 0, 0, 1 → 0, 0, 2 → 0, 1, 3.
    letters = picks.astype(np.uint8)
    for k in range(most - 2, -1, -1):
        later = letters[k + 1 :]
        later += (later >= letters[k]).view(np.uint8)
    letters[np.arange(most, dtype=np.uint8)[:, None] >= size.astype(np.uint8)] = 26
    return letters


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
    kinds = {
        "first pair": [f"STATE [{pair}" for pair in pairs],
        "next pair": [f", {pair}" if pair else "" for pair in pairs],
        "first operation": [text and f"] || OPS {text}" for text in spelled],
        "next operation": [text and f") | {text}" for text in spelled],
        "query": [f") || QUERY element {letter} ->" for letter in LETTERS]
        + [f") || QUERY position {place} ->" for place in range(MOST_STATE)],
    }
    starts = itertools.accumulate(map(len, kinds.values()), initial=0)
    return dict(zip(kinds, starts, strict=False)), FragmentTable.of(itertools.chain(*kinds.values()))
