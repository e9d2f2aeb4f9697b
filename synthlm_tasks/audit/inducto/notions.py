"""What may be called the same Inducto problem."""

import re
from collections.abc import Iterable
from typing import Final

from synthlm_tasks.audit.checks import Row, metadata
from synthlm_tasks.audit.inducto.checks import parse, places
from synthlm_tasks.audit.overlaps import Notion

_INPUT: Final = re.compile(r"\[([A-Z ]+)\] ->")  # of an example or of a query


def input_of_query(row: Row) -> str:
    """The sequence that the last query asks about."""
    return all_inputs(row)[-1]


def all_inputs(row: Row) -> list[str]:
    """Every input that a row shows, of examples and of queries."""
    return [match[1] for match in _INPUT.finditer(row["input_text"])]


def letters_of_query(row: Row) -> frozenset[str]:
    """The letters of the sequence that the last query asks about."""
    return frozenset(input_of_query(row))


def letters_of_all_inputs(row: Row) -> Iterable[frozenset[str]]:
    """The letters of every input that a row shows."""
    return map(frozenset, all_inputs(row))


def rule_or_rearrangement(row: Row) -> object:
    """What is asked to be done: a rule by its name, or a rearrangement that has none."""
    stated = metadata(row)
    return stated["rule"] if "rule" in stated else places(parse(row["input_text"]))


NOTIONS: Final = (
    Notion("input of the query, as of an example or query", input_of_query, all_inputs, promised_new=True),
    Notion("its letters in any order", letters_of_query, letters_of_all_inputs, promised_new=True),
    Notion("rule or rearrangement", rule_or_rearrangement),
)
