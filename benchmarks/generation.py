"""Generation against the Parquet writer, for every task and level, in one run.

For each level: CPU time to generate a table of fresh rows, CPU time of `write_table(compression="zstd")`
on that very table, and CPU time of a plain row-at-a-time generator of the same problems (the floor).
The ratio is writer / generator: 1.0 means that rows cost no more to make than to write.

Run: python benchmarks/generation.py [--rows N] [--repeats N] [--markdown FILE]
"""
