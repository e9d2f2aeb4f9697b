"""The two closed vocabularies of all rows.

**text** loses nothing. A text is words (letters, digits and underscores) and joints (what stands between
them), and each is one token. A joint ends with the first `->` in it, so that a prompt's tokens are the first
of its training text's.

**compact** has what carries information and nothing else. An operation with its arguments, a letter, a node,
the tag of a graph, the name or the type of a gate, a value, a number of hops, an example's number and a kind
of query are one token each; what only separates them has none. `->` is a token where it ends an input of
unknown length, and only there: the queries of the other tasks have a fixed one.

Ids are published, so entries are only ever added at the end.
"""

import itertools
import re
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal, TypeAlias

from synthlm_tasks.errors import ParameterError

TokensName: TypeAlias = Literal["text", "compact"]

SPECIAL: Final = {"pad_token": "<pad>", "bos_token": "<bos>", "eos_token": "<eos>", "unk_token": "<unk>"}
"""The first tokens of either vocabulary."""


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """A closed vocabulary: its `tokens` in the order of their ids, and how texts are cut into them.

    Matches of `pattern` in a text are its tokens, what is between them is nothing. `joint` stands between
    prompt and answer: a token, or "" for none.
    """

    name: TokensName
    tokens: tuple[str, ...]
    pattern: str
    joint: str

    @cached_property
    def ids(self) -> dict[str, int]:
        """Token → id."""
        return {token: number for number, token in enumerate(self.tokens)}

    @cached_property
    def _spellings(self) -> dict[str, int]:
        """What a match may be → id.

        Fragments of rows are cut where a token of the text vocabulary ends: within `SWAP(0,2) | ` in front of
        the parenthesis, without which an operation is the same.
        """
        cut = {token.removesuffix(")"): number for token, number in self.ids.items() if token[:1].isalpha()}
        return {**cut, **self.ids}

    @cached_property
    def _split(self) -> "re.Pattern[str]":
        return re.compile(self.pattern)

    def encode(self, text: str) -> list[int]:
        """The ids of a text, as its tokenizer gives them; raises KeyError for one it does not know."""
        return [self._spellings[word] for word in self._split.findall(text)]


_NUMBERS: Final = tuple(str(number) for number in range(101))
_LETTERS: Final = tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_TYPES: Final = ("AND", "OR", "XOR", "NAND", "NOR", "NOT")
_NODES: Final = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma tau "
    "upsilon phi chi psi omega red blue green yellow orange purple pink brown black white gray cyan magenta "
    "maroon navy teal olive lime gold silver violet indigo crimson beige"
)
_CIRCUIT: Final = (*(f"x{number}" for number in range(64)), *(f"g{number}" for number in range(64)))

_JOINTS: Final = (
    *(" ", ", ", ",", "(", ") | ", ") || ", " | ", " || ", " [", "] || ", "] | ", "] ->", " ->", "->"),
    *(": [", ":", "=", "\n", "\n\n"),
)
_KEYWORDS: Final = "STATE OPS QUERY SWAP ROTATE_LEFT ROTATE_RIGHT REVERSE position element Query EDGES hops"

TEXT: Final = Vocabulary(
    "text",
    tokens=(
        *SPECIAL.values(),
        *_JOINTS,
        *_NUMBERS,
        *_LETTERS,
        *_KEYWORDS.split(),
        *("INPUTS", "GATES"),
        *_TYPES,
        *_NODES.split(),
        *(f"Ex{number}" for number in range(1, 11)),
        *_CIRCUIT,
    ),
    pattern=r"[A-Za-z0-9_]+|[^A-Za-z0-9_]*?->|[^A-Za-z0-9_]+",
    joint=" ",
)
"""Every prompt and answer, character for character."""

# Positions of the longest list, and distances that it can be rotated by.
_PLACES: Final = range(20)
_PAIRS: Final = tuple(itertools.combinations(_PLACES, 2))

COMPACT: Final = Vocabulary(
    "compact",
    tokens=(
        *SPECIAL.values(),
        # Those of Inducto come first: its rows are made as bytes, which their ids have to fit.
        "->",
        *_LETTERS,
        *(f"Ex{number}:" for number in range(1, 11)),
        "Query:",
        *("QUERY", "QUERY position", "QUERY element"),
        *_NUMBERS,
        *("A:", "B:"),
        *_NODES.split(),
        *(f"hops={number}" for number in range(1, 21)),
        *_TYPES,
        *_CIRCUIT,
        *(f"SWAP({i},{j})" for i, j in _PAIRS),
        *(f"REVERSE({i},{j})" for i, j in _PAIRS),
        *(f"ROTATE_LEFT({k})" for k in _PLACES[1:]),
        *(f"ROTATE_RIGHT({k})" for k in _PLACES[1:]),
        *("\n", "\n\n"),
    ),
    pattern="|".join(
        (
            r"(?:SWAP|REVERSE)\([0-9]+,[0-9]+\)?",
            r"ROTATE_(?:LEFT|RIGHT)\([0-9]+\)?",
            r"QUERY (?:position|element)",
            r"(?:Ex[0-9]+|Query|[AB]):",
            r"hops=[0-9]+",
            # Behind a bracket or, as tokens are decoded, a letter; not one that a query of Dyna names.
            r"(?<=\] )->",
            r"(?<=[A-Z] )(?<!QUERY element [A-Z] )->",
            r"\b(?!(?:STATE|OPS|EDGES|INPUTS|GATES)\b)[A-Za-z0-9_]+",
            r"\n\n?",
            r"[^A-Za-z0-9_\s,|=()\[\]>-]+",  # what no row has, so that it is unknown
        )
    ),
    joint="",
)
"""What tells rows apart, and what answers are spelled with."""

VOCABULARIES: Final[dict[TokensName, Vocabulary]] = {each.name: each for each in (TEXT, COMPACT)}

TOKENS: Final = TEXT.tokens
"""Those of the text vocabulary, in the order of their ids."""


def check_tokens(tokens: object) -> TokensName:
    """A vocabulary's name as such; raises ParameterError for any other value."""
    for name in VOCABULARIES:
        if tokens == name:
            return name
    raise ParameterError(f"tokens={tokens!r}: expected {' or '.join(map(repr, VOCABULARIES))}")
