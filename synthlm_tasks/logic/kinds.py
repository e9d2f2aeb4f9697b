"""The kinds of gates by number."""

from typing import Final

# XOR and OR depend on a XOR b, all but XOR on a AND b; NOR, NAND and NOT flip the value of OR, AND and OR.
KINDS: Final = ("XOR", "OR", "AND", "NOR", "NAND", "NOT")
NOT: Final = KINDS.index("NOT")


def code_count(nodes: int) -> int:
    """How many gate codes there are: (kind * nodes + one argument) * nodes + the other."""
    return len(KINDS) * nodes * nodes
