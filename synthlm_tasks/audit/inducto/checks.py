"""Inducto by brute force: every rule and every ordered pair of rules, tried one by one.

A sequence is a string of letters here.
"""

import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from synthlm_tasks.audit.checks import Ranges, Row, family, metadata, metadata_differences, outside_presets
from synthlm_tasks.audit.inducto.space import (
    ALPHABET,
    ATOMS,
    JOIN,
    Rule,
    level,
    named_moves,
    rule,
    sorting,
)

ONE_QUERY = ((1, 1),) * 3
EXAMPLES = ((5, 10), (3, 6), (1, 4))
PRESETS: dict[str, Ranges] = {
    "inducto": {
        "rule_level": ((1, 1), (1, 2), (2, 3)),
        "num_examples": EXAMPLES,
        "num_queries": ONE_QUERY,
    },
    "inducto-heldout": {
        "rule_level": ((3, 3),) * 3,
        "num_examples": ((1, 4),) * 3,
        "num_queries": ONE_QUERY,
    },
    "inducto-open": {
        "sequence_length": ((6, 8),) * 3,
        "num_examples": EXAMPLES,
        "num_queries": ONE_QUERY,
    },
    "inducto-ramp": {
        "rule_level": ((1, 1), (1, 2), (1, 3)),
        "num_examples": ((5, 10), (3, 10), (1, 10)),
        "num_queries": ((1, 8),) * 3,
    },
}

_LIST = r"\[([A-Z](?: [A-Z])*)\]"
EXAMPLE = re.compile(rf"Ex([1-9]\d?): {_LIST} -> {_LIST}")
QUERY = re.compile(rf"Query: {_LIST} ->")
ANSWERED = re.compile(rf"{QUERY.pattern} {_LIST}")


@dataclass(frozen=True)
class Problem:
    """What a prompt says: pairs of input and output, and the input asked about.

    What is asked is the last query; `earlier` are those before it, with the answers behind them.
    """

    examples: list[tuple[str, str]]
    query: str
    earlier: list[tuple[str, str]]

    @property
    def shown(self) -> list[tuple[str, str]]:
        """All pairs of input and output that stand in the prompt."""
        return [*self.examples, *self.earlier]

    @property
    def first(self) -> str:
        """The input of the first query, which is the problem's own."""
        return self.earlier[0][0] if self.earlier else self.query


def parse(text: str) -> Problem:
    """Read a prompt; ValueError for anything but the exact format."""
    *parts, last = text.split(" | ")
    shown = list(itertools.takewhile(lambda part: not part.startswith("Query"), parts))
    answered = [ANSWERED.fullmatch(part) for part in parts[len(shown) :]]
    matches = [EXAMPLE.fullmatch(part) for part in shown]
    query = QUERY.fullmatch(last)
    numbers = [int(match[1]) for match in matches if match]
    if not query or not numbers or numbers != list(range(1, len(shown) + 1)) or not all(answered):
        raise ValueError(f"not an Inducto prompt: {text!r}")
    examples = [(match[2].replace(" ", ""), match[3].replace(" ", "")) for match in matches if match]
    earlier = [(match[1].replace(" ", ""), match[2].replace(" ", "")) for match in answered if match]
    return Problem(examples, query[1].replace(" ", ""), earlier)


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
def outputs(text: str) -> tuple[frozenset[str], ...]:
    """What the functions that agree with the examples make of each query in turn."""
    problem = parse(text)
    found = consistent(problem)
    return tuple(frozenset(f(x) for f in found) for x in (*(x for x, _ in problem.earlier), problem.query))


def places(problem: Problem) -> tuple[int, ...] | None:
    """Which place of the input every output place is read from, if all is one rearrangement; else None.

    Sequences have distinct letters, so the first example leaves no choice.
    """
    given, made = problem.examples[0]
    if sorted(given) != sorted(made) or len(problem.query) != len(given):
        return None
    sources = tuple(map(given.index, made))
    fits = all(
        len(x) == len(given) and "".join(x[source] for source in sources) == y for x, y in problem.shown
    )
    return sources if fits else None


