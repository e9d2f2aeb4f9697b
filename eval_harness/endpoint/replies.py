"""Reads what an OpenAI-compatible endpoint answers, chat or completions, as servers really send it."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from eval_harness.endpoint.answers.content import read_content
from eval_harness.endpoint.answers.finish_reasons import ending_of
from eval_harness.endpoint.answers.pages import describe_body
from eval_harness.endpoint.exchange import MAX_BODY, Answer
from eval_harness.endpoint.faults import Fault, inner_fault, status_fault
from eval_harness.endpoint.redaction import Redactor, storable
from eval_harness.endpoint.settings import Endpoint
from eval_harness.records import Reply


def read_answer(answer: Answer, endpoint: Endpoint, redactor: Redactor, attempts: int) -> Reply | Fault:
    """The reply in the answer to the last of `attempts`, or what stands in its way."""
    text, replaced = _decode_json(answer.body)
    try:
        if not 200 <= answer.status < 300:
            return status_fault(answer.status, answer.headers, text)
        if answer.cut:
            return Fault("final", f"the reply is longer than {MAX_BODY >> 20} MiB")
        found = _read(text, answer, endpoint, redactor, attempts, replaced=replaced)
    except RecursionError:
        found = Fault("retry", "malformed JSON in the reply: nested too deeply")
    if isinstance(found, Fault) and found.kind == "retry" and found.cause == "other":
        return replace(found, cause="form", page=describe_body(text))
    return found


def _read(
    text: str, answer: Answer, endpoint: Endpoint, redactor: Redactor, attempts: int, *, replaced: bool
) -> Reply | Fault:
    try:
        data, loose = _parse_json(text)
    except ValueError as error:
        return Fault("retry", f"malformed JSON in the reply: {error}")
    found = _first_choice(data, answer.headers)
    if isinstance(found, Fault):
        return found
    spoken = _message_text(found, endpoint)
    if spoken is None:
        return Fault("retry", f"the reply has no {'message' if endpoint == 'chat' else 'text'}")
    shown = [redactor.reply(part) for part in spoken]
    content, reasoning, refusal = stored = [storable(part) for part in shown]
    finish, usage = _finish_reason(found), data.get("usage")
    if broken := broken_off(finish, content + refusal):
        return Fault("retry", broken, cause="ended")
    names = [data.get(field) for field in ("model", "system_fingerprint")]
    model, fingerprint = (storable(redactor.reply(name)) if isinstance(name, str) else None for name in names)
    return Reply(
        content=content,
        reasoning=reasoning,
        refusal=refusal,
        finish_reason=finish,
        model=model,
        system_fingerprint=fingerprint,
        prompt_tokens=_count(usage, "prompt_tokens"),
        completion_tokens=_count(usage, "completion_tokens"),
        latency_ms=answer.seconds * 1000,
        first_token_ms=None if answer.first_token is None else answer.first_token * 1000,
        attempts=attempts,
        replaced=replaced or stored != shown,
        control_characters=loose,
    )


def _parse_json(text: str) -> tuple[Any, bool]:
    """What the text says, and whether raw control characters had to be let through; raises ValueError."""
    try:
        return json.loads(text), False
    except ValueError:
        # Newlines that a server left unescaped in a string are the model's, and are there every time.
        return json.loads(text, strict=False), True


def _decode_json(body: bytes) -> tuple[str, bool]:
    """UTF-8, and whether anything in it had to be replaced."""
    try:
        return body.decode().removeprefix("\ufeff"), False
    except UnicodeDecodeError:
        return body.decode(errors="replace").removeprefix("\ufeff"), True


def _first_choice(data: object, headers: Mapping[str, str]) -> dict[str, Any] | Fault:
    if not isinstance(data, dict):
        return Fault("retry", "the reply is not a JSON object")
    if data.get("error"):
        return inner_fault(data["error"], headers)
    choices = data.get("choices")
    if not isinstance(choices, list) or not choices or not isinstance(choices[0], dict):
        return Fault("retry", "the reply has no choices")
    choice: dict[str, Any] = choices[0]
    if choice.get("error"):
        return inner_fault(choice["error"], headers)
    return choice


def broken_off(finish: str | None, said: str) -> str | None:
    """Why a reply that ended in this way and said this is none, to be asked again; None where it is one."""
    ending = ending_of(finish)
    if ending == "broken":
        return f"error in the reply: finish_reason is {finish}"
    if ending == "unknown" and not said.strip():
        return "the reply is empty, and no finish_reason says why" + (f" ({finish})" if finish else "")
    return None


def _finish_reason(choice: Mapping[str, Any]) -> str | None:
    """Why a choice ended, in the server's word; SGLang's is an object that names its type."""
    finish = choice.get("finish_reason")
    if isinstance(finish, dict):
        finish = finish.get("type")
    return storable(finish) if isinstance(finish, str) else None


def _message_text(choice: dict[str, Any], endpoint: Endpoint) -> tuple[str, str, str] | None:
    """Content, reasoning and refusal; None where there is no message to speak of."""
    if endpoint == "completions":
        text = choice.get("text")
        return (text, "", "") if isinstance(text, str) else None
    message = choice.get("message")
    if not isinstance(message, dict):
        return None
    content = message.get("content")
    said, thought, refused = read_content(content)
    reasoning = _text(message.get("reasoning_content")) or _text(message.get("reasoning")) or thought
    return said, reasoning, _text(message.get("refusal")) or refused


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _count(usage: object, name: str) -> int | None:
    value = usage.get(name) if isinstance(usage, dict) else None
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None
