"""Inducto's rules in words, each with an example."""

from typing import Any, Final

from synthlm_tasks.inducto.space.rules import Letters, Rule, rules

# The inputs of published examples, by length: in no order that a rule would make.
ORDERS: Final = {3: "CAB", 4: "CADB", 5: "CAEBD", 6: "CFAEBD", 7: "CFAGEBD", 8: "CFAHGEBD"}

# kind: (parameters, what it does)
MEANINGS: Final = {
    "REVERSE": ("", "the sequence backwards"),
    "ROTATE_LEFT": ("k = 1, 2, 3", "the symbol at index k comes to index 0, those before it to the end"),
    "ROTATE_RIGHT": ("k = 1, 2, 3", "the last k symbols come to the front: the inverse of ROTATE_LEFT(k)"),
    "DROP_FIRST": ("k = 1, 2", "without the first k symbols"),
    "DROP_LAST": ("k = 1, 2", "without the last k symbols"),
    "DUPLICATE_EACH": ("", "every symbol twice in a row"),
    "TAKE_EVERY_NTH": (
        "(n, first) = (2,0), (2,1), (3,0)",
        "the symbols at indices first, first + n, first + 2n, …",
    ),
    "INTERLEAVE_HALVES": (
        "",
        "first half and second half in turn; of an odd length the first half is the longer",
    ),
    "SWAP_PAIRS": ("", "each pair of neighbours (0 and 1, 2 and 3, …) exchanged; an odd last one stays"),
    "SORT": ("", "in alphabetical order"),
    "SORT_DESC": ("", "in reverse alphabetical order"),
    "CAESAR_SHIFT": ("k = 1, 2, 3", "every letter moved k places on in the alphabet; Z is followed by A"),
    "MIRROR": ("", "the sequence, then the sequence backwards"),
    "REPEAT_TWICE": ("", "the sequence, then the sequence again"),
    "SWAP_ENDS": ("", "first and last symbol exchanged"),
    "SWAP_HALVES": ("", "the halves exchanged; of an odd length the middle symbol stays"),
    "EVENS_THEN_ODDS": ("", "the symbols at even indices (0, 2, …), then those at odd indices"),
    "REVERSE_SEGMENTS": (
        "k = 3, 4",
        "cut into segments of k from the left (the last may be shorter), each reversed",
    ),
    "COMPOSITE": ("", "one atom, then another on its output, written `FIRST then SECOND`"),
}


def describe_rules() -> list[dict[str, Any]]:
    """Every rule of the space: name, level, what it makes of a sequence in words, and of one sequence."""
    shown = ORDERS[6]
    letters = tuple(ord(letter) - ord("A") for letter in shown)
    return [
        {
            "name": rule.name,
            "level": rule.level,
            "meaning": _meaning(rule),
            "input": " ".join(shown),
            "output": _spell(rule(letters)),
        }
        for rule in rules()
    ]


def _meaning(rule: Rule) -> str:
    if len(rule.steps) == 1:
        return MEANINGS[rule.kind][1]
    first, _, second = rule.name.partition(" then ")
    return f"first {first}, then {second} on its output"


def _spell(letters: Letters) -> str:
    return " ".join(chr(letter + ord("A")) for letter in letters)
