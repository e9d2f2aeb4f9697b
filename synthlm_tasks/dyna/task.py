"""Dyna: track a list while operations that do not commute rearrange it."""

import math
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from synthlm_tasks.dyna.moves import KINDS, LEAST_STATE, MOST_STATE, commutes, followers
from synthlm_tasks.dyna.programs import count_live, draw_programs, settle_programs
from synthlm_tasks.dyna.questions import choose_elements, draw_further
from synthlm_tasks.dyna.reading import READING
from synthlm_tasks.dyna.spaces import share_of
from synthlm_tasks.dyna.text import LETTERS, draw_lists, spell
from synthlm_tasks.rows.answers import AnswerKind, normalize_number
from synthlm_tasks.rows.axes import ChoiceAxis, IntAxis, SubsetAxis
from synthlm_tasks.rows.streams import Ints, RandomBits
from synthlm_tasks.rows.task import NUM_QUERIES, Accept, Params, Problem, Rendered, Task

_FULL_SET: Final = (1 << len(KINDS)) - 1
_MOST_OPS: Final = 100

# So many programs, of which a held-out split has a twentieth, and so many prompts of that twentieth leave no
# split without some, or short of different ones.
_MANY_PROGRAMS: Final = 3000
_MANY_PROMPTS: Final = 1_000_000