def answer(text: str) -> str:
    """The one right answer to a prompt; ValueError when the examples leave none, or several.

    A rearrangement without a name counts only where no function of the space fits.
    """
    found = outputs(text)[-1]
    sources = None if found else places(parse(text))
    if sources:
        return " ".join(parse(text).query[source] for source in sources)
    if len(found) != 1:
        raise ValueError(f"{len(found)} answers: {text!r}")
    return " ".join(*found)


def key(row: Row) -> object:
    """What decides the split: the first query's letters, in any order; if open, the rearrangement."""
    if "sequence_length" in metadata(row):
        return places(parse(row["input_text"]))
    return frozenset(parse(row["input_text"]).first)


def violations(row: Row) -> list[str]:
    """Everything the row breaks."""
    problem = parse(row["input_text"])
    found = [*_common_violations(row, problem), *outside_presets(row, PRESETS)]
    if "sequence_length" in metadata(row):
        return [*found, *_open_violations(row, problem)]
    return [*found, *_named_violations(row, problem), *_held_out(row)]


def _common_violations(row: Row, problem: Problem) -> Iterable[str]:
    target = row["target"].replace(" ", "")
    pairs = [*problem.shown, (problem.query, target)]
    shortest = 3 if family(row) not in PRESETS or family(row) == "inducto-ramp" else 4
    if row["target"] != " ".join(target):
        yield f"{row['target']!r} is not letters joined by single spaces"
    for sequence, _ in pairs:
        if not shortest <= len(sequence) <= 8 or len(set(sequence)) < len(sequence):
            yield f"{sequence} is not {shortest} to 8 distinct letters"
    if len({source for source, _ in pairs}) < len(pairs):
        yield "two inputs are equal"
    if any(source == output for source, output in pairs):
        yield "an output equals its input"
    answers = [output for _, output in pairs[len(problem.examples) :]]
    if not set(answers).isdisjoint(output for _, output in problem.examples):
        yield "an answer is an example's output"
    if len(set(answers)) < len(answers):
        yield "two answers are equal"
    if any(len(output) < 2 for _, output in pairs):
        yield "an output has fewer than two symbols"


def _named_violations(row: Row, problem: Problem) -> Iterable[str]:
    stated = metadata(row)
    name = stated.get("rule", "")
    asked = [*problem.earlier, (problem.query, row["target"].replace(" ", ""))]
    for possible, (_, output) in zip(outputs(row["input_text"]), asked, strict=True):
        if possible != {output}:
            yield f"the examples allow the answers {sorted(possible)}"
    try:
        stated_rule = rule(name)
    except KeyError:
        yield f"no such rule: {name!r}"
        return
    if any(stated_rule(source) != output for source, output in [*problem.examples, *asked]):
        yield f"{name} does not do this"
    real: dict[str, object] = {
        "rule": name,
        "rule_level": level(name),
        "num_examples": len(problem.examples),
        "num_queries": len(asked),
        "length_unseen": len(problem.first) not in [len(source) for source, _ in problem.examples],
        "query_length": len(problem.first),
    }
    yield from metadata_differences(row, real)
    if set(stated) - set(real) - {"held_out"}:
        yield f"unknown metadata: {sorted(stated)}"


def _held_out(row: Row) -> Iterable[str]:
    stated = metadata(row)
    if ("held_out" in stated) != family(row).startswith("inducto-heldout") and family(row):
        yield "held_out is stated by the family inducto-heldout, and by no other"
    if stated.get("held_out") not in (None, False) and row["split"] != "test":
        yield "a held-out composition outside test"


def _open_violations(row: Row, problem: Problem) -> Iterable[str]:
    sources = places(problem)
    if sources is None:
        yield "not one rearrangement of one length"
        return
    if row["target"] != " ".join(problem.query[source] for source in sources):
        yield f"the answer is not {row['target']!r}"
    shown = [*problem.shown, (problem.query, row["target"].replace(" ", ""))]
    moved = "".join(ALPHABET[source] for source in sources)
    if moved in named_moves(len(sources)) or any(f(x) == y for f in sorting() for x, y in shown):
        yield "a function of the published space fits a sequence"
    real: dict[str, object] = {
        "sequence_length": len(problem.query),
        "num_examples": len(problem.examples),
        "num_queries": len(problem.earlier) + 1,
    }
    yield from metadata_differences(row, real)
    if set(metadata(row)) != set(real):
        yield f"other metadata than expected: {sorted(metadata(row))}"
