"""A mini scaling law in a few lines: models of several sizes, scored along one axis of difficulty.

`python examples/scaling_law.py` prints a row for each size. `synthlm sweep` does this at scale: several
architectures, learning rates and seeds, resumable, with figures. Needs the extra `train`.
"""

import cyclopts
from rich.console import Console
from rich.table import Table

from eval_harness.architectures.spec import Evaluation, RunSpec
from eval_harness.architectures.training import train_run


def main(tokens: int = 5_000_000, widths: tuple[int, ...] = (32, 64, 128), samples: int = 500) -> None:
    """Train a model of each width on Inducto's rules of all levels, and print its accuracy at each level."""
    axes = {"num_examples": [1, 2]}
    test = Evaluation(
        name="levels", config="inducto-hard", axes={**axes, "rule_level": [1, 3]}, samples=samples
    )
    table, levels = Table("parameters"), ("1", "2", "3")
    for level in levels:
        table.add_column(f"rule_level {level}")
    for width in widths:
        spec = RunSpec(
            config="inducto-hard", axes={**axes, "rule_level": [1, 3]}, architecture="attention",
            width=width, tokens=tokens, loss="all", optimizer="muon", evaluations=(test,),
        )  # fmt: skip
        result = train_run(spec, None)
        counts = result.scores["levels"].by_axis["rule_level"]
        table.add_row(
            f"{result.parameters:,}", *(f"{counts[level][0]}/{counts[level][1]}" for level in levels)
        )
    Console().print(table)


if __name__ == "__main__":
    cyclopts.run(main)
