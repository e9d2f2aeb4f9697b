"""Replies as servers really send them."""

import json

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval_harness.endpoint.exchange import Answer
from eval_harness.endpoint.faults import Fault
from eval_harness.endpoint.redaction import Redactor
from eval_harness.endpoint.replies import read_answer
from eval_harness.endpoint.settings import Endpoint
from eval_harness.records import Reply

NOTHING_SECRET = Redactor([])


def read(body: object, endpoint: Endpoint = "chat", *, cut: bool = False) -> Reply | Fault:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    answer = Answer(200, httpx.Headers(), content, cut=cut, seconds=0.25)
    return read_answer(answer, endpoint, NOTHING_SECRET, attempts=2)


def chat(message: object, **fields: object) -> dict[str, object]:
    return {"choices": [{"message": message, "finish_reason": "stop"}], **fields}


def spoken(message: object) -> tuple[str, str, str]:
    reply = read(chat(message))
    assert isinstance(reply, Reply)
    return reply.content, reply.reasoning, reply.refusal


@pytest.mark.parametrize(
    ("message", "content", "reasoning", "refusal"),
    [
        ({"content": "A"}, "A", "", ""),
        ({"content": "A", "reasoning_content": "R"}, "A", "R", ""),
        ({"content": "A", "reasoning": "R"}, "A", "R", ""),
        ({"content": "A", "reasoning_content": None, "reasoning": "R"}, "A", "R", ""),
        ({"content": None, "reasoning_content": "R"}, "", "R", ""),
        ({"content": None}, "", "", ""),
        ({}, "", "", ""),
        ({"content": None, "refusal": "No."}, "", "", "No."),
        ({"content": [{"type": "text", "text": "A"}, {"type": "text", "text": "B"}]}, "AB", "", ""),
        ({"content": ["A", {"type": "output_text", "text": "B"}]}, "AB", "", ""),
        ({"content": [{"type": "refusal", "refusal": "No."}]}, "", "", "No."),
        ({"content": []}, "", "", ""),
        ({"content": [None, 7, {"type": "image"}, {"type": "text", "text": "A"}]}, "A", "", ""),
        (
            {"content": [{"type": "thinking", "thinking": [{"type": "text", "text": "R"}]}, {"text": "A"}]},
            "A",
            "R",
            "",
        ),
        ({"content": [{"type": "reasoning", "text": "R"}, {"type": "text", "text": "A"}]}, "A", "R", ""),
        # one part alone, in the forms of several APIs
        ({"content": {"type": "text", "text": "A"}}, "A", "", ""),
        ({"content": {"text": "A"}}, "A", "", ""),
        ({"content": {"type": "text", "text": {"value": "A", "annotations": []}}}, "A", "", ""),
        (
            {"content": {"role": "model", "parts": [{"text": "R", "thought": True}, {"text": "A"}]}},
            "A",
            "R",
            "",
        ),
        ({"content": [{"text": "R", "thought": True}, {"text": "A"}]}, "A", "R", ""),
        ({"content": {"type": "thinking", "thinking": "R"}}, "", "R", ""),
        ({"content": {"type": "refusal", "refusal": "No."}}, "", "", "No."),
        ({"content": {"content": [{"type": "text", "text": "A"}]}}, "A", "", ""),
        ({"content": {}}, "", "", ""),
        # what a gateway has parsed as JSON is the model's text all the same
        ({"content": 3}, "3", "", ""),
        ({"content": {"answer": "A"}}, '{"answer": "A"}', "", ""),
    ],
)
def test_content_reasoning_and_refusal_are_told_apart(
    message: object, content: str, reasoning: str, refusal: str
) -> None:
    assert spoken(message) == (content, reasoning, refusal)


def test_completions_speak_through_their_text() -> None:
    reply = read({"choices": [{"text": " C", "finish_reason": "length"}]}, "completions")
    assert isinstance(reply, Reply)
    assert (reply.content, reply.finish_reason) == (" C", "length")


@pytest.mark.parametrize(
    ("usage", "counts"),
    [
        ({"prompt_tokens": 3, "completion_tokens": 4}, (3, 4)),
        ({"prompt_tokens": 3}, (3, None)),
        ({"prompt_tokens": None, "completion_tokens": "4"}, (None, None)),
        ({"prompt_tokens": -1, "completion_tokens": True}, (None, None)),
        (None, (None, None)),
        ([], (None, None)),
    ],
)
def test_token_counts_are_those_given_or_none(usage: object, counts: tuple[int | None, int | None]) -> None:
    reply = read(chat({"content": "A"}, usage=usage))
    assert isinstance(reply, Reply)
    assert (reply.prompt_tokens, reply.completion_tokens) == counts


