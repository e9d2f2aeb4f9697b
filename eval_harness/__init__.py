"""The evaluation harness: accuracies of any OpenAI-compatible endpoint that can be believed.

After `import eval_harness`, `evaluate.load("synthlm_accuracy")` finds the metric.
"""

from eval_harness.registration import register

register()
