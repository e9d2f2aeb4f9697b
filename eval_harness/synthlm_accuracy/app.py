"""The Space's page: replies and targets in, accuracies out."""

from pathlib import Path
from typing import Any

import evaluate
import gradio

METRIC = evaluate.load(str(Path(__file__).parent / "synthlm_accuracy.py"))
COLUMNS = ["prediction", "reference", "task (optional)"]
EXAMPLE = [["First A, then B. ANSWER: B", "B", "dyna"], ["It is 3.", "3", "dyna"]]


def scores(rows: list[list[str]]) -> dict[str, Any]:
    """The scores of the rows that have a reference, or what is wrong with them."""
    filled = [row for row in rows if row[1]]
    try:
        result: dict[str, Any] = METRIC.compute(
            predictions=[row[0] for row in filled],
            references=[row[1] for row in filled],
            tasks=[row[2] for row in filled],
        )
    except ValueError as error:
        return {"error": str(error)}
    return result


def page() -> gradio.Interface:
    """The table, and what the metric makes of it."""
    return gradio.Interface(
        fn=scores,
        inputs=gradio.Dataframe(headers=COLUMNS, value=EXAMPLE, type="array", datatype="str"),
        outputs=gradio.JSON(),
        title="Metric: synthlm_accuracy",
        description=METRIC.description,
    )


if __name__ == "__main__":
    page().launch()
