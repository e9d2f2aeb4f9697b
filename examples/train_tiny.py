"""A mixer of one's own in ten lines, trained beside attention on swaps: `python examples/train_tiny.py`.

From the command line: `synthlm train dyna-ramp-easy --mixer train_tiny:make` in this folder. Needs the extra
`train`; see docs/training.md.
"""

import cyclopts
import torch
from rich.console import Console
from torch import nn

from eval_harness.architectures.spec import Evaluation, RunSpec
from eval_harness.architectures.training import train_run


class DecayingMean(nn.Module):  # type: ignore[misc]  # torch is skipped by the type check
    """Every channel is a mean of what came before, older tokens counting less: (b, n, d) → (b, n, d)."""

    def __init__(self, width: int) -> None:
        """Make it for tokens of `width` numbers."""
        super().__init__()
        self.values, self.out = nn.Linear(width, width), nn.Linear(width, width)
        self.decay = nn.Parameter(torch.linspace(-3, 3, width))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Mix what came before each token."""
        back = torch.arange(x.shape[1], device=x.device)
        ages = (back[:, None] - back).clamp(min=0)[..., None]
        weights = torch.sigmoid(self.decay) ** ages * (back[:, None] >= back)[..., None]
        mixed: torch.Tensor = self.out(torch.einsum("ijd,bjd->bid", weights, self.values(x)))
        return mixed


make = DecayingMean


def main(tokens: int = 2_000_000, architectures: tuple[str, ...] = ("attention", "train_tiny:make")) -> None:
    """Train each architecture on one to four swaps, and print how many it follows."""
    axes = {"operations": ["SWAP"], "state_size": 5, "num_ops": [1, 4], "initial": "ordered"}
    test = Evaluation(name="swaps", config="dyna-ramp-easy", axes={**axes, "num_ops": [2, 4]})
    out = Console(highlight=False)
    for name in architectures:
        spec = RunSpec(
            config="dyna-ramp-easy", axes={**axes, "num_queries": [1, 2]}, architecture=name, tokens=tokens,
            optimizer="muon", evaluations=(test,),
        )  # fmt: skip
        result = train_run(spec, None)
        shares = {
            value: hits / n for value, (hits, n) in sorted(result.scores["swaps"].by_axis["num_ops"].items())
        }
        told = ", ".join(f"{share:.0%} of {value} swaps" for value, share in shares.items())
        out.print(f"{name}, {result.parameters:,} parameters: {told}")


if __name__ == "__main__":
    cyclopts.run(main)
