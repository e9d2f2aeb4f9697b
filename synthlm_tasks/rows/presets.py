"""Presets: the difficulty tables in `configs/`, read once and validated."""

import tomllib
from functools import cache
from importlib import resources
from typing import Annotated, Any, Final, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from synthlm_tasks.errors import ParameterError

LEVELS: Final = {"easy": 1, "medium": 2, "hard": 3}


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FamilyPreset(_Table):
    """One family of rows: what each level draws, axis name → value, (lowest, highest) or choices."""

    configs: tuple[Literal["levels", "mixed"], ...] = ("levels", "mixed")
    easy: dict[str, Any] | None = None
    medium: dict[str, Any] | None = None
    hard: dict[str, Any] | None = None

    @property
    def levels(self) -> dict[int, dict[str, Any]]:
        """The table of each level (1 to 3) that the family has."""
        tables = zip(LEVELS.values(), (self.easy, self.medium, self.hard), strict=True)
        return {number: table for number, table in tables if table is not None}

    def level(self, number: int) -> dict[str, Any]:
        """The table of level 1, 2 or 3; raises ParameterError where the family has none."""
        if number not in self.levels:
            raise ParameterError(f"difficulty_level={number}: these rows have only {sorted(self.levels)}")
        return self.levels[number]


class TaskPreset(FamilyPreset):
    """A task's own family, its grid (axis name → list of values) and its further families."""

    easy: dict[str, Any]
    medium: dict[str, Any]
    hard: dict[str, Any]
    grid: dict[str, list[Any]] = {}
    families: dict[str, FamilyPreset] = {}


class CurriculumPreset(_Table):
    """Defaults shared by every config."""

    num_samples: Annotated[int, Field(ge=1)]
    split_ratios: tuple[float, float, float]
    curriculum_weights: tuple[float, float, float]
    max_held_out: Annotated[int, Field(ge=1)]
    seed: Annotated[int, Field(ge=0)]


_Model = TypeVar("_Model", bound=_Table)


def _read(name: str, model: type[_Model]) -> _Model:
    # Found beside this package, not by import: a folder named `configs` may lie in the working folder.
    path = resources.files("synthlm_tasks") / ".." / "configs" / f"{name}.toml"
    return model.model_validate(tomllib.loads(path.read_text("utf-8")))


@cache
def task_preset(task: str) -> TaskPreset:
    """The preset table of one task (`configs/<task>.toml`)."""
    return _read(task, TaskPreset)


@cache
def curriculum_preset() -> CurriculumPreset:
    """The shared defaults (`configs/curriculum.toml`)."""
    return _read("curriculum", CurriculumPreset)


def family_preset(family: str) -> FamilyPreset:
    """The preset table of a family: a task's own (`filtro`) or a further one (`filtro-shared`)."""
    task, _, variant = family.partition("-")
    preset = task_preset(task)
    return preset.families[variant] if variant else preset


def level_number(level: int | str) -> int:
    """1, 2 or 3 for a level given by number or name; raises ParameterError."""
    if isinstance(level, str) and level in LEVELS:
        return LEVELS[level]
    if isinstance(level, int) and not isinstance(level, bool) and level in LEVELS.values():
        return level
    raise ParameterError(f"difficulty_level={level!r}: expected 1, 2, 3 or one of {', '.join(LEVELS)}")
