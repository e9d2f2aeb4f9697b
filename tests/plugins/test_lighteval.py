"""lighteval asks and judges as `synthlm eval` does, with custom tasks that are found by name."""

import json
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from other_harnesses import WAYS, held_run, run_beside

from eval_harness.plugins.choices import can_be_chosen, configs_of_choices
from eval_harness.plugins.lighteval_rows import make_rows, task_names
from eval_harness.plugins.questions import PluginError, choose_questions

NEEDED = pytest.mark.skipif(
    not (find_spec("lighteval") and find_spec("litellm")), reason="needs the extra lighteval"
)

HELPERS = Path(__file__).parents[1] / "helpers"
SERVED_TEXTS = HELPERS / "lighteval_texts.py"

TASKS = "from eval_harness.plugins.lighteval_tasks import make_tasks\nTASKS_TABLE = make_tasks({})\n"


def lighteval(
    folder: Path, backend: list[str], tasks: str, choices: str, **environment: str
) -> dict[str, Any]:
    """Run tasks made with these arguments; returns the file of results, rows by task beside it."""
    (folder / "my_tasks.py").write_text(TASKS.format(choices), "utf-8")
    printed = run_beside(
        Path(sys.executable).name, str(HELPERS / "lighteval_offline.py"), *backend, tasks,
        "--custom-tasks", "my_tasks.py", "--output-dir", "out", "--save-details",
        folder=folder, LITELLM_LOCAL_MODEL_COST_MAP="True", OMP_NUM_THREADS="1", **environment,
    )  # fmt: skip
    (path,) = (folder / "out" / "results").rglob("results_*.json")
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    details = (folder / "out" / "details").rglob("details_*.parquet")
    found["rows"] = {
        path.name.removeprefix("details_").rpartition("_")[0]: pq.read_table(path).to_pylist()
        for path in details
    }
    found["printed"] = printed
    return found


def test_every_config_has_a_name_and_levels_have_one_for_all() -> None:
    assert list(task_names("dyna-grid")) == [("synthlm_dyna_grid", "")]
    assert list(task_names("logic-easy")) == [("synthlm_logic_easy", ""), ("synthlm_levels", ":logic_easy")]


@pytest.mark.parametrize(("endpoint", "mode"), WAYS)
@pytest.mark.parametrize("shots", [0, 2])
def test_lighteval_is_given_the_prompts_of_eval(endpoint: str, mode: str, shots: int) -> None:
    chosen = {"config": "filtro-hard", "endpoint": endpoint, "mode": mode, "samples": 5, "seed": 7}
    made = make_rows("synthlm_filtro_hard", chosen, shots)
    asked = list(choose_questions(**chosen, shots=shots).ask())
    before = [
        {"role": role, "content": said}
        for shot in made.shots
        for role, said in (("user", shot["query"]), ("assistant", shot["choices"][0]))
    ]
    built = [[*before, {"role": "user", "content": row["query"]}] for row in made.rows]
    assert built == [question.turns for question in asked]
    assert len(made.shots) == (shots if endpoint == "chat" else 0)
    for row, question in zip(made.rows, asked, strict=True):
        told = row["specific"] or {}
        assert row["choices"] == [question.sample.target]
        assert (told["sample_id"], told["target"]) == (question.sample.sample_id, question.sample.target)


def test_rows_that_do_not_share_their_examples_are_refused_with_what_to_ask_for() -> None:
    chosen = {"config": "dyna", "endpoint": "chat", "samples": 1}
    assert len(make_rows("synthlm_dyna", chosen, 0).rows) == 3
    assert len(make_rows("synthlm_dyna", {**chosen, "endpoint": "completions"}, 2).rows) == 3
    with pytest.raises(PluginError, match=r"synthlm_dyna\|2: .* or for synthlm_levels\|2"):
        make_rows("synthlm_dyna", chosen, 2)