def test_the_frame_of_a_reply_is_kept() -> None:
    reply = read(chat({"content": "A"}, model="served", error=None))
    assert reply == Reply("A", "", "", "stop", "served", None, None, latency_ms=250.0, attempts=2)


def test_a_reply_names_its_model_and_fingerprint() -> None:
    reply = read(chat({"content": "A"}, model="served", system_fingerprint="fp_1"))
    assert isinstance(reply, Reply)
    assert (reply.model, reply.system_fingerprint) == ("served", "fp_1")


@pytest.mark.parametrize("control", ["\n", "\t", "\r\n", "\x00", "\x1b", "\x1f"])
def test_raw_control_characters_in_json_are_let_through_and_flagged(control: str) -> None:
    body = json.dumps(chat({"content": "one@ANSWER: A"})).replace("@", control).encode()
    reply = read(body)
    assert isinstance(reply, Reply)
    assert (reply.content, reply.control_characters) == (f"one{control}ANSWER: A", True)
    assert reply.flaw == "raw control characters in JSON"
    clean = read(chat({"content": f"one{control}ANSWER: A"}))
    assert isinstance(clean, Reply)
    assert (clean.content, clean.flaw) == (reply.content, None)


def test_an_error_is_understood_in_spite_of_raw_control_characters() -> None:
    body = b'{"error": {"message": "no\nmoney", "code": "insufficient_quota"}}'
    fault = read_answer(Answer(400, httpx.Headers(), body, cut=False, seconds=0.1), "chat", NOTHING_SECRET, 1)
    assert isinstance(fault, Fault)
    assert fault.kind == "stop"


def test_half_of_a_surrogate_pair_is_replaced_and_flagged() -> None:
    reply = read(rb'{"choices": [{"message": {"content": "A\ud83dB \ud83d\ude00"}}]}')
    assert isinstance(reply, Reply)
    assert (reply.content, reply.replaced) == ("A\ufffdB \U0001f600", True)


def test_a_byte_order_mark_is_no_obstacle() -> None:
    assert isinstance(read(b"\xef\xbb\xbf" + json.dumps(chat({"content": "A"})).encode()), Reply)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({"choices": []}, "the reply has no choices"),
        ({"choices": None}, "the reply has no choices"),
        ({"choices": ["A"]}, "the reply has no choices"),
        ({"id": 1}, "the reply has no choices"),
        ([], "the reply is not a JSON object"),
        ({"choices": [{"text": "A"}]}, "the reply has no message"),
        ({"choices": [{"message": "A"}]}, "the reply has no message"),
        ({"choices": [{"error": {"message": "m", "code": 502}}]}, "error in the reply: m"),
        (
            {"choices": [{"message": {"content": "half"}, "finish_reason": "error"}]},
            "error in the reply: finish_reason is error",
        ),
        ({"error": {"message": "m"}}, "error in the reply: m"),
        (b'data: {"choices": []}', "malformed JSON in the reply: Expecting value: line 1 column 1 (char 0)"),
    ],
)
def test_what_is_no_reply_is_worth_another_try(body: object, text: str) -> None:
    assert read(body) == Fault("retry", text)


def test_a_reply_without_text_is_no_completion() -> None:
    assert read(chat({"content": "A"}), "completions") == Fault("retry", "the reply has no text")


def test_a_reply_too_long_is_final() -> None:
    assert read(chat({"content": "A"}), cut=True) == Fault("final", "the reply is longer than 8 MiB")


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(
            st.sampled_from(["choices", "message", "content", "error", "code", "type", "text", "usage"])
            | st.text(),
            inner,
        )
    ),
    max_leaves=8,
)


@settings(max_examples=50, deadline=None)
@given(st.binary() | JSON, st.sampled_from(["chat", "completions"]))
def test_no_body_is_ever_a_crash(body: object, endpoint: Endpoint) -> None:
    assert isinstance(read(body, endpoint), Reply | Fault)


@settings(max_examples=50, deadline=None)
@given(JSON)
def test_no_choice_is_ever_a_crash(inner: object) -> None:
    for body in ({"choices": [{"message": inner}]}, chat({"content": inner}), {"error": inner}):
        result = read(body)
        assert isinstance(result, Reply | Fault)
        if isinstance(result, Reply):
            (result.content + result.reasoning + result.refusal).encode()
