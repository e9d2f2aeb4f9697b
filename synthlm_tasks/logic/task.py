"""Logic: evaluate a Boolean circuit on one row of inputs."""

import itertools
from collections.abc import Mapping
from functools import cache
from typing import Any, ClassVar, Final

import numpy as np

from synthlm_tasks.logic.circuits import (
    KINDS,
    choose_kind_turns,
    code_count,
    codes_by_row,
    draw_gates,
    place_gates,
)
from synthlm_tasks.logic.layouts import (
    GATE,
    MOST_DEPTH,
    MOST_GATES,
    MOST_INPUTS,
    MOST_WIDTH,
    count_widths,
    layout_group,
    layout_table,
    most_gates,
    shape_codes,
)
from synthlm_tasks.logic.parity import BIT, RULE, XorParity
from synthlm_tasks.logic.reading import READING
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
        return bool(count_widths(width)[cell["depth"] - 1, 1, int(width == 1), cell["num_inputs"]])

    @classmethod
    def draw_fixed(cls, params: Params, bits: RandomBits) -> Params:
        """Draw numbers of gates and of XOR gates: floor(density * gates + u), which is unbiased."""
        codes = shape_codes(params["depth"], params["width"], params["num_inputs"])
        count = layout_table(codes).draw_counts(codes, bits)
        xors = (params["xor_density"] * count + bits.below(100, len(codes))) // 100
        return params.extend(
            {"codes": codes, "shelved": layout_group(codes, count), "count": count, "xors": xors}
        )

    @classmethod
    def propose(cls, params: Params, bits: RandomBits, accept: Accept) -> tuple[Ints, Problem]:
        """Draw circuits and, for those that are accepted, a label and an input row that gives it."""
        order = np.argsort(-params["count"].astype(np.int8), kind="stable")  # gate g has a prefix of rows
        codes, places, count, xors = (
            params[key].take(order) for key in ("codes", "shelved", "count", "xors")
        )
        most, inputs = most_gates(params.most["depth"], params.most["width"]), params.most["num_inputs"]
        lives = np.searchsorted(-count, -np.arange(count[0])).tolist()
        gates = draw_gates(place_gates(layout_table(codes), places, xors, lives, bits), lives, bits)
        turns, found = choose_kind_turns(gates, lives, accept)
        if 2 * np.count_nonzero(found) < len(found):
            gates, lives = gates.compress(found, lives)
            order, count, xors, turns = (array.compress(found) for array in (order, count, xors, turns))
            found = np.ones(len(order), bool)
        gates = gates.turn_kinds(turns, lives)
        narrow = evaluate(gates, count, lives, inputs)
        tables, sensitive = widen(narrow), widen(sensitive_rows(narrow, inputs))
        kept = np.flatnonzero(found & (sensitive != 0))
        chance = bits.words(len(kept))
        label = (chance & np.uint32(1)).astype(np.int64)
        row = pick_set_bit(sensitive.take(kept) & (tables.take(kept) ^ (label - 1).view(np.uint64)), chance)
        places = order.take(kept)
        rows = np.left_shift(1, params["num_inputs"].take(places))
        problem = {
            "gates": codes_by_row(gates.codes(GATE + most), lives, most).take(kept),
            "count": count.take(kept).astype(np.uint8),
            "xors": xors.take(kept).astype(np.uint8),
            "inputs": (rows + (row & (rows - 1))).astype(np.uint8),
            "label": label.astype(np.uint8),
        }
        return places, problem

    @classmethod
    def render(cls, problem: Problem) -> Rendered:
        """Inputs, gates and query; the answer is 0 or 1."""
        count = problem["count"]
        most = problem["gates"].dtype.itemsize // 2
        gates = problem["gates"].view(np.uint16).reshape(len(count), most)
        texts, inputs, query = _texts(most)
        index = np.empty((len(count), most + 2), np.uint32)
        index[:, 0] = problem["inputs"].astype(np.uint32) + np.uint32(inputs)
        step = code_count(GATE + most)
        np.add(gates, np.arange(0, step * most, step, dtype=np.uint32), out=index[:, 1:-1])
        index[:, -1] = count.astype(np.uint32) + np.uint32(query)
        there = np.ones(index.shape, bool)  # over half of the places have no gate: skipping them is cheaper
        np.not_equal(gates, 0, out=there[:, 1:-1])
        bounds = np.cumsum(np.append(0, count.astype(np.int64) + 2))
        return Rendered(
            input_text=GatheredRagged(texts, index[there], bounds),
            target=Gathered(_ANSWERS, problem["label"][None]),
            notes=(count.astype(np.uint16) * np.uint16(MOST_GATES + 1) + problem["xors"])[None],
        )


_ANSWERS: Final = FragmentTable.of(["0", "1"])


@cache
def _texts(most: int) -> tuple[LazyText, int, int]:
    """The prompt's text fragments for circuits of up to `most` gates.

    All codes of gate 0, then those of gate 1 and so on; then, from the two numbers returned, the openings
    by input row and the queries by number of gates.
    """
    names = ["", *(f"x{i}" for i in range(MOST_INPUTS - 1, -1, -1)), *(f"g{g}" for g in range(most))]
    pairs = [",".join(filter(None, pair)) for pair in itertools.product(names, names)]
    heads = [f"{') | ' if g else ''}g{g}={kind}(" for g in range(most) for kind in KINDS]
    index = np.empty((2, len(heads), len(pairs)), np.int64)
    index[0] = np.arange(len(heads))[:, None]
    index[1] = np.arange(len(pairs)) + len(heads)
    index[:, :: len(KINDS), 0] = len(heads) + len(pairs)  # code 0: no gate
    gates = Gathered(FragmentTable.of([*heads, *pairs, ""]), index.reshape(2, -1))
    openings = [
        f"INPUTS {' '.join(f'x{i}={row >> i & 1}' for i in range(row.bit_length() - 1))} || GATES "
        for row in range(2, 2 << MOST_INPUTS)
    ]
    queries = [f") || QUERY g{count - 1} ->" for count in range(1, most + 1)]
    laid = Concatenated((gates, FragmentTable.of([*openings, *queries])))
    count = len(heads) * len(pairs)
    return laid, count - 2, count + len(openings) - 1
