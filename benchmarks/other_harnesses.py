"""inspect_ai and lm-evaluation-harness asking the same questions: what `harness.py` runs as a process.

    python benchmarks/other_harnesses.py NAME BASE_URL IN_FLIGHT QUESTIONS.jsonl

NAME is "inspect_ai" or "lm-eval"; QUESTIONS.jsonl has a line {"input": …, "target": …} a sample. Prints CPU
and wall seconds, imports left out, and megabytes of peak memory. Needs nothing of SynthLM's, so that it may
run in another environment.
"""

import importlib
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

LM_EVAL_TASK = """
task: loopback
dataset_path: json
dataset_kwargs: {data_files: {test: QUESTIONS}}
test_split: test
output_type: generate_until
doc_to_text: "{{input}}"
doc_to_target: "{{target}}"
generation_kwargs: {until: [], max_gen_toks: 2048, temperature: 0.0}
metric_list: [{metric: exact_match}]
"""


def inspect_ai(base_url: str, in_flight: int, questions: Path, folder: Path) -> None:
    """One generation and one match a sample, as its documentation sets up an OpenAI-compatible server."""
    import inspect_ai as package
    from inspect_ai.dataset import MemoryDataset, Sample
    from inspect_ai.scorer import match
    from inspect_ai.solver import generate

    os.environ |= {"LOOPBACK_API_KEY": "sk-loopback", "LOOPBACK_BASE_URL": base_url}
    lines = questions.read_text("utf-8").splitlines()
    task = package.Task(
        MemoryDataset([Sample(**json.loads(line)) for line in lines]), solver=generate(), scorer=match()
    )
    (log,) = package.eval(
        task,
        model="openai-api/loopback/m",
        display="none",
        log_dir=str(folder),
        max_connections=in_flight,
        max_samples=in_flight,
        max_tokens=2048,
        temperature=0.0,
    )
    if log.status != "success":
        raise SystemExit(str(log.error))


def lm_eval(base_url: str, in_flight: int, questions: Path, folder: Path) -> None:
    """A generation task over a JSON file, through its OpenAI-compatible chat model."""
    import lm_eval as package

    os.environ["OPENAI_API_KEY"] = "sk-loopback"
    (folder / "loopback.yaml").write_text(LM_EVAL_TASK.replace("QUESTIONS", str(questions)))
    package.simple_evaluate(
        model="local-chat-completions",
        model_args={
            "model": "m",
            "base_url": f"{base_url}/chat/completions",
            "num_concurrent": in_flight,
            "tokenizer_backend": None,
        },
        tasks=["loopback"],
        task_manager=package.tasks.TaskManager(include_path=str(folder)),
        apply_chat_template=True,
        bootstrap_iters=0,
    )


# What an evaluation would otherwise import on its way.
MODULES = {
    "inspect_ai": "inspect_ai.model._providers.openai_compatible",
    "lm-eval": "lm_eval.models.openai_completions",
}

NAMES: dict[str, Callable[[str, int, Path, Path], None]] = {"inspect_ai": inspect_ai, "lm-eval": lm_eval}


def main() -> None:
    """Ask, and print what it took."""
    name, base_url, in_flight, questions = sys.argv[1:]
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {0})
    with tempfile.TemporaryDirectory() as folder:
        importlib.import_module(MODULES[name])
        cpu, wall = time.process_time(), time.perf_counter()
        NAMES[name](base_url, int(in_flight), Path(questions), Path(folder))
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    status = Path("/proc/self/status").read_text()
    print(cpu, wall, int(status.partition("VmHWM:")[2].split()[0]) / 1024)


if __name__ == "__main__":
    main()
