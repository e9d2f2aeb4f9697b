"""What tests of trained architectures share: small specs, and models by hand."""

from eval_harness.architectures.spec import Evaluation, RunSpec

SWAPS = {"operations": ["SWAP"], "state_size": 5, "num_ops": 4, "initial": "ordered", "num_queries": 1}


def small_spec(**changed: object) -> RunSpec:
    """A run of seconds: swaps on ordered lists of five, one layer of width 16."""
    asked = Evaluation(name="swaps", config="dyna-ramp-easy", axes=SWAPS, samples=60)
    plain = {
        "config": "dyna-ramp-easy", "axes": SWAPS, "architecture": "attention", "layers": 1, "width": 16,
        "tokens": 20_000, "batch_size": 16, "vocabulary": "text", "evaluations": (asked,), "curve_points": 4,
    }  # fmt: skip
    return RunSpec(**{**plain, **changed})
