"""Outages, in virtual time: a server that goes away and comes back costs no sample and no answer."""

import asyncio
import json
import random
from itertools import pairwise

import httpx
import pytest
from services import BUSY, GONE, LATENCY, Service, refuse, run_samples
from virtual_time import run_virtually

from eval_harness.endpoint.client import Client
from eval_harness.endpoint.settings import ClientSettings
from eval_harness.errors import RequestsRefused, ServerGone
from eval_harness.records import Failure, Reply


@pytest.mark.parametrize("gone", GONE)
@pytest.mark.parametrize("seconds", [12, 30, 120, 500])
@pytest.mark.parametrize("rate", [0, 60])
def test_an_outage_in_the_middle_loses_no_sample_and_asks_none_twice(
    gone: str, seconds: float, rate: int
) -> None:
    middle = 7.0 if rate == 0 else 360.0
    service = Service((middle, middle + seconds), gone=GONE[gone])
    results, ended = run_samples(service, requests_per_minute=rate)
    assert [type(result) for result in results] == [Reply] * 720
    for number in range(720):
        assert service.answered[f"sample {number}"] == 1
    assert service.answered.keys() - {f"sample {number}" for number in range(720)} <= {"Say OK."}
    assert service.answered["Say OK."] <= 1
    assert service.most_in_flight <= 10
    undisturbed = 720 * LATENCY / 10 if rate == 0 else 722
    assert ended < undisturbed + seconds + 20


@pytest.mark.parametrize("gone", ["503", "refused"])
def test_ten_minutes_are_waited_through_with_one_question_at_a_time(gone: str) -> None:
    outage = (7.0, 607.0)
    service = Service(outage, gone=GONE[gone])
    results, _ = run_samples(service)
    assert [type(result) for result in results] == [Reply] * 720
    asked = service.during(outage)
    assert 60 <= len(asked) < 120
    questions = [at for at, content in service.sent if content == "Say OK." and at < outage[1]]
    assert max(after - before for before, after in pairwise(questions)) <= 10
    assert set(questions) >= {at for at in asked if at > outage[0] + 3}


def test_what_follows_an_outage_is_spread() -> None:
    outage = (1.5, 61.5)
    service = Service(outage)
    run_samples(service, max_concurrent=50)
    back = next(at for at, content in service.sent if content == "Say OK." and at >= outage[1]) + LATENCY
    within = [sum(back + second <= at < back + second + 1 for at, _ in service.sent) for second in range(5)]
    assert 2 <= within[0] <= 30
    assert max(within) <= 60


def test_a_longer_outage_stops_the_run_when_patience_ends() -> None:
    service = Service((7.0, 1e9), gone=GONE["503"])
    results, ended = run_samples(service, outage_patience=90)
    failures = [result for result in results if not isinstance(result, Reply)]
    assert {type(failure) for failure in failures} == {ServerGone}
    words = str(failures[0])
    assert (
        words == "the server has been gone for 90 s: HTTP 503: no upstream (--outage-patience waits longer)"
    )
    assert ServerGone.exit_code == 3
    assert 97 <= ended < 106


def test_a_wait_asked_for_beyond_patience_stops_the_run_at_once() -> None:
    long = httpx.Response(503, text="maintenance", headers={"retry-after": "800"})
    results, ended = run_samples(Service((7.0, 1e9), gone=lambda: long))
    assert "asks to wait 800 s" in str(next(result for result in results if isinstance(result, ServerGone)))
    assert ended < 15


def test_a_wait_asked_for_within_patience_is_kept() -> None:
    outage = (7.0, 100.0)
    busy = httpx.Response(503, headers={"retry-after": "60"})
    service = Service(outage, gone=lambda: busy)
    results, _ = run_samples(service)
    assert [type(result) for result in results] == [Reply] * 720
    assert len([at for at in service.during(outage) if at > 15]) <= 1


def test_a_server_that_hangs_is_waited_through() -> None:
    async def hang(service: Service, request: httpx.Request) -> httpx.Response:
        while service.is_gone():
            await asyncio.sleep(1)
        return await Service.__call__(service, request)

    class Hanging(Service):
        async def __call__(self, request: httpx.Request) -> httpx.Response:
            return await hang(self, request)

    service = Hanging((7.0, 507.0))
    results, _ = run_samples(service, timeout=20)
    assert [type(result) for result in results] == [Reply] * 720


