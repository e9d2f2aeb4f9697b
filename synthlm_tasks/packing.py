"""Contexts for training as a Hugging Face `IterableDataset`: `packing.stream("dyna-hard")`."""

from synthlm_tasks.tokens.stream import stream

__all__ = ["stream"]
