"""From a budget to a folder: plan, layout, shards, and the folder's own papers."""
