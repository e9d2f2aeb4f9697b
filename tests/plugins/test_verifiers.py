"""A taskset of verifiers: endless train problems, held-out ones, and our verdict as the reward."""

import itertools
from importlib.util import find_spec
from pathlib import Path

import pytest
from other_harnesses import held_run, run_python

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not find_spec("verifiers"), reason="needs the extra verifiers"),
]

ROLLOUTS = """
import asyncio, json, sys
import verifiers.v1 as vf
from eval_harness.plugins.taskset import SynthLMConfig, SynthLMTaskset

taskset = SynthLMTaskset(SynthLMConfig(split="test", samples=3))
agent = vf.make_agent(vf.AgentConfig(
    harness={"id": "plain_harness"}, runtime={"type": "subprocess"}, model="m",
    client={"type": "eval", "base_url": sys.argv[1], "api_key_var": "NO_KEY"},
))

async def main():
    found = {}
    for task in taskset:
        trace = await agent.run(task)
        found[task.key] = [trace.ok, trace.reward, trace.metrics["no_answer"]]
    print("FOUND" + json.dumps(found))

asyncio.run(main())
"""


def test_the_reward_of_a_rollout_is_the_verdict_of_eval(tmp_path: Path) -> None:
    with held_run(tmp_path, "chat", "reasoning", 3) as held:
        found = run_python(ROLLOUTS, held.url, folder=tmp_path)
    ours, theirs = held.prompts()
    assert ours == theirs
    assert found == {
        name: [True, float(right), float(outcome != "ok")]
        for name, (outcome, _, right) in held.verdicts.items()
    }
    assert len(found) == 36


def test_train_problems_never_end_and_are_of_train_alone() -> None:
    from eval_harness.plugins.taskset import SynthLMConfig, SynthLMTaskset

    taskset = SynthLMTaskset(SynthLMConfig(tasks="dyna", level="easy"))
    keys = [task.key for task in itertools.islice(taskset, 600)]
    assert not taskset.bounded
    assert len(set(keys)) == 600
    assert keys[0] == "dyna_1_train_0"
    assert keys[599] == "dyna_1_train_599"


def test_held_out_problems_end() -> None:
    from eval_harness.plugins.taskset import SynthLMConfig, SynthLMTaskset

    taskset = SynthLMTaskset(SynthLMConfig(config="logic-parity", split="test", samples=5))
    assert taskset.bounded
    assert {task.key.split("_")[2] for task in taskset} == {"test"}
    assert len(list(taskset)) == 15


def test_the_taskset_has_a_name_that_verifiers_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    from eval_harness.plugins.locations import plugin_path

    monkeypatch.syspath_prepend(str(plugin_path("verifiers")))
    import verifiers.v1 as vf

    assert vf.taskset_config_type("synthlm")(level="hard").level == "hard"
