"""Circuits row by row in plain Python, which the array programs of `synthlm_tasks.logic` are held against.

A gate is (kind, argument, argument) with node codes: 0 for none, 1 to 6 for x5 to x0, 7 for g0 and so on.
"""

import random
from collections.abc import Sequence
from typing import TypeAlias, TypeVar

import numpy as np

from synthlm_tasks.logic.circuits import Gates
from synthlm_tasks.rows.splits import key_words

Gate: TypeAlias = tuple[str, int, int]
Circuit: TypeAlias = list[Gate]
T = TypeVar("T")

NAMES = ["XOR", "OR", "AND", "NOR", "NAND", "NOT"]
G0 = 7

# A word for each kind, and one that hashes are multiplied by.
*KIND_WORDS, MULTIPLIER = ((word >> 32) | 1 for word in key_words("logic 179718", 7).tolist())


def flatten(rows: Sequence[Sequence[T]]) -> tuple[list[T], list[int]]:
    """The first items of all rows, the second ones and so on, and how many there are of each."""
    batch_sizes = [sum(len(row) > place for row in rows) for place in range(len(rows[0]))]
    return [rows[r][place] for place, size in enumerate(batch_sizes) for r in range(size)], batch_sizes


def unflatten(flat: Sequence[T], batch_sizes: list[int]) -> list[list[T]]:
    """The rows of `flatten`."""
    rows: list[list[T]] = [[] for _ in range(batch_sizes[0])]
    items = iter(flat)
    for size in batch_sizes:
        for row in rows[:size]:
            row.append(next(items))
    return rows


def falling_sizes(draw: random.Random, rows: int, most: int, least: int = 1) -> list[int]:
    """Numbers of gates or inputs for each row, falling, one of them the most."""
    return sorted([most, *(draw.randint(least, most) for _ in range(rows - 1))], reverse=True)


def random_circuits(seed: int, rows: int, most: int, inputs: int = 6) -> list[Circuit]:
    """Any circuits at all of up to `most` gates, the longest first."""
    draw = random.Random(seed)

    def gate(number: int) -> Gate:
        kind = draw.choice(NAMES)
        first, second = draw.sample(range(G0 - inputs, G0 + number), 2)
        return (kind, *draw.choice([(first, 0), (0, first)])) if kind == "NOT" else (kind, first, second)

    return [[gate(number) for number in range(size)] for size in falling_sizes(draw, rows, most)]


def as_gates(circuits: list[Circuit]) -> tuple[Gates, list[int]]:
    """The arrays of these circuits, with the hashes of their wiring."""
    flat, batch_sizes = flatten(circuits)
    hashes, _ = flatten([wiring_hashes(circuit) for circuit in circuits])
    kinds = np.array([NAMES.index(kind) for kind, _, _ in flat], np.uint8)
    arguments = np.array([arguments for _, *arguments in flat], np.uint8).T.copy()
    return Gates(arguments, kinds, np.array(hashes, np.uint32)), batch_sizes


def as_circuits(gates: Gates, batch_sizes: list[int]) -> list[Circuit]:
    """The circuits of these arrays."""
    kinds = [NAMES[kind] for kind in gates.kinds.tolist()]
    return unflatten(list(zip(kinds, *gates.arguments.tolist(), strict=True)), batch_sizes)


def wiring_hashes(circuit: Circuit) -> list[int]:
    """A hash for each gate: of both arguments' hashes, in whatever order."""
    hashes = [0, *[MULTIPLIER] * 6]
    for _, first, second in circuit:
        total = (hashes[first] + hashes[second]) % 2**32
        hashes.append((total ^ total >> 16) * MULTIPLIER % 2**32)
    return hashes[G0:]


def turn(kind: str, turns: int) -> str:
    """A kind after so many turns: the four that turn follow each other in a circle."""
    circle = ["OR", "AND", "NOR", "NAND"]
    return circle[(circle.index(kind) + turns) % 4] if kind in circle else kind


def split_key(circuit: Circuit) -> int:
    """The sum over gates of the hash of the wiring times a word of the kind; a complement is not seen."""
    asked = {"NOR": "OR", "NAND": "AND"}.get(circuit[-1][0], circuit[-1][0])
    kinds = [*(kind for kind, _, _ in circuit[:-1]), asked]
    words = [KIND_WORDS[NAMES.index(kind)] for kind in kinds]
    return sum(word * known for word, known in zip(words, wiring_hashes(circuit), strict=True)) % 2**32


def value(circuit: Circuit, row: int) -> int:
    """The value of the last gate on an input row: bit i of its number is x_i."""
    values = [0, *(row >> i & 1 for i in (5, 4, 3, 2, 1, 0))]
    for kind, first, second in circuit:
        a, b = values[first], values[second]
        result = {
            "XOR": a ^ b,
            "OR": a | b,
            "AND": a & b,
            "NOR": 1 - (a | b),
            "NAND": 1 - (a & b),
            "NOT": 1 - (a | b),  # one of them is no node
        }[kind]
        values.append(result)
    return values[-1]
