"""Budgets: from tokens (or rows) to the rows of every component in every split."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from synthlm_tasks.catalog import components, configs
from synthlm_tasks.curriculum.layout import DEFAULT, Portion
from synthlm_tasks.curriculum.tally import Cell
from synthlm_tasks.errors import ParameterError
from synthlm_tasks.options import Options
from synthlm_tasks.registry import mean_chance
from synthlm_tasks.row_counts import fit_to_spaces, share_rows
from synthlm_tasks.rows.blocks import BLOCK_ROWS, Recipe
from synthlm_tasks.rows.splits import SPLITS, Split
from synthlm_tasks.rows.streams import Ints
from synthlm_tasks.rows.tables import count_distinct, make_table
from synthlm_tasks.tokens.tokenizer import Counter

# First train rows whose tokens are counted: a whole block where they come with their numbers, else enough
# for a mean that is right to half a percent.
_SAMPLE: Final = {True: BLOCK_ROWS["train"], False: 2048}

_CHANCE_ROWS: Final = 1000

# A space is large enough where repeats as frequent as among its first prompts drop less than this share.
_FEW_REPEATS: Final = 0.05


@dataclass(frozen=True)
class ComponentSample:
    """A component's first train rows, which its other rows are judged by.

    `tokens` are theirs, in order; `repeats` is how many have a prompt that one before has; `chances` are the
    chance levels, on average over some of them.
    """

    tokens: Ints
    repeats: int = 0
    chances: Mapping[Cell, float] = field(default_factory=dict)

    @property
    def mean(self) -> float:
        """Tokens of a row, on average."""
        return float(self.tokens.mean())

    def rows(self, tokens: float) -> int:
        """The number of first rows that come nearest to so many tokens."""
        if tokens > self._sums[-1]:
            return len(self.tokens) + round((tokens - int(self._sums[-1])) / self.mean)
        after = int(np.searchsorted(self._sums, tokens))
        return after - int(after > 0 and tokens - self._sums[after - 1] < self._sums[after] - tokens)

    def total(self, rows: int) -> int:
        """The tokens expected in the first rows."""
        if rows > len(self.tokens):
            return int(self._sums[-1]) + round((rows - len(self.tokens)) * self.mean)
        return int(self._sums[rows])

    def has_room_for(self, rows: int) -> bool:
        """Whether so many held-out rows surely find distinct prompts, by how rarely those of train repeat.

        Two rows are alike with one chance, so repeats grow with the square of the rows drawn; in the held-out
        twentieth of the problems it is 18 times that in train. Three repeats more than were seen are assumed.
        """
        return 18 * (self.repeats + 3) * rows < _FEW_REPEATS * len(self.tokens) ** 2

    @cached_property
    def _sums(self) -> Ints:
        return np.concatenate([[0], np.cumsum(self.tokens)])


@dataclass(frozen=True)
class MovedRows:
    """Held-out rows of a component that went to train, and why."""

    component: str
    split: Split
    asked: int
    kept: int
    reason: str


@dataclass(frozen=True)
class Allocation:
    """The configs of a folder with their rows, and what was moved."""

    portions: tuple[Portion, ...]
    moved: tuple[MovedRows, ...] = ()


def sample_component(recipe: Recipe, seed: int, counter: Counter) -> ComponentSample:
    """Count the tokens of a component's first rows."""
    wanted = _SAMPLE[counter.precounted is not None]
    rows = make_table(recipe, seed, "train", 0, wanted, counted=counter.precounted)
    repeats = len(rows) - pc.count_distinct(rows["input_text"]).as_py()
    return ComponentSample(counter.counts(rows), repeats, _chances(recipe, rows.slice(0, _CHANCE_ROWS)))


def _chances(recipe: Recipe, rows: pa.Table) -> dict[Cell, float]:
    found: dict[Cell, list[dict[str, Any]]] = {}
    for row in rows.select(("task", "difficulty", "sample_id", "metadata")).to_pylist():
        found.setdefault(f"{recipe.task.name}/{row['difficulty']}", []).append(row)
    return {cell: round(mean_chance(of_cell), 4) for cell, of_cell in found.items()}


