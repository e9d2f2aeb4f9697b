"""The folder's `eval.yaml`: its test splits as tasks of inspect_ai, in the form of the Hub's benchmarks.

The format: https://huggingface.co/docs/hub/eval-results and https://inspect.aisi.org.uk/tasks.html#hugging-face
"""

from collections.abc import Sequence
from textwrap import indent
from typing import Final

from synthlm_tasks.curriculum.layout import Layout, Portion
from synthlm_tasks.curriculum.summary import SplitSummary
from synthlm_tasks.registry import TASKS
from synthlm_tasks.rows.answers import REASONING
from synthlm_tasks.version import DATASET_VERSION

BENCHMARK: Final = "eval.yaml"

SPLIT: Final = "test"

# The last marker's line, as far as a pattern can say what `synthlm eval` reads: without what typesets it, its
# end, and brackets around a sequence. The placeholder of the question is no answer, and none is given in
# reasoning; inspect_ai takes out a block of it that is whole.
_ANSWER: Final = (
    r"(?s)^(?!.*<think(?:ing)?>(?!.*</think)).*(?<![a-z])ANSWER[ \t*_`]*:(?!.*</think|\s*<answer>)"
    r"[\s*_`$\[(]*([^\n]*?)[ \t\r*_`$.;!\])]*(?:\n.*)?$"
)


def evaluated_configs(layout: Layout, splits: Sequence[SplitSummary]) -> list[str]:
    """The configs that have text to be evaluated on, in their order."""
    if layout.packing:
        return []
    return [split.config for split in splits if split.split == SPLIT and split.rows]


def benchmark_file(layout: Layout, splits: Sequence[SplitSummary]) -> str | None:
    """The file of a folder that holds `splits`; None where no text is there to be evaluated on.

    One task for each config, under the config's name: the rules of its tasks, the problem, and what
    `synthlm eval` asks of a chat that may reason.
    """
    tested = evaluated_configs(layout, splits)
    if not tested:
        return None
    tasks = [_task(portion) for portion in layout.portions if portion.name in tested]
    return (
        "name: SynthLM\n"
        "description: >-\n"
        "  Procedurally generated reasoning problems with one right answer each. They are of the test\n"
        f"  split of SynthLM {DATASET_VERSION}: none is in a train split, whatever its seed and size.\n"
        "evaluation_framework: inspect-ai\n\n"
        "tasks:\n" + "\n".join(tasks)
    )


def _task(portion: Portion) -> str:
    template = indent(_template(portion), 12 * " ", lambda line: line != "\n")
    return (
        f"  - id: {portion.name}\n"
        f"    config: {portion.name}\n"
        f"    split: {SPLIT}\n"
        "    field_spec:\n"
        "      input: input_text\n"
        "      target: target\n"
        "      metadata: [sample_id, task, difficulty]\n"
        "    solvers:\n"
        "      - name: prompt_template\n"
        "        args:\n"
        f"          template: |-\n{template}\n"
        "      - name: generate\n"
        "    scorers:\n"
        "      - name: pattern\n"
        f"        args:\n          pattern: '{_ANSWER}'\n"
    )


def _template(portion: Portion) -> str:
    """The text around a problem, which has the place `{prompt}`."""
    tasks = [TASKS[name] for name in dict.fromkeys(recipe.task.name for recipe in portion.recipes)]
    kinds = dict.fromkeys(kind.description for task in tasks for kind in task.answers)
    rules, asked = [task.rule for task in tasks], " or ".join(kinds)
    if len(tasks) > 1:
        rules, asked = ["The problem is of one of these kinds:", *rules], f"of its kind: {'; '.join(kinds)}"
    parts = [*map(_escape, rules), "{prompt}", _escape(REASONING.format(asked=asked))]
    return "\n\n".join(parts)


def _escape(text: str) -> str:
    # inspect_ai takes braces for places.
    return text.replace("{", "{{").replace("}", "}}")
