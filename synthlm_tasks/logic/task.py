"""Logic: evaluate a Boolean circuit on one row of inputs."""

import itertools
from collections.abc import Mapping
from functools import cache
from typing import Any, ClassVar, Final

import numpy as np

from synthlm_tasks.logic.circuits import KINDS, code_count, codes_by_row
from synthlm_tasks.logic.drawing import draw_gates, place_gates
from synthlm_tasks.logic.layer_widths import (
    MOST_DEPTH,
    MOST_GATES,
    MOST_INPUTS,
    MOST_WIDTH,
    count_completions,
    most_gates,
)
from synthlm_tasks.logic.layout_table import layout_groups, layout_table, shape_codes
from synthlm_tasks.logic.layouts import FIRST_GATE
from synthlm_tasks.logic.parity import BIT, RULE, XorParity
from synthlm_tasks.logic.reading import READING
from synthlm_tasks.logic.split_keys import choose_kind_turns
from synthlm_tasks.logic.values import evaluate, pick_set_bit, sensitive_rows, widen
from synthlm_tasks.rows.axes import IntAxis, PercentAxis
from synthlm_tasks.rows.lazy_text import Concatenated, FragmentTable, Gathered, GatheredRagged, LazyText
from synthlm_tasks.rows.streams import Ints, RandomBits
from synthlm_tasks.rows.task import Accept, Params, Problem, Rendered, Sample, Task


