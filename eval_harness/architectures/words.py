"""Vocabularies: how many tokens there are, and the tokenizer that a saved model is asked with."""

from dataclasses import dataclass
from typing import Any

from tokenizers import Tokenizer
from tokenizers.processors import TemplateProcessing

from eval_harness.architectures.spec import Vocabulary
from synthlm_tasks.rows.vocabulary import SPECIAL
from synthlm_tasks.tokens.tokenizer import bundled_files


@dataclass(frozen=True)
class Words:
    """A closed vocabulary."""

    tokenizer: Tokenizer

    @property
    def size(self) -> int:
        """How many tokens there are."""
        size: int = self.tokenizer.get_vocab_size()
        return size

    def number(self, special: str) -> int:
        """The id of a special token, e.g. of "pad_token"."""
        found: int = self.tokenizer.token_to_id(SPECIAL[special])
        return found

    def encode(self, texts: list[str]) -> list[list[int]]:
        """The ids of each text, without bos and eos."""
        return [each.ids for each in self.tokenizer.encode_batch(texts, add_special_tokens=False)]

    def transformers_tokenizer(self) -> Any:  # noqa: ANN401  # transformers is an extra
        """The tokenizer of transformers, which puts bos before every text, as training rows have it."""
        from transformers import PreTrainedTokenizerFast

        made, bos = Tokenizer.from_str(self.tokenizer.to_str()), SPECIAL["bos_token"]
        made.post_processor = TemplateProcessing(f"{bos} $A", special_tokens=[(bos, made.token_to_id(bos))])
        return PreTrainedTokenizerFast(tokenizer_object=made, padding_side="left", **SPECIAL)


def load_words(vocabulary: Vocabulary) -> Words:
    """One of the two vocabularies."""
    files = bundled_files() if vocabulary == "text" else bundled_files(vocabulary)
    return Words(Tokenizer.from_buffer(files["tokenizer.json"]))
