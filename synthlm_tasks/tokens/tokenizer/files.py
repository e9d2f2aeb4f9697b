"""The tokenizer's files: `python -m synthlm_tasks.tokens.tokenizer.files` writes them beside this module."""

import json
from pathlib import Path

from synthlm_tasks.rows.vocabulary import IDS, PATTERN, SPECIAL, TOKENS


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
            "vocab": IDS,
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
