"""Distributions: what the rows were drawn to have, and what they have."""

import json
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Final

from scipy.stats import chi2

from synthlm_tasks.audit.registry import task_audit
from synthlm_tasks.audit.results import Distribution
from synthlm_tasks.audit.sample import Row
from synthlm_tasks.rows.mixing import Mixture
from synthlm_tasks.rows.space import Cell, Space

Group = tuple[Counter[Hashable], Mapping[Hashable, float]]
"""How often each value was found, and the share that each was promised."""

Shares = tuple[tuple[Hashable, float], ...]

_LEAST_EXPECTED: Final = 5
"""Below so many expected rows in some value the chi-square approximation is poor (Cochran 1954)."""


def compare_shares(name: str, split: str, groups: Iterable[Group]) -> Distribution:
    """The chi-square test of all groups together; a value that was not promised is as odd as can be."""
    statistic, farthest = 0.0, 0.0
    freedom, rows, stray = 0, 0, False
    for found, promised in groups:
        total = sum(found.values())
        rows += total
        stray |= not found.keys() <= promised.keys()
        if total * min(promised.values()) < _LEAST_EXPECTED:
            continue
        differences = {value: found[value] - total * share for value, share in promised.items()}
        statistic += sum(off * off / (total * promised[value]) for value, off in differences.items())
        freedom += len(promised) - 1
        farthest = max(farthest, max(map(abs, differences.values())) / total)
    if stray:
        return Distribution(name=name, split=split, rows=rows, p=0.0, farthest=1.0)
    p = float(chi2.sf(statistic, freedom)) if freedom else 1.0
    return Distribution(name=name, split=split, rows=rows, p=p, farthest=farthest)


def balance(split: str, rows: Sequence[Row]) -> tuple[Distribution, ...]:
    """Everything that the task's view says is drawn evenly: the answer, or its place, among others."""
    groups: defaultdict[str, defaultdict[Shares, Counter[Hashable]]] = defaultdict(
        lambda: defaultdict(Counter)
    )
    for row in rows:
        for even in task_audit(row["task"]).view.uniform_draws(row):
            groups[even.name][even.shares][even.value] += 1
    return tuple(
        compare_shares(name, split, [(counts, dict(shares)) for shares, counts in by.items()])
        for name, by in groups.items()
    )


def parameters(mixture: Mixture, rows: Sequence[Row]) -> tuple[Distribution, ...]:
    """Each axis of the config that stands in the metadata: values found against the shares promised."""
    stated = [json.loads(row["metadata"]) for row in rows]
    promised: defaultdict[str, defaultdict[Hashable, float]] = defaultdict(lambda: defaultdict(float))
    for recipe, count in zip(mixture.recipes, mixture.counts, strict=True):
        for cell, share in shares(recipe.space_of(mixture.split)).items():
            for name, value in recipe.task.describe(recipe.space.label(cell)).items():
                promised[name][_plain(value)] += share * count / mixture.rows
    found = {name: Counter(_plain(entry[name]) for entry in stated if name in entry) for name in promised}
    return tuple(
        compare_shares(name, mixture.split, [(found[name], shares_of)])
        for name, shares_of in promised.items()
        if len(shares_of) > 1 and found[name].total() == len(rows)
    )


def shares(space: Space) -> dict[Cell, float]:
    """The share of rows of each cell: uniform along each axis in turn, or (a grid) among the cells."""
    if space.cycled:
        return dict.fromkeys(space.cells, 1 / len(space.cells))
    branches: defaultdict[Cell, set[int]] = defaultdict(set)
    for cell in space.cells:
        for place, code in enumerate(cell):
            branches[cell[:place]].add(code)
    found = {}
    for cell in space.cells:
        share = 1.0
        for place in range(len(cell)):
            share /= len(branches[cell[:place]])
        found[cell] = share
    return found


def _plain(value: object) -> Hashable:
    """A metadata value that can be counted."""
    return tuple(value) if isinstance(value, list) else value
