"""Tokens for training as a Hugging Face `IterableDataset`: `packing.stream("dyna-hard")`."""

from synthlm_tasks.tokens.isolation import check_isolation
from synthlm_tasks.tokens.stream import stream
from synthlm_tasks.tokens.transport import collate

__all__ = ["check_isolation", "collate", "stream"]
