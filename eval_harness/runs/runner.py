"""The runner: asks what is owed, judges what comes back, and writes it down at once.

A fixed number of workers share one sequence of samples, so memory does not grow with it. They are more than
may be in flight at a time: the client holds requests to its bounds, and a worker that waits to try again
leaves its place there to another.
"""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import fields
from datetime import UTC, datetime
from itertools import islice
from typing import Any, Final

from eval_harness.endpoint.client import Client
from eval_harness.errors import HarnessError, NeverAnswered, RunStopped
from eval_harness.records import Failure, Record, Reply, Sample
from eval_harness.runs.journal import Journal, StorageError
from eval_harness.runs.prompts import Prompts
from eval_harness.runs.settings import RunSettings
from eval_harness.scoring.verdicts import judge
from synthlm_tasks.registry import TASKS

# Seconds that requests in flight get to finish in when the run is to stop.
GRACE: Final = 5.0

# Seconds that the first request has for itself. What is set up wrongly shows sooner, and a long reply
# need not hold up the others.
_HEAD_START: Final = 5.0

_SYNC_SECONDS: Final = 1.0


class Runner:
    """One go at the samples that are owed. It ends when all are asked, or when it has to stop.

    Afterwards `interrupted` tells that a person stopped it, `failure` what else did.
    """

    def __init__(
        self,
        settings: RunSettings,
        client: Client,
        prompts: Prompts[Any],
        journal: Journal,
        kept: Callable[[Record], None],
    ) -> None:
        """`kept` is called with every record that was written."""
        self._settings = settings
        self._client = client
        self._prompts = prompts
        self._journal = journal
        self._kept = kept
        self._workers: list[asyncio.Task[None]] = []
        self._stopping = False
        self.reported_model: str | None = None
        self.interrupted = False
        self.failure: HarnessError | None = None

    async def run(self, samples: Iterator[Sample]) -> None:
        """Ask every sample, the first before all others, unless something stops the run before."""
        width = self._client.useful_concurrency
        opening = asyncio.create_task(self._open(samples))
        self._workers = [opening]
        syncing = asyncio.create_task(self._sync())
        try:
            await asyncio.wait([opening], timeout=_HEAD_START)
            while self._client.starting and not opening.done():
                await asyncio.wait([opening], timeout=_SYNC_SECONDS)
            if not self._stopping:
                self._workers += [asyncio.create_task(self._work(samples)) for _ in range(width)]
            await asyncio.wait(self._workers)
        finally:
            syncing.cancel()
            self.cancel()
        for worker in self._workers:
            if not worker.cancelled() and (error := worker.exception()):
                raise error

    def interrupt(self) -> None:
        """A person wants the run to stop: what is in flight may finish, the second time nothing may."""
        if self.interrupted:
            self.cancel()
        self.interrupted = True
        self._stop()

    def cancel(self) -> None:
        """Let go of everything in flight."""
        self._stopping = True
        for worker in self._workers:
            worker.cancel()

    def _stop(self) -> None:
        if not self._stopping:
            self._stopping = True
            self._client.stop()
            asyncio.get_running_loop().call_later(GRACE, self.cancel)

    async def _open(self, samples: Iterator[Sample]) -> None:
        """Ask the first sample."""
        await self._work(islice(samples, 1), first=True)

    async def _work(self, samples: Iterator[Sample], *, first: bool = False) -> None:
        try:
            while not self._stopping and (sample := next(samples, None)):
                answer = await self._client.ask(self._prompts.body(sample), first=first)
                self._write(sample, answer)
        except NeverAnswered as error:
            self.failure = self.failure or error
            self.cancel()  # nothing in flight is worth waiting for
        except RunStopped as error:
            self.failure = self.failure or error
            self._stop()
        except StorageError as error:
            self.failure = error
            self.cancel()
        except Exception:
            self.cancel()
            raise

    def _write(self, sample: Sample, answer: Reply | Failure) -> None:
        """Write down what came of a sample."""
        record = (
            failure_record(sample, answer)
            if isinstance(answer, Failure)
            else self._reply_record(sample, answer)
        )
        self._journal.append(record)
        self._kept(record)

    def _reply_record(self, sample: Sample, reply: Reply) -> Record:
        kind = TASKS[sample.task].answer_kind(sample.target)
        verdict = judge(reply, sample.target, kind, self._settings.endpoint)
        self.reported_model = self.reported_model or reply.model
        return Record(
            **_identity(sample),
            outcome=verdict.outcome,
            raw_response=reply.content,
            reasoning=reply.reasoning or None,
            extracted_answer=verdict.extracted_answer,
            answer_source=verdict.source,
            is_correct=verdict.is_correct,
            latency_ms=round(reply.latency_ms, 3),
            first_token_ms=None if reply.first_token_ms is None else round(reply.first_token_ms, 3),
            prompt_tokens=reply.prompt_tokens,
            completion_tokens=reply.completion_tokens,
            finish_reason=reply.finish_reason,
            model=reply.model,
            system_fingerprint=reply.system_fingerprint,
            flaw=reply.flaw,
            attempts=reply.attempts,
            timestamp=_now(),
        )

    async def _sync(self) -> None:
        """Have the journal on the device at most about a second after it is written."""
        while True:
            await asyncio.sleep(_SYNC_SECONDS)
            try:
                await asyncio.to_thread(self._journal.sync)
            except StorageError as error:
                self.failure = error
                self.cancel()
                return


def failure_record(sample: Sample, failure: Failure) -> Record:
    """The record of a sample that got no reply."""
    return Record(
        **_identity(sample),
        outcome=failure.outcome,
        attempts=failure.attempts,
        error=failure.error,
        timestamp=_now(),
    )


def _identity(sample: Sample) -> dict[str, Any]:
    """What a record says of its sample."""
    return {name: getattr(sample, name) for name in _SAMPLE_FIELDS}


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


_SAMPLE_FIELDS: Final = tuple(field.name for field in fields(Sample))
