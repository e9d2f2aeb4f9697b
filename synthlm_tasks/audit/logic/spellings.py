"""What counts as the same circuit: one text, one normal form or one function, whatever inputs are called."""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import Final

import numpy as np
from numpy.typing import NDArray

from synthlm_tasks.audit.checks import Row, metadata
from synthlm_tasks.audit.logic.circuits import truth_tables
from synthlm_tasks.audit.logic.prompts import Problem, parse

Digest = bytes
Edge = tuple[Digest, bool]
"""A node, and whether its complement is meant."""

_BYTES: Final = 16  # two of a million circuits share a digest of 128 bits once in 10**26 audits


def text_with_inputs_renamed(row: Row) -> object:
    """The gates as they are spelled, the inputs called by the order in which they come up."""
    problem = parse(row["input_text"])
    names: dict[str, str] = {}
    for _, _, wires in problem.gates:
        for wire in wires:
            if wire in problem.inputs:
                names.setdefault(wire, f"x{len(names)}")
    return tuple((kind, *(names.get(wire, wire) for wire in wires)) for _, kind, wires in problem.gates)


def truth_table_with_inputs_permuted(row: Row) -> object:
    """What the first query's gate is on every row of inputs, in any order of the inputs, or complemented."""
    problem = parse(row["input_text"])
    if "num_bits" in metadata(row):  # a parity tree: up to 64 inputs, and one function of so many
        return "parity", len(problem.inputs)
    return _function_class(truth_tables(problem)[problem.root])


@lru_cache(maxsize=65536)
def _function_class(table: tuple[int, ...]) -> bytes:
    """The least of the tables that one becomes when its inputs are permuted, or it is complemented."""
    inputs = len(table).bit_length() - 1
    values = np.array(table, np.uint8).reshape((2,) * inputs)
    ones = int(values.sum())
    turned = [values] * (2 * ones <= len(table)) + [1 - values] * (2 * ones >= len(table))
    return min(
        cube.transpose(order).tobytes()
        for cube in turned
        for order in _orders([_input_class(cube, axis) for axis in range(inputs)])
    )


def _input_class(cube: NDArray[np.uint8], axis: int) -> tuple[int, int]:
    """What no renaming changes of an input: rows of ones where it is 1, and rows in which it matters."""
    off, on = cube.take(0, axis), cube.take(1, axis)
    return int(on.sum()), int((on != off).sum())


def _orders(classes: Sequence[object]) -> Iterator[tuple[int, ...]]:
    """All orders of places in which their classes rise: every way round within a class."""
    ranked = sorted(set(classes), key=repr)
    groups = [[place for place, one in enumerate(classes) if one == rank] for rank in ranked]
    for parts in itertools.product(*map(itertools.permutations, groups)):
        yield tuple(itertools.chain.from_iterable(parts))


def key(row: Row) -> object:
    """What decides the split: the normal form; in a parity tree the text, input bits and all.

    AND, OR, NAND, NOR and NOT become AND with complemented edges, and complements move out of XOR to its
    output. Names and order of inputs, gates and arguments do not count, nor whether the first query's gate is
    complemented. What two gates say is there twice: that happens only where inputs are too few for the shape.
    """
    if "num_bits" in metadata(row):
        return row["input_text"]
    return _least_form(row["input_text"])


def normal_form_merged(row: Row) -> object:
    """The normal form with gates that say the same as one; in a parity tree the text."""
    if "num_bits" in metadata(row):
        return row["input_text"]
    return _least_form(row["input_text"])[0]


@lru_cache(maxsize=32768)  # a row is asked for its form by each notion of what is the same
def _least_form(text: str) -> tuple[Digest, Digest]:
    """The least normal form over all namings of the inputs: the asked node, and a digest of all nodes.

    Only namings by rising class are tried: classes are the same however the inputs are called, so that the
    least of these is the same for all spellings of a circuit, too.
    """
    problem = parse(text)
    names = list(problem.inputs)
    places = [_digest("place", bytes([place])) for place in range(len(names))]
    return min(
        _form(problem, {names[n]: place for n, place in zip(order, places, strict=True)})
        for order in _orders(_input_uses(problem))
    )


def _form(problem: Problem, named: Mapping[str, Digest]) -> tuple[Digest, Digest]:
    """The asked node, and a digest of those of all gates but NOT."""
    edges = _edges(problem, named)
    nodes = (edges[name][0] for name, kind, _ in problem.gates if kind != "NOT")
    return edges[problem.root][0], _digest("all", *nodes)


def _digest_root(problem: Problem, named: Mapping[str, Digest]) -> Digest:
    return _edges(problem, named)[problem.root][0]


def _edges(problem: Problem, named: Mapping[str, Digest]) -> dict[str, Edge]:
    """Every input and gate as an edge of the normal form."""
    found: dict[str, Edge] = {name: (digest, False) for name, digest in named.items()}
    for name, kind, wires in problem.gates:
        edges = [found[wire] for wire in wires]
        if kind == "NOT":
            ((node, inverted),) = edges
            found[name] = node, not inverted
        elif kind == "XOR":
            found[name] = _digest("XOR", *(node for node, _ in edges)), edges[0][1] != edges[1][1]
        else:  # OR(a, b) is NOT(AND(NOT a, NOT b))
            by_or = kind in ("OR", "NOR")
            ends = [node + bytes([inverted != by_or]) for node, inverted in edges]
            found[name] = _digest("AND", *ends), kind in ("OR", "NAND")
    return found


@lru_cache(maxsize=65536)
def _digest(word: str, *parts: bytes) -> Digest:
    """A digest of parts in any order."""
    return blake2b(b"|".join((word.encode(), *sorted(parts))), digest_size=_BYTES).digest()


def _input_uses(problem: Problem) -> list[bytes]:
    """A class for each input: what is built of it, step by step up to the root.

    Inputs count alike at first; each round they are told apart by where they are used, until no round tells
    more apart.
    """
    classes = dict.fromkeys(problem.inputs, _digest("input"))
    for _ in problem.inputs:
        marked = {
            name: _digest_root(problem, {**classes, name: _digest("this", classes[name])}) for name in classes
        }
        if len(set(marked.values())) == len(set(classes.values())):
            return list(marked.values())
        classes = marked
    return list(classes.values())