def allocate_tokens(source: str, total_tokens: int, options: Options, counter: Counter) -> Allocation:
    """One mixture for a token budget: the components of the catalog's config `source` share it.

    Raises ParameterError when it is too small for a row of each.
    """
    parts = [(r, share) for r, share in components(source, {}, options.curriculum_weights).items()]
    counts: dict[Split, list[int]] = {split: [] for split in SPLITS}
    tokens: dict[Split, list[int]] = {split: [] for split in SPLITS}
    moved: list[MovedRows] = []
    chances: dict[Cell, float] = {}
    owed = Fraction(0)
    for recipe, share in parts:
        gauge = (
            sample_component(recipe, options.seed, counter)
            if share
            else ComponentSample(np.ones(1, np.int64))
        )
        chances |= gauge.chances
        target = total_tokens * share
        if share and target < gauge.mean / 2:
            least = round(gauge.mean / share)
            raise ParameterError(
                f"total_tokens={total_tokens}: too few for a row of {component_name(recipe)}; "
                f"expected {least:,} or more"
            )
        held = _held_out(recipe, float(target) / gauge.mean, options, gauge)
        moved += held
        kept = {moving.split: moving.kept for moving in held}
        for split, rows in kept.items():
            counts[split].append(rows)
            tokens[split].append(round(rows * gauge.mean))
        # What rounding leaves of one component is owed to the next.
        owed += target - sum(tokens[split][-1] for split in kept)
        spare = sum(moving.asked - moving.kept for moving in held)
        train = max(gauge.rows(float(owed)), 0) if share and options.split_ratios[0] else spare
        counts["train"].append(train)
        tokens["train"].append(gauge.total(train))
        owed -= tokens["train"][-1] if share else 0
    portion = Portion(DEFAULT, source, _tuples(counts), _tuples(tokens), chances)
    return Allocation((portion,), tuple(moving for moving in moved if moving.kept < moving.asked))


def _held_out(recipe: Recipe, rows: float, options: Options, gauge: ComponentSample) -> list[MovedRows]:
    """What is asked and what is kept of a component of `rows` rows in each held-out split."""
    held = []
    for split, ratio in zip(SPLITS[1:], options.split_ratios[1:], strict=True):
        asked = round(rows * ratio)
        capped = min(asked, options.max_held_out)
        kept = capped if gauge.has_room_for(capped) else count_distinct(recipe, options.seed, split, capped)
        reason = (
            "no more distinct prompts"
            if kept < capped
            else f"at most {options.max_held_out:,} of a task and level"
        )
        held.append(MovedRows(component_name(recipe), split, asked, kept, reason))
    return held


def allocate_rows(names: Iterable[str], options: Options, counter: Counter) -> Allocation:
    """The catalog's configs `names` with the rows that its builder gives them."""
    gauges: dict[Recipe, ComponentSample] = {}
    portions = []
    for name in names:
        made = components(name, {}, options.curriculum_weights)
        counts = fit_to_spaces(list(made), share_rows(list(made.values()), options), options.seed)
        for recipe in made:
            if recipe not in gauges:
                gauges[recipe] = sample_component(recipe, options.seed, counter)
        tokens = {
            split: [round(n * gauges[r].mean) for r, n in zip(made, numbers, strict=True)]
            for split, numbers in counts.items()
        }
        chances = {cell: chance for recipe in made for cell, chance in gauges[recipe].chances.items()}
        portions.append(Portion(name, name, _tuples(counts), _tuples(tokens), chances))
    return Allocation(tuple(portions))


def core_configs() -> list[str]:
    """The configs of one level of a task's own family."""
    return [
        name
        for name, config in configs().items()
        if len(config.parts) == 1
        and config.parts[0].level
        and config.parts[0].family == config.parts[0].task.name
    ]


def component_name(recipe: Recipe) -> str:
    """A component's family, and its level where it has but one."""
    levels = sorted(set(recipe.difficulties))
    return f"{recipe.family} {levels[0]}" if len(levels) == 1 else recipe.family


def _tuples(lists: dict[Split, list[int]]) -> dict[Split, tuple[int, ...]]:
    return {split: tuple(numbers) for split, numbers in lists.items()}
