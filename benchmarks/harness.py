"""`synthlm eval` beside bare httpx, inspect_ai and lm-eval: same questions, one loopback server.

    python benchmarks/harness.py [--in-flight 10 64 256] [--latency 0 0.2] [--repeats 3] [--seconds 6]
                                 [--others PYTHON] [--only NAME …]
    python benchmarks/harness.py --samples 100000

Bare httpx sends the very bodies that the evaluation sends, in the three ways of `endpoint_client.py` that owe
nothing to the harness. inspect_ai and lm-eval ask the same questions, each as its documentation says, where
PYTHON (by default this one) has them. Contenders take turns, each in a fresh process on the first core, the
server on the last; the best of the repeats counts, since what disturbs a run only ever makes it slower.

- requests/s: counted by the server, from the first request to the last reply.
- samples/s: of the whole evaluation, from the questions to the written result; imports are left out.
- CPU, in seconds per 1,000 requests: of all that, for bare httpx of asking alone.
- p99: of the latency that the contender itself measured.

With --samples one evaluation of that many samples against an instant server, and its memory on the way.
"""

import argparse
import asyncio
import itertools
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, Final

from endpoint_client import workers
from loopback_server import pin, served, tally

from eval_harness.endpoint.client import Client
from eval_harness.evaluation.evaluation import evaluate, new_run, planned_cells
from eval_harness.runs.journal import read_records
from eval_harness.runs.prompts import make_prompts
from eval_harness.runs.samples import iter_samples
from eval_harness.runs.settings import RunSettings, client_settings, new_settings

EVAL: Final = "synthlm eval"
BARE: Final = ("httpx, one client", "httpx, a client per worker", "httpx, last used first")
OTHERS: Final = ("inspect_ai", "lm-eval")
USUAL: Final = 1200  # requests/s to plan for; fewer for what is slow or collapses
SLOW: Final = {BARE[0]: 100, "inspect_ai": 300, "lm-eval": USUAL}  # asked only `--slow-repeats` times
COMBOS: Final = 12  # tasks times levels


