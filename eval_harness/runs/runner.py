"""The runner: asks what is owed, judges what comes back, and writes it down at once.

A fixed number of workers share one sequence of cases, so memory does not grow with it. They are more than may
be in flight at a time: the client holds requests to its bounds, and a worker that waits to try again leaves
its place there to another.
"""

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, Final

from eval_harness.endpoint.client import Client
from eval_harness.errors import HarnessError, RunStopped
from eval_harness.records import Case, Failure, Record, Reply
from eval_harness.runs.journal import Journal, StorageError
from eval_harness.runs.prompts import Prompts
from eval_harness.runs.settings import Choices
from eval_harness.scoring.verdicts import judge
from synthlm_tasks.registry import TASKS

# Seconds that requests in flight get to finish in when the run is to stop.
GRACE: Final = 5.0

_SYNC_SECONDS: Final = 1.0


class Runner:
    """One go at the cases that are owed. It ends when all are asked, or when it has to stop.

    Afterwards `interrupted` tells that a person stopped it, `failure` what else did.
    """

    def __init__(
        self,
        choices: Choices,
        client: Client,
        prompts: Prompts[Any],
        journal: Journal,
        kept: Callable[[Record], None],
    ) -> None:
        """`kept` is called with every record that was written."""
        self._choices = choices
        self._client = client
        self._prompts = prompts
        self._journal = journal
        self._kept = kept
        self._workers: list[asyncio.Task[None]] = []
        self._stopping = False
        self.reported_model: str | None = None
        self.interrupted = False
        self.failure: HarnessError | None = None

    async def run(self, cases: Iterator[Case]) -> None:
        """Ask every case, unless something stops the run before."""
        width = self._client.worth_keeping
        self._workers = [asyncio.create_task(self._work(cases)) for _ in range(width)]
        syncing = asyncio.create_task(self._sync())
        try:
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

    async def _work(self, cases: Iterator[Case]) -> None:
        try:
            while not self._stopping and (case := next(cases, None)):
                answer = await self._client.ask(self._prompts.body(case))
                self._keep(case, answer)
        except RunStopped as error:
            self.failure = self.failure or error
            self._stop()
        except StorageError as error:
            self.failure = error
            self.cancel()
        except Exception:
            self.cancel()
            raise

    def _keep(self, case: Case, answer: Reply | Failure) -> None:
        """Write down what came of a case."""
        record = failed(case, answer) if isinstance(answer, Failure) else self._judged(case, answer)
        self._journal.append(record)
        self._kept(record)

    def _judged(self, case: Case, reply: Reply) -> Record:
        kind = TASKS[case.task].answer_kind(case.target)
        verdict = judge(reply, case.target, kind, self._choices.endpoint)
        self.reported_model = self.reported_model or reply.model
        return Record(
            sample_id=case.sample_id,
            epoch=case.epoch,
            config=case.config,
            task=case.task,
            difficulty=case.difficulty,
            input_text=case.input_text,
            target=case.target,
            outcome=verdict.outcome,
            raw_response=reply.content,
            reasoning=reply.reasoning or None,
            extracted_answer=verdict.extracted_answer,
            answer_source=verdict.source,
            is_correct=verdict.is_correct,
            latency_ms=round(reply.latency_ms, 3),
            prompt_tokens=reply.prompt_tokens,
            completion_tokens=reply.completion_tokens,
            finish_reason=reply.finish_reason,
            attempts=reply.attempts,
            error=None,
            timestamp=_now(),
            metadata=case.metadata,
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


def failed(case: Case, failure: Failure) -> Record:
    """The record of a case that got no reply."""
    return Record(
        sample_id=case.sample_id,
        epoch=case.epoch,
        config=case.config,
        task=case.task,
        difficulty=case.difficulty,
        input_text=case.input_text,
        target=case.target,
        outcome="error",
        raw_response=None,
        reasoning=None,
        extracted_answer=None,
        answer_source=None,
        is_correct=None,
        latency_ms=None,
        prompt_tokens=None,
        completion_tokens=None,
        finish_reason=None,
        attempts=failure.attempts,
        error=failure.error,
        timestamp=_now(),
        metadata=case.metadata,
    )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
