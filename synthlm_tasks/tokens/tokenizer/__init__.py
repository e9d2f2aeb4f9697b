"""The bundled closed-vocabulary tokenizers, and counting tokens: theirs, or any tokenizer's."""

from synthlm_tasks.tokens.tokenizer.counting import (
    BUNDLED,
    NAMES,
    Counter,
    TokenCounter,
    bundled_files,
    load_counter,
)
from synthlm_tasks.tokens.tokenizer.saving import save

__all__ = ["BUNDLED", "NAMES", "Counter", "TokenCounter", "bundled_files", "load_counter", "save"]
