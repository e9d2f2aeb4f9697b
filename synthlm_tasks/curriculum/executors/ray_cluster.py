"""A Ray cluster: one that is there, or one of this machine's own; Ray is imported when it is first used."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any, Final

from synthlm_tasks.errors import AbortedError, ParameterError

# What goes through the store is small: the least that Ray takes, where it would take a third of the memory.
_STORE_BYTES: Final = 80_000_000


class RayCluster:
    """Where Ray's tasks run."""

    def __init__(self, address: str | None = None, workers: int | None = None) -> None:
        """Use the cluster at `address`, or one of this machine's own with `workers` CPUs (None: all).

        Raises ParameterError where Ray is not installed.
        """
        try:
            self._ray: Any = import_module("ray")
        except ImportError:
            raise ParameterError(
                "executor='ray': Ray is not installed; pip install 'synthlm[ray]' (on every machine)"
            ) from None
        self._address = address
        self._workers = workers

    @contextmanager
    def connected(self) -> Iterator[Any]:
        """The module `ray`, connected; AbortedError when the cluster fails for good."""
        own = not self._ray.is_initialized()
        if own:
            self._connect()
        try:
            yield self._ray
        except self._ray.exceptions.RayError as error:
            raise AbortedError(
                f"the Ray cluster did not finish ({one_line(error)}); run the same command again: "
                "what is finished is kept"
            ) from None
        finally:
            if own:
                self._ray.shutdown()

    def _connect(self) -> None:
        quiet = {"log_to_driver": False, "logging_level": "ERROR"}
        if self._address is None:
            local = {
                "num_cpus": self._workers,
                "include_dashboard": False,
                "object_store_memory": _STORE_BYTES,
            }
            self._ray.init("local", **local, **quiet)
            return
        try:
            _check_reachable(self._address)
            self._ray.init(self._address, **quiet)
        except (OSError, RuntimeError, ValueError) as error:
            raise ParameterError(
                f"ray_address={self._address!r}: no Ray cluster answers there ({one_line(error)})"
            ) from None


def _check_reachable(address: str) -> None:
    """Raise OSError where nothing listens at HOST:PORT: Ray itself would try for minutes."""
    host, colon, port = address.removeprefix("ray://").rpartition(":")
    if colon:
        socket.create_connection((host, int(port)), timeout=10).close()


def one_line(error: Exception) -> str:
    """What an error says, in one line that is not endless."""
    return " ".join(str(error).split())[:300]
