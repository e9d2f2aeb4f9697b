"""Saving a bundled tokenizer beside what was made or trained with it."""

import json
import os
from pathlib import Path
from typing import Any, Final

from synthlm_tasks.rows.vocabulary import SPECIAL, VOCABULARIES, TokensName, check_tokens
from synthlm_tasks.tokens.tokenizer.counting import bundled_files

_BOS: Final = SPECIAL["bos_token"]


def save(folder: str | os.PathLike[str], tokens: TokensName = "text", *, bos: bool = True) -> None:
    """Save a vocabulary's tokenizer as a folder that `PreTrainedTokenizerFast.from_pretrained` loads.

    Beside a model it puts `bos` in front of every text, as packed and padded rows have it; `bos=False` leaves
    texts as they are, as the folders of `synthlm pack` do. Raises ParameterError for an unknown vocabulary.
    """
    files = dict(bundled_files(check_tokens(tokens)))
    if bos:
        made: dict[str, Any] = json.loads(files["tokenizer.json"])
        made["post_processor"] = _bos_first(VOCABULARIES[tokens].ids[_BOS])
        files["tokenizer.json"] = (json.dumps(made, indent=1) + "\n").encode()
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (target / name).write_bytes(content)


def _bos_first(number: int) -> dict[str, Any]:
    """A post-processor in the format of `tokenizers`: `<bos> $A`, `<bos> $A $B`."""
    special = {"SpecialToken": {"id": _BOS, "type_id": 0}}
    texts = [{"Sequence": {"id": name, "type_id": 0}} for name in "AB"]
    return {
        "type": "TemplateProcessing",
        "single": [special, *texts[:1]],
        "pair": [special, *texts],
        "special_tokens": {_BOS: {"id": _BOS, "ids": [number], "tokens": [_BOS]}},
    }
