"""The bundled closed-vocabulary tokenizer, and counting tokens: its own, or any tokenizer's."""

from synthlm_tasks.tokens.tokenizer.counting import (
    BUNDLED,
    Counter,
    TokenCounter,
    bundled_files,
    load_counter,
)

__all__ = ["BUNDLED", "Counter", "TokenCounter", "bundled_files", "load_counter"]
