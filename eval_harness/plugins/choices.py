"""Problems whose possible answers can be listed, for base models that are scored by likelihood."""

from typing import Final

from eval_harness.plugins.locations import plugin_path
from eval_harness.plugins.questions import choose_questions
from synthlm_tasks.registry import TASKS

# Rows looked at for whether their answers can be listed.
_LOOKED_AT: Final = 4


def possible_answers(task: str, input_text: str) -> list[str]:
    """Every answer that a problem may have, sorted: what the text names, whatever follows from it."""
    found = TASKS[task].reading.derive(input_text)
    return sorted({found.answer, *found.wrong_answers}, key=lambda answer: (len(answer), answer))


def can_be_chosen(config: str) -> bool:
    """Whether the possible answers of every row are few enough to be listed: as many as chance says."""
    for question in choose_questions(config=config, samples=_LOOKED_AT, shots=0).ask():
        sample = question.sample
        found = TASKS[sample.task].reading.derive(sample.input_text)
        if len(found.wrong_answers) + 1 < 1 / question.chance - 0.5:
            return False
    return True


def configs_of_choices() -> set[str]:
    """The configs that `can_be_chosen`, by the task files that hold what takes half a minute to find out."""
    return {path.stem for path in plugin_path("lm-eval").glob("*/choices/*.yaml")}
