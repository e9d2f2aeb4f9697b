"""Rate limits, concurrency and waiting, seen from the server's side."""

import asyncio
import time
from collections.abc import Callable
from email.utils import formatdate
from itertools import count, pairwise

import pytest
from raw_server import Action, RawServer, chat, http, sends
from scripted import BODY
from sockets import asked, client_of, only

from eval_harness.records import Failure, Reply

WHOLE = chat()


def limited(**headers: str) -> bytes:
    return http(429, {"error": {"message": "slow down", "code": "rate_limit_exceeded"}}, **headers)


def dated(ahead: int, *, own_clock: float = 0) -> Action:
    """A 429 with a date, by a server whose clock is so many seconds off."""

    async def act(writer: asyncio.StreamWriter) -> None:
        now = int(time.time()) + own_clock
        until = formatdate(now + ahead, usegmt=True)
        writer.write(limited(retry_after=until, date=formatdate(now, usegmt=True)))

    return act


@pytest.mark.parametrize(
    ("storm", "wait"),
    [
        pytest.param(sends(limited(retry_after="1")), 1.0, id="seconds"),
        pytest.param(sends(limited(retry_after="0.3")), 0.3, id="fraction"),
        pytest.param(sends(limited(retry_after_ms="300", retry_after="9")), 0.3, id="milliseconds"),
        pytest.param(dated(1), 1.0, id="date"),
        pytest.param(dated(1, own_clock=-9999), 1.0, id="date by another clock"),
        pytest.param(sends(limited()), 0.0, id="absent"),
        pytest.param(sends(limited(retry_after="soon")), 0.0, id="nonsense"),
        pytest.param(sends(limited(retry_after="-5")), 0.0, id="negative"),
    ],
)
def test_a_storm_of_429_pauses_everyone_and_loses_no_sample(storm: Action, wait: float) -> None:
    results, server = asked(*[storm] * 4, sends(WHOLE), times=20, max_concurrent=4, max_retries=0)
    assert all(isinstance(result, Reply) for result in results)
    assert sum(result.attempts for result in results) == len(server.requests) == 24
    # The first four were on their way together; whoever comes next has waited as long as was asked.
    assert server.starts[4] - server.starts[0] >= wait
    assert server.starts[4] - server.starts[3] >= wait * 0.9


def test_429_spends_time_rather_than_attempts() -> None:
    storm = sends(limited(retry_after_ms="20"))
    results, server = asked(*[storm] * 30, sends(WHOLE), max_retries=1, longest_backoff=0.02, patience=5.0)
    reply = only(results)
    assert isinstance(reply, Reply)
    assert reply.attempts == len(server.requests) == 31
    failed, server = asked(storm, max_retries=9, longest_backoff=0.02, patience=0.1)
    assert only(failed) == Failure("HTTP 429: slow down", attempts=len(server.requests))
    assert 3 <= len(server.requests) <= 6


def test_a_wait_beyond_our_patience_is_not_waited() -> None:
    for answer in (limited(retry_after="86400"), http(503, "down", retry_after="86400")):
        results, server = asked(sends(answer), patience=60.0)
        failure = only(results)
        assert isinstance(failure, Failure)
        assert "(asks to wait 86,400 s; our patience is 60 s)" in failure.error
        assert len(server.requests) == 1


def test_no_more_than_the_bound_is_ever_in_flight() -> None:
    slow = sends(WHOLE, after=0.02)
    bumpy = [slow, sends(http(500), after=0.01), sends(limited(), after=0.01)] * 10
    results, server = asked(*bumpy, slow, times=60, max_concurrent=7)
    assert all(isinstance(result, Reply) for result in results)
    assert server.most_in_flight == 7
    assert server.connections <= 7


def test_a_sample_that_waits_for_its_retry_leaves_its_place_to_others() -> None:
    busy = sends(http(503, "busy", retry_after_ms="300"))
    results, server = asked(busy, sends(WHOLE), times=5, max_concurrent=1)
    assert [result.attempts for result in results] == [2, 1, 1, 1, 1]
    assert server.starts[4] - server.starts[0] < 0.3 <= server.starts[5] - server.starts[0]


def test_starts_are_even_on_the_wire_and_retries_take_their_turn() -> None:
    answers = [sends(WHOLE), sends(http(500))] * 10
    results, server = asked(*answers, sends(WHOLE), times=20, requests_per_minute=1200, max_concurrent=5)
    assert all(isinstance(result, Reply) for result in results)
    assert len(server.requests) == 30
    gaps = sorted(after - before for before, after in pairwise(server.starts))
    assert gaps[len(gaps) // 2] == pytest.approx(0.05, abs=0.02)
    assert 29 * 0.05 - 0.2 <= server.starts[-1] - server.starts[0] < 2.5


def test_waiting_for_a_turn_costs_nothing_of_an_attempts_time() -> None:
    results, server = asked(
        sends(WHOLE, after=0.01), times=3, requests_per_minute=120, timeout=0.3, max_retries=0
    )
    assert [type(result) for result in results] == [Reply] * 3
    assert server.starts[-1] - server.starts[0] > 0.7
    assert all(result.latency_ms < 300 for result in results if isinstance(result, Reply))


def test_a_reply_settles_the_tokens_that_were_reserved() -> None:
    usage = {"prompt_tokens": 5, "completion_tokens": 5}
    short = {"choices": [{"message": {"content": "ANSWER: C"}}], "usage": usage}
    # Reserved are about 2,060 tokens each, which is two seconds' worth, six before the last; used are 10.
    results, server = asked(sends(http(200, short)), times=4, tokens_per_minute=60_000)
    assert len(server.requests) == len(results) == 4
    assert server.starts[-1] - server.starts[0] < 4


@pytest.mark.parametrize("jump", [-1e6, 1e6])
def test_a_jump_of_the_wall_clock_neither_hurries_nor_holds_up(
    jump: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns = count()
    real: Callable[[], float] = time.time
    monkeypatch.setattr(time, "time", lambda: real() + jump * next(turns))
    storm = sends(limited(retry_after_ms="200"))
    results, server = asked(storm, sends(WHOLE), times=3, requests_per_minute=1200, max_concurrent=1)
    assert [result.attempts for result in results] == [2, 1, 1]
    assert all(0 < result.latency_ms < 1000 for result in results if isinstance(result, Reply))
    assert 0.2 <= server.starts[-1] - server.starts[0] < 1.5


def test_stop_lets_what_is_in_flight_finish_and_cancels_the_rest() -> None:
    async def run() -> None:
        slow = sends(WHOLE, after=0.3)
        busy = sends(http(503, "", retry_after="60"))
        async with RawServer(busy, slow) as server, client_of(server, max_concurrent=2) as client:
            asks = [asyncio.ensure_future(client.ask(BODY)) for _ in range(6)]
            while len(server.requests) < 3:
                await asyncio.sleep(0.01)
            client.stop()
            results = await asyncio.gather(*asks, return_exceptions=True)
            assert [type(result) for result in results] == [
                asyncio.CancelledError,
                Reply,
                Reply,
                asyncio.CancelledError,
                asyncio.CancelledError,
                asyncio.CancelledError,
            ]
            assert len(server.requests) == 3
            with pytest.raises(asyncio.CancelledError):
                await client.ask(BODY)

    asyncio.run(run())
