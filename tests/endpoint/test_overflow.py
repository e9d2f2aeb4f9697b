"""More than a model's context holds: recognised in every server's words, and in nothing else."""

import httpx
import pytest
from scripted import Script, ask_all, said

from eval_harness.endpoint.answers.overflow import is_overflow
from eval_harness.endpoint.faults import status_fault
from eval_harness.errors import RequestsRefused
from eval_harness.records import Failure, Reply

OVERFLOWS = {
    "OpenAI": "This model's maximum context length is 8192 tokens. However, your messages resulted in 8545.",
    "OpenAI, Responses": "Your input exceeds the context window of this model.",
    "vLLM": "This model's maximum context length is 2048 tokens. However, you requested 2348 tokens (300 "
    "in the messages, 2048 in the completion). Please reduce the length of the messages or completion.",
    "vLLM, max_tokens": "'max_tokens' or 'max_completion_tokens' is too large: 8192. This model's maximum "
    "context length is 4096 tokens and your request has 100 input tokens (8192 > 4096 - 100).",
    "vLLM, prompt": "The decoder prompt (length 5000) is longer than the maximum model length of 4096.",
    "SGLang": "The input (5000 tokens) is longer than the model's context length (4096 tokens).",
    "SGLang, both": "Requested token count exceeds the model's maximum context length of 4096 tokens.",
    "llama.cpp": "request (5000 tokens) exceeds the available context size (4096 tokens), try increasing it",
    "llama.cpp, older": "the request exceeds the available context size. try increasing the context size",
    "LM Studio": "The number of tokens to keep from the initial prompt is greater than the context length.",
    "Anthropic": "prompt is too long: 205000 tokens > 200000 maximum",
    "Anthropic, both": "input length and `max_tokens` exceed context limit: 190000 + 20000 > 200000",
    "Bedrock": "Input is too long for requested model.",
    "Gemini": "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).",
    "TGI": "Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4096. Given: 5000",
    "TGI, prompt": "`inputs` must have less than 1024 tokens. Given: 2000",
    "Mistral": "Prompt contains 40000 tokens and 0 draft tokens, too large for model with 32768 maximum "
    "context length",
    "xAI": "This model's maximum prompt length is 131072 but the request contains 150000 tokens.",
    "OpenRouter": "This endpoint's maximum context length is 32768 tokens. However, you "
    "requested about 40000 tokens",
    "Groq": "Please reduce the length of the messages or completion.",
    "Moonshot": "Invalid request: Your request exceeded model token limit: 8192",
    "Cohere": "too many tokens: total number of tokens in the prompt cannot exceed 4081",
    "DashScope": "Range of input length should be [1, 30720]",
    "z.ai": "Prompt exceeds max length",
    "LiteLLM": "litellm.ContextWindowExceededError: context window exceeded",
    "MiniMax": "invalid params, context window exceeds limit",
}
OTHERS = [
    "Unsupported parameter: 'max_tokens' is not supported. Use 'max_completion_tokens' instead.",
    "max_tokens is too large: 200000. This model supports at most 16384 completion tokens.",
    "Rate limit reached for tokens per min (TPM): Limit 6000, Used 5000, Requested 9000.",
    "Request too large for model `m` on tokens per minute (TPM): Limit 6000, Requested 9000, please "
    "reduce the length of your messages",
    "The model `m` does not exist.",
    "Invalid value for 'temperature'.",
    "upstream connect error or disconnect/reset before headers",
    "The engine is currently overloaded, please try again later.",
    "",
]


@pytest.mark.parametrize("server", OVERFLOWS)
@pytest.mark.parametrize("status", [400, 413, 422, 500])
def test_an_overflow_is_too_long_in_the_words_of_every_server(server: str, status: int) -> None:
    fault = status_fault(status, httpx.Headers(), OVERFLOWS[server])
    assert (fault.kind, fault.wait) == ("too_long", 0)


@pytest.mark.parametrize("text", OTHERS)
def test_other_errors_are_none(text: str) -> None:
    assert not is_overflow(text)
    assert status_fault(400, httpx.Headers(), text).kind == "rejected"


@pytest.mark.parametrize("status", [401, 403, 429])
def test_access_and_rates_come_first(status: int) -> None:
    assert status_fault(status, httpx.Headers(), OVERFLOWS["OpenAI"]).kind in ("stop", "limited")


def overflow(requested: int) -> httpx.Response:
    message = (
        f"This model's maximum context length is 4096 tokens. However, you requested {requested} tokens."
    )
    return httpx.Response(400, json={"error": {"message": message, "code": "context_length_exceeded"}})


def test_too_long_is_asked_once_and_is_no_sign_of_a_failing_server() -> None:
    script = Script(said(), *map(overflow, range(5000, 5050)), said())
    results = ask_all(script, 52, breaker=2)
    assert [type(result) for result in results] == [Reply, *[Failure] * 50, Reply]
    assert {result.outcome for result in results if isinstance(result, Failure)} == {"too_long"}
    assert len(script.requests) == 52


def test_where_everything_is_too_long_the_run_stops_and_says_what_helps() -> None:
    script = Script(overflow(5000))
    with pytest.raises(RequestsRefused, match=r"maximum context length .* \(6 samples .* --max-tokens"):
        ask_all(script, 20, breaker=6)
    assert len(script.requests) == 6


@pytest.mark.parametrize(
    ("message", "hinted"),
    [
        ("Unsupported parameter: 'max_tokens' is not supported with this model.", True),
        ("max_tokens: Extra inputs are not permitted", True),
        ("Unrecognized request argument supplied: temperature", True),
        ("The model is not available in your region.", False),
        ("Invalid image in message 3.", False),
        ("Content Exists Risk", False),
    ],
)
def test_the_hint_on_parameters_follows_what_names_one(message: str, hinted: bool) -> None:
    script = Script(httpx.Response(400, json={"error": {"message": message}}))
    with pytest.raises(RequestsRefused) as stopped:
        ask_all(script, 3)
    assert ("--extra-body" in str(stopped.value)) == hinted