def test_every_possible_answer_is_listed_after_a_space_where_a_text_goes_on() -> None:
    chosen = {"config": "logic-easy", "mode": "direct", "samples": 8, "choices": True}
    texts = make_rows("synthlm_logic_easy_mc", {**chosen, "endpoint": "completions"}, 4).rows
    assert all(row["choices"] == [" 0", " 1"] and row["query"].endswith("->") for row in texts)
    chats = make_rows("synthlm_logic_easy_mc", {**chosen, "endpoint": "chat"}, 0).rows
    assert all(row["choices"] == ["0", "1"] for row in chats)
    for row in chats:
        assert row["choices"][row["gold_index"]] == (row["specific"] or {})["target"]


def test_configs_of_listed_answers_are_known_without_looking() -> None:
    listed = configs_of_choices()
    for config in ("logic-easy", "dyna-hard", "inducto-easy"):
        assert (config in listed) == can_be_chosen(config)


@NEEDED
@pytest.mark.slow
@pytest.mark.parametrize(("endpoint", "mode"), WAYS)
def test_every_row_gets_the_verdict_of_eval(endpoint: str, mode: str, tmp_path: Path) -> None:
    choices = f"{endpoint=}, {mode=}, samples=20"
    with held_run(tmp_path, endpoint, mode, 20) as held:
        if endpoint == "chat":
            model = f"model_name=openai/m,base_url={held.url},api_key=none"
            found = lighteval(tmp_path, ["endpoint", "litellm", model], "synthlm_levels", choices)
        else:  # with as many examples as `synthlm eval` shows there
            backend, tasks = ["custom", "m", str(SERVED_TEXTS)], "synthlm_levels|4"
            found = lighteval(tmp_path, backend, tasks, choices, MOCK_BASE_URL=held.url)
    ours, theirs = held.prompts()
    assert ours == theirs
    rows = [row for rows in found["rows"].values() for row in rows]
    verdicts = {
        row["doc"]["specific"]["sample_id"]: (row["metric"]["acc"], row["metric"]["no_answer"])
        for row in rows
    }
    assert len(rows) == len(verdicts) == 240
    # It does not pass on how a reply ended: one cut off or refused is one with no answer here.
    assert {outcome for outcome, _, _ in held.verdicts.values()} >= {"ok", "no_answer", "truncated"}
    assert verdicts == {
        name: (float(right), float(outcome != "ok")) for name, (outcome, _, right) in held.verdicts.items()
    }
    summary = json.loads((held.run / "summary.json").read_text())["by_task"]["dyna"]["by_difficulty"]["3"]
    (told,) = [result for name, result in found["results"].items() if "dyna_hard" in name]
    assert told["acc"] == pytest.approx(summary["accuracy"])
    assert told["chance"] == pytest.approx(summary["chance"])
    assert "|synthlm_levels:dyna_hard" in found["printed"]


@NEEDED
@pytest.mark.slow
@pytest.mark.skipif(not find_spec("torch"), reason="needs torch")
def test_a_base_model_is_scored_by_the_likelihood_of_every_answer(tmp_path: Path) -> None:
    from tiny_llama import model, tokenizer

    words = tokenizer()
    model(words).save_pretrained(tmp_path / "tiny")
    words.chat_template = None
    words.save_pretrained(tmp_path / "tiny")
    tasks = "synthlm_logic_easy_mc,synthlm_dyna_easy_mc"
    backend = ["accelerate", "model_name=tiny,batch_size=8"]
    found = lighteval(tmp_path, backend, tasks, "endpoint='completions', samples=20")
    assert found["results"]["synthlm_logic_easy_mc|0"]["chance"] == 0.5
    for name, rows in found["rows"].items():
        assert len(rows) == 20
        right = []
        for row in rows:
            doc, scores = row["doc"], row["model_response"]["logprobs"]
            assert len(scores) == len(doc["choices"])
            best = doc["choices"][scores.index(max(scores))]
            right.append(float(best == " " + doc["specific"]["target"]))
        assert [row["metric"]["acc"] for row in rows] == right
        assert found["results"][name]["acc"] == pytest.approx(sum(right) / 20)
