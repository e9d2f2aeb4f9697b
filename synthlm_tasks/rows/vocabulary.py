"""The closed vocabulary of all rows.

A text is words (letters, digits and underscores) and joints (what stands between them), and each is one
token. A joint ends with the first `->` in it, so that a prompt's tokens are the first of its training text's.
Ids are published, so entries are only ever added at the end.
"""

import re
from typing import Final

SPECIAL: Final = {"pad_token": "<pad>", "bos_token": "<bos>", "eos_token": "<eos>", "unk_token": "<unk>"}

PATTERN: Final = r"[A-Za-z0-9_]+|[^A-Za-z0-9_]*?->|[^A-Za-z0-9_]+"

_JOINTS: Final = (
    *(" ", ", ", ",", "(", ") | ", ") || ", " | ", " || ", " [", "] || ", "] | ", "] ->", " ->", "->"),
    *(": [", ":", "=", "\n", "\n\n"),
)
_KEYWORDS: Final = (
    "STATE OPS QUERY SWAP ROTATE_LEFT ROTATE_RIGHT REVERSE position element Query EDGES hops INPUTS GATES "
    "AND OR XOR NAND NOR NOT"
)
_NAMES: Final = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma tau "
    "upsilon phi chi psi omega red blue green yellow orange purple pink brown black white gray cyan magenta "
    "maroon navy teal olive lime gold silver violet indigo crimson beige"
)

TOKENS: Final[tuple[str, ...]] = (
    *SPECIAL.values(),
    *_JOINTS,
    *(str(number) for number in range(101)),
    *"ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    *_KEYWORDS.split(),
    *_NAMES.split(),
    *(f"Ex{number}" for number in range(1, 11)),
    *(f"x{number}" for number in range(64)),
    *(f"g{number}" for number in range(64)),
)
"""Every token, in the order of the ids."""

IDS: Final = {token: number for number, token in enumerate(TOKENS)}
"""Token → id."""

_SPLIT: Final = re.compile(PATTERN)


def encode(text: str) -> list[int]:
    """The ids of a text, as the tokenizer gives them; raises KeyError for one it does not know."""
    return [IDS[word] for word in _SPLIT.findall(text)]
