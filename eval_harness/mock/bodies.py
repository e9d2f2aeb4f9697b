"""Request and response bodies of the OpenAI API, as far as the mock server speaks it."""

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from eval_harness.mock.model import MockReply
from eval_harness.mock.wire import Response

_PIECE: Final = 64  # characters of a streamed piece
_TOKEN: Final = 4  # characters; near enough for counts to be plausible
_DEFAULT_TOKENS: Final = 1 << 20


class RequestError(ValueError):
    """A request body that a server would refuse."""


@dataclass(frozen=True, slots=True)
class CompletionRequest:
    """What a request asks for."""

    chat: bool
    model: str
    prompts: tuple[str, ...]
    """One in a chat; in completions one for every choice."""
    max_tokens: int
    stop: tuple[str, ...]
    stream: bool = False
    usage: bool = True
    """Whether a stream tells what was spent."""

    @classmethod
    def parse(cls, body: bytes, *, chat: bool) -> "CompletionRequest":
        """Read a request body; raises RequestError."""
        try:
            data = json.loads(body)
        except ValueError as error:
            raise RequestError(f"the body is no JSON: {error}") from None
        if not isinstance(data, dict):
            raise RequestError("the body is no JSON object")
        limits = (data.get(name) for name in ("max_tokens", "max_completion_tokens"))
        most = next((limit for limit in limits if limit is not None), _DEFAULT_TOKENS)
        stop = data.get("stop") or []
        return cls(
            chat=chat,
            model=str(data.get("model", "mock")),
            prompts=_conversation(data) if chat else _prompts(data),
            max_tokens=most if isinstance(most, int) else _DEFAULT_TOKENS,
            stop=(stop,) if isinstance(stop, str) else tuple(map(str, stop)),
            stream=bool(data.get("stream")),
            usage=isinstance(told := data.get("stream_options"), dict) and bool(told.get("include_usage")),
        )


def _conversation(data: Mapping[str, Any]) -> tuple[str, ...]:
    """The last user message, which may be a list of parts."""
    messages = data.get("messages")
    turns = messages if isinstance(messages, list) else []
    said = [turn.get("content") for turn in turns if isinstance(turn, dict) and turn.get("role") == "user"]
    if not said:
        raise RequestError("messages: expected at least one of a user")
    last = said[-1]
    if isinstance(last, list):
        last = "".join(str(part.get("text", "")) for part in last if isinstance(part, dict))
    return (str(last),)


def _prompts(data: Mapping[str, Any]) -> tuple[str, ...]:
    prompt = data.get("prompt")
    prompts = [prompt] if isinstance(prompt, str) else prompt
    if not isinstance(prompts, list) or not all(isinstance(text, str) for text in prompts) or not prompts:
        raise RequestError("prompt: expected a text, or a list of texts")
    return tuple(prompts)


def write_bodies(
    asked: CompletionRequest, thoughts: list[MockReply], number: int, fault: str | None
) -> Response:
    """The reply to a request, with a fault in what is said if there is one."""
    choices, spent = [], 0
    for index, thought in enumerate(thoughts):
        text, finish = _limit(_choice_text(asked, thought, fault), asked)
        finish = {"truncated": "length", "filtered": "content_filter"}.get(fault or "", finish)
        spent += _tokens(text)
        choice: dict[str, Any] = {"index": index, "finish_reason": finish, "logprobs": None}
        choice.update({"message": _message(text, fault)} if asked.chat else {"text": text})
        choices.append(choice)
    prompt = sum(map(_tokens, asked.prompts))
    usage = {"prompt_tokens": prompt, "completion_tokens": spent, "total_tokens": prompt + spent}
    body = {
        "id": f"mock-{number}",
        "object": "chat.completion" if asked.chat else "text_completion",
        "created": 0,
        "model": asked.model,
        "choices": [] if fault == "no-choices" else choices,
        "usage": None if fault == "no-usage" else usage,
    }
    data = b"".join(_events(asked, body)) if asked.stream else json.dumps(body).encode()
    # Placed after JSON is written: no JSON writer makes such bytes.
    data = data.replace(b"@not-utf8@", b"\xff\xfe") if fault == "not-utf8" else data
    return Response(200, data, kind="text/event-stream" if asked.stream else "application/json")


def _events(asked: CompletionRequest, body: Mapping[str, Any]) -> Iterator[bytes]:
    """The body as server-sent events: each choice's text in pieces, how it ended, then what was spent."""
    common = {name: body[name] for name in ("id", "created", "model")}
    common["object"] = "chat.completion.chunk" if asked.chat else "text_completion"
    for choice in body["choices"]:
        for piece in _pieces(choice["message"] if asked.chat else {"text": choice["text"]}):
            said = {"delta": piece} if asked.chat else piece
            yield _event({**common, "choices": [{"index": choice["index"], "finish_reason": None, **said}]})
        ended: dict[str, Any] = {"index": choice["index"], "finish_reason": choice["finish_reason"]}
        ended["delta" if asked.chat else "text"] = {} if asked.chat else ""
        yield _event({**common, "choices": [ended]})
    if asked.usage:
        yield _event({**common, "choices": [], "usage": body["usage"]})
    yield b"data: [DONE]\n\n"


def _event(data: Mapping[str, Any]) -> bytes:
    return b"data: " + json.dumps(data).encode() + b"\n\n"


def _pieces(message: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The parts of a message, texts in pieces of a few tokens."""
    for name, said in message.items():
        if isinstance(said, str) and name != "role":
            yield from ({name: said[at : at + _PIECE]} for at in range(0, len(said), _PIECE))
        elif said is not None:
            yield {name: said}


def problem_with(status: int, message: str, code: str | None = None) -> Response:
    """An error as OpenAI writes it."""
    error = {"message": message, "type": "mock_error", "param": None, "code": code}
    return Response(status, json.dumps({"error": error}).encode())


def _choice_text(asked: CompletionRequest, thought: MockReply, fault: str | None) -> str:
    match fault:
        case "think":
            return f"<think>\n{thought.working}\n</think>\n\n{thought.text}"
        case "think-unclosed":
            return f"<think>\n{thought.working}\nANSWER: {thought.answer}"
        case "truncated":
            return thought.working[: max(1, len(thought.working) // 2)]
        case "no-answer":
            return "I cannot tell."
        case "refused" | "filtered":
            return ""
        case "not-utf8":
            return f"@not-utf8@\n{thought.text}"
    # A base model goes on with a space, as the rows that it has seen.
    return thought.text if asked.chat or thought.marked else f" {thought.text}\n"


def _limit(text: str, asked: CompletionRequest) -> tuple[str, str]:
    """The text up to a stop or as far as the tokens go, and why it ends there."""
    ends = [place for stop in asked.stop if stop and (place := text.find(stop)) >= 0]
    if ends:
        text = text[: min(ends)]
    if _tokens(text) > asked.max_tokens:
        return text[: asked.max_tokens * _TOKEN], "length"
    return text, "stop"


def _message(text: str, fault: str | None) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": text, "refusal": None}
    match fault:
        case "refused":
            message |= {"content": None, "refusal": "I will not answer that."}
        case "reasoning":
            message |= {"content": None, "reasoning_content": text}
        case "parts":
            message["content"] = [{"type": "text", "text": part} for part in text.splitlines(keepends=True)]
    return message


def _tokens(text: str) -> int:
    return math.ceil(len(text) / _TOKEN)
