"""Inducto by brute force: every rule and every ordered pair of rules, tried one by one.

A sequence is a string of letters here.
"""

import random
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

from oracles.common import Ranges, Row, differences, family, metadata, outside

PRESETS: Ranges = {"rule_level": ((1, 1), (1, 2), (2, 3)), "num_examples": ((5, 10), (3, 6), (1, 4))}

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

_LIST = r"\[([A-Z](?: [A-Z])*)\]"
EXAMPLE = re.compile(rf"Ex([1-9]\d?): {_LIST} -> {_LIST}")
QUERY = re.compile(rf"Query: {_LIST} ->")


@dataclass(frozen=True)
class Problem:
    """What a prompt says: pairs of input and output, and the input asked about."""

    examples: list[tuple[str, str]]
    query: str


def parse(text: str) -> Problem:
    """Read a prompt; ValueError for anything but the exact format."""
    *shown, last = text.split(" | ")
    matches = [EXAMPLE.fullmatch(part) for part in shown]
    query = QUERY.fullmatch(last)
    numbers = [int(match[1]) for match in matches if match]
    if not query or not numbers or numbers != list(range(1, len(shown) + 1)):
        raise ValueError(f"not an Inducto prompt: {text!r}")
    examples = [(match[2].replace(" ", ""), match[3].replace(" ", "")) for match in matches if match]
    return Problem(examples, query[1].replace(" ", ""))


def rule(name: str) -> Rule:
    """The function with this name; KeyError if there is none."""
    first, _, second = name.partition(JOIN)
    if not second:
        return ATOMS[first]
    one, two = ATOMS[first], ATOMS[second]
    return lambda s: two(one(s))


def consistent(problem: Problem) -> list[Rule]:
    """Every function of the space that agrees with every shown example."""
    given, wanted = problem.examples[0]
    found = []
    for name, atom in ATOMS.items():
        middle = atom(given)
        if middle == wanted:
            found.append(name)
        found += [f"{name}{JOIN}{other}" for other, second in ATOMS.items() if second(middle) == wanted]
    rules = [rule(name) for name in found]
    return [f for f in rules if all(f(given) == wanted for given, wanted in problem.examples[1:])]


@lru_cache(maxsize=64)
def outputs(text: str) -> frozenset[str]:
    """What the functions that agree with the examples make of the query."""
    problem = parse(text)
    return frozenset(f(problem.query) for f in consistent(problem))


def answer(text: str) -> str:
    """The one right answer to a prompt; ValueError when the examples leave none, or several."""
    found = outputs(text)
    if len(found) != 1:
        raise ValueError(f"{len(found)} answers: {text!r}")
    return " ".join(*found)


def _probes() -> list[str]:
    draw = random.Random(0)
    return ["".join(draw.sample(ALPHABET, length)) for length in range(4, 9) for _ in range(30)]


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


def key(text: str) -> object:
    """What decides the split: the whole problem."""
    return text


def violations(row: Row) -> list[str]:
    """Everything the row breaks."""
    return list(_violations(row))


def _violations(row: Row) -> Iterable[str]:
    problem = parse(row["input_text"])
    stated = metadata(row)
    name = stated.get("rule", "")
    target = row["target"].replace(" ", "")
    given = [source for source, _ in problem.examples]
    shown = [output for _, output in problem.examples]
    if row["target"] != " ".join(target):
        yield f"{row['target']!r} is not letters joined by single spaces"
    for sequence in (*given, problem.query):
        if not 4 <= len(sequence) <= 8 or len(set(sequence)) < len(sequence):
            yield f"{sequence} is not 4 to 8 distinct letters"
    possible = outputs(row["input_text"])
    if possible != {target}:
        yield f"the examples allow the answers {sorted(possible)}"
    if any(source == output for source, output in [*problem.examples, (problem.query, target)]):
        yield "an output equals its input"
    if target in shown:
        yield "the answer is an example's output"
    if any(len(output) < 2 for output in [*shown, target]):
        yield "an output has fewer than two symbols"
    try:
        stated_rule = rule(name)
    except KeyError:
        yield f"no such rule: {name!r}"
        return
    if any(stated_rule(source) != output for source, output in [*problem.examples, (problem.query, target)]):
        yield f"{name} does not do this"
    real: dict[str, object] = {
        "rule": name,
        "rule_level": level(name),
        "num_examples": len(given),
        "length_unseen": len(problem.query) not in map(len, given),
        "query_length": len(problem.query),
    }
    yield from differences(row, real)
    if set(stated) - set(real):
        yield f"unknown metadata: {sorted(stated)}"
    if family(row) == "inducto":
        yield from outside(row, PRESETS)
