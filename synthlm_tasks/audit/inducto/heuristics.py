"""Inducto without inferring the rule: fixed rules, and copies of an example by place."""

from collections.abc import Sequence
from typing import Final

from synthlm_tasks.audit.heuristics import heuristics_of
from synthlm_tasks.audit.inducto.checks import Problem
from synthlm_tasks.audit.inducto.space import ATOMS


def _spell(letters: Sequence[str]) -> str:
    return " ".join(letters)


def _copy_places(example: tuple[str, str], query: str) -> str | None:
    """The query's letters from the places that an example's output takes its own from, where it has them."""
    given, made = example
    places = [given.find(letter) for letter in made]
    if min(places) < 0:
        return None
    return _spell([query[place] for place in places if place < len(query)])


def reverse(problem: Problem) -> str:
    """A rule that is asked more often than others: always the first of level 1."""
    return _spell(ATOMS["REVERSE"](problem.query))


def sort(problem: Problem) -> str:
    """A rule that is asked more often than others: a rule of level 2 that needs no places."""
    return _spell(ATOMS["SORT"](problem.query))


def reverse_threes(problem: Problem) -> str:
    """A rule that is asked more often than others: one of the two that share half of level 3."""
    return _spell(ATOMS["REVERSE_SEGMENTS(3)"](problem.query))


def copy_the_query(problem: Problem) -> str:
    """Rules that change nothing."""
    return _spell(problem.query)


def copy_last_output(problem: Problem) -> str:
    """Answers that were shown already."""
    return _spell(problem.examples[-1][1])


def copy_places_same_length(problem: Problem) -> str | None:
    """Lengths that were shown: places as in an example of the query's length, with no idea of the rule."""
    same = (example for example in problem.examples if len(example[0]) == len(problem.query))
    return next((copy for example in same if (copy := _copy_places(example, problem.query))), None)


def copy_places_other_length(problem: Problem) -> str | None:
    """Rules that do not depend on the length: places as in the nearest example of another length."""
    others = [example for example in problem.examples if len(example[0]) != len(problem.query)]
    others.sort(key=lambda example: (abs(len(example[0]) - len(problem.query)), -len(example[0])))
    return next((copy for example in others if (copy := _copy_places(example, problem.query))), None)


def single_rule_first_example(problem: Problem) -> str | None:
    """Examples that add nothing, pairs of rules that are not needed: the first single rule that fits Ex1."""
    given, made = problem.examples[0]
    fitting = (rule for rule in ATOMS.values() if rule(given) == made)
    return next((_spell(rule(problem.query)) for rule in fitting), None)


_FIXED: Final = heuristics_of(reverse, sort, reverse_threes, copy_the_query, copy_last_output)

HEURISTICS: Final = _FIXED + heuristics_of(
    copy_places_same_length, copy_places_other_length, single_rule_first_example, partial=True
)
OPEN: Final = _FIXED + heuristics_of(single_rule_first_example, partial=True)
