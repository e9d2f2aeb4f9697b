"""Inducto's rule space by hand: every rule as a function of a string of letters."""

import random
from collections.abc import Callable
from functools import cache

Rule = Callable[[str], str]
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def rotate_left(k: int) -> Rule:
    """e.g. k=1: ABCDE → BCDEA."""
    return lambda s: s[k % len(s) :] + s[: k % len(s)] if s else s


def rotate_right(k: int) -> Rule:
    """e.g. k=1: ABCDE → EABCD."""
    return lambda s: s[len(s) - k % len(s) :] + s[: len(s) - k % len(s)] if s else s


def caesar_shift(k: int) -> Rule:
    """e.g. k=1: ABZ → BCA."""
    table = str.maketrans(ALPHABET, ALPHABET[k:] + ALPHABET[:k])
    return lambda s: s.translate(table)


def interleave_halves(s: str) -> str:
    """e.g. ABCDE → ADBEC: the first half is the longer one."""
    half = (len(s) + 1) // 2
    pairs = zip(s[:half], [*s[half:], ""], strict=False)
    return "".join(a + b for a, b in pairs)


def swap_pairs(s: str) -> str:
    """e.g. ABCDE → BADCE."""
    return "".join(s[i : i + 2][::-1] for i in range(0, len(s), 2))


def swap_ends(s: str) -> str:
    """e.g. ABCDE → EBCDA."""
    return s[-1] + s[1:-1] + s[0] if len(s) > 1 else s


def swap_halves(s: str) -> str:
    """e.g. ABCDE → DECAB: the middle stays."""
    half = len(s) // 2
    return s[len(s) - half :] + s[half : len(s) - half] + s[:half]


def reverse_segments(k: int) -> Rule:
    """e.g. k=3: ABCDE → CBAED."""
    return lambda s: "".join(s[i : i + k][::-1] for i in range(0, len(s), k))


LEVELS: dict[int, dict[str, Rule]] = {
    1: {
        "REVERSE": lambda s: s[::-1],
        **{f"ROTATE_LEFT({k})": rotate_left(k) for k in (1, 2, 3)},
        **{f"ROTATE_RIGHT({k})": rotate_right(k) for k in (1, 2, 3)},
        "DROP_FIRST(1)": lambda s: s[1:],
        "DROP_FIRST(2)": lambda s: s[2:],
        "DROP_LAST(1)": lambda s: s[:-1],
        "DROP_LAST(2)": lambda s: s[:-2],
        "DUPLICATE_EACH": lambda s: "".join(a + a for a in s),
    },
    2: {
        "TAKE_EVERY_NTH(2,0)": lambda s: s[0::2],
        "TAKE_EVERY_NTH(2,1)": lambda s: s[1::2],
        "TAKE_EVERY_NTH(3,0)": lambda s: s[0::3],
        "INTERLEAVE_HALVES": interleave_halves,
        "SWAP_PAIRS": swap_pairs,
        "SORT": lambda s: "".join(sorted(s)),
        "SORT_DESC": lambda s: "".join(sorted(s, reverse=True)),
        **{f"CAESAR_SHIFT({k})": caesar_shift(k) for k in (1, 2, 3)},
        "MIRROR": lambda s: s + s[::-1],
        "REPEAT_TWICE": lambda s: s + s,
        "SWAP_ENDS": swap_ends,
        "SWAP_HALVES": swap_halves,
        "EVENS_THEN_ODDS": lambda s: s[0::2] + s[1::2],
    },
    3: {f"REVERSE_SEGMENTS({k})": reverse_segments(k) for k in (3, 4)},
}
ATOMS: dict[str, Rule] = {name: rule for rules in LEVELS.values() for name, rule in rules.items()}
JOIN = " then "


def rule(name: str) -> Rule:
    """The function with this name; KeyError if there is none."""
    first, _, second = name.partition(JOIN)
    if not second:
        return ATOMS[first]
    one, two = ATOMS[first], ATOMS[second]
    return lambda s: two(one(s))


def _names() -> list[str]:
    return [*ATOMS, *(f"{first}{JOIN}{second}" for first in ATOMS for second in ATOMS)]


@cache
def named_moves(length: int) -> frozenset[str]:
    """What the functions that do not sort make of A, B, C, …: all rearrangements with a name are among it."""
    return frozenset(rule(name)(ALPHABET[:length]) for name in _names() if "SORT" not in name)


def _probes() -> list[str]:
    draw = random.Random(0)  # noqa: S311  # probes need no secrecy
    return ["".join(draw.sample(ALPHABET, length)) for length in range(3, 9) for _ in range(30)]


PROBES = _probes()


@cache
def signature(name: str) -> tuple[str, ...]:
    """What a function does to many sequences: equal functions, and only those, have equal signatures."""
    return tuple(map(rule(name), PROBES))


@cache
def level(name: str) -> int:
    """The lowest level at which some atom is this function; 3 for what only compositions express."""
    same = (n for n, atoms in LEVELS.items() if any(signature(atom) == signature(name) for atom in atoms))
    return min(same, default=3)


@cache
def sorting() -> tuple[Rule, ...]:
    """The functions that sort and keep every letter, each once."""
    names = [name for name in _names() if "SORT" in name]
    whole = [name for name in names if sorted(rule(name)(ALPHABET[:8])) == list(ALPHABET[:8])]
    return tuple(map(rule, {signature(name): name for name in whole}.values()))
