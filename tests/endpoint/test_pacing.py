"""Turns: even starts at the rate, never more in any minute, and a pause for everyone."""

import asyncio
import random
import time
from bisect import bisect_left
from itertools import count, pairwise

import pytest
from virtual_time import run_virtually

from eval_harness.endpoint.pacing import Pacer


def starts(pacer: Pacer, number: int, workers: int = 8, tokens: float = 0) -> list[float]:
    """When so many turns came, asked for by so many workers side by side."""

    async def run() -> list[float]:
        made: list[float] = []
        left = iter(range(number))

        async def work() -> None:
            for _ in left:
                await pacer.acquire(tokens)
                made.append(asyncio.get_running_loop().time())

        await asyncio.gather(*(work() for _ in range(workers)))
        return made

    return run_virtually(run())


def pacer(requests: float = 0, tokens: float = 0) -> Pacer:
    return Pacer(requests, tokens, random.Random(1))


def most_in_a_minute(made: list[float]) -> int:
    return max(bisect_left(made, first + 60) - index for index, first in enumerate(made))


@pytest.mark.parametrize("rate", [1, 7, 60, 600, 2000])
def test_starts_are_even_and_never_above_the_rate_over_any_minute(rate: int) -> None:
    made = starts(pacer(rate), 3 * rate)
    assert made[0] == 0
    gaps = [after - before for before, after in pairwise(made)]
    assert min(gaps) == pytest.approx(max(gaps))
    assert 0.98 * rate <= most_in_a_minute(made) <= rate
    assert len(made) / (made[-1] + gaps[0]) * 60 == pytest.approx(rate, rel=0.005)


def test_late_starts_do_not_let_the_rate_drift_nor_pass_it() -> None:
    chance = random.Random(2)
    paced = pacer(600)
    sleep = paced._sleep

    async def oversleep(seconds: float) -> None:  # as a busy machine does
        await sleep(seconds)
        await asyncio.sleep(chance.choice([0, 0.02, 0.09]))

    paced._sleep = oversleep  # type: ignore[method-assign]
    made = starts(paced, 2000)
    assert most_in_a_minute(made) <= 600
    assert len(made) / made[-1] * 60 == pytest.approx(600, rel=0.01)


def test_time_not_used_is_not_made_up_for() -> None:
    paced = pacer(60)

    async def run() -> list[float]:
        made = []
        for idle in (0, 100, 0, 0):
            await asyncio.sleep(idle)
            await paced.acquire()
            made.append(asyncio.get_running_loop().time())
        return made

    made = run_virtually(run())
    assert [after - before for before, after in pairwise(made)] == pytest.approx([100, 1.003, 1.003])


def test_no_rate_means_no_wait() -> None:
    assert set(starts(pacer(), 1000)) == {0.0}


def test_a_jump_of_the_wall_clock_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    calm = starts(pacer(600), 1200)
    jumps = count()
    monkeypatch.setattr(time, "time", lambda: (-1) ** next(jumps) * 1e9)
    assert starts(pacer(600), 1200) == calm


def test_a_pause_holds_everyone_and_reentry_is_spread() -> None:
    paced = pacer()

    async def run() -> list[float]:
        paced.pause(10, workers=20)
        made: list[float] = []

        async def work() -> None:
            await paced.acquire()
            made.append(asyncio.get_running_loop().time())

        await asyncio.gather(*(work() for _ in range(20)))
        return made

    made = run_virtually(run())
    assert min(made) == 10
    assert 12 < max(made) < 16
    assert len(set(made)) == 20


def test_a_shorter_pause_does_not_end_a_longer_one() -> None:
    paced = pacer()

    async def run() -> float:
        paced.pause(10, workers=1)
        paced.pause(1, workers=1)
        await paced.acquire()
        return asyncio.get_running_loop().time()

    assert run_virtually(run()) == 10


def test_a_pause_that_comes_while_someone_waits_holds_for_it_too() -> None:
    paced = pacer(requests=60)

    async def run() -> float:
        await paced.acquire()
        waiting = asyncio.ensure_future(paced.acquire())
        await asyncio.sleep(0.5)
        paced.pause(30, workers=1)
        await waiting
        return asyncio.get_running_loop().time()

    assert run_virtually(run()) == 30.5


def test_tokens_are_reserved_at_the_rate() -> None:
    made = starts(pacer(tokens=6000), 100, tokens=1000)
    assert [after - before for before, after in pairwise(made)] == pytest.approx([10.03] * 99)


def test_a_settlement_moves_the_next_start_forward_even_for_who_waits_already() -> None:
    paced = pacer(tokens=6000)

    async def run() -> float:
        await paced.acquire(1000)  # 10 s worth
        waiting = asyncio.ensure_future(paced.acquire(1000))
        await asyncio.sleep(1)
        paced.reconcile(1000, 300)  # it took only 3 s worth
        await waiting
        return asyncio.get_running_loop().time()

    assert run_virtually(run()) == pytest.approx(3.009)


def test_a_cancelled_wait_takes_no_turn() -> None:
    paced = pacer(requests=60)

    async def run() -> float:
        await paced.acquire()
        for _ in range(5):
            waiting = asyncio.ensure_future(paced.acquire())
            await asyncio.sleep(0.01)
            waiting.cancel()
        await paced.acquire()
        return asyncio.get_running_loop().time()

    assert run_virtually(run()) == pytest.approx(1.003)
