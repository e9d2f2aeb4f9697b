"""Whether a sample is asked again and when, and what a fault means for all the others."""

import asyncio
import random
from dataclasses import dataclass
from typing import Final

from eval_harness.endpoint.faults import Fault
from eval_harness.endpoint.first_request import (
    LONGEST_WAIT,
    SURE,
    TRIES,
    WINDOW,
    describe_failure,
    find_cure,
    names_version,
)
from eval_harness.endpoint.redaction import Redactor
from eval_harness.endpoint.settings import ClientSettings
from eval_harness.errors import NeverAnswered, RequestsRefused, ServerFailing
from eval_harness.records import Failure

_LONGER: Final = "lower --max-tokens, ask fewer --shots, or serve the model with a longer context"
_REJECTED_AT_MOST: Final = 3  # samples with a 4xx before any success
_HINT: Final = (
    "hint: a server that wants max_completion_tokens in place of max_tokens, or knows no such parameter, "
    "can be suited with --extra-body"
)


@dataclass(slots=True)
class PendingSample:
    """What one sample is and has been through. `first` is the one that decides for all."""

    body: bytes
    reserved: float
    first: bool
    failed_since: float | None = None
    attempts: int = 0
    retries: int = 0
    limited: float = 0.0  # seconds of waiting for rate limits


class RetryPolicy:
    """Waits between attempts, and the faults that end a run. It knows what has been answered so far."""

    def __init__(self, settings: ClientSettings, redactor: Redactor, chance: random.Random) -> None:
        """Nothing is answered yet; `chance` draws the jitter."""
        self._settings = settings
        self._redactor = redactor
        self._chance = chance
        self._rejected = 0
        self._too_long = 0
        self._failures_in_a_row = 0
        self.answered = False

    def note_reply(self) -> None:
        """A sample has been answered."""
        self.answered = True
        self._failures_in_a_row = 0

    def wait_after(self, fault: Fault, sample: PendingSample) -> float | None:
        """Seconds to the next attempt; None where there is none. Raises RunStopped where none has any."""
        if not self.answered:
            self._check_usable(fault, sample)
        if fault.kind == "stop":
            raise RequestsRefused(self._redactor.error(fault.text))
        if fault.kind not in ("retry", "limited"):
            return None
        settings = self._settings
        backoff = min(settings.longest_backoff, settings.backoff * 2 ** min(sample.attempts - 1, 30))
        wait = max(fault.wait, self._chance.uniform(0, backoff))
        if fault.kind == "limited":
            sample.limited += wait
            return None if sample.limited > settings.patience else wait
        sample.retries += 1
        if sample.first and not self.answered:
            return self._first_wait(fault, sample)
        return None if sample.retries > settings.max_retries or wait > settings.patience else wait

    def _check_usable(self, fault: Fault, sample: PendingSample) -> None:
        """Raise where a fault before any reply means that requests like these will never be answered."""
        text = self._redactor.error(fault.text)
        if fault.kind == "missing":
            # At .../v1 it is the model that is missing, more likely than the API, and the text says so.
            told = fault.cause == "path" and names_version(self._settings)
            cure = "" if told else f" ({find_cure(fault, self._settings, sample.body)})"
            raise RequestsRefused(text + cure)
        if fault.kind == "rejected":
            self._rejected += 1
            if self._rejected >= _REJECTED_AT_MOST:
                hint = f"; {_HINT}" if fault.names_parameter else ""
                raise RequestsRefused(f"{text} ({self._rejected} samples, none succeeded{hint})")

    def _first_wait(self, fault: Fault, sample: PendingSample) -> float:
        """Seconds to the next try of the request that decides. Raises NeverAnswered where there is none."""
        settings = self._settings
        wait = max(fault.wait, self._chance.uniform(0, min(LONGEST_WAIT, settings.backoff)))
        now = asyncio.get_running_loop().time()
        sample.failed_since = since = now if sample.failed_since is None else sample.failed_since
        tries = 1 if fault.cause in SURE else TRIES
        tried = sample.retries > tries or now - since + wait > WINDOW
        if tried or fault.cause == "silent":
            text = describe_failure(fault, settings, sample.body)
            raise NeverAnswered(self._redactor.error(text))
        return wait

    def give_up(self, fault: Fault, sample: PendingSample) -> Failure:
        """The end of a sample. Raises ServerFailing where too many have ended like this in a row."""
        settings = self._settings
        text = self._redactor.error(fault.text)
        if fault.wait > settings.patience:
            text += f" (asks to wait {fault.wait:,.0f} s; our patience is {settings.patience:g} s)"
        if fault.kind == "too_long":  # the server is well: this is no failure of its
            return self._set_aside(text, sample)
        self._failures_in_a_row += 1
        # What was in flight together fails together: that alone is no long row.
        if self._failures_in_a_row >= settings.breaker + settings.max_concurrent:
            row = f"{self._failures_in_a_row} samples in a row ended without a reply"
            raise ServerFailing(f"{row}, the last with: {text}")
        return Failure(text, sample.attempts)

    def _set_aside(self, text: str, sample: PendingSample) -> Failure:
        """Give up what the model's context cannot hold; raises where it seems to hold nothing at all."""
        self._too_long += 1
        if self._too_long >= self._settings.breaker and not self.answered:
            message = f"{text} ({self._too_long} samples are too long, none was answered: {_LONGER})"
            raise RequestsRefused(message)
        return Failure(text, sample.attempts, "too_long")
