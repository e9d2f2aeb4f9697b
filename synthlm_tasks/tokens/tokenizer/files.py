"""The tokenizers' files: `python -m synthlm_tasks.tokens.tokenizer.files` writes them beside this module."""

import json
from pathlib import Path
from typing import Any

from synthlm_tasks.rows.vocabulary import SPECIAL, VOCABULARIES, TokensName


def files(tokens: TokensName = "text") -> dict[str, str]:
    """A vocabulary's tokenizer as the files that `tokenizers` and `transformers` load: name → text."""
    vocabulary = VOCABULARIES[tokens]
    special = [
        {
            "id": vocabulary.ids[token],
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
            "pattern": {"Regex": vocabulary.pattern},
            **_CUTS[tokens],
        },
        "post_processor": None,
        "decoder": _DECODERS[tokens],
        "model": {
            "type": "WordLevel",
            "vocab": vocabulary.ids,
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


# Text is matches of the pattern through and through; what the compact one does not match is left out.
_CUTS: dict[TokensName, dict[str, Any]] = {
    "text": {"behavior": "Isolated", "invert": False},
    "compact": {"behavior": "Removed", "invert": True},
}

# Without a decoder, tokens are joined by a blank each: what comes later changes nothing of what is said
# already, which servers that stream a reply rely on.
_DECODERS: dict[TokensName, dict[str, Any] | None] = {"text": {"type": "Fuse"}, "compact": None}


def main() -> None:
    """Write the files beside this one."""
    for tokens in VOCABULARIES:
        folder = Path(__file__).with_name(tokens)
        folder.mkdir(exist_ok=True)
        for name, text in files(tokens).items():
            (folder / name).write_text(text, "utf-8")


if __name__ == "__main__":
    main()
