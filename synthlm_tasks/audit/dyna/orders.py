"""Dyna's operations as maps of places, and the best guess of a reader who knows them but not their order."""

from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from synthlm_tasks.audit.dyna.prompts import Operation, Problem

_ORDERS: Final = 200


def move_place(operation: Operation, place: int, size: int) -> int:
    """Where one operation takes what is at a place."""
    kind, numbers = operation
    if kind == "SWAP":
        i, j = numbers
        return j if place == i else i if place == j else place
    if kind == "REVERSE":
        i, j = numbers
        return i + j - place if i <= place <= j else place
    return (place + (-numbers[0] if kind == "ROTATE_LEFT" else numbers[0])) % size


def source(operation: Operation, place: int, size: int) -> int:
    """Where what one operation brings to a place comes from."""
    kind, numbers = operation
    if kind.startswith("ROTATE"):
        return (place + (numbers[0] if kind == "ROTATE_LEFT" else -numbers[0])) % size
    return move_place(operation, place, size)  # its own inverse


def order_blind_vote(problem: Problem) -> str:
    """Programs whose order matters little: the commonest answer over 200 random orders of the operations.

    Of the orders those count which a program of the task may have, if there are any: no neighbours commute,
    and exchanging neighbours changes the answer for a third of them.
    """
    size, length = len(problem.state), len(problem.operations)
    step, start = (source, problem.position or 0)
    if problem.element is not None:
        step, start = move_place, problem.state.index(problem.element)
    maps = np.array(
        [[step(operation, place, size) for place in range(size)] for operation in problem.operations]
    )
    both = maps[:, maps]  # [a, b, place]: where b and then a take it
    alike = (both == both.swapaxes(0, 1)).all(axis=2)
    orders = _orders(length)
    first, second = orders[:, :-1], orders[:, 1:]
    places = np.full(len(orders), start)
    changes = np.zeros(len(orders), np.int64)
    for t in range(length):
        if t + 1 < length:
            changes += both[second[:, t], first[:, t], places] != both[first[:, t], second[:, t], places]
        places = maps[orders[:, t], places]
    possible = ~alike[first, second].any(axis=1) & (3 * changes >= length - 1)
    end = int(np.bincount(places[possible] if possible.any() else places).argmax())
    return str(end) if problem.element is not None else problem.state[end]


@cache
def _orders(length: int) -> NDArray[np.int64]:
    """Random orders (orders, length), the same each time."""
    keys = np.random.default_rng(length).random((_ORDERS, length))
    return keys.argsort(axis=1)
