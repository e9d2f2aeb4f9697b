"""The predictions of the tasks' descriptions beside what was measured, cell by cell."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from eval_harness.architectures.comparison.cells import Cell
from eval_harness.architectures.comparison.results import Results
from eval_harness.report.scales import format_percent

Level = Literal["good", "mixed", "poor"]

BANDS: Final[dict[Level, tuple[float, float]]] = {"good": (0.8, 1.0), "mixed": (0.4, 0.8), "poor": (0.0, 0.4)}
"""What a word means: the share of the best architecture's scaled accuracy that is reached."""

LEARNED: Final = 0.3
"""Where no architecture reaches this scaled accuracy, nobody has learned the task, and none is told apart."""


@dataclass(frozen=True)
class Prediction:
    """What is expected of an architecture in a task."""

    task: str
    architecture: str
    expected: Level
    words: str


_TRANSFORMERS: Final = ("attention",)
_RECURRENT: Final = ("mamba2", "gated-deltanet", "linear", "gru")
_MIXERS: Final = (*_TRANSFORMERS, *_RECURRENT)

PREDICTIONS: Final = (
    Prediction("dyna", "attention", "good", "good"),
    Prediction("dyna", "mamba2", "mixed", "mixed"),
    Prediction("dyna", "gated-deltanet", "mixed", "mixed"),
    Prediction("dyna", "linear", "poor", "poor"),
    *(Prediction("inducto", name, "good", "good") for name in _TRANSFORMERS),
    *(Prediction("inducto", name, "poor", "poor: good for Transformers only") for name in _RECURRENT),
    *(Prediction("filtro", name, "good", "excellent") for name in _TRANSFORMERS),
    *(Prediction("filtro", name, "poor", "poor: the noise floor") for name in _RECURRENT),
    *(Prediction("logic", name, "good", "as good as any: the FFN decides") for name in _MIXERS),
)
"""From the descriptions of the tasks."""


@dataclass(frozen=True)
class Verdict:
    """What was measured of a prediction: shares of the best architecture, and what follows."""

    prediction: Prediction
    share: float | None
    low: float
    high: float
    words: str
    """The verdict, and what weakens it: cells of one seed, or others chosen from more learning rates."""


def judge(results: Results, prediction: Prediction) -> Verdict:
    """Hold a prediction against the trainings of its task that are no controls."""
    found: list[tuple[Cell, float]] = []
    weak = {"one seed": False, "unequal learning rates": False}
    for training in results.trainings:
        if results.task(training) == prediction.task and not results.is_control(training):
            for evaluation in results.evaluations(training):
                cells = [cell for cell in results.cells(training, evaluation) if cell.model.is_plain]
                beside = _beside_the_best(cells, prediction.architecture)
                found += beside
                weak["one seed"] |= any(len(cell.seeds) == 1 for cell, _ in beside)
                weak["unequal learning rates"] |= bool(beside) and len({cell.tried for cell in cells}) > 1
    if not found:
        return Verdict(prediction, None, 0, 0, "not yet measured")
    shares = [[value / best for value in (cell.median, *cell.interval)] for cell, best in found]
    share, low, high = (sum(column) / len(shares) for column in zip(*shares, strict=True))
    bottom, top = BANDS[prediction.expected]
    # The ends of the scale bound nothing: a share may lie above 1 or below 0 by chance.
    inside = (low >= bottom or bottom <= 0) and (high < top or top >= 1)
    outside = (high < bottom and bottom > 0) or (low >= top and top < 1)
    words = "confirmed" if inside else "contradicted" if outside else "not told apart at this size"
    told = ", ".join(name for name, is_so in weak.items() if is_so)
    return Verdict(prediction, share, low, high, f"{words} ({told})" if told else words)


def _beside_the_best(cells: Sequence[Cell], architecture: str) -> list[tuple[Cell, float]]:
    """The architecture's cells, each with the best one's median; nothing where nobody learned."""
    best = max((cell.median for cell in cells), default=0.0)
    return [(cell, best) for cell in cells if cell.model.architecture == architecture and best >= LEARNED]


PREDICTION_HEADS: Final = ("task", "architecture", "predicted", "measured, share of the best", "verdict")


def prediction_rows(results: Results) -> Iterator[tuple[str, ...]]:
    """What stands below PREDICTION_HEADS for each prediction."""
    for prediction in PREDICTIONS:
        found, measured = judge(results, prediction), ""
        if found.share is not None:
            low, high = format_percent(found.low, 0), format_percent(found.high, 0)
            measured = f"{format_percent(found.share, 0)} [{low}, {high}]"
        yield prediction.task, prediction.architecture, prediction.words, measured, found.words


def predictions_table(results: Results) -> str:
    """A Markdown table, a line a prediction."""
    lines = [f"| {' | '.join(PREDICTION_HEADS)} |", "|---|---|---|---|---|"]
    for task, architecture, *others in prediction_rows(results):
        lines.append(f"| {' | '.join((task, f'`{architecture}`', *others))} |")
    return "\n".join(lines)
