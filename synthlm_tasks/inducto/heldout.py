"""Inducto, held-out family: compositions of rules that train never has."""

from collections.abc import Mapping
from functools import cache
from typing import Final

import numpy as np

from synthlm_tasks.inducto.choices import (
    HELD_OUT_POOL,
    TRAINED_POOL,
    USUAL,
    draw_rules,
    held_out_rules,
    rule_pools,
)
from synthlm_tasks.inducto.open import most_tokens
from synthlm_tasks.inducto.task import InductoTask, fits_lengths
from synthlm_tasks.rows.splits import Hashes, in_split, key_words
from synthlm_tasks.rows.streams import Ints, RandomBits
from synthlm_tasks.rows.task import Accept, Params, Problem, Rendered

_HELD_OUT_NOTES: Final = (',"held_out":false', ',"held_out":true')
_POOLS: Final = (TRAINED_POOL, HELD_OUT_POOL)


class HeldOutInducto(InductoTask):
    """Compositions of two rules, of which a fifth occur in test only, where they have half of the rows."""

    family = "inducto-heldout"
    axes = (*InductoTask.axes[1:3], *InductoTask.axes[4:])

    @classmethod
    def metadata_fragments(cls) -> list[str]:
        """As in all of Inducto, and whether the composition is held out."""
        return [*super().metadata_fragments(), *_HELD_OUT_NOTES]

    @classmethod
    def fits(cls, cell: Mapping[str, int]) -> bool:
        """Lengths and examples that decide some composition held out, and some other."""
        if not fits_lengths(cell):
            return False
        pools = rule_pools(cell["sequence_length"])
        return cell["sequence_length"] == USUAL or all(
            pools.allow(pool, cell["num_examples"]) for pool in _POOLS
        )

    @classmethod
    def max_tokens(cls, cell: Mapping[str, int]) -> int:
        """As in all of Inducto, over all compositions."""
        most = max(rule_pools(cell["sequence_length"]).most_letters(pool) for pool in _POOLS)
        return most_tokens(cell, most)

    @classmethod
    def describe(cls, cell: Mapping[str, object]) -> dict[str, object]:
        """As in all of Inducto; compositions are level 3."""
        return {"rule_level": 3, **{name: cell[name] for name in ("num_examples", "num_queries")}}

    @classmethod
    def draw_fixed(cls, params: Params, bits: RandomBits) -> Params:
        """Draw each row a composition for any split, one for test only, and which of them test takes."""
        anywhere, test_only = (
            draw_rules(params, np.full_like(params["num_examples"], pool), bits)
            for pool in (TRAINED_POOL, HELD_OUT_POOL)
        )
        coin = bits.below(2, len(params["num_examples"]))
        names = ("function", "unseen", "test_function", "test_unseen", "coin")
        return params.extend(dict(zip(names, (*anywhere, *test_only, coin), strict=True)))

    @classmethod
    def propose(cls, params: Params, bits: RandomBits, accept: Accept) -> tuple[Ints, Problem]:
        """As in all of Inducto, with compositions held out where the split is test."""
        if accept(_test_key()).all():
            coin = params["coin"] == 1
            names = ("function", "unseen")
            params = params.extend({n: np.where(coin, params[f"test_{n}"], params[n]) for n in names})
        return super().propose(params, bits, accept)

    @classmethod
    def render(cls, problem: Problem) -> Rendered:
        """As in all of Inducto; the metadata says whether the composition is held out."""
        text = super().render(problem)
        rule, tail = text.notes
        held_out = held_out_rules().take(problem["rule"]) + len(InductoTask.metadata_fragments())
        return Rendered(text.input_text, text.target, np.stack([rule, held_out, tail]))


@cache
def _test_key() -> Hashes:
    """A key (1,) that only test accepts, by which `propose` knows what it draws for."""
    keys = key_words("inducto test", 256)
    return keys[in_split(keys, "test")][:1]
