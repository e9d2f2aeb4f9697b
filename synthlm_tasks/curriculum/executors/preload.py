"""What every worker process needs, made when this is imported: by the server that workers are forked from."""

import gc

from synthlm_tasks.catalog import DEFAULT_CONFIG, components
from synthlm_tasks.curriculum import shards
from synthlm_tasks.options import default_options
from synthlm_tasks.rows.blocks import make_block

__all__ = ["shards"]

# Tables are made when rows first need them: some of each, of the smallest block there is.
for recipe in components(DEFAULT_CONFIG, {}, default_options().curriculum_weights):
    make_block.__wrapped__(recipe, default_options().seed, "test", 0)

# It stays for good, so that collections in workers need not go through it, nor touch (and so copy) its pages.
gc.freeze()
