"""The audit's verdict, command and page: what is inherent has a bound, and everything else fails."""

import json
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from synthlm_tasks import TASKS, catalog, cli
from synthlm_tasks.audit import explained
from synthlm_tasks.audit.audits import run_audit
from synthlm_tasks.audit.explained import Entry, ExplainedList, load_explained
from synthlm_tasks.audit.page import render_page
from synthlm_tasks.audit.registry import heuristics, task_audit
from synthlm_tasks.audit.results import Audit, Distribution, Overlap, Shortcut
from synthlm_tasks.audit.sample import choose_configs, covering_configs
from synthlm_tasks.audit.summary import summarize
from synthlm_tasks.audit.verdict import find_failures, judge_finding
from synthlm_tasks.cli import audit as audit_command


def shortcut(correct: int, total: int = 5000, chance: float = 0.1) -> Shortcut:
    """A heuristic that is right so often."""
    return Shortcut(
        name="last edge",
        kind="heuristic",
        exploits="Answers that stand late.",
        split="test",
        correct=correct,
        total=total,
        chance=chance,
    )


def listing(bound: float, *names: str) -> ExplainedList:
    """A list with one shortcut entry for the Filtro levels."""
    return ExplainedList(shortcut=(Entry(names=names, reason="…", bounds={"filtro-*": bound}),))


@pytest.mark.parametrize(
    ("found", "list_", "verdict"),
    [
        (shortcut(600), ExplainedList(), "passes"),  # 2 points above chance
        (shortcut(601), ExplainedList(), "fails"),
        (shortcut(115, total=600), ExplainedList(), "fails"),
        (shortcut(80, total=600), ExplainedList(), "passes"),  # 3 standard errors are 3.7 points here
        (shortcut(1000), listing(0.2, "last *"), "explained"),
        (shortcut(1001), listing(0.2, "last *"), "fails"),
        (shortcut(1000), listing(0.2, "first *"), "fails"),
        (shortcut(500), listing(0.2, "last *"), "passes"),
    ],
)
def test_a_shortcut_may_beat_chance_a_little_or_as_far_as_it_is_explained(
    found: Shortcut, list_: ExplainedList, verdict: str
) -> None:
    assert judge_finding("filtro-easy", found, list_) == verdict


@pytest.mark.parametrize(
    ("right", "total", "samples", "verdict"),
    [
        (1001, 5000, 25_000, "fails"),  # 20% is the bound
        (1001, 5000, 100_000, "fails"),
        (27, 100, 500, "explained"),  # 3 standard errors are 12 points, of which the bound covers 1.7
        (30, 100, 500, "explained"),
        (31, 100, 500, "fails"),
    ],
)
def test_a_bound_leaves_room_for_luck_where_rows_are_fewer_than_it_is_for(
    right: int, total: int, samples: int, verdict: str
) -> None:
    found = shortcut(right, total=total)
    assert judge_finding("filtro-easy", found, listing(0.2, "last *"), samples) == verdict
    few = Distribution(name="depth", split="test", rows=100, p=0.5, farthest=0.3)
    entry = Entry(names=("depth",), reason="…", bounds={"logic-easy": 0.02})
    known = ExplainedList(distribution=(entry,))
    assert judge_finding("logic-easy", few, known, samples) == ("passes" if samples == 500 else "fails")


def test_shares_that_are_off_fail_unless_they_are_explained() -> None:
    odd = Distribution(name="depth", split="test", rows=5000, p=1e-5, farthest=0.1)
    assert judge_finding("logic-easy", odd, ExplainedList()) == "fails"
    entry = Entry(names=("depth",), reason="…", bounds={"logic-easy": 0.12})
    assert judge_finding("logic-easy", odd, ExplainedList(distribution=(entry,))) == "explained"
    assert judge_finding("logic-easy", odd, ExplainedList(shortcut=(entry,))) == "fails"


def test_the_list_names_configs_and_tricks_that_exist() -> None:
    audited = choose_configs([])
    tricks = {trick.name for config in audited for trick in heuristics(config)}
    tricks |= {"bag of tokens", "1-3-grams", "boosted counts and places", "network on places"}
    tricks |= {f"answers before query {number}" for number in range(2, 11)}
    for entry in load_explained().shortcut:
        for name in entry.names:
            assert any(fnmatchcase(trick, name) for trick in tricks), name
        for pattern in entry.bounds:
            assert any(fnmatchcase(config, pattern) for config in audited), pattern


def test_every_config_is_audited_or_mixed_from_those_that_are() -> None:
    audited = choose_configs([])
    assert set(covering_configs()) == set(catalog.configs())
    assert len(audited) == 51
    assert covering_configs()["dyna"] == ("dyna-easy", "dyna-medium", "dyna-hard")
    assert covering_configs()["logic-parity"] == ("logic-parity",)
    assert choose_configs(["all-easy", "dyna-easy"]) == [
        "dyna-easy",
        "inducto-easy",
        "filtro-easy",
        "logic-easy",
    ]


