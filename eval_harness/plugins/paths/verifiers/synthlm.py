"""The taskset `synthlm` of verifiers, which finds tasksets as modules of their own."""

from eval_harness.plugins.taskset import SynthLMTaskset

__all__ = ["SynthLMTaskset"]
