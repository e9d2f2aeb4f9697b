"""Rows as tokens: the same rows as `synthlm_tasks.rows.tables` cuts from blocks, framed for training."""

import itertools
from collections.abc import Iterator
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from synthlm_tasks.rows.blocks import BLOCK_ROWS, Recipe, TokenBlock, make_block, make_token_block
from synthlm_tasks.rows.lazy_text import Tokens, token_array, token_bounds
from synthlm_tasks.rows.splits import Split
from synthlm_tasks.rows.streams import Ints
from synthlm_tasks.rows.tables import clip_tables, drop_repeats
from synthlm_tasks.rows.text import to_arrow
from synthlm_tasks.rows.vocabulary import SPECIAL, TEXT, VOCABULARIES, TokensName, Vocabulary

# The same in all vocabularies, which begin alike.
PAD: Final = TEXT.tokens.index(SPECIAL["pad_token"])
BOS: Final = TEXT.tokens.index(SPECIAL["bos_token"])
EOS: Final = TEXT.tokens.index(SPECIAL["eos_token"])
FRAME: Final = 2
"""Tokens of a framed row beyond those of its training text: bos and eos."""

MARKS: Final = 4
"""Marks per component: a row is marked with MARKS * component + level."""

TOKEN_SCHEMA: Final = pa.schema({"ids": pa.binary(), "answer": pa.int32(), "mark": pa.int16()})
"""A framed row: `ids` (two bytes each) of bos, prompt, joint (where the vocabulary has one), answer and eos;
the place of the first token after the prompt; its mark."""

# Scalars out of an array: `pa.scalar` would import pandas.
_BOS, _EOS, _NOTHING = token_array(np.array([BOS, EOS]), np.array([0, 1, 2, 2]))
_JOINTS: Final = {
    name: token_array(np.array(ids := vocabulary.encode(vocabulary.joint)), np.array([0, len(ids)]))[0]
    for name, vocabulary in VOCABULARIES.items()
}


def iter_framed_rows(
    recipe: Recipe,
    seed: int,
    split: Split,
    start: int,
    stop: int,
    component: int = 0,
    tokens: TokensName = "text",
) -> Iterator[pa.Table]:
    """Rows [start, stop) as consecutive tables of framed rows; memory does not grow with their number.

    `tokens` names their vocabulary.

    Raises SpaceError when a held-out split has no more distinct prompts.
    """
    size, vocabulary = BLOCK_ROWS[split], VOCABULARIES[tokens]

    def frame(number: int) -> pa.Table:
        made = make_token_block(recipe, seed, split, number, vocabulary)
        return _frame_block(made, recipe, component, vocabulary)

    def train() -> Iterator[tuple[int, pa.Table]]:
        for number in range(start // size, -(-stop // size)):
            yield number * size, frame(number)

    def held_out() -> Iterator[tuple[int, pa.Table]]:
        # What repeats is seen in the text; there are few enough held-out rows to make both.
        made = (make_block(recipe, seed, split, number) for number in itertools.count())
        texts = drop_repeats(recipe, split, stop, made)
        for number, (_, first, fresh) in enumerate(texts):
            yield first, frame(number).take(to_arrow(np.array(fresh, np.int32)))

    return clip_tables(train() if split == "train" else held_out(), start, stop)


def token_lengths(tokens: Tokens) -> Ints:
    """How many tokens each of r texts has: (r,)."""
    return np.diff(token_bounds(tokens)).astype(np.int64)


def _frame_block(made: TokenBlock, recipe: Recipe, component: int, vocabulary: Vocabulary) -> pa.Table:
    """The rows of a block, framed."""
    parts = (_BOS, made.prompt, _JOINTS[vocabulary.name], made.answer, _EOS)
    # What follows the prompt comes after bos and it.
    columns = [
        pc.binary_join_element_wise(*parts, _NOTHING),
        to_arrow((token_lengths(made.prompt) + 1).astype(np.int32)),
        to_arrow(recipe.levels[made.cells].astype(np.int16) + np.int16(component * MARKS)),
    ]
    return pa.Table.from_arrays(columns, schema=TOKEN_SCHEMA)