class DynaTask(Task):
    """Apply operations to a list, then answer what stands at a position, or where an element went.

    Worked example: `STATE [B, D, A, C, E] || OPS SWAP(0,2) | ROTATE_LEFT(1) ||
    QUERY position 0 ->`: swapping gives A D B C E, rotating gives D B C E A, the answer is D.

    Problem arrays (c problems, n letters, k further queries): `operations` (c,) items of t operations, 16
    bits each, as in `dyna.moves` and 0 beyond the last; `letters` (n, c) letter codes with 26 for none;
    `asked` (c,) 0 for a position, 1 for an element; `initial`, `final` (c,) the asked element's index in the
    initial and in the final list; `effective` (c,) how many operations move it. Where some problem has
    further queries: `queries` (c,) how many it has in all, and `further_asked`, `further_initial`,
    `further_final` (k, c), arbitrary beyond those.
    """

    name = family = "dyna"
    rule = (
        "STATE is a list of letters; positions count from 0. Apply the operations after OPS to it, from left "
        "to right, each to the result of the one before. SWAP(i,j) exchanges the letters at positions i and "
        "j. ROTATE_LEFT(k) moves the first k letters to the end, in their order, so that the letter at "
        "position k comes to position 0. ROTATE_RIGHT(k) moves the last k letters to the front, in their "
        "order. REVERSE(i,j) reverses the segment from position i to position j, both included. The query is "
        "about the final list: `QUERY position p` asks which letter stands at position p, `QUERY element X` "
        "asks at which position the letter X stands. Where queries follow one another, each is about that "
        "same list, and the answers of all but the last stand behind them."
    )
    axes = (
        IntAxis("state_size", LEAST_STATE, MOST_STATE),
        IntAxis("num_ops", 1, _MOST_OPS),
        SubsetAxis("operations", KINDS),
        ChoiceAxis("initial", ("random", "ordered"), ("random",)),
        NUM_QUERIES,
    )
    unkeyed_axes = ("initial", NUM_QUERIES.name)
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
        """How many operations move the asked element, and the kind of query: of the first query both."""
        return [
            f',"effective_ops":{moved},"query":"{kind}"}}'
            for moved in range(_MOST_OPS + 1)
            for kind in ("position", "element")
        ]

    @classmethod
    def fits(cls, cell: Mapping[str, int]) -> bool:
        """Queries ask at most half of the places; and of a list of two the only map commutes with itself."""
        size, ops = cell["state_size"], cell["num_ops"]
        asked = cell["num_queries"] <= max(1, size // 2)
        return asked and (size > 2 or ops == 1 or commutes(cell["operations"]))

    @classmethod
    def scarce(cls, cell: Mapping[str, int]) -> bool:
        """Whether there are few programs, or few prompts of a split's."""
        lists = 1 if cell["initial"] else math.perm(len(LETTERS), cell["state_size"])
        programs = _least_programs(cell)
        return programs < _MANY_PROGRAMS or programs * cell["state_size"] * lists // 10 < _MANY_PROMPTS

    @classmethod
    def share_accepted(cls, cell: Mapping[str, int], accept: Accept) -> float:
        """The chance that a drawn program is accepted, counted out where there are few."""
        if _least_programs(cell) >= _MANY_PROGRAMS:
            return 1.0
        return share_of(cell["operations"], cell["state_size"], cell["num_ops"], accept)

    @classmethod
    def chance(cls, metadata: Mapping[str, Any]) -> float:
        """One of the state's letters, or of its positions, that no answer before names."""
        return float(1 / (metadata["state_size"] - metadata["num_queries"] + 1))

    @classmethod
    def max_tokens(cls, cell: Mapping[str, int]) -> int:
        """`A, ` per letter; ` | SWAP(0,1)` or ` | ROTATE_LEFT(1)` per operation; and what frames them.

        ` D || QUERY element B ->` for each further query.
        """
        longer = any(cell["operations"] >> KINDS.index(kind) & 1 for kind in ("SWAP", "REVERSE"))
        further = 9 * (cell["num_queries"] - 1)
        return 2 * cell["state_size"] + (6 if longer else 4) * cell["num_ops"] + 12 + further

    @classmethod
    def max_compact_tokens(cls, cell: Mapping[str, int]) -> int:
        """A token per letter and operation; `QUERY position`, `3` and the answer for each query."""
        return cell["state_size"] + cell["num_ops"] + 3 * cell["num_queries"]

    @classmethod
    def describe(cls, cell: Mapping[str, object]) -> dict[str, object]:
        """All axes, but of the operations only those that are not all four."""
        return {name: value for name, value in cell.items() if value != list(KINDS)}

    @classmethod
    def propose(cls, params: Params, bits: RandomBits, accept: Accept) -> tuple[Ints, Problem]:
        """Draw programs that the split wants, then for each an element to ask about that order moves."""
        mask = int(params["operations"][0])
        order = np.argsort(-params["num_ops"].astype(np.int8), kind="stable")  # long programs first
        size, ops = params["state_size"][order], params["num_ops"][order]
        live, table = count_live(ops, params.most["num_ops"]), followers(mask)
        operations = draw_programs(table, size, live, bits)
        programs, accepted = settle_programs(operations, size, ops, table, accept, bits)
        # "Verified non-commutative": ceil((ops - 1) / 3), where all four operations are there to reach it.
        needed = (ops + 1) // 3 if mask == _FULL_SET else np.zeros_like(ops)
        questions = choose_elements(operations, size, needed, live, accepted, bits)
        kept = np.flatnonzero(questions.valid)
        size, places = size[kept], order[kept]
        problem: Problem = {
            "operations": programs.view(f"V{2 * programs.shape[1]}")[:, 0].take(kept),
            "asked": bits.below(2, len(kept)),
            "initial": questions.initial[kept],
            "final": questions.final[kept],
            "effective": questions.effective[kept],
            # The last draw, so that all else is the same for ordered lists.
            "letters": draw_lists(size, params["initial"][places], params.most["state_size"], bits),
        }
        return places, problem

    @classmethod
    def draw_queries(cls, problem: Problem, params: Params, bits: RandomBits, accept: Accept) -> Problem:
        """Draw other elements to ask about, each at most once; the program is the split's already."""
        programs = _programs_of(problem)
        count = params.most["num_queries"] - 1
        further = draw_further(
            programs, params["state_size"], params["num_ops"], problem["initial"], count, bits
        )
        return {
            **problem,
            "queries": params["num_queries"],
            "further_asked": further.asked,
            "further_initial": further.initial,
            "further_final": further.final,
        }

    @classmethod
    def render(cls, problem: Problem) -> Rendered:
        """State, program and queries; the answer, that of the last query, is a letter or an index."""
        prompt, answer = spell(problem, _programs_of(problem))
        notes = 2 * problem["effective"].astype(np.int64) + problem["asked"]
        return Rendered(prompt, answer, notes[None])


def _least_programs(cell: Mapping[str, int]) -> int:
    """Different programs with these axis codes, as the split key sees them: at least so many."""
    size, ops = cell["state_size"], cell["num_ops"]
    if commutes(cell["operations"]):  # how often each rotation occurs
        return math.comb(size - 2 + ops, ops)
    # At least as many maps as two places can be chosen, each of which size - 1 or more others may follow.
    return math.comb(size, 2) * int((size - 1) ** (ops - 1))


def _programs_of(problem: Problem) -> NDArray[np.uint16]:
    """The programs (c, t) of problems."""
    operations = problem["operations"]
    return operations.view(np.uint16).reshape(len(operations), -1)
