"""How replies end: every word of every server has one outcome, and what was broken off is no reply."""

import json
import re
from pathlib import Path
from typing import get_args

import httpx
import pytest
from scripted import Script, ask

from eval_harness.endpoint.answers.finish_reasons import FINISH_REASONS, Ending, ending_of, normalize_reason
from eval_harness.endpoint.exchange import Answer
from eval_harness.endpoint.faults import Fault
from eval_harness.endpoint.redaction import Redactor
from eval_harness.endpoint.replies import read_answer
from eval_harness.records import Failure, Reply

SENT: dict[Ending, dict[str, str]] = {
    "done": {
        "OpenAI": "stop tool_calls function_call",
        "Anthropic": "end_turn stop_sequence tool_use",
        "Gemini": "STOP FINISH_REASON_STOP",
        "vLLM": "stop tool_calls repetition",
        "SGLang": "stop tool_calls",
        "TGI": "eos_token stop_sequence",
        "llama.cpp": "stop tool_calls eos word",
        "LM Studio": "eosFound stopStringFound toolCalls",
        "Cohere": "COMPLETE STOP_SEQUENCE TOOL_CALL",
        "Bedrock": "end_turn FINISH STOP_CRITERIA_MET endoftext",
        "ERNIE": "normal",
        "Vercel's gateway": "tool-calls",
    },
    "length": {
        "OpenAI": "length max_output_tokens",
        "Anthropic": "max_tokens model_context_window_exceeded",
        "Gemini": "MAX_TOKENS FINISH_REASON_MAX_TOKENS",
        "vLLM, SGLang, llama.cpp, DeepSeek": "length Length LENGTH",
        "llama.cpp": "limit",
        "LM Studio": "maxPredictedTokensReached contextLengthReached",
        "Mistral": "model_length",
        "Cohere": "MAX_TOKENS ERROR_LIMIT",
        "xAI": "REASON_MAX_LEN REASON_MAX_CONTEXT",
        "z.ai": "model_context_window_exceeded",
        "watsonx": "TOKEN_LIMIT",
    },
    "refused": {
        "OpenAI": "content_filter CONTENT_FILTER content-filter",
        "Anthropic": "refusal",
        "Gemini": "SAFETY RECITATION LANGUAGE BLOCKLIST PROHIBITED_CONTENT SPII IMAGE_SAFETY MODEL_ARMOR",
        "Bedrock": "guardrail_intervened content_filtered CONTENT_FILTERED",
        "Cohere": "ERROR_TOXIC",
        "z.ai": "sensitive",
    },
    "broken": {
        "vLLM": "abort error",
        "SGLang": "abort",
        "Anthropic": "pause_turn",
        "Gemini": "MALFORMED_FUNCTION_CALL UNEXPECTED_TOOL_CALL MALFORMED_RESPONSE MISSING_THOUGHT_SIGNATURE",
        "Bedrock": "malformed_model_output malformed_tool_use",
        "DeepSeek": "insufficient_system_resource",
        "z.ai": "network_error",
        "OpenRouter": "error",
        "Cohere": "ERROR TIMEOUT USER_CANCEL",
        "TensorRT-LLM": "timeout cancelled not_finished",
        "watsonx": "time_limit Cancelled",
        "Ollama": "load unload",
        "LM Studio": "userStopped modelUnloaded failed",
    },
    "unknown": {
        "gateways": "other unknown null None FINISH_REASON_UNSPECIFIED",
        "nobody yet": "because_i_can 7 stop_it_now",
    },
}
CASES = [
    (reason, ending)
    for ending, servers in SENT.items()
    for reasons in servers.values()
    for reason in reasons.split()
]


@pytest.mark.parametrize(("reason", "ending"), CASES)
def test_every_reason_that_servers_send_has_its_ending(reason: str, ending: Ending) -> None:
    assert ending_of(reason) == ending
    assert ending_of(reason.lower()) == ending_of(reason.upper())


@pytest.mark.parametrize(
    ("reason", "ending"),
    [
        ("content_filter: RECITATION", "refused"),
        ("function_call_filter: MALFORMED_FUNCTION_CALL", "broken"),
        ("native: MAX_TOKENS", "length"),
        ("", "unknown"),
        (None, "unknown"),
    ],
)
def test_of_two_reasons_in_one_the_first_known_decides(reason: str | None, ending: Ending) -> None:
    assert ending_of(reason) == ending


def test_the_table_is_in_its_own_spelling_and_every_ending_is_in_it() -> None:
    assert {reason: normalize_reason(reason) for reason in FINISH_REASONS} == {
        reason: reason for reason in FINISH_REASONS
    }
    assert set(FINISH_REASONS.values()) == set(get_args(Ending))


def test_the_published_table_is_the_real_one() -> None:
    page = (Path(__file__).parents[2] / "docs" / "endpoints.md").read_text("utf-8")
    names = {"done": "done", "cut off": "length", "refused": "refused", "broken off": "broken"}
    for words, ending in {**names, "unknown": "unknown"}.items():
        row = re.search(rf"^\| {words} \| (.*?) \|", page, re.MULTILINE)
        assert row
        reasons = re.findall(r"`(.*?)`", row[1])
        assert reasons
        assert {ending_of(reason) for reason in reasons} == {ending}


def read(finish: object, content: str | None, **message: object) -> Reply | Fault:
    choice = {"message": {"content": content, **message}, "finish_reason": finish}
    body = json.dumps({"choices": [choice]}).encode()
    answer = Answer(200, httpx.Headers(), body, cut=False, seconds=0.1)
    return read_answer(answer, "chat", Redactor([]), attempts=1)


@pytest.mark.parametrize("content", ["", None, "ANSWER: C", "Let me see. First"])
@pytest.mark.parametrize("finish", ["abort", "ABORT", "insufficient_system_resource", {"type": "abort"}])
def test_what_was_broken_off_is_asked_again_whatever_it_says(finish: object, content: str | None) -> None:
    fault = read(finish, content)
    assert isinstance(fault, Fault)
    assert fault.kind == "retry"
    assert fault.text.startswith("error in the reply: finish_reason is ")


@pytest.mark.parametrize("finish", [None, "", "other", "because", 7, ["stop"]])
@pytest.mark.parametrize("message", [{}, {"reasoning_content": "so ANSWER: C"}])
def test_an_empty_reply_that_no_reason_explains_is_asked_again(
    finish: object, message: dict[str, object]
) -> None:
    fault = read(finish, " \n", **message)
    assert isinstance(fault, Fault)
    assert fault.kind == "retry"
    assert "empty" in fault.text


@pytest.mark.parametrize(
    ("finish", "message"),
    [("stop", {}), ("MAX_TOKENS", {}), ("safety", {}), ("tool_calls", {}), (None, {"refusal": "No."})],
)
def test_an_empty_reply_that_its_end_explains_is_a_reply(finish: str, message: dict[str, object]) -> None:
    assert isinstance(read(finish, "", **message), Reply)


@pytest.mark.parametrize("finish", [None, "other", "because"])
def test_an_unknown_reason_with_content_is_a_reply(finish: str | None) -> None:
    reply = read(finish, "ANSWER: C")
    assert isinstance(reply, Reply)
    assert (reply.content, reply.finish_reason) == ("ANSWER: C", finish)


def test_a_reply_that_is_always_broken_off_ends_as_a_failure() -> None:
    broken = httpx.Response(200, json={"choices": [{"message": {}, "finish_reason": "network_error"}]})
    script = Script(broken)
    assert ask(script, max_retries=2) == Failure("error in the reply: finish_reason is network_error", 3)
    assert len(script.requests) == 3
