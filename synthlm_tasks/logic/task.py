"""Logic: evaluate a Boolean circuit on one row of inputs."""

from collections.abc import Mapping
from typing import Any, ClassVar, Final

import numpy as np

from synthlm_tasks.logic.circuits import Circuits
from synthlm_tasks.logic.drawing import draw_circuits, place_gates
from synthlm_tasks.logic.gates_matter import must_matter
from synthlm_tasks.logic.parity import BIT, RULE, XorParity
from synthlm_tasks.logic.queries import draw_further
from synthlm_tasks.logic.reading import READING
from synthlm_tasks.logic.shapes.layer_widths import (
    MOST_DEPTH,
    MOST_GATES,
    MOST_INPUTS,
    MOST_WIDTH,
    count_completions,
    most_gates,
)
from synthlm_tasks.logic.shapes.layout_table import layout_groups, layout_table, shape_codes
from synthlm_tasks.logic.shapes.layouts import FIRST_GATE
from synthlm_tasks.logic.text import as_items, spell
from synthlm_tasks.logic.values import pick_set_bit, widen
from synthlm_tasks.rows.axes import IntAxis, PercentAxis
from synthlm_tasks.rows.streams import Ints, RandomBits, digest
from synthlm_tasks.rows.task import NUM_QUERIES, Accept, Params, Problem, Rendered, Sample, Task


