"""From journals to numbers: summaries, groups, comparisons of runs, tables."""
