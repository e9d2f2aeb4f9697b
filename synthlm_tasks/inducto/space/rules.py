"""Inducto's published rule space: the atoms, all their ordered pairs, and what tells them apart.

Rules act on sequences of letters (0 to 25). Atoms are the named rules; a composite applies one atom, then
another. Functions that agree on every sequence are one rule, under its first name; the identity is none.
"""

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from typing import Final, TypeAlias

Letters: TypeAlias = tuple[int, ...]

LENGTHS: Final = range(3, 9)  # of inputs; outputs have 1 to 32 letters
USUAL_LENGTHS: Final = range(4, 9)  # where none are asked for
SHIFTS: Final = (1, 2, 3)  # of CAESAR_SHIFT; a composite of two of them shifts by up to 6
MOST_EXAMPLES: Final = 10


@dataclass(frozen=True)
class Rule:
    """One function of the space.

    `kind` is the name without parameters, `steps` the atoms in turn, `shift` how far all letters together
    move in the alphabet, `sorts` whether an atom sorts: without one the output is an index map of the input.
    """

    name: str
    kind: str
    level: int
    steps: tuple[Callable[[Letters], Letters], ...]
    shift: int = 0
    sorts: bool = False

    def __call__(self, letters: Letters) -> Letters:
        """The rule's output for a sequence of letters (0 to 25)."""
        for step in self.steps:
            letters = step(letters)
        return letters


def rotate(x: Letters, k: int) -> Letters:
    """The element at index k comes to index 0, e.g. k = 1: A B C D → B C D A."""
    k %= max(len(x), 1)
    return x[k:] + x[:k]


def take_slice(x: Letters, first: int = 0, last: int | None = None, step: int = 1) -> Letters:
    """A slice of the sequence, e.g. first = 1, step = 2: A B C D → B D."""
    return x[first:last:step]


def shift_letters(x: Letters, k: int) -> Letters:
    """Every letter k places on in the alphabet, A after Z, e.g. k = 2: A Z → C B."""
    return tuple((letter + k) % 26 for letter in x)


def duplicate_each(x: Letters) -> Letters:
    """Every symbol twice, e.g. A B C → A A B B C C."""
    return tuple(letter for letter in x for _ in range(2))


def interleave_halves(x: Letters) -> Letters:
    """First, second, first, ... half in turn; the first is the longer, e.g. A B C D E → A D B E C."""
    half = (len(x) + 1) // 2
    pairs = itertools.zip_longest(x[:half], x[half:])
    return tuple(letter for pair in pairs for letter in pair if letter is not None)


def swap_pairs(x: Letters) -> Letters:
    """Neighbours change places, an odd last one stays, e.g. A B C D E → B A D C E."""
    return tuple(itertools.chain(*(x[i : i + 2][::-1] for i in range(0, len(x), 2))))


def swap_ends(x: Letters) -> Letters:
    """First and last change places, e.g. A B C D → D B C A."""
    return (x[-1], *x[1:-1], x[0]) if len(x) > 1 else x


def swap_halves(x: Letters) -> Letters:
    """The halves change places, an odd middle stays, e.g. A B C D E → D E C A B."""
    half = len(x) // 2
    return x[len(x) - half :] + x[half : len(x) - half] + x[:half]


def reverse_segments(x: Letters, k: int) -> Letters:
    """Every segment of k symbols reversed (the last may be shorter), e.g. k = 3: A B C D E → C B A E D."""
    return tuple(itertools.chain(*(x[i : i + k][::-1] for i in range(0, len(x), k))))


def _atoms() -> list[Rule]:
    def atom(level: int, name: str, step: Callable[[Letters], Letters], shift: int = 0) -> Rule:
        kind = name.partition("(")[0]
        return Rule(name, kind, level, (step,), shift, kind.startswith("SORT"))

    return [
        atom(1, "REVERSE", lambda x: x[::-1]),
        *(atom(1, f"ROTATE_LEFT({k})", partial(rotate, k=k)) for k in (1, 2, 3)),
        *(atom(1, f"ROTATE_RIGHT({k})", partial(rotate, k=-k)) for k in (1, 2, 3)),
        *(atom(1, f"DROP_FIRST({k})", partial(take_slice, first=k)) for k in (1, 2)),
        *(atom(1, f"DROP_LAST({k})", partial(take_slice, last=-k)) for k in (1, 2)),
        atom(1, "DUPLICATE_EACH", duplicate_each),
        *(
            atom(2, f"TAKE_EVERY_NTH({n},{first})", partial(take_slice, first=first, step=n))
            for n, first in ((2, 0), (2, 1), (3, 0))
        ),
        atom(2, "INTERLEAVE_HALVES", interleave_halves),
        atom(2, "SWAP_PAIRS", swap_pairs),
        atom(2, "SORT", lambda x: tuple(sorted(x))),
        atom(2, "SORT_DESC", lambda x: tuple(sorted(x, reverse=True))),
        *(atom(2, f"CAESAR_SHIFT({k})", partial(shift_letters, k=k), k) for k in SHIFTS),
        atom(2, "MIRROR", lambda x: x + x[::-1]),
        atom(2, "REPEAT_TWICE", lambda x: x + x),
        atom(2, "SWAP_ENDS", swap_ends),
        atom(2, "SWAP_HALVES", swap_halves),
        atom(2, "EVENS_THEN_ODDS", lambda x: x[::2] + x[1::2]),
        *(atom(3, f"REVERSE_SEGMENTS({k})", partial(reverse_segments, k=k)) for k in (3, 4)),
    ]


def _probes() -> list[Letters]:
    """Sequences that tell any two rules of the space apart.

    Orders of 3 to 5 letters, longer sequences for what depends on the length, and letters near Z, where
    CAESAR_SHIFT wraps around.
    """
    short = [order for length in (3, 4) for order in itertools.permutations(range(length))]
    orders = [*short, *list(itertools.permutations(range(5)))[::11]]
    longer = [tuple(range(m))[::step] for m in LENGTHS for step in (1, -1)]
    return orders + longer + [tuple(25 - 2 * i for i in order) for order in orders[::7]]


@cache
def rules() -> tuple[Rule, ...]:
    """Every rule of the space, atoms first, without repeats and without the identity."""
    atoms = _atoms()
    probes = tuple(_probes())
    after = [tuple(map(atom.steps[0], probes)) for atom in atoms]
    distinct: dict[tuple[Letters, ...], Rule] = {}
    for outputs, atom in zip(after, atoms, strict=True):
        distinct.setdefault(outputs, atom)
    # What several first atoms make of the probes is often the same sequence: the second sees it once.
    seconds = [cache(atom.steps[0]) for atom in atoms]
    for halfway, first in zip(after, atoms, strict=True):
        for apply, second in zip(seconds, atoms, strict=True):
            outputs = tuple(map(apply, halfway))
            if outputs not in distinct and outputs != probes:
                distinct[outputs] = _compose(first, second)
    return tuple(distinct.values())


def _compose(first: Rule, second: Rule) -> Rule:
    return Rule(
        name=f"{first.name} then {second.name}",
        kind="COMPOSITE",
        level=3,
        steps=first.steps + second.steps,
        shift=first.shift + second.shift,
        sorts=first.sorts or second.sorts,
    )
