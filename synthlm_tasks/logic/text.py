"""Logic's text: prompts and answers as rows of fragments."""

import itertools
from functools import cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from synthlm_tasks.logic.kinds import KINDS, code_count
from synthlm_tasks.logic.shapes.layer_widths import MOST_INPUTS
from synthlm_tasks.logic.shapes.layouts import FIRST_GATE
from synthlm_tasks.rows.lazy_text import Concatenated, FragmentTable, Gathered, GatheredRagged, LazyText
from synthlm_tasks.rows.rejection import Problem

_ANSWERS: Final = FragmentTable.of(["0", "1"])


def as_items(codes: NDArray[np.uint16], most: int) -> NDArray[np.void]:
    """Gate codes (slots, k) as one item of `most` codes for each row, the last in the last place: (k,).

    An item moves as a whole: to take rows costs one copy of each, not one for each gate.
    """
    items = np.zeros((codes.shape[1], most), np.uint16)
    items[:, most - len(codes) :] = codes.T
    return items.view(np.dtype((np.void, 2 * most))).reshape(-1)


def spell(problem: Problem) -> tuple[LazyText, LazyText]:
    """Prompts and answers of problems; see `LogicTask` for the arrays."""
    count = problem["count"]
    most = problem["gates"].dtype.itemsize // 2
    gates = problem["gates"].view(np.uint16).reshape(len(count), most)
    fragments = _prompt_fragments(most)
    further, label = _code_further(problem, fragments.further, most)
    index = np.empty((len(count), most + 2 + len(further)), np.uint32)
    index[:, 0] = problem["inputs"].astype(np.uint32) + np.uint32(fragments.openings)
    # A gate's number is its place less the places before the first one.
    step = np.uint32(code_count(FIRST_GATE + most))
    np.add(gates, np.arange(most, dtype=np.uint32) * step, out=index[:, 1 : most + 1])
    index[:, 1 : most + 1] -= ((most - count.astype(np.uint32)) * step)[:, None]
    index[:, most + 1] = count.astype(np.uint32) + np.uint32(fragments.queries)
    index[:, most + 2 :] = further.T
    # Over half of the places have no gate: skipping them is cheaper than writing empty texts. Code 0 is no
    # gate, since no argument is node 0 but one of NOT.
    exists = np.ones(index.shape, bool)
    np.not_equal(gates, 0, out=exists[:, 1 : most + 1])
    exists[:, most + 2 :] = further.T > 0
    bounds = np.cumsum(np.append(0, count.astype(np.int64) + 2 + (further > 0).sum(axis=0)))
    return GatheredRagged(fragments.texts, index[exists], bounds), Gathered(_ANSWERS, label[None])


def _code_further(problem: Problem, first: int, most: int) -> tuple[NDArray[np.uint32], NDArray[np.uint8]]:
    """The fragments of further queries (k, c), 0 for none, and the answer to the last of all (c,)."""
    label = problem["label"]
    if "queries" not in problem:
        return np.zeros((0, len(label)), np.uint32), label
    further = np.zeros(problem["further_gates"].shape, np.uint32)
    for number, (gate, value) in enumerate(
        zip(problem["further_gates"], problem["further_values"], strict=True), 1
    ):
        there = problem["queries"] > number
        further[number - 1] = (label * np.uint32(most) + gate + np.uint32(first)) * there
        label = np.where(there, value, label)
    return further, label


class _Fragments(NamedTuple):
    """A prompt's fragments: where openings, queries and further queries stand after the gates."""

    texts: LazyText
    openings: int
    queries: int
    further: int


@cache
def _prompt_fragments(most: int) -> _Fragments:
    """The prompt's text fragments for circuits of up to `most` gates.

    All codes of gate 0, then those of gate 1 and so on; then the openings (by 2 ** inputs + input row), the
    queries by number of gates, and further queries (by the answer before times `most`, plus the gate). E.g.
    x0 and x2 of three inputs: opening 0b1101, `INPUTS x0=1 x1=0 x2=1 || GATES `.
    """
    # By node code; joined without the empty one, the pair of a NOT is its one argument.
    names = ["", *(f"x{i}" for i in range(MOST_INPUTS - 1, -1, -1)), *(f"g{g}" for g in range(most))]
    pairs = [",".join(filter(None, pair)) for pair in itertools.product(names, names)]
    heads = [f"{') | ' if g else ''}g{g}={kind}(" for g in range(most) for kind in KINDS]
    index = np.empty((2, len(heads), len(pairs)), np.int64)
    index[0] = np.arange(len(heads))[:, None]
    index[1] = np.arange(len(pairs)) + len(heads)  # [part of the text, gate and kind, pair of arguments]
    index[:, :: len(KINDS), 0] = len(heads) + len(pairs)  # code 0: no gate
    gates = Gathered(FragmentTable.of([*heads, *pairs, ""]), index.reshape(2, -1))
    openings = [
        f"INPUTS {' '.join(f'x{i}={values >> i & 1}' for i in range(values.bit_length() - 1))} || GATES "
        for values in range(2, 2 << MOST_INPUTS)
    ]
    queries = [f") || QUERY g{count - 1} ->" for count in range(1, most + 1)]
    further = [f" {answer} || QUERY g{gate} ->" for answer in _ANSWERS.texts for gate in range(most)]
    after = len(heads) * len(pairs)
    # Openings begin with 2, those of one input, queries with one gate.
    return _Fragments(
        Concatenated((gates, FragmentTable.of([*openings, *queries, *further]))),
        after - 2,
        after + len(openings) - 1,
        after + len(openings) + len(queries),
    )
