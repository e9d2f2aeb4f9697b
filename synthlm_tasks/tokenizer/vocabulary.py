"""The closed vocabulary, and the tokenizer files made of it.

A text is words (letters, digits and underscores) and joints (what stands between them), and each is one
token. A joint ends with the first `->` in it, so that a prompt's tokens are the first of its training text's.
`python -m synthlm_tasks.tokenizer.vocabulary` writes the files; ids are published, so entries are only
ever added at the end.
"""

import json
import re
from pathlib import Path
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

_IDS: Final = {token: number for number, token in enumerate(TOKENS)}
_SPLIT: Final = re.compile(PATTERN)


def encode(text: str) -> list[int]:
    """The ids of a text, as the tokenizer gives them; raises KeyError for one it does not know."""
    return [_IDS[word] for word in _SPLIT.findall(text)]


def files() -> dict[str, str]:
    """The tokenizer as the files that `tokenizers` and `transformers` load: name → text."""
    special = [
        {
            "id": TOKENS.index(token),
            "content": token,
            "single_word": False,
            "lstrip": False,
            "rstrip": False,
            "normalized": False,
            "special": True,
        }
        for token in SPECIAL.values()
    ]
    tokenizer = {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": special,
        "normalizer": None,
        "pre_tokenizer": {
            "type": "Split",
            "pattern": {"Regex": PATTERN},
            "behavior": "Isolated",
            "invert": False,
        },
        "post_processor": None,
        "decoder": {"type": "Fuse"},
        "model": {
            "type": "WordLevel",
            "vocab": _IDS,
            "unk_token": SPECIAL["unk_token"],
        },
    }
    config = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        **SPECIAL,
        "clean_up_tokenization_spaces": False,
        "model_max_length": 1 << 30,  # any: the model decides
    }
    made = {"tokenizer.json": tokenizer, "tokenizer_config.json": config}
    return {name: json.dumps(content, indent=1) + "\n" for name, content in made.items()}


def main() -> None:
    """Write the files beside this one."""
    for name, text in files().items():
        Path(__file__).with_name(name).write_text(text, "utf-8")


if __name__ == "__main__":
    main()
