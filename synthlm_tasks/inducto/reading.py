"""Inducto, read back: keep the rules of the published space that fit every example, apply what is left."""

import re
from functools import cache
from typing import Final, TypeAlias

from synthlm_tasks.inducto.space.rules import MOST_EXAMPLES, Letters, Rule, rules
from synthlm_tasks.rows.reading import Derivation, Reading

_LIST: Final = r"\[[A-Z](?: [A-Z])*\]"
_SHOWN: Final = rf"{_LIST} -> {_LIST}"
_ALPHABET: Final = 26

Example: TypeAlias = tuple[Letters, Letters]


def _letters(text: str) -> Letters:
    """e.g. "[A B Z]" → (0, 1, 25)."""
    return tuple(ord(letter) - ord("A") for letter in text[1:-1:2])


def _spell(letters: Letters) -> str:
    return " ".join(chr(letter + ord("A")) for letter in letters)


@cache
def _by_places(length: int) -> dict[Letters, list[Rule]]:
    """The rules that do not sort, by what they make of 0, 1, … length - 1, shifts included."""
    found: dict[Letters, list[Rule]] = {}
    for rule in rules():
        if not rule.sorts:
            found.setdefault(rule(tuple(range(length))), []).append(rule)
    return found


@cache
def _sorting() -> tuple[Rule, ...]:
    return tuple(rule for rule in rules() if rule.sorts)


def _fitting_rules(shown: Example) -> list[Rule]:
    """The rules that turn a sequence of distinct letters into what is shown.

    A rule that does not sort moves letters by their places and shifts them all alike, so it is looked up
    under the places its output has come from, once for every shift.
    """
    given, made = shown
    place = {letter: index for index, letter in enumerate(given)}
    found = []
    for shift in {rule.shift for rule in rules()}:
        origins = [place.get((letter - shift) % _ALPHABET) for letter in made]
        moved = tuple(origin + shift for origin in origins if origin is not None)
        if len(moved) == len(origins):
            found += [rule for rule in _by_places(len(given)).get(moved, ()) if rule.shift == shift]
    return found + [rule for rule in _sorting() if rule(given) == made]


def _solve(match: re.Match[str]) -> Derivation:
    *texts, asked = match[0].split(" | ")
    examples = []
    for text in texts:
        shown = text.partition(": ")[2].split(" -> ")
        examples.append((_letters(shown[0]), _letters(shown[1])))
    query = _letters(asked.removeprefix("Query: ").removesuffix(" ->"))
    left = _fitting_rules(examples[0])
    if not any(all(rule(given) == made for given, made in examples) for rule in left):
        return _solve_rearrangement(examples, query)
    steps = [f"Ex1: {_describe_count(left)}"]
    for number, (given, made) in enumerate(examples[1:], 2):
        left = [rule for rule in left if rule(given) == made]
        steps.append(f"Ex{number}: {_describe_count(left)}")
    outputs = {rule(query): rule for rule in reversed(left)}
    ((output, rule),) = outputs.items()  # ValueError where no answer follows, or several
    steps.append(f"{rule.name}: {_spell(query)} -> {_spell(output)}")
    simple = {other(query): None for other in rules() if other.level < 3}
    others = tuple(_spell(other) for other in simple if other != output and len(other) > 1)
    return Derivation(tuple(steps), _spell(output), others)


def _solve_rearrangement(examples: list[Example], query: Letters) -> Derivation:
    """The answer where no rule of the space fits: every place is read from the same place throughout."""
    given, made = examples[0]
    sources = [given.index(letter) for letter in made]
    if any(tuple(x[source] for source in sources) != y for x, y in examples):
        raise ValueError(sources)
    if {len(x) for x, _ in examples} | {len(made)} != {len(query)} or len(set(sources)) < len(query):
        raise ValueError(sources)
    output = tuple(query[source] for source in sources)
    simple = {other(query): None for other in rules() if other.level < 3}
    steps = (
        f"no rule fits; the output reads places {' '.join(map(str, sources))}",
        f"{_spell(query)} -> {_spell(output)}",
    )
    return Derivation(steps, _spell(output), tuple(_spell(other) for other in simple if len(other) > 1))


def _describe_count(left: list[Rule]) -> str:
    named = f", {left[0].name}" if len(left) == 1 else ""
    return f"{len(left)} of {len(rules())} rules fit{named}"


READING: Final = Reading(
    "inducto",
    rf"Ex1: {_SHOWN}(?: \| Ex\d+: {_SHOWN}){{0,{MOST_EXAMPLES - 1}}} \| ",
    rf"Query: {_LIST} ->",
    r" \[([A-Z](?: [A-Z])*)\]",
    " | ",
    _solve,
)
