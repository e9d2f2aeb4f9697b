"""What every worker process needs, made when this is imported: by the server that workers are forked from."""

from synthlm_tasks.catalog import DEFAULT_CONFIG, components, default_options
from synthlm_tasks.curriculum import budget, shards

__all__ = ["budget", "shards"]

components(DEFAULT_CONFIG, {}, default_options().curriculum_weights)  # the tables that decide Inducto's rules
