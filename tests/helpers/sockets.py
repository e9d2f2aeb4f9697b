"""A client against raw servers, over real sockets."""

import asyncio
import random
from typing import Any

from pydantic import SecretStr
from raw_server import Action, RawServer
from scripted import BODY, KEY

from eval_harness.endpoint.client import Client
from eval_harness.endpoint.settings import ClientSettings
from eval_harness.records import Failure, Reply


def client_of(server: RawServer, **changed: Any) -> Client:  # noqa: ANN401 # any setting
    """A client with short waits and no rate, unless `changed` says otherwise."""
    defaults = {"backoff": 0.01, "requests_per_minute": 0, "api_key": SecretStr(KEY), "timeout": 5.0}
    settings = ClientSettings(**{"base_url": server.base_url, **defaults, **changed})
    return Client(settings, chance=random.Random(1))


def asked(
    *actions: Action,
    times: int = 1,
    **changed: Any,  # noqa: ANN401 # any setting
) -> tuple[list[Reply | Failure], RawServer]:
    """The results of so many samples asked side by side, and the server that answered with `actions`."""

    async def run() -> tuple[list[Reply | Failure], RawServer]:
        async with RawServer(*actions) as server, client_of(server, **changed) as client:
            return await asyncio.gather(*(client.ask(BODY) for _ in range(times))), server

    return asyncio.run(run())


def only(results: list[Reply | Failure]) -> Reply | Failure:
    """The one result."""
    (result,) = results
    return result
