"""Streamed replies: server-sent events (WHATWG HTML, 9.2) put together into the body of an unstreamed one.

https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import httpx
from httpx_sse import EventSource

EVENT_STREAM: Final = "text/event-stream"

_DONE: Final = "[DONE]"
_TEXTS: Final = ("content", "reasoning_content", "reasoning", "refusal", "text")


class StreamCutError(Exception):
    """The stream ended before it was done."""


@dataclass
class StreamedReply:
    """What the events of one reply add up to."""

    error: Any = None
    """An error that came in place of an event's choices."""
    named: dict[str, Any] = field(default_factory=dict)
    """`model`, `system_fingerprint` and `usage`, as they came last."""
    message: dict[str, Any] = field(default_factory=dict)
    finish_reason: Any = None
    began: bool = False
    """Whether there was any choice."""
    too_long: bool = False
    """Whether more would have followed than is ever read."""
    first_token: float | None = None
    """`time.perf_counter()` at the first text, of reasoning too."""

    def add(self, data: str) -> None:
        """Take in the data of one event; raises ValueError for what is no JSON object."""
        event = json.loads(data, strict=False)
        if not isinstance(event, dict):
            raise ValueError("an event is not a JSON object")
        if event.get("error"):
            self.error = event["error"]
            return
        for name in ("model", "system_fingerprint", "usage"):
            if event.get(name) is not None:
                self.named[name] = event[name]
        choices = event.get("choices")
        if isinstance(choices, list) and choices and isinstance(choices[0], dict):
            self._add_choice(choices[0])

    def _add_choice(self, choice: dict[str, Any]) -> None:
        self.began = True
        delta = choice.get("delta")
        part = delta if isinstance(delta, dict) else choice  # completions have no delta
        for name in _TEXTS:
            if said := part.get(name):
                self.first_token = self.first_token or time.perf_counter()
                self.message[name] = _join(self.message.get(name), said)
        self.finish_reason = choice.get("finish_reason") or self.finish_reason

    def body(self) -> bytes:
        """The body of the reply that would have come without a stream."""
        choice = {
            "message": self.message,
            "text": self.message.get("text", ""),
            "finish_reason": self.finish_reason,
        }
        whole = {**self.named, "error": self.error, "choices": [choice] if self.began else []}
        return json.dumps(whole).encode()


def _join(before: Any, said: Any) -> Any:  # noqa: ANN401  # what servers send
    """Text behind text, or parts behind parts (a text among parts is one)."""
    if before is None:
        return said
    if isinstance(before, str) and isinstance(said, str):
        return before + said
    return [*_parts(before), *_parts(said)]


def _parts(said: Any) -> list[Any]:  # noqa: ANN401  # what servers send
    if isinstance(said, list):
        return said
    return [{"type": "text", "text": said} if isinstance(said, str) else said]


async def read_events(response: httpx.Response, most: int, alive: Callable[[], None]) -> StreamedReply:
    """The whole reply in a stream of events of at most `most` characters; `alive` is called at each event.

    Comments, by which servers keep connections open, are no events. Raises StreamCutError, and ValueError or
    RecursionError for events that are no JSON.
    """
    reply, size = StreamedReply(), 0
    async for event in EventSource(response).aiter_sse():
        alive()
        size += len(event.data)
        if size > most:
            reply.too_long = True
        elif event.data and event.data != _DONE:
            reply.add(event.data)
        if reply.too_long or reply.error or event.data == _DONE:
            return reply
    if reply.finish_reason is None:  # some servers end without [DONE], but none without a reason
        raise StreamCutError("the stream ended before the reply was done")
    return reply