class LogicTask(Task):
    """Evaluate the last gate of a circuit.

    Worked example: `INPUTS x0=1 x1=0 x2=1 || GATES g0=XOR(x0,x1) | g1=AND(g0,x2) |
    g2=XOR(g1,g0) || QUERY g2 ->`: g0 is 1, g1 is 1, g2 is 0; the answer is 0.

    Numbers of gates and of XOR gates are drawn once per row; layout (see `logic.layouts`), free arguments and
    gate kinds are drawn until the circuit lies in the split, its kinds turned if need be, and is no constant;
    then an input row.

    Problem arrays (c problems): `gates` (c,), each item the codes of all its gates; `count`, `xors` (c,)
    numbers of gates and of XOR gates; `inputs` (c,) 2 ** inputs + the number of the input row; `label` (c,).
    """

    name = family = "logic"
    rule = RULE
    axes = (
        IntAxis("depth", 2, MOST_DEPTH),
        IntAxis("num_inputs", 2, MOST_INPUTS),
        IntAxis("width", 1, MOST_WIDTH),
        PercentAxis("xor_density", 10, 50),
    )
    answers = (BIT,)
    variants: ClassVar[dict[str, type[Task]]] = {"parity": XorParity}
    reading = READING

    def __init__(self, seed: int | None = None) -> None:
        """Start the task's sequences, and those of parity samples, at `seed`."""
        super().__init__(seed)
        self._parity = XorParity(seed)

    def generate_xor_parity_sample(self, num_bits: int) -> Sample:
        """The next training sample of the parity family: an XOR tree over `num_bits` inputs."""
        return self._parity.generate_sample(num_bits=num_bits)

    @classmethod
    def metadata_fragments(cls) -> list[str]:
        """Numbers of gates and of XOR gates."""
        numbers = range(MOST_GATES + 1)
        return [f',"num_gates":{gates},"num_xor":{xors}}}' for gates in numbers for xors in numbers]

    @classmethod
    def chance(cls, metadata: Mapping[str, Any]) -> float:
        """A coin."""
        return 0.5

    @classmethod
    def max_tokens(cls, cell: Mapping[str, int]) -> int:
        """` x0=1` per input, ` | g1=XOR(g0,x0)` per gate, and what frames them."""
        return 4 * cell["num_inputs"] + 8 * most_gates(cell["depth"], cell["width"]) + 10

    @classmethod
    def max_compact_tokens(cls, cell: Mapping[str, int]) -> int:
        """`x0`, `1` per input; `g1`, `XOR`, `g0`, `x0` per gate; `QUERY`, `g1` and the answer per query."""
        gates = most_gates(cell["depth"], cell["width"])
        return 2 * cell["num_inputs"] + 4 * gates + 3 * cell.get("num_queries", 1)

    @classmethod
    def distinct_key(cls, input_text: str, target: str) -> str:
        """The circuit and the answer.

        A circuit gives one answer on more input rows than the other: if all of them could stand in a small
        split, the last gate would tell the answer there.
        """
        return f"{input_text.partition('||')[2]} {target}"

    @classmethod
    def fits(cls, cell: Mapping[str, int]) -> bool:
        """Whether some layer widths reach the width exactly and have room for every input."""
        width = cell["width"]
        return bool(count_completions(width)[cell["depth"] - 1, 1, int(width == 1), cell["num_inputs"]])

    @classmethod
    def scarce(cls, cell: Mapping[str, int]) -> bool:
        """There are few circuits of few gates, as the split key sees them."""
        return most_gates(cell["depth"], cell["width"]) <= _SCARCE_GATES

    @classmethod
    def draw_fixed(cls, params: Params, bits: RandomBits) -> Params:
        """Draw numbers of gates and of XOR gates: floor(density * gates + u), which is unbiased."""
        shapes = shape_codes(params["depth"], params["width"], params["num_inputs"])
        count = layout_table(shapes).draw_counts(shapes, bits)
        xors = (params["xor_density"] * count + bits.below(100, len(shapes))) // 100
        groups = layout_groups(shapes, count)
        return params.extend({"shapes": shapes, "groups": groups, "count": count, "xors": xors})

    @classmethod
    def propose(cls, params: Params, bits: RandomBits, accept: Accept) -> tuple[Ints, Problem]:
        """Draw circuits and, for those that are accepted, a label and an input row that gives it."""
        order = np.argsort(-params["count"].astype(np.int8), kind="stable")  # gate g has a prefix of rows
        shapes, groups, count, xors = (
            params[key].take(order) for key in ("shapes", "groups", "count", "xors")
        )
        most, inputs = most_gates(params.most["depth"], params.most["width"]), params.most["num_inputs"]
        # Rows of more than g gates, for each gate g: falling numbers are searched as rising ones.
        batch_sizes = np.searchsorted(-count, -np.arange(count[0])).tolist()
        packed = place_gates(layout_table(shapes), groups, xors, batch_sizes, bits)
        gates = draw_gates(packed, batch_sizes, bits)
        turns, accepted = choose_kind_turns(gates, batch_sizes, accept)
        if 2 * np.count_nonzero(accepted) < len(accepted):  # else it is cheaper to evaluate what is lost too
            gates, batch_sizes = gates.compress(accepted, batch_sizes)
            order, count, xors, turns = (array.compress(accepted) for array in (order, count, xors, turns))
            accepted = np.ones(len(order), bool)
        gates = gates.turn_kinds(turns, batch_sizes)
        narrow = evaluate(gates, count, batch_sizes, inputs)
        tables, sensitive = widen(narrow), widen(sensitive_rows(narrow, inputs))
        kept = np.flatnonzero(accepted & (sensitive != 0))
        # One word serves both draws: its lowest bit is the label, its highest ones choose the input row.
        chance = bits.words(len(kept))
        label = (chance & np.uint32(1)).astype(np.int64)
        # Plainly: the table where the label is 1, else its complement; label - 1 is 0 or all ones. Flipping
        # the right input of a sensitive row leads to one of the other label, so that both have some.
        of_label = tables.take(kept) ^ (label - 1).view(np.uint64)
        row = pick_set_bit(sensitive.take(kept) & of_label, chance)
        places = order.take(kept)
        rows = np.left_shift(1, params["num_inputs"].take(places))  # of 64 in a table, which repeats them
        problem = {
            "gates": codes_by_row(gates.codes(FIRST_GATE + most), batch_sizes, most).take(kept),
            "count": count.take(kept).astype(np.uint8),
            "xors": xors.take(kept).astype(np.uint8),
            "inputs": (rows + (row & (rows - 1))).astype(np.uint8),  # less than 2 * 64
            "label": label.astype(np.uint8),
        }
        return places, problem

    @classmethod
    def render(cls, problem: Problem) -> Rendered:
        """Inputs, gates and query; the answer is 0 or 1."""
        count = problem["count"]
        most = problem["gates"].dtype.itemsize // 2
        gates = problem["gates"].view(np.uint16).reshape(len(count), most)
        texts, openings, queries = _prompt_fragments(most)
        index = np.empty((len(count), most + 2), np.uint32)
        index[:, 0] = problem["inputs"].astype(np.uint32) + np.uint32(openings)
        step = code_count(FIRST_GATE + most)
        np.add(gates, np.arange(0, step * most, step, dtype=np.uint32), out=index[:, 1:-1])
        index[:, -1] = count.astype(np.uint32) + np.uint32(queries)
        # Over half of the places have no gate: skipping them is cheaper than writing empty texts. Code 0 is
        # no gate, since no argument is node 0 but one of NOT.
        exists = np.ones(index.shape, bool)
        np.not_equal(gates, 0, out=exists[:, 1:-1])
        bounds = np.cumsum(np.append(0, count.astype(np.int64) + 2))
        return Rendered(
            input_text=GatheredRagged(texts, index[exists], bounds),
            target=Gathered(_ANSWERS, problem["label"][None]),
            notes=(count.astype(np.uint16) * np.uint16(MOST_GATES + 1) + problem["xors"])[None],
        )


_ANSWERS: Final = FragmentTable.of(["0", "1"])

# Circuits of so many gates are some thousands as the key sees them: up to here a split may have few, or none.
_SCARCE_GATES: Final = 6


@cache
def _prompt_fragments(most: int) -> tuple[LazyText, int, int]:
    """The prompt's text fragments for circuits of up to `most` gates.

    All codes of gate 0, then those of gate 1 and so on; then, from the two numbers returned, the openings
    (by 2 ** inputs + input row) and the queries by number of gates. E.g. x0 and x2 of three inputs: opening
    0b1101, `INPUTS x0=1 x1=0 x2=1 || GATES `.
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
    fragments = Concatenated((gates, FragmentTable.of([*openings, *queries])))
    first_opening = len(heads) * len(pairs)
    # Openings begin with 2, those of one input, queries with one gate.
    return fragments, first_opening - 2, first_opening + len(openings) - 1