def chosen_choices(base_url: str, in_flight: int, samples: int) -> RunSettings:
    """An evaluation of about so many samples, over all tasks and levels."""
    return new_settings(
        {
            "base_url": base_url,
            "model": "m",
            "samples_per_combo": -(-samples // COMBOS),
            "requests_per_minute": 0,
            "max_concurrent": in_flight,
        }
    )


def peak() -> float:
    """Most megabytes of memory that this process has held."""
    # Not ru_maxrss, which on Linux is never less than what the parent held at the start.
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def p99(values: list[float]) -> float:
    """The 99th percentile."""
    return statistics.quantiles(values, n=100)[98]


def evaluated(base_url: str, in_flight: int, samples: int) -> dict[str, float]:
    """Run `synthlm eval` from plan to summary, as the command does once its options are read."""
    settings = chosen_choices(base_url, in_flight, samples)
    sizes: list[float] = []
    wall = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder, new_run(settings, Path(folder)) as run:
        rows, before = sum(cell.rows.nbytes for cell in run.cells), peak()
        started = time.process_time()
        ending = evaluate(run, Client(client_settings(settings, None, {})), lambda: sizes.append(peak()))
        cpu, wall = time.process_time() - started, time.perf_counter() - wall
        sizes.append(peak())
        if ending.exit_code:
            raise SystemExit(f"not all was scored: {ending.summary['overall']}")
        latencies = [
            record.latency_ms for record in read_records(Path(folder)) if record.latency_ms is not None
        ]
    found = {"cpu": cpu, "wall": wall, "p99": p99(latencies), "before": before, "rows": rows / 2**20}
    return {**found, "early": sizes[len(sizes) // 10], "peak": sizes[-1]}


async def asked(name: str, base_url: str, in_flight: int, samples: int) -> dict[str, float]:
    """Send the evaluation's bodies with bare httpx."""
    settings = chosen_choices(base_url, in_flight, samples)
    cells = planned_cells(settings)
    made = make_prompts(settings, cells)
    bodies = [json.dumps(made.body(sample)).encode() for sample in iter_samples(cells, 1)]
    latencies: list[float] = []
    async with AsyncExitStack() as stack:
        asks = await workers(name, base_url, in_flight, stack, itertools.cycle(bodies))
        left = iter(range(len(bodies)))
        started = time.process_time()

        async def work(place: int) -> None:
            for _ in left:
                sent = time.perf_counter()
                await asks[place]()
                latencies.append((time.perf_counter() - sent) * 1000)

        await asyncio.gather(*(work(place) for place in range(in_flight)))
        cpu = time.process_time() - started
    return {"cpu": cpu, "p99": p99(latencies), "peak": peak()}


def other(python: str, name: str, base_url: str, in_flight: int, samples: int) -> dict[str, float] | None:
    """Run another harness; None where it is not installed."""
    module = {"inspect_ai": "inspect_ai", "lm-eval": "lm_eval"}[name]
    looked = subprocess.run(
        [python, "-c", f"import importlib.util as u, sys; sys.exit(not u.find_spec('{module}'))"]
    )
    if looked.returncode:
        return None
    settings = chosen_choices(base_url, in_flight, samples)
    cells = planned_cells(settings)
    made = make_prompts(settings, cells)
    with tempfile.TemporaryDirectory() as folder:
        questions = Path(folder, "questions.jsonl")
        with questions.open("w", encoding="utf-8") as file:
            for sample in iter_samples(cells, 1):
                text = made.body(sample)["messages"][-1]["content"]
                file.write(json.dumps({"input": text, "target": sample.target}) + "\n")
        command = [
            python,
            str(Path(__file__).with_name("other_harnesses.py")),
            name,
            base_url,
            str(in_flight),
            str(questions),
        ]
        out = subprocess.run(
            command, check=True, capture_output=True, text=True, env={**os.environ, "HF_HOME": folder}
        )
    cpu, wall, most = map(float, out.stdout.split()[-3:])
    return {"cpu": cpu, "wall": wall, "peak": most}


def measured(name: str, base_url: str, in_flight: int, samples: int, python: str) -> dict[str, float] | None:
    """One contender once, in a process of its own; with the server's count of requests and seconds."""
    tally(base_url)
    if name in OTHERS:
        found = other(python, name, base_url, in_flight, samples)
    else:
        command = [sys.executable, __file__, "--one", base_url, "--only", name]
        command += ["--in-flight", str(in_flight), "--samples", str(samples)]
        out = subprocess.run(command, check=True, capture_output=True, text=True)
        found = json.loads(out.stdout)
    count, seconds, most = tally(base_url)
    if found is None:
        return None
    if count != -(-samples // COMBOS) * COMBOS:
        raise SystemExit(f"{name}: {count} requests")
    if most > in_flight:
        raise SystemExit(f"{name}: {most:g} requests in flight at a time")
    whole = {"whole": count / found["wall"]} if "wall" in found else {}
    return {**found, **whole, "rate": count / seconds, "cpu": found["cpu"] / count * 1000}


def best(runs: list[dict[str, float]]) -> dict[str, float]:
    """The best of every measure."""
    return {key: (max if key in ("rate", "whole") else min)(run[key] for run in runs) for key in runs[0]}


def table(chosen: argparse.Namespace) -> Iterator[str]:
    """The lines of the comparison's table."""
    yield "| server | in flight | contender | requests/s | samples/s | CPU s per 1,000 | p99, ms | peak, MB |"
    yield "|---|---:|---|---:|---:|---:|---:|---:|"
    for latency, in_flight in itertools.product(chosen.latency, chosen.in_flight):
        told = f"{1000 * latency:g} ms" if latency else "instant"
        runs: dict[str, list[dict[str, float]]] = {}
        with served(latency) as base_url:
            for _, name in itertools.product(range(chosen.repeats), chosen.only):
                if name in SLOW and len(runs.get(name, ())) >= chosen.slow_repeats:
                    continue
                rate, most = SLOW.get(name, USUAL), in_flight / latency if latency else USUAL
                samples = max(int(chosen.seconds * min(rate, most)), 2 * in_flight)
                found = measured(name, base_url, in_flight, samples, chosen.others)
                if found is not None:
                    runs.setdefault(name, []).append(found)
        for name, found_runs in runs.items():
            found = best(found_runs)
            whole, late = (f"{found[key]:,.0f}" if key in found else "" for key in ("whole", "p99"))
            numbers = f"{found['rate']:,.0f} | {whole} | {found['cpu']:.2f} | {late} | {found['peak']:,.0f}"
            yield f"| {told} | {in_flight} | {name} | {numbers} |"
        verdict(told, in_flight, {name: best(found) for name, found in runs.items()})


def verdict(told: str, in_flight: int, found: dict[str, dict[str, float]]) -> None:
    """How `synthlm eval` stands to the others, on stderr beside the table."""
    if EVAL not in found:
        return
    ours, bare = found[EVAL], [found[name] for name in BARE if name in found]
    parts = []
    if bare:
        fastest = max(bare, key=lambda one: one["rate"])
        parts.append(f"{ours['rate'] / fastest['rate']:.2f} of bare httpx's best rate")
        parts.append(f"{ours['cpu'] / fastest['cpu']:.2f} of that one's CPU")
    for name in OTHERS:
        if name in found:
            rate, whole = (ours[key] / found[name][key] for key in ("rate", "whole"))
            parts.append(f"{rate:.1f} × requests/s and {whole:.1f} × samples/s of {name}")
    print(f"{told}, {in_flight} in flight: {', '.join(parts)}", file=sys.stderr, flush=True)


def large(samples: int) -> None:
    """One large evaluation, and its memory on the way."""
    with served(0.0) as base_url:
        found: Any = measured(EVAL, base_url, 256, samples, "")
    speed = f"{found['rate']:,.0f} requests/s, {found['cpu']:.2f} CPU s per 1,000"
    print(f"{samples:,} samples, 256 in flight: {speed}")
    print(
        f"memory: {found['before']:,.0f} MB before the first request ({found['rows']:,.0f} MB of it rows), "
        f"{found['early']:,.0f} MB after a tenth of the time, {found['peak']:,.0f} MB at the end"
    )


def main() -> None:
    """Measure all, or, in the processes that this starts, one."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    everything = (EVAL, *BARE, *OTHERS)
    parser.add_argument("--in-flight", type=int, nargs="+", default=[10, 64, 256])
    parser.add_argument("--latency", type=float, nargs="+", default=[0.0, 0.2])
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--slow-repeats", type=int, default=1, help=f"of {', '.join(SLOW)}")
    parser.add_argument("--seconds", type=float, default=6.0, help="about how long one run takes")
    parser.add_argument("--others", default=sys.executable, help="Python that has inspect_ai and lm-eval")
    parser.add_argument("--only", nargs="+", default=everything, settings=everything)
    parser.add_argument("--samples", type=int)
    parser.add_argument("--one", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.one:
        pin(0)
        name, in_flight = chosen.only[0], chosen.in_flight[0]
        if name == EVAL:
            found = evaluated(chosen.one, in_flight, chosen.samples)
        else:
            found = asyncio.run(asked(name, chosen.one, in_flight, chosen.samples))
        print(json.dumps(found))
    elif chosen.samples:
        large(chosen.samples)
    else:
        for line in table(chosen):
            print(line, flush=True)


if __name__ == "__main__":
    main()
