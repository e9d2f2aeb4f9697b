"""Vocabularies: how many tokens there are, and the tokenizer that a saved model is asked with."""

from dataclasses import dataclass
from pathlib import Path

from tokenizers import Tokenizer

from eval_harness.architectures.spec import Vocabulary
from synthlm_tasks.rows.vocabulary import SPECIAL, VOCABULARIES
from synthlm_tasks.tokens.tokenizer import bundled_files
from synthlm_tasks.tokens.tokenizer.saving import save


@dataclass(frozen=True)
class Words:
    """A closed vocabulary."""

    name: Vocabulary
    tokenizer: Tokenizer

    @property
    def size(self) -> int:
        """How many tokens there are."""
        size: int = self.tokenizer.get_vocab_size()
        return size

    def number(self, special: str) -> int:
        """The id of a special token, e.g. of "pad_token"."""
        return VOCABULARIES[self.name].ids[SPECIAL[special]]

    def encode(self, texts: list[str]) -> list[list[int]]:
        """The ids of each text, without bos and eos."""
        return [each.ids for each in self.tokenizer.encode_batch(texts, add_special_tokens=False)]

    def save(self, folder: Path) -> None:
        """Save the tokenizer for transformers, with bos before every text, as training rows have it."""
        save(folder, self.name)


def load_words(vocabulary: Vocabulary) -> Words:
    """One of the two vocabularies."""
    return Words(vocabulary, Tokenizer.from_buffer(bundled_files(vocabulary)["tokenizer.json"]))