def test_repeated_outages_are_each_waited_through() -> None:
    spans = [(5.0 + 40 * number, 35.0 + 40 * number) for number in range(4)]
    results, _ = run_samples(Service(*spans))
    assert [type(result) for result in results] == [Reply] * 720


@pytest.mark.parametrize("left", [1, 2, 5])
def test_an_outage_at_the_very_end_is_waited_through(left: int) -> None:
    service = Service((0.3, 200.0))
    results, _ = run_samples(service, samples=1 + left, max_concurrent=1)
    assert [type(result) for result in results] == [Reply] * (1 + left)


class Picky(Service):
    """A server that breaks off at some samples, always."""

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        reply = await super().__call__(request)
        number = json.loads(request.content)["messages"][0]["content"].partition(" ")[2]
        if number.isdigit() and int(number) >= 700:
            raise httpx.ReadError("connection lost")
        return reply


def test_samples_that_a_server_breaks_off_at_are_no_outage() -> None:
    results, ended = run_samples(Picky())
    assert [type(result) for result in results].count(Failure) == 20
    assert {result.attempts for result in results if isinstance(result, Failure)} == {6}
    assert ended < 120


def test_scattered_failures_hold_nobody_up() -> None:
    chance = random.Random(7)

    class Flaky(Service):
        async def __call__(self, request: httpx.Request) -> httpx.Response:
            reply = await super().__call__(request)
            return BUSY if chance.random() < 0.2 else reply

    service = Flaky()
    results, ended = run_samples(service)
    assert [type(result) for result in results].count(Failure) <= 1
    assert "Say OK." not in {content for _, content in service.sent}
    assert ended < 1.5 * 720 / 0.8 * LATENCY / 10


def test_the_client_tells_what_it_waits_for() -> None:
    async def run() -> list[object]:
        service = Service((1.0, 40.0), gone=GONE["503"])
        settings = ClientSettings(base_url="http://host/v1", requests_per_minute=0, max_concurrent=1)
        seen: list[object] = []
        async with Client(settings, transport=httpx.MockTransport(service)) as client:
            seen.append(client.waiting)
            body = {"messages": [{"role": "user", "content": "sample 0"}]}
            await client.ask(body)
            seen.append(client.waiting)
            await asyncio.sleep(1)
            asking = asyncio.ensure_future(client.ask(body))
            await asyncio.sleep(10)
            seen.append(client.waiting)
            await asking
            seen.append(client.waiting)
        return seen

    first, open_, gone, back = run_virtually(run())
    assert (first.what, first.why) == ("the first reply", "")
    assert open_ is back is None
    assert (gone.what, gone.why) == ("the server", "HTTP 503: no upstream")
    assert 580 < gone.seconds < 600


def test_stopping_ends_an_outage_at_once() -> None:
    async def run() -> float:
        service = Service((1.0, 1e9))
        settings = ClientSettings(base_url="http://host/v1", requests_per_minute=0)
        async with Client(settings, transport=httpx.MockTransport(service)) as client:
            body = {"messages": [{"role": "user", "content": "sample 0"}]}
            await client.ask(body)
            await asyncio.sleep(1)
            asks = [asyncio.ensure_future(client.ask(body)) for _ in range(20)]
            await asyncio.sleep(60)
            client.stop()
            results = await asyncio.gather(*asks, return_exceptions=True)
            assert {type(result) for result in results} == {asyncio.CancelledError}
        return asyncio.get_running_loop().time()

    assert run_virtually(run()) < 62


def test_a_key_revoked_meanwhile_is_told_and_not_waited_for() -> None:
    revoked = httpx.Response(401, json={"error": {"message": "revoked"}})
    turn = iter([refuse] * 3 + [lambda: revoked] * 1000)
    results, ended = run_samples(Service((7.0, 1e9), gone=lambda: next(turn)()))
    assert RequestsRefused in {type(result) for result in results}
    assert ended < 20