def test_every_trick_says_what_it_would_exploit() -> None:
    for config in choose_configs([]):
        for trick in heuristics(config):
            assert trick.exploits.endswith(".")
            assert "\n" not in trick.exploits


@pytest.fixture(scope="module")
def small() -> Audit:
    return run_audit(["filtro-recall-easy", "dyna-easy"], samples=500, seed=3)


@pytest.mark.parametrize(
    ("promised", "known", "fails"), [(True, 1, True), (True, 0, False), (False, 9, False)]
)
def test_a_known_row_fails_the_audit_where_none_is_promised(
    small: Audit, promised: bool, known: int, fails: bool
) -> None:
    found = Overlap(name="one cycle", train=80, rows=20, known=known, promised_new=promised)
    audited = small.configs[0].model_copy(update={"overlaps": (found,)})
    complaints = [one for one in find_failures(audited, load_explained()) if "known from train" in one]
    assert complaints == [f"{known} of 20 rows of test are known from train by one cycle"] * fails


def test_every_task_names_what_may_be_called_the_same_problem(small: Audit) -> None:
    for task in TASKS:
        notions = task_audit(task).notions
        assert len(notions) >= 2
        assert any(notion.promised_new for notion in notions)
    walk = {one.name: one.share for one in small.configs[0].overlaps}["walk from node to answer"]
    assert 0 < walk < 1  # one hop between two of 24 names, 552 in all
    assert summarize(small, load_explained()).overlaps["filtro-recall-easy"]["cycle"] == 0


@pytest.mark.slow  # workers have much to import
def test_an_audit_is_the_same_for_any_number_of_workers(small: Audit) -> None:
    assert run_audit(["filtro-recall-easy", "dyna-easy"], samples=500, seed=3, workers=2) == small


def test_an_entry_that_nothing_needs_is_told(small: Audit) -> None:
    assert listing(1.0, "one hop").unused(small.configs) == []
    assert listing(1.0, "hub").unused(small.configs) == ["hub on filtro-*"]
    assert listing(1.0, "no such trick").unused(small.configs) == []


def test_the_page_needs_nothing_else_and_says_what_is_wrong(small: Audit) -> None:
    small = small.model_copy(update={"configs": small.configs[:1]})
    sound, faulty = render_page(small, load_explained()), render_page(small, ExplainedList())
    for made in (sound, faulty):
        assert "<script" not in made
        assert "http://" not in made.replace("http://www.w3.org", "")
        assert "https://" not in made
        assert made.count("<svg") == 2
    assert "Every invariant holds" in sound
    complaints = find_failures(small.configs[0], ExplainedList())
    assert complaints
    assert "one hop" in faulty
    assert "Every invariant holds" not in faulty


def test_the_command_writes_the_audit_and_exits_by_the_verdict(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    command = [
        "audit",
        "filtro-recall-easy",
        "--samples",
        "500",
        "--seed",
        "3",
        "--output-dir",
        str(tmp_path),
    ]
    assert cli.main(command) == 0
    assert "filtro-recall-easy" in capsys.readouterr().out
    written = Audit.model_validate_json((tmp_path / "audit.json").read_text("utf-8"))
    assert [config.config for config in written.configs] == ["filtro-recall-easy"]
    assert (tmp_path / "audit.html").read_text("utf-8").startswith("<!doctype html>")
    monkeypatch.setattr(explained, "load_explained", ExplainedList)
    assert cli.main(command) == 1
    assert "shortcut 'one hop' answers 100.0% of test" in capsys.readouterr().out
    monkeypatch.setattr(explained, "load_explained", lambda: listing(1.0, "hub"))
    assert cli.main(command) == 1
    assert "no longer needed" not in capsys.readouterr().out  # so few rows do not tell
    monkeypatch.setattr(audit_command, "SAMPLES", 500)
    assert cli.main(command) == 1
    assert "no longer needed in explained.toml: hub on filtro-*" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["no-such-config"], "CONFIG 'no-such-config': expected one of dyna-easy"),
        (["dyna-easy", "--samples", "5"], "--samples 5: expected a whole number of at least 100"),
        (["dyna-easy", "--seed", "-1"], "--seed -1"),
        (["dyna-easy", "--num-proc", "0"], "--num-proc 0"),
    ],
)
def test_wrong_usage_is_refused(
    arguments: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["audit", *arguments, "--output-dir", str(tmp_path)]) == 2
    assert message in capsys.readouterr().err


def test_results_survive_json(small: Audit) -> None:
    assert Audit.model_validate(json.loads(small.model_dump_json())) == small
