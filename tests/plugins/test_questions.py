"""What plugins ask is what `synthlm eval` asks."""

import subprocess
import sys

import pytest

from eval_harness.plugins.questions import PluginError, choose_questions, judge_reply
from eval_harness.runs.prompts import make_prompts
from eval_harness.runs.samples import generate_cells, iter_samples
from eval_harness.runs.settings import new_settings
from synthlm_tasks.catalog import configs
from synthlm_tasks.errors import SpaceError


@pytest.mark.parametrize("endpoint", ["chat", "completions"])
@pytest.mark.parametrize("mode", ["reasoning", "direct"])
def test_a_level_is_asked_as_eval_asks_it(endpoint: str, mode: str) -> None:
    chosen = {"endpoint": endpoint, "mode": mode, "seed": 7}
    asked = list(choose_questions("filtro", "hard", samples=3, **chosen).ask())
    told = {"base_url": "http://x/v1", "model": "m", "tasks": ["filtro"], "difficulties": [3], **chosen}
    settings = new_settings({**told, "samples_per_combo": 3})
    cells = generate_cells(settings)
    prompts = make_prompts(settings, cells)
    said = "messages" if endpoint == "chat" else "prompt"
    samples = list(iter_samples(cells, 1))
    assert [question.sample for question in asked] == samples
    assert [question.body[said] for question in asked] == [prompts.body(sample)[said] for sample in samples]


def test_a_completion_is_one_message_of_a_user() -> None:
    (question,) = choose_questions(
        "logic", 1, samples=1, endpoint="completions", mode="direct", shots=0
    ).ask()
    assert question.turns == [{"role": "user", "content": question.sample.input_text}]


@pytest.mark.parametrize(("config", "cells"), [("dyna-grid", 3), ("logic-parity", 3), ("all", 12)])
def test_named_configs_can_be_asked_a_mixture_by_its_levels(config: str, cells: int) -> None:
    assert config in configs()
    asked = list(choose_questions(config=config, samples=2 if cells > 3 else 60, shots=0).ask())
    assert len({(question.sample.config, question.sample.difficulty) for question in asked}) == cells
    assert all("_test_" in question.sample.sample_id and 0 < question.chance < 1 for question in asked)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"task": "dyno"}, "task='dyno': expected one of dyna, inducto, filtro, logic; did you mean 'dyna'?"),
        (
            {"task": "dyna", "level": "harder"},
            "level='harder': expected 1, 2, 3 or one of easy, medium, hard",
        ),
        ({"task": "dyna", "level": 1, "config": "dyna-grid"}, "level=1: config='dyna-grid' has its own"),
        ({"task": "logic", "config": "dyna-grid"}, "config='dyna-grid': expected one of logic-easy, "),
        ({"task": "dyna", "mode": "slow"}, "mode='slow': input should be 'reasoning' or 'direct'"),
        ({"task": "dyna", "samples": 0}, "samples=0: input should be greater than or equal to 1"),
    ],
)
def test_what_cannot_be_asked_is_told_by_its_argument(given: dict[str, object], message: str) -> None:
    with pytest.raises(PluginError) as error:
        choose_questions(**given)
    assert message in str(error.value)


def test_too_few_distinct_problems_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise SpaceError("ask for fewer rows")

    monkeypatch.setattr("eval_harness.plugins.questions.generate_cells", fail)
    with pytest.raises(PluginError, match="ask for fewer rows"):
        list(choose_questions("logic").ask())


def test_a_reply_is_judged_with_what_is_known_of_it() -> None:
    assert judge_reply("dyna", "B", "ANSWER: B").is_correct
    assert judge_reply("dyna", "B", "I think", finish_reason="length").outcome == "truncated"
    assert judge_reply("dyna", "B", "", refusal="No.").outcome == "refused"
    assert judge_reply("dyna", "B", "", reasoning="ANSWER: B", finish_reason="stop").source == "reasoning"
    assert judge_reply("dyna", "B", "B\n\nSTATE").outcome == "no_answer"
    assert judge_reply("dyna", "B", "B\n\nSTATE", "completions").is_correct


def test_nothing_heavy_is_imported_before_it_is_used() -> None:
    others = ("inspect_ai", "lm_eval", "lighteval", "verifiers", "trl", "reasoning_gym", "torch", "datasets")
    script = (
        "import sys; from synthlm_tasks.cli import main; main(['--version']); "
        "import eval_harness.plugins.reward, eval_harness.plugins.adaptive, eval_harness.plugins.finished; "
        f"print([name for name in {others!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
