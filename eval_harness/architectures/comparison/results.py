"""Results: what each model came to in each training, at the learning rate that validation chose."""

import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from eval_harness.architectures.comparison.cells import THRESHOLDS, Cell, SeedScore, scale
from eval_harness.architectures.comparison.models import Model, model_of, name_models
from eval_harness.architectures.spec import Evaluation
from eval_harness.architectures.sweep.plan import VALIDATION
from eval_harness.architectures.sweep.table import Row
from eval_harness.errors import SettingsError


@dataclass(frozen=True)
class Group:
    """Every run of one model in one training, by learning rate."""

    training: str
    control: bool
    model: Model
    by_lr: Mapping[float, Sequence[Row]]
    """The runs that have scores, by seed;"""
    failed: Sequence[Row]
    """and those that failed."""
    lr: float | None
    """The learning rate that validation chose; None where no run has scores."""

    @property
    def chosen(self) -> Sequence[Row]:
        """The runs at the chosen learning rate."""
        return self.by_lr[self.lr] if self.lr is not None else ()

    def validation(self, lr: float) -> list[float]:
        """The scaled accuracies on validation at a learning rate, by seed."""
        scores = [row.result.scores[VALIDATION] for row in self.by_lr[lr]]
        return [scale(score.accuracy, score.chance) for score in scores]


@dataclass(frozen=True)
class Results:
    """All groups of some tables, and the names of their models."""

    rows: Sequence[Row]
    groups: Sequence[Group]
    names: Mapping[Model, str]
    repeated: int
    """Runs that several tables have with other scores: the first table's count."""

    @property
    def trainings(self) -> list[str]:
        """The trainings, in order."""
        return list(dict.fromkeys(group.training for group in self.groups))

    @property
    def models(self) -> list[Model]:
        """The models, in the order of their styles."""
        return list(self.names)

    def of(self, training: str) -> list[Group]:
        """The groups of a training that have scores."""
        return [group for group in self.groups if group.training == training and group.chosen]

    def task(self, training: str) -> str:
        """The task that a training is of, e.g. "dyna"."""
        return next(row.spec.config for row in self.rows if row.training == training).partition("-")[0]

    def is_control(self, training: str) -> bool:
        """Whether a training pins a difference to its cause, rather than speaking for its task."""
        return next(group.control for group in self.groups if group.training == training)

    def evaluations(self, training: str) -> list[Evaluation]:
        """What a training is scored on, validation left out."""
        found = next(row.spec.evaluations for row in self.rows if row.training == training)
        return [evaluation for evaluation in found if evaluation.name != VALIDATION]

    def cells(self, training: str, evaluation: Evaluation) -> list[Cell]:
        """Every model that was scored on it, in order."""
        return [
            Cell(
                training,
                evaluation,
                group.model,
                group.lr,
                [_seed(row, evaluation) for row in group.chosen],
                frozenset(group.by_lr),
            )
            for group in self.of(training)
            if group.lr is not None
        ]


def _seed(row: Row, evaluation: Evaluation) -> SeedScore:
    score = row.result.scores[evaluation.name]
    curve = [
        (point.tokens, scale(point.accuracy[evaluation.name], score.chance))
        for point in row.result.curve
        if evaluation.name in point.accuracy
    ]
    reached = {
        threshold: next((tokens for tokens, scaled in curve if scaled >= threshold), None)
        for threshold in THRESHOLDS
    }
    return SeedScore(row.spec.seed, score, reached)


def collect(rows: Sequence[Row]) -> Results:
    """The results of rows from one table or several; raises SettingsError where they do not go together.

    Of a run that stands in several tables the first counts that did not fail.
    """
    if not rows:
        raise SettingsError("the tables have no runs yet")
    distinct: dict[tuple[str, str], Row] = {}
    repeated = set()
    for row in sorted(rows, key=lambda row: row.failed):
        known = distinct.setdefault((row.training, row.spec.key), row)
        if not row.failed and row.result.scores != known.result.scores:
            repeated.add((row.training, row.spec.key))
    kept = [distinct[place] for place in dict.fromkeys((row.training, row.spec.key) for row in rows)]
    _check_alike(kept)
    groups: dict[tuple[str, Model], list[Row]] = {}
    for row in kept:
        groups.setdefault((row.training, model_of(row.spec)), []).append(row)
    made = [_group(training, model, some) for (training, model), some in groups.items()]
    return Results(kept, made, name_models(model_of(row.spec) for row in kept), len(repeated))


def _group(training: str, model: Model, rows: Sequence[Row]) -> Group:
    by_lr: dict[float, list[Row]] = {}
    for row in sorted(rows, key=lambda row: (row.spec.lr, row.spec.seed)):
        if not row.failed:
            by_lr.setdefault(row.spec.lr, []).append(row)
    failed = [row for row in rows if row.failed]
    found = Group(training, rows[0].control, model, by_lr, failed, None)
    return Group(training, rows[0].control, model, by_lr, failed, _choose_lr(found))


def _choose_lr(group: Group) -> float | None:
    """The best learning rate by the median on validation, over the seeds that all of them have.

    So a table that is filled seed by seed compares like with like; where no seed is common, the most seeds
    count first. One at which a seed failed is not chosen while another has none that did: its median would
    be of the lucky ones.
    """
    found = {
        lr: {row.spec.seed: value for row, value in zip(rows, group.validation(lr), strict=True)}
        for lr, rows in group.by_lr.items()
    }
    common = set.intersection(*map(set, found.values())) if found else set()
    failures = Counter(row.spec.lr for row in group.failed)

    def merit(lr: float) -> tuple[float, ...]:
        values = [value for seed, value in found[lr].items() if seed in common or not common]
        return (-failures[lr], len(values), statistics.median(values), -lr)

    return max(found, key=merit, default=None)


def _check_alike(rows: Sequence[Row]) -> None:
    """Raise SettingsError where rows of one training were not trained and scored alike."""
    first: dict[str, Row] = {}
    for row in rows:
        known = first.setdefault(row.training, row)
        if row.dataset_version != known.dataset_version:
            versions = f"{known.dataset_version} and {row.dataset_version}"
            raise SettingsError(f"training {row.training!r}: its runs are of dataset versions {versions}")
        varied = ("architecture", "layers", "width", "lr", "seed", "optimizer", "convolution", "ffn")
        same = known.spec.model_copy(update={name: getattr(row.spec, name) for name in varied})
        if differing := row.spec.differences(same):
            raise SettingsError(
                f"training {row.training!r}: its runs do not compare: {'; '.join(differing)}; report on "
                "their tables one by one"
            )
