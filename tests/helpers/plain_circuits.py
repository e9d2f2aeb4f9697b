"""Circuits row by row in plain Python, which the array programs of `synthlm_tasks.logic` are held against.

A gate is (kind, argument, argument) with node codes: 0 for none, 1 to 6 for x5 to x0, 7 for g0 and so on.
"""

import random
from typing import TypeAlias

import numpy as np

from synthlm_tasks.logic.circuits import Circuits, Mask
from synthlm_tasks.rows.splits import key_words

Gate: TypeAlias = tuple[str, int, int]
Circuit: TypeAlias = list[Gate]

NAMES = ["XOR", "OR", "AND", "NOR", "NAND", "NOT"]
G0 = 7

# A word for each input, one that hashes are multiplied by, one for XOR nodes and one for AND nodes.
INPUT, MULTIPLIER, XOR_WORD, AND_WORD = (word >> 32 & ~1 for word in key_words("logic 26893", 4).tolist())


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


def place(circuits: list[Circuit], inputs: int = 6, strict: bool = False) -> tuple[Circuits, list[Mask]]:
    """The arrays of these circuits, the longest first, and which gates are idle in each slot."""
    count = np.array([len(circuit) for circuit in circuits])
    made = Circuits.start(count, np.full(len(circuits), inputs), np.full(len(circuits), strict))
    slots = []
    for slot, size in enumerate(made.slots.sizes):
        gates = [circuit[slot - len(circuits[0])] for circuit in circuits[:size]]
        arguments = np.array([wires for _, *wires in gates], np.uint8).T
        kinds = np.array([NAMES.index(kind) for kind, *_ in gates], np.uint8)
        slots.append(made.place(slot, slice(size), arguments, kinds))
    return made, slots


def split_key(circuit: Circuit) -> int:
    """The asked node's hash, plus a product for each complemented argument of an AND node."""
    literals = {0: 0} | dict.fromkeys(range(1, G0), INPUT)
    total = 0
    for number, (kind, *wires) in enumerate(circuit, G0):
        read = [literals[wire] for wire in wires]
        node = sum(literal >> 1 for literal in read) + (XOR_WORD if kind == "XOR" else AND_WORD)
        node %= 2**32
        node = (node ^ node >> 16) * (MULTIPLIER | 1) % 2**32
        node ^= node >> 15
        turned = [literal & 1 for literal in read]
        if kind == "NOT":
            literals[number] = sum(read) ^ 1
        elif kind == "XOR":
            literals[number] = node >> 1 << 1 | sum(turned) % 2
        else:
            for literal, turn in zip(read, turned, strict=True):
                if turn != (kind in ("OR", "NOR")):
                    total += node * (literal | 1)
            literals[number] = node >> 1 << 1 | (kind in ("OR", "NAND"))
    return (total + (literals[G0 + len(circuit) - 1] >> 1)) % 2**32


def flip(circuit: Circuit, places: set[int]) -> Circuit:
    """The circuit with these gates reading complements of their arguments, counted from the end."""
    other = {"AND": "NOR", "NOR": "AND", "OR": "NAND", "NAND": "OR"}
    last = len(circuit) - 1
    return [
        (other.get(kind, kind) if last - number in places else kind, *wires)
        for number, (kind, *wires) in enumerate(circuit)
    ]


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
