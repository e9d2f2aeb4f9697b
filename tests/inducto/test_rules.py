"""The rule space: pairs of atoms applied one by one, and nothing made before it is needed."""

import itertools
import subprocess
import sys

from synthlm_tasks.inducto.choices import held_out_rules, rule_choices, rule_kinds, rule_levels, rule_pools
from synthlm_tasks.inducto.space.rules import LENGTHS, rules
from synthlm_tasks.inducto.space.tables import rule_tables
from synthlm_tasks.rows.streams import RandomBits, digest

ALL = sum(1 << index for index in range(len(LENGTHS)))

# Every order of three and four letters, more in an order of no rule, and letters that wrap past Z.
SEEN = [
    *itertools.permutations((0, 1, 2)),
    *itertools.permutations((0, 1, 2, 3)),
    *[(4, 1, 3, 0, 2, 7, 5, 6)[:length] for length in (5, 6, 7, 8)],
    (25, 3, 24, 9),
    (9, 25, 22, 3, 24),
]


def test_the_space_is_every_atom_and_ordered_pair_without_repeats_or_the_identity() -> None:
    atoms = [rule for rule in rules() if rule.kind != "COMPOSITE"]
    names = {tuple(SEEN): "identity"}
    for atom in atoms:
        names.setdefault(tuple(map(atom, SEEN)), atom.name)
    for first, second in itertools.product(atoms, repeat=2):
        made = tuple(second(first(x)) for x in SEEN)
        names.setdefault(made, f"{first.name} then {second.name}")
    assert ["identity", *(rule.name for rule in rules())] == list(names.values())


def test_a_composite_has_the_shifts_and_sorting_of_its_atoms() -> None:
    atoms = {rule.name: rule for rule in rules() if rule.kind != "COMPOSITE"}
    for rule in rules():
        parts = [atoms[name] for name in rule.name.split(" then ")]
        assert [step for part in parts for step in part.steps] == list(rule.steps)
        assert sum(part.shift for part in parts) == rule.shift
        assert any(part.sorts for part in parts) == rule.sorts
        assert rule.level == (parts[0].level if len(parts) == 1 else 3)


def test_the_axis_offers_any_rule_every_kind_and_every_name_once() -> None:
    kinds = list(dict.fromkeys(rule.kind for rule in rules()))
    names = [rule.name for rule in rules() if rule.name not in kinds]
    assert list(rule_kinds()) == kinds
    assert list(rule_choices()) == ["any", *kinds, *names]
    assert all(rule_levels()[rule.name] == rule_levels()[rule.kind] == rule.level for rule in rules())


def test_a_fifth_of_the_compositions_in_use_is_held_out_and_each_can_be_told() -> None:
    usual = range(4, 9)
    held = {rule.name for rule, flag in zip(rules(), held_out_rules().tolist(), strict=True) if flag}
    used = rule_tables().usable[:, 1:].any(axis=1).tolist()
    composed = [rule for rule, there in zip(rules(), used, strict=True) if rule.kind == "COMPOSITE" and there]
    assert len(held) == len(composed) // 5
    assert held <= {rule.name for rule in composed}
    trained = [rule for rule in rules() if rule.name not in held]
    probes = [tuple(range(length))[::step] for length in usual for step in (1, -1)]
    for rule in composed:
        if rule.name in held:  # every trained function differs from it at some length
            assert all(any(rule(x) != other(x) for x in probes) for other in trained)


def test_which_are_held_out_is_decided_by_the_hash_of_the_name() -> None:
    composed = [rule for rule in rules() if rule.kind == "COMPOSITE"]
    order = sorted(composed, key=lambda rule: digest("inducto held out", rule.name))
    held = {rule.name for rule, flag in zip(rules(), held_out_rules().tolist(), strict=True) if flag}
    first = [rule.name for rule in order if rule.name in held]
    last = [rule.name for rule in order].index(first[-1])
    assert last < 1.4 * len(held)  # what lies between them could not be told


def test_a_rule_is_drawn_by_its_kind_first() -> None:
    pools, bits, plain = rule_pools(ALL), RandomBits(3, ()), RandomBits(3, ())
    pool = (1 + RandomBits(4, ()).below(5, 400)).tolist()
    drawn = pools.draw(RandomBits(4, ()).below(5, 400) + 1, bits).tolist()
    kind_words, rule_words = plain.words(400).tolist(), plain.words(400).tolist()
    for number, rule, kind_word, rule_word in zip(pool, drawn, kind_words, rule_words, strict=True):
        kinds = pools.kinds[number]
        kind = kinds[kind_word * len(kinds) >> 32]
        assert rule == kind[rule_word * len(kind) >> 32]


def test_importing_inducto_makes_no_tables() -> None:
    code = """
import synthlm_tasks.inducto
from synthlm_tasks.inducto import choices, lengths, rearrangements
from synthlm_tasks.inducto.space import rules, tables
made = [
    rules.rules, tables.rule_tables, lengths.packed_options,
    rearrangements.rearrangements, choices.rule_choices, choices.rule_pools, choices.held_out_rules,
]
raise SystemExit(sum(function.cache_info().currsize for function in made))
"""
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