class LogicTask(Task):
    """Evaluate the last gate of a circuit.

    Worked example: `INPUTS x0=1 x1=0 x2=1 || GATES g0=XOR(x0,x1) | g1=AND(g0,x2) |
    g2=XOR(g1,g0) || QUERY g2 ->`: g0 is 1, g1 is 1, g2 is 0; the answer is 0.

    Numbers of gates and of XOR gates are drawn once per row; layout (see `logic.shapes.layouts`), free
    arguments and gate kinds are drawn until every gate matters and the circuit lies in the split, some
    gates flipped if need be (see `logic.drawing`); then an input row.

    Problem arrays (c problems, k further queries): `gates` (c,), each item the codes of all its gates, the
    last at its end; `count`, `xors` (c,) numbers of gates and of XOR gates; `inputs` (c,) 2 ** inputs + the
    number of the input row; `label` (c,) of the first query. Where some problem has further queries:
    `queries` (c,) how many it has in all, and `further_gates`, `further_values` (k, c), arbitrary beyond
    those.
    """

    name = family = "logic"
    rule = RULE
    axes = (
        IntAxis("depth", 1, MOST_DEPTH),
        IntAxis("num_inputs", 1, MOST_INPUTS),
        IntAxis("width", 1, MOST_WIDTH),
        PercentAxis("xor_density", 10, 50),
        NUM_QUERIES,
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
        """` x0=1` per input, ` | g1=XOR(g0,x0)` per gate, and what frames them.

        ` 1 || QUERY g0 ->` for each further query.
        """
        further = 7 * (cell["num_queries"] - 1)
        return 4 * cell["num_inputs"] + 8 * most_gates(cell["depth"], cell["width"]) + 10 + further

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
        """Whether some layer widths reach the width exactly and have room for every input.

        There are as many queries as the circuit is deep at most; of one input there is NOT; and two inputs
        have one XOR, too few where the widest layer can only be the first.
        """
        depth, width, inputs = cell["depth"], cell["width"], cell["num_inputs"]
        if cell.get("num_queries", 1) > depth or (inputs == 1 and depth > 1):
            return False
        narrowing = width > 2 ** (depth - 2)  # from the first layer on: a layer uses two gates a gate at most
        if inputs == 2 and narrowing and width >= _CROWDED and cell["xor_density"] > _MOST_XOR:
            return False
        return bool(count_completions(width)[depth - 1, 1, int(width == 1), inputs])

    @classmethod
    def scarce(cls, cell: Mapping[str, int]) -> bool:
        """There are few circuits of few gates, as the split key sees them."""
        return most_gates(cell["depth"], cell["width"]) <= _SCARCE_GATES

    @classmethod
    def share_accepted(cls, cell: Mapping[str, int], accept: Accept) -> float:
        """Counted in one large draw; 0 where few numbers of gates and of XOR gates have any.

        Those are drawn before anything is accepted, and seldom again.
        """
        keyed = {name: code for name, code in cell.items() if name not in cls.unkeyed_axes}
        bits = RandomBits(0, digest("logic share", keyed))
        codes = {name: np.full(_SHARE_DRAWN, code) for name, code in cell.items()}
        params = cls.draw_fixed(Params(codes, cell, cell), bits)
        numbers = params["count"] * (MOST_GATES + 1) + params["xors"]
        most = (MOST_GATES + 1) ** 2
        every, wanted = (
            np.bincount(numbers[cls.propose(params, bits, which)[0]], minlength=most)
            for which in (lambda hashes: np.ones(hashes.shape, bool), accept)
        )
        there = np.bincount(numbers, minlength=most)[wanted > 0].sum() / _SHARE_DRAWN
        return float(wanted.sum() / max(every.sum(), 1)) if there >= _LEAST_THERE else 0.0

    @classmethod
    def draw_fixed(cls, params: Params, bits: RandomBits) -> Params:
        """Draw numbers of gates and of XOR gates: floor(density * gates + u), which is unbiased."""
        shapes = shape_codes(params["depth"], params["width"], params["num_inputs"])
        count = layout_table(shapes).draw_counts(shapes, bits)
        xors = (params["xor_density"] * count + bits.below(100, len(shapes))) // 100
        xors[params["num_inputs"] == 1] = 0  # a gate of one input is NOT
        groups = layout_groups(shapes, count)
        return params.extend({"shapes": shapes, "groups": groups, "count": count, "xors": xors})

    @classmethod
    def propose(cls, params: Params, bits: RandomBits, accept: Accept) -> tuple[Ints, Problem]:
        """Draw circuits and, for those that are accepted, a label and an input row that gives it."""
        order = np.argsort(-params["count"].astype(np.int8), kind="stable")  # each slot has a prefix of rows
        shapes, groups, count, xors, inputs = (
            params[key].take(order) for key in ("shapes", "groups", "count", "xors", "num_inputs")
        )
        most = most_gates(params.most["depth"], params.most["width"])
        strict = must_matter(*(params[name] for name in ("depth", "width", "num_inputs", "xor_density")))
        circuits = Circuits.start(count, inputs, strict.take(order))
        packed = place_gates(layout_table(shapes), groups, xors, circuits.slots.sizes, bits)
        drawn = draw_circuits(circuits, packed, accept, bits, FIRST_GATE + most)
        kept, tables, sensitive = drawn.places, widen(drawn.tables), widen(drawn.sensitive)
        # One word serves both draws: its lowest bit is the label, its highest ones choose the input row.
        chance = bits.words(len(kept))
        label = (chance & np.uint32(1)).astype(np.int64)
        # Plainly: the table where the label is 1, else its complement; label - 1 is 0 or all ones. Flipping
        # the right input of a sensitive row leads to one of the other label, so that both have some.
        of_label = tables ^ (label - 1).view(np.uint64)
        row = pick_set_bit(sensitive & of_label, chance)
        places = order.take(kept)
        rows = np.left_shift(1, params["num_inputs"].take(places))  # of 64 in a table, which repeats them
        problem = {
            "gates": as_items(drawn.codes, most),
            "count": count.take(kept).astype(np.uint8),
            "xors": xors.take(kept).astype(np.uint8),
            "inputs": (rows + (row & (rows - 1))).astype(np.uint8),  # less than 2 * 64
            "label": label.astype(np.uint8),
        }
        return places, problem

    @classmethod
    def draw_queries(cls, problem: Problem, params: Params, bits: RandomBits, accept: Accept) -> Problem:
        """Ask other gates of the same circuit on the same inputs; see `logic.queries`."""
        inputs = params["num_inputs"]
        codes = problem["gates"].view(np.uint16).reshape(len(inputs), -1).T
        row = problem["inputs"].astype(np.int64) - np.left_shift(1, inputs)
        number = params.most["num_queries"] - 1
        count = problem["count"].astype(np.int64)
        further = draw_further(codes, count, params["depth"], inputs, row, number, bits)
        return {
            **problem,
            "queries": params["num_queries"],
            "further_gates": further.gates,
            "further_values": further.values,
        }

    @classmethod
    def render(cls, problem: Problem) -> Rendered:
        """Inputs, gates and queries; the answer, that of the last query, is 0 or 1."""
        prompt, answer = spell(problem)
        count = problem["count"].astype(np.uint16)
        return Rendered(prompt, answer, notes=(count * np.uint16(MOST_GATES + 1) + problem["xors"])[None])


# Circuits of so many gates are some thousands as the key sees them: up to here a split may have few, or none.
_SCARCE_GATES: Final = 6

# Seven gates of two inputs differ by name, one of them XOR. Of circuits with a first layer of so many gates
# and more XOR (percent) than this a held-out split has one in some hundred drawn, down to none in all tries.
_CROWDED: Final = 7
_MOST_XOR: Final = 35

# Circuits that tell a split's share of such a cell, and in what share of them it must have some of their
# numbers.
_SHARE_DRAWN: Final = 4096
_LEAST_THERE: Final = 1 / 4
