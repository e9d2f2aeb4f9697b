"""Inducto without inferring the rule: fixed rules, and copies of an example by place."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Final

from synthlm_tasks.audit.heuristics import heuristics_of
from synthlm_tasks.audit.inducto.checks import Problem
from synthlm_tasks.audit.inducto.space import ALPHABET, ATOMS, JOIN, LEVELS, Rule, rule


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
    return _spell(problem.shown[-1][1])


def copy_places_same_length(problem: Problem) -> str | None:
    """Lengths that were shown: places as in an example of the query's length, with no idea of the rule."""
    same = (example for example in problem.shown if len(example[0]) == len(problem.query))
    return next((copy for example in same if (copy := _copy_places(example, problem.query))), None)


def copy_places_other_length(problem: Problem) -> str | None:
    """Rules that do not depend on the length: places as in the nearest example of another length."""
    others = [example for example in problem.shown if len(example[0]) != len(problem.query)]
    others.sort(key=lambda example: (abs(len(example[0]) - len(problem.query)), -len(example[0])))
    return next((copy for example in others if (copy := _copy_places(example, problem.query))), None)


def single_rule_first_example(problem: Problem) -> str | None:
    """Examples that add nothing, pairs of rules that are not needed: the first single rule that fits Ex1."""
    given, made = problem.examples[0]
    fitting = (rule for rule in ATOMS.values() if rule(given) == made)
    return next((_spell(rule(problem.query)) for rule in fitting), None)


@cache
def _commonest_first(levels: tuple[int, ...]) -> tuple[tuple[Rule, tuple[int, ...]], ...]:
    """The rules of these levels, the commonest first, each with the length of its output by its input's."""
    shares: dict[str, float] = {}
    for level in levels:
        kinds: dict[str, list[str]] = {}
        for name in LEVELS[level]:
            kinds.setdefault(name.partition("(")[0], []).append(name)
        if level == max(LEVELS):
            kinds[JOIN] = [f"{first}{JOIN}{second}" for first in ATOMS for second in ATOMS]
        for names in kinds.values():
            shares |= {name: 1 / len(levels) / len(kinds) / len(names) for name in names}
    ordered = sorted(shares, key=lambda name: -shares[name])
    return tuple((rule(name), tuple(len(rule(name)(ALPHABET[:n])) for n in range(9))) for name in ordered)


def _guess_commonest(
    problem: Problem, levels: tuple[int, ...], agree: Callable[[str, str], bool] | None = None
) -> str | None:
    for guess, lengths in _commonest_first(levels):
        if all(
            lengths[len(given)] == len(made) and (agree is None or agree(guess(given), made))
            for given, made in problem.shown
        ) and (answer := guess(problem.query)):
            return _spell(answer)
    return None


def _ends_agree(made: str, output: str) -> bool:
    return made[0] == output[0] and made[-1] == output[-1]


def commonest_of_level_1_given_lengths(problem: Problem) -> str | None:
    """Outputs of which only the length is looked at: the commonest rule of level 1."""
    return _guess_commonest(problem, (1,))


def commonest_of_levels_1_2_given_lengths(problem: Problem) -> str | None:
    """Outputs of which only the length is looked at: the commonest of levels 1 and 2."""
    return _guess_commonest(problem, (1, 2))


def commonest_of_levels_2_3_given_lengths(problem: Problem) -> str | None:
    """Outputs of which only the length is looked at: the commonest of levels 2 and 3."""
    return _guess_commonest(problem, (2, 3))


def commonest_of_level_1_given_ends(problem: Problem) -> str | None:
    """Outputs of which length, first and last letter are looked at: the commonest rule of level 1."""
    return _guess_commonest(problem, (1,), _ends_agree)


def commonest_of_levels_1_2_given_ends(problem: Problem) -> str | None:
    """Outputs of which length, first and last letter are looked at: the commonest of levels 1 and 2."""
    return _guess_commonest(problem, (1, 2), _ends_agree)


def commonest_of_levels_2_3_given_ends(problem: Problem) -> str | None:
    """Outputs of which length, first and last letter are looked at: the commonest of levels 2 and 3."""
    return _guess_commonest(problem, (2, 3), _ends_agree)


_FIXED: Final = heuristics_of(reverse, sort, reverse_threes, copy_the_query, copy_last_output)

HEURISTICS: Final = _FIXED + heuristics_of(
    commonest_of_level_1_given_lengths,
    commonest_of_levels_1_2_given_lengths,
    commonest_of_levels_2_3_given_lengths,
    commonest_of_level_1_given_ends,
    commonest_of_levels_1_2_given_ends,
    commonest_of_levels_2_3_given_ends,
    copy_places_same_length,
    copy_places_other_length,
    single_rule_first_example,
    partial=True,
)
OPEN: Final = _FIXED + heuristics_of(single_rule_first_example, partial=True)
