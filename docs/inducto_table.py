"""Prints the tables and the list of `docs/inducto.md`, made from the rule space itself.

Run: python docs/inducto_table.py
"""

import sys
from collections import Counter
from collections.abc import Iterator

from synthlm_tasks.inducto.space.meanings import MEANINGS, ORDERS
from synthlm_tasks.inducto.space.rules import LENGTHS, Letters, Rule, rules
from synthlm_tasks.inducto.space.tables import rule_tables


def written(letters: Letters) -> str:
    """e.g. 0, 3, 1 → `ADB`."""
    return f"`{''.join(chr(ord('A') + letter) for letter in letters)}`"


def line(*cells: object) -> str:
    """One line of a Markdown table."""
    return f"| {' | '.join(map(str, cells))} |"


def kinds() -> Iterator[str]:
    """Every kind of rule: level, parameters, meaning."""
    yield line("kind", "level", "parameters", "output")
    yield "|---|---:|---|---|"
    levels = {rule.kind: rule.level for rule in rules()}
    for kind in sorted(levels, key=lambda kind: levels[kind]):
        yield line(kind, levels[kind], *MEANINGS[kind])


def atoms() -> Iterator[str]:
    """Every atom: its output for lengths 3 to 8, and the lengths at which it is shown and asked."""
    inputs = [tuple(ord(letter) - ord("A") for letter in ORDERS[length]) for length in LENGTHS]
    yield line("atom", "level", *map(written, inputs), "used at lengths")
    yield f"|---|---:|{'---|' * len(inputs)}---|"
    for rule, usable in zip(rules(), rule_tables().usable, strict=True):
        if rule.kind != "COMPOSITE":
            lengths = ", ".join(str(length) for length, used in zip(LENGTHS, usable, strict=True) if used)
            yield line(rule.name, rule.level, *(written(rule(x)) for x in inputs), lengths)


def counts() -> Iterator[str]:
    """How many functions there are, by level."""
    asked = [rule for rule, usable in zip(rules(), rule_tables().usable, strict=True) if usable.any()]

    def cells(some: list[Rule]) -> list[object]:
        by_level = Counter(rule.level for rule in some)
        return [*(by_level[level] for level in (1, 2, 3)), len(some)]

    yield line("functions", "level 1", "level 2", "level 3", "all")
    yield "|---|---:|---:|---:|---:|"
    yield line("atoms", *cells([rule for rule in rules() if rule.kind != "COMPOSITE"]))
    yield line(
        "composites that no atom equals", *cells([rule for rule in rules() if rule.kind == "COMPOSITE"])
    )
    yield line("all", *cells(list(rules())))
    yield line("of these asked", *cells(asked))


def never_asked() -> Iterator[str]:
    """The rivals that are never asked."""
    for rule, usable in zip(rules(), rule_tables().usable, strict=True):
        if not usable.any():
            yield f"- {rule.name}"


SECTIONS = (kinds, counts, atoms, never_asked)


if __name__ == "__main__":
    sys.stdout.write("\n\n".join("\n".join(section()) for section in SECTIONS) + "\n")
